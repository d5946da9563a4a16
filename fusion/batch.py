"""A file of listings in, a file of reports out: in order, continuing where it stopped."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import click

from data.errors import InvalidTable
from data.files import is_stream, locked, refuse_overwriting
from data.jsonl import (
    CHUNK,
    Answer,
    answer_lines,
    check_count,
    count_lines,
    folder_of,
    id_of_line,
    lines_of,
    to_line,
)
from data.schema import Listing, Report
from fusion.checker import Checker

START = b'{"listing_id"'  # how every line of ours begins
MARKS = {"model_version", "error"}  # what every line of ours has one of


@dataclass(slots=True)
class Summary:
    """What a run did: reports by listing status, error lines by code, lines found done before."""

    done_before: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def __str__(self) -> str:
        total = self.statuses.total() + self.errors.total()
        rate = f" ({total / self.seconds:.1f} a second)" if self.seconds > 0 and total else ""
        found = [f"{n} {name}" for name, n in sorted(self.statuses.items())]
        found += [f"{n} with error {code}" for code, n in sorted(self.errors.items())]
        return f"Listings checked: {total}{rate}" + (f": {', '.join(found)}." if found else ".")


def check_file(listings: Path, out: Path, load: Callable[[], Checker]) -> Summary:
    """Check a JSONL file into a JSONL file of reports, telling on standard error how it goes.

    Lines of `out` that are there already are kept, after checking that they are this input's and
    these models'. Blank input lines hold no listing and are passed over. Raises InvalidTable
    where `out` is something else.
    """
    from tqdm import tqdm

    refuse_overwriting(listings, out)
    total = count_lines(listings)
    with listings.open("rb") as source:
        checker = load()
        lines = lines_of(source)

        def answer(chunk: list[Listing]) -> list[Answer]:
            return [r.to_json() if isinstance(r, Report) else r for r in checker.check(chunk)]

        with _held(out) as target:
            done = resume(out, lines, checker.model_version)
            _tell_start(done, total, out)
            if done and done == total:
                return Summary(done_before=done)
            summary = Summary(done_before=done)
            started = time.monotonic()
            with tqdm(total=total, initial=done, unit=" listings") as bar:
                while chunk := list(islice(lines, CHUNK)):
                    for report in answer_lines(chunk, folder_of(listings), answer):
                        target.write(to_line(report))
                        _count(report, summary)
                    target.flush()
                    bar.update(len(chunk))
            summary.seconds = time.monotonic() - started
    check_count(listings, total, done + summary.statuses.total() + summary.errors.total())
    click.echo(str(summary), err=True)
    return summary


def _held(out: Path) -> AbstractContextManager[BinaryIO]:
    """Open `out` to go on at its end, held against a second run; a pipe or a device as it is."""
    if is_stream(out):
        return out.open("wb")
    return locked(out, f"Another run is writing to {out}; give another --out.")


def resume(out: Path, lines: Iterator[bytes], model_version: str) -> int:
    """Take the input lines that `out` already answers off `lines`; return how many those are.

    Cuts off a half-written last line. Raises InvalidTable where a report in `out` is not of the
    same listing as its input line or was made by other models.
    """
    if is_stream(out):
        return 0
    done, whole = 0, 0  # lines, bytes
    with out.open("rb") as found:
        for report in found:
            if not report.endswith(b"\n"):
                if not _half_written(report):
                    raise InvalidTable(f"{out} holds something else than reports: it is kept.")
                break
            _same_listing(report, next(lines, None), out, done + 1, model_version)
            done, whole = done + 1, whole + len(report)
    os.truncate(out, whole)
    return done


def _half_written(line: bytes) -> bool:
    """Tell whether an unended line is the beginning of a report, or all but its line end."""
    found = _json_of(line)
    return START.startswith(line[: len(START)]) if found is None else _is_report(found)


def _json_of(line: bytes) -> Any:
    """Return what a line holds, None where it is not JSON."""
    with suppress(ValueError):
        return json.loads(line)
    return None


def _is_report(found: Any) -> bool:
    return isinstance(found, dict) and "listing_id" in found and not MARKS.isdisjoint(found)


def _same_listing(
    report: bytes, line: bytes | None, out: Path, number: int, model_version: str
) -> None:
    done = _json_of(report)
    if not _is_report(done):
        raise InvalidTable(f"{out} line {number} is not a report: it is kept as it is.")
    listing_id, version = done["listing_id"], done.get("model_version", model_version)
    if line is None or listing_id != id_of_line(line):
        asked = "the end of the listings" if line is None else f"listing {id_of_line(line)}"
        raise InvalidTable(
            f"{out} line {number} reports on listing {listing_id} where {asked} is due: "
            "it belongs to other listings, give another --out or delete it."
        )
    if version != model_version:
        raise InvalidTable(
            f"{out} line {number} was made by models {version}, these are {model_version}: "
            "give another --out, or delete it to check all again."
        )


def _count(report: Mapping[str, Any], summary: Summary) -> None:
    if "error" in report:
        summary.errors[report["error"]["code"]] += 1
    else:
        summary.statuses[report["status"]] += 1


def _tell_start(done: int, total: int | None, out: Path) -> None:
    if done == total and done:
        click.echo(f"{out} is complete: {done} reports. Delete it to check again.", err=True)
    elif done:
        left = "" if total is None else f"; {total - done} to go"
        click.echo(f"Continuing {out} after its {done} reports{left}.", err=True)
