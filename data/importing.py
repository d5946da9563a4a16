"""What every import shares: rows in our columns, problems with reasons, files written whole."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from data.errors import InvalidListing, InvalidTable
from data.files import write_whole
from data.photos import Photo
from data.table import LISTINGS, split_of, write_table
from data.taxonomy import ATTRIBUTES, LENGTH_OF_ITEM

Row = dict[str, Any]
REJECTED = "rejected.csv"
WITHOUT_IT = "The row is kept without it."
SCOPE_UNKNOWN = "Its scope is unknown."
LEFT_OUT = "The row is left out."

_DEFAULTS: Row = {
    "listing_id": "",
    "source": "",
    "group": "",
    "split": "",
    "image": None,
    "images": (),
    "title": "",
    "description": "",
    "brand": None,
    **dict.fromkeys(ATTRIBUTES),
    "length_source": None,
    "color_weak": None,
    "scope": "unknown",
    "detail": None,
    "gender": None,
    "age_group": None,
    "year": None,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one row; the sentence ends by what became of the row."""

    row_id: str
    reason: str
    sentence: str


@dataclass(slots=True)
class Imported:
    """Rows read from a source, in order, and the problems met on the way."""

    read: int = 0
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _ids: set[str] = field(default_factory=set)

    def add(self, *, listing_id: str, **values: Any) -> Row:
        """Append a row with the given columns, the others at their defaults, and return it.

        Raises InvalidListing where the id was given before.
        """
        if listing_id in self._ids:
            raise InvalidListing(f"Id {listing_id[:60]} was given before.", code="duplicate_id")
        self._ids.add(listing_id)
        self.rows.append({**_DEFAULTS, "listing_id": listing_id, **values})
        return self.rows[-1]

    def note(self, row_id: str, error: InvalidListing, outcome: str) -> None:
        """List what was wrong with a row and what became of it."""
        self.problems.append(Problem(row_id, error.code, f"{error.message} {outcome}"))

    def attach(self, row: Row, photos: Iterable[Photo], *, told_as: str | None = None) -> None:
        """Give a row its readable photos; the others are problems, told by `told_as` or its id."""
        good = []
        for photo in photos:
            if photo.error:
                self.note(told_as or row["listing_id"], photo.error, WITHOUT_IT)
            else:
                good.append(photo)
        row["images"] = [str(photo.path) for photo in good]
        if good:
            row["image"], row["detail"] = row["images"][0], good[0].detail

    def frame(self) -> pd.DataFrame:
        """Return the rows as a table of listings, each with the split of its group."""
        rows = [{**row, "split": split_of(row["group"])} for row in self.rows]
        frame = pd.DataFrame(rows, columns=list(_DEFAULTS))
        frame["images"] = frame["images"].map(list)
        return frame


def settle_length(row: Row, length: str | None) -> None:
    """Set a row's length: the field given, else a leg that the item's name implies."""
    derived = LENGTH_OF_ITEM.get(row["item"] or "")
    row["length"] = length or derived
    row["length_source"] = "field" if length else "derived" if derived else None


def read_records(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Read a CSV file whose header names `columns` and whose rows are whole.

    Raises InvalidTable, naming the columns or the row that is wrong.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            missing = [name for name in columns if name not in (reader.fieldnames or ())]
            records = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InvalidTable(f"{path} cannot be read ({error}).") from None
    if missing:
        raise InvalidTable(f"{path} lacks the columns {', '.join(missing)}.")
    for number, record in enumerate(records, start=2):
        if None in record or None in record.values():
            raise InvalidTable(f"{path}, row {number}: not as many cells as the header has.")
    return records


def save(imported: Imported, out: Path) -> pd.DataFrame:
    """Write `listings.parquet` and `rejected.csv` under `out`; returns the table.

    Importing again replaces both; the same source gives the same rows.
    """
    frame = imported.frame()
    problems = pd.DataFrame(imported.problems, columns=["row_id", "reason", "sentence"])
    write_table(frame, out / LISTINGS, "listings")
    write_whole(out / REJECTED, lambda partial: problems.to_csv(partial, index=False))
    return frame
