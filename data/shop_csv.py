"""The rows of a shop's own CSV table, in whichever dialect its spreadsheet writes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.errors import InvalidTable
from data.taxonomy import normalize

_SPELLINGS = {"colour": "color"}
_UNCLOSED = "unexpected end of data"  # csv's words


def read_rows(path: Path) -> list[list[str]]:
    """Return the header, in our spelling, and the rows of cells; an empty line is a row of none.

    Raises InvalidTable, naming the row and line where the file is no CSV.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidTable(
            f"{path} is not in UTF-8 (byte {error.start}); save it as CSV UTF-8."
        ) from None
    # Spreadsheets of many countries separate by semicolons.
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    with _cells_up_to(len(text)):
        rows = _parsed(text, delimiter, path)
    if not rows:
        raise InvalidTable(f"{path} is empty; its first row must name the columns.")
    header = [normalize(name).replace(" ", "_") for name in rows[0]]
    return [[_SPELLINGS.get(name, name) for name in header], *rows[1:]]


@contextmanager
def _cells_up_to(characters: int) -> Iterator[None]:
    """Let csv read cells of so many characters.

    By itself it gives up the whole table at one of more than 131,072; ours are bounded by the file,
    which is in memory already, and a row with too long a text is left out alone.
    """
    before = csv.field_size_limit(characters)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _parsed(text: str, delimiter: str, path: Path) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    line = 1  # on which the next row starts: a cell in quotes may hold several
    try:
        for cells in reader:
            rows.append(cells)
            line = reader.line_num + 1
    except csv.Error as error:
        reason = "a quote is never closed" if str(error) == _UNCLOSED else str(error)
        raise InvalidTable(
            f"{path} is not a CSV table: in row {len(rows) + 1}, which starts on line {line}, "
            f"{reason}."
        ) from None
    return rows
