"""Files of listings, one JSON object a line: reading them, and answering them in order."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import click

from data.errors import InvalidListing, InvalidTable, SelvedgeError
from data.files import refuse_overwriting, write_whole
from data.schema import KEYS, Listing, error_line, listing_id_of, parse_line

CHUNK = 32  # listings a call: enough to fill the networks' batches, little to redo after a kill
NAMED = 10  # keys named at most: in some files every listing has its own

# A pipe's name (/dev/stdin, a shell's <(...)) stands here, where no photo does.
_PIPES = {Path("/dev"), Path("/dev/fd"), Path("/proc/self/fd")}

Answer = Mapping[str, Any] | SelvedgeError


def folder_of(listings: Path) -> Path:
    """Return the folder that relative image paths of a file of listings start from."""
    return Path() if listings.parent in _PIPES else listings.parent


def count_lines(listings: Path) -> int | None:
    """Return how many listings a file holds; None for a pipe, which can be read only once."""
    if not listings.is_file():
        return None
    with listings.open("rb") as source:
        return sum(1 for _ in lines_of(source))


def check_count(listings: Path, counted: int | None, read: int) -> None:
    """Raise InvalidTable where fewer lines were read than counted before; tell where more were.

    A feed that is appended to meanwhile has lost nothing.
    """
    if counted is None or read == counted:
        return
    found = f"{listings} held {counted} listings at first, {read} were read"
    if read < counted:
        raise InvalidTable(f"{found}: it changed meanwhile, run the command again.")
    click.echo(f"{found}: it grew meanwhile, and may hold more by now.", err=True)


def lines_of(source: BinaryIO) -> Iterator[bytes]:
    """Yield the lines that hold anything, without a leading byte order mark."""
    for number, line in enumerate(source):
        text = line.removeprefix(b"\xef\xbb\xbf") if number == 0 else line
        if text.strip():
            yield text


def read_listing(
    line: bytes,
    folder: Path,
    keys: Sequence[str] | None = None,
    unread: Counter[str] | None = None,
) -> Listing | Mapping[str, Any]:
    """Read a line into a listing, or into the error object that stands in its place.

    `keys` are the parts of a listing that matter (one branch needs no fields); None is all. Keys
    that no listing has are counted in `unread`.
    """
    try:
        content = parse_line(line.decode())
        if unread is not None:
            unread.update(content.keys() - set(KEYS))
        if keys is not None:
            content = {key: content.get(key) for key in ("listing_id", *keys)}
        return Listing.from_json(
            content, folder=folder, need_images=keys is None or "images" in keys
        )
    except UnicodeDecodeError as error:
        bad = InvalidListing(f"The line is not UTF-8 text ({error.reason}).", code="bad_json")
        return error_line(None, bad)
    except SelvedgeError as error:
        return error_line(id_of_line(line), error)


def id_of_line(line: bytes) -> str | None:
    """Return the listing's id as far as the line gives one."""
    with suppress(InvalidListing, UnicodeDecodeError):
        return listing_id_of(parse_line(line.decode()))
    return None


def answer_lines(
    lines: Sequence[bytes],
    folder: Path,
    answer: Callable[[list[Listing]], Sequence[Answer]],
    *,
    keys: Sequence[str] | None = None,
    unread: Counter[str] | None = None,
) -> list[Mapping[str, Any]]:
    """Return the output object of each line; `answer` sees the readable listings in one call."""
    read = [read_listing(line, folder, keys, unread) for line in lines]
    listings = [found for found in read if isinstance(found, Listing)]
    answers = iter(answer(listings) if listings else ())
    return [_output(found, answers) for found in read]


def answer_file(
    listings: Path,
    out: Path,
    answer: Callable[[list[Listing]], Sequence[Answer]],
    *,
    keys: Sequence[str] | None = None,
) -> tuple[int, int]:
    """Answer a JSONL file into another, whole or not at all; returns answers and error lines.

    Keys that are not read are told on standard error.
    """
    from tqdm import tqdm

    refuse_overwriting(listings, out)
    total = count_lines(listings)
    good = errors = 0
    unread: Counter[str] = Counter()

    def write(partial: Path) -> None:
        nonlocal good, errors
        with listings.open("rb") as source, partial.open("wb") as target:
            lines = lines_of(source)
            with tqdm(total=total, unit=" listings") as bar:
                while chunk := list(islice(lines, CHUNK)):
                    found = answer_lines(
                        chunk, folder_of(listings), answer, keys=keys, unread=unread
                    )
                    bad = sum("error" in line for line in found)
                    good, errors = good + len(found) - bad, errors + bad
                    target.writelines(to_line(line) for line in found)
                    bar.update(len(chunk))
        check_count(listings, total, good + errors)

    write_whole(out, write)
    tell_unread(unread)
    return good, errors


def tell_unread(unread: Counter[str]) -> None:
    """Say on standard error which keys of listings were not read: a mistyped one looks empty."""
    if not unread:
        return
    found = [
        f"{json.dumps(name[:60], ensure_ascii=False)} ({n})"
        for name, n in unread.most_common(NAMED)
    ]
    more = f" and {len(unread) - NAMED} more" if len(unread) > NAMED else ""
    click.echo(
        f"Keys that are not read, with their listings: {', '.join(found)}{more}; "
        f"a listing has {', '.join(KEYS)}.",
        err=True,
    )


def to_line(answer: Mapping[str, Any]) -> bytes:
    """Return an output object as one line of UTF-8 JSON."""
    return json.dumps(answer, ensure_ascii=False).encode() + b"\n"


def _output(found: Listing | Mapping[str, Any], answers: Iterator[Answer]) -> Mapping[str, Any]:
    if not isinstance(found, Listing):
        return found
    answer = next(answers)
    if isinstance(answer, SelvedgeError):
        return error_line(found.listing_id, answer)
    return answer
