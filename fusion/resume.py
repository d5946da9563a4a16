"""What an earlier run left in a file of reports: what still holds is kept, the rest made anew."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

import click

from data.errors import InvalidListing, InvalidTable
from data.files import is_stream, locked, write_whole
from data.jsonl import CHUNK, id_of_line
from data.schema import parse_line

START = b'{"listing_id"'  # how every line of ours begins
MARKS = {"model_version", "error"}  # what every line of ours has one of
DIGEST = "input_digest"
# What becomes of a line that is there already, in the words of the summary.
KEPT, ERROR, CHANGED = "kept", "that had an error", "whose listing had changed"
UNTOLD = "that did not tell their listing"  # written before reports had a digest
AGAIN = (ERROR, CHANGED, UNTOLD)


@dataclass(frozen=True, slots=True)
class Left:
    """A line that an earlier run left, its input line, and what becomes of it: KEPT or why not.

    named: whether the input line gives an id, which then is the report's.
    """

    report: bytes
    line: bytes
    fate: str
    named: bool


def signed(report: Mapping[str, Any], line: bytes) -> Mapping[str, Any]:
    """Add the digest of its input to a report; an error line is made anew anyway."""
    return report if "error" in report else {**report, DIGEST: _digest(line)}


def _digest(line: bytes) -> str:
    """Return the digest of what a line says: the order of its keys and its spaces are no change."""
    said = line.strip()
    with suppress(InvalidListing, UnicodeDecodeError):
        listing = parse_line(line.decode())
        said = json.dumps(listing, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(said).hexdigest()[:16]


def resume(
    out: Path,
    lines: Iterator[bytes],
    model_version: str,
    check: Callable[[Sequence[bytes]], list[bytes]],
    files: ExitStack,
) -> tuple[BinaryIO, Counter[str]]:
    """Open `out`, within `files`, to go on at its end; count what was there by its fate.

    Takes the input lines that `out` answers off `lines` and mends what no longer holds with
    `check`; cuts off a half-written last line. A pipe or a device is written from its start.
    Raises InvalidTable where a report in `out` is not of the same listing as its input line or
    was made by other models.
    """
    if is_stream(out):
        return files.enter_context(out.open("wb")), Counter()
    target = files.enter_context(_held(out))
    fates: Counter[str] = Counter()
    size = 0
    left = _of_one_file(_left_in(out, lines, model_version), out)
    for found in left:
        if found.fate != KEPT:
            return _mend(out, chain([found], left), fates, check, files), fates
        fates[KEPT] += 1
        size += len(found.report)
    target.truncate(size)
    return target, fates


def _held(out: Path) -> AbstractContextManager[BinaryIO]:
    return locked(out, f"Another run is writing to {out}; give another --out.")


def _mend(
    out: Path,
    left: Iterator[Left],
    fates: Counter[str],
    check: Callable[[Sequence[bytes]], list[bytes]],
    files: ExitStack,
) -> BinaryIO:
    """Replace `out`, of which the lines counted hold, by what it should be; return it, open.

    Interrupted, it keeps what was mended, before the rest as it was: the next run goes on there.
    Refused by InvalidTable, or killed without notice, it stays what it was.
    """
    from tqdm import tqdm

    click.echo(f"{out} has reports that no longer hold: checking them again.", err=True)

    def write(partial: Path) -> tuple[BinaryIO, BaseException | None]:
        # Held before it takes the place of `out`, which is held too: no moment for a second run.
        target = files.enter_context(_held(partial))
        target.truncate(0)  # a killed process with our number may have left one
        with out.open("rb") as old, tqdm(unit=" listings", initial=fates[KEPT]) as bar:
            target.writelines(islice(old, fates[KEPT]))
            mended = (fates[KEPT], target.seek(0, os.SEEK_END))  # reports, and their bytes
            try:
                while chunk := list(islice(left, CHUNK)):
                    again = iter(check([one.line for one in chunk if one.fate != KEPT]))
                    target.writelines(
                        one.report if one.fate == KEPT else next(again) for one in chunk
                    )
                    mended = (mended[0] + len(chunk), target.seek(0, os.SEEK_END))
                    fates.update(one.fate for one in chunk)
                    bar.update(len(chunk))
            except InvalidTable:
                raise
            except BaseException as stop:  # noqa: BLE001 - Ctrl-C too: hours may have gone into it
                _append_rest(target, out, *mended)
                return target, stop
        target.flush()
        return target, None

    target, stop = write_whole(out, write)
    if stop is not None:
        raise stop
    return target


def _append_rest(target: BinaryIO, out: Path, reports: int, size: int) -> None:
    """Cut `target` to its `size` bytes of whole `reports`, and add those of `out` after them."""
    target.truncate(size)
    with out.open("rb") as old:
        target.writelines(islice(old, reports, None))
    target.flush()


def _left_in(out: Path, lines: Iterator[bytes], model_version: str) -> Iterator[Left]:
    with out.open("rb") as found:
        for number, report in enumerate(found, start=1):
            if not report.endswith(b"\n"):
                if not _half_written(report):
                    raise InvalidTable(f"{out} holds something else than reports: it is kept.")
                return
            yield _beside(report, next(lines, None), f"{out} line {number}", model_version)


def _of_one_file(left: Iterator[Left], out: Path) -> Iterator[Left]:
    """Hold back what lies beside lines without an id until one gives its report's.

    A few broken lines are checked again; a file of nothing else (a .csv by mistake) would replace
    every report by an error. Raises InvalidTable.
    """
    held = []
    for found in left:
        held.append(found)
        if found.named:
            yield from held
            yield from left
            return
    if any(_json_of(found.report)["listing_id"] is not None for found in held):
        raise InvalidTable(
            f"{out} reports on {len(held)} listings, and no line in their place gives a "
            "listing_id: mend the listings, give another --out or delete it."
        )
    yield from held


def _beside(report: bytes, line: bytes | None, place: str, model_version: str) -> Left:
    """Lay a report beside the input line of its place. Raises InvalidTable where they differ."""
    done = _json_of(report)
    if not _is_report(done):
        raise InvalidTable(f"{place} is not a report: it is kept as it is.")
    listing_id = done["listing_id"]
    asked = None if line is None else id_of_line(line)
    # A line may have got its id by now, or be broken.
    nameless = asked is None or (listing_id is None and "error" in done)
    if line is None or (listing_id != asked and not nameless):
        due = "the end of the listings" if line is None else f"listing {asked}"
        raise InvalidTable(
            f"{place} reports on listing {listing_id} where {due} is due: "
            "it belongs to other listings, give another --out or delete it."
        )
    if "error" in done:
        return Left(report, line, ERROR, asked is not None)
    if done["model_version"] != model_version:
        raise InvalidTable(
            f"{place} was made by models {done['model_version']}, these are {model_version}: "
            "give another --out, or delete it to check all again."
        )
    fate = KEPT if done.get(DIGEST) == _digest(line) else CHANGED if DIGEST in done else UNTOLD
    return Left(report, line, fate, asked is not None)


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
