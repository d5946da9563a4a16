"""A file of listings in, a file of reports out: in order, continuing where it stopped."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import click

from data.files import refuse_overwriting
from data.jsonl import (
    CHUNK,
    Answer,
    answer_lines,
    check_count,
    count_lines,
    folder_of,
    lines_of,
    tell_unread,
    to_line,
)
from data.schema import Listing, Report
from fusion.checker import Checker
from fusion.resume import AGAIN, resume, signed


@dataclass(slots=True)
class Summary:
    """What a run did: reports by listing status, error lines by code.

    before: lines that were there already, by what became of them (`fusion.resume`).
    """

    before: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def checked(self) -> int:
        return self.statuses.total() + self.errors.total()

    def add(self, report: Mapping[str, Any]) -> None:
        """Count one output object."""
        if "error" in report:
            self.errors[report["error"]["code"]] += 1
        else:
            self.statuses[report["status"]] += 1

    def __str__(self) -> str:
        total = self.checked
        rate = f" ({total / self.seconds:.1f} a second)" if self.seconds > 0 and total else ""
        found = [f"{n} {name}" for name, n in sorted(self.statuses.items())]
        found += [f"{n} with error {code}" for code, n in sorted(self.errors.items())]
        said = f"Listings checked: {total}{rate}" + (f": {', '.join(found)}." if found else ".")
        if again := [f"{self.before[why]} {why}" for why in AGAIN if self.before[why]]:
            said += f" Among them again: {', '.join(again)}."
        return said


class Run:
    """Turns input lines into output lines, counting them."""

    def __init__(self, checker: Checker, folder: Path) -> None:
        self.summary = Summary()
        self.unread: Counter[str] = Counter()  # keys of listings that are none of ours
        self._checker = checker
        self._folder = folder

    def check(self, lines: Sequence[bytes]) -> list[bytes]:
        """Return the output line of each input line, signed with the input's digest."""
        reports = answer_lines(lines, self._folder, self._answers, unread=self.unread)
        for report in reports:
            self.summary.add(report)
        return [to_line(signed(*pair)) for pair in zip(reports, lines, strict=True)]

    def _answers(self, listings: list[Listing]) -> list[Answer]:
        found = self._checker.check(listings)
        return [one.to_json() if isinstance(one, Report) else one for one in found]


def check_file(listings: Path, out: Path, load: Callable[[], Checker]) -> Summary:
    """Check a JSONL file into a JSONL file of reports, telling on standard error how it goes.

    Reports that `out` holds already are kept where their listing has not changed since; error
    lines are tried again. Blank input lines hold no listing and are passed over. Raises
    InvalidTable where `out` is something else.
    """
    from tqdm import tqdm

    refuse_overwriting(listings, out)
    total = count_lines(listings)
    with listings.open("rb") as source, ExitStack() as files:
        checker, lines, started = load(), lines_of(source), time.monotonic()
        run = Run(checker, folder_of(listings))
        summary = run.summary
        target, summary.before = resume(out, lines, checker.model_version, run.check, files)
        done = summary.before.total()
        _tell_start(done, total, out)
        with tqdm(total=total, initial=done, unit=" listings", disable=done == total) as bar:
            while chunk := list(islice(lines, CHUNK)):
                target.writelines(run.check(chunk))
                target.flush()
                bar.update(len(chunk))
                done += len(chunk)
        summary.seconds = time.monotonic() - started
    check_count(listings, total, done)
    complete = f"{out} is complete: {done} reports. Delete it to check again."
    click.echo(complete if done and not summary.checked else str(summary), err=True)
    tell_unread(run.unread)
    return summary


def _tell_start(done: int, total: int | None, out: Path) -> None:
    if done and done != total:
        left = "" if total is None else f"; {total - done} to go"
        click.echo(f"Continuing {out} after its {done} reports{left}.", err=True)
