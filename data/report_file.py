"""Showing a report to a person and keeping it: printed by rich, saved as JSON and as text."""

from __future__ import annotations

import io
import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from data.files import write_whole
from data.report import Report

_WIDTH = 100  # characters, where no terminal tells its own


def publish(report: Report, out: Path) -> None:
    """Print a report and save it as `report.json` and `report.txt` under `out`."""
    text = io.StringIO()
    _draw(report, Console(file=text, width=_WIDTH))
    content = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    write_whole(out / "report.json", lambda partial: partial.write_text(content, "utf-8"))
    write_whole(out / "report.txt", lambda partial: partial.write_text(text.getvalue(), "utf-8"))
    console = Console()
    _draw(report, console if console.is_terminal else Console(width=_WIDTH))


def _draw(report: Report, console: Console) -> None:
    for title, rows in report.items():
        if not rows:
            console.print(f"{title}: none\n")
            continue
        table = Table(title=title, title_justify="left")
        for name in rows[0]:
            number = all(isinstance(row[name], int | float | None) for row in rows)
            table.add_column(name, justify="right" if number else "left")
        for row in rows:
            table.add_row(*("" if value is None else str(value) for value in row.values()))
        console.print(table)
