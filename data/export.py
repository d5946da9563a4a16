"""Writing rows of a table as listings in the contract's JSONL, ready to be checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from data.errors import InvalidTable
from data.files import write_whole
from data.schema import Listing
from data.taxonomy import ATTRIBUTES


def choose(
    frame: pd.DataFrame, *, split: str | None, limit: int | None, only: Sequence[str] | None
) -> pd.DataFrame:
    """Return up to `limit` rows in scope with a readable photo, of one split or of all.

    `only` keeps these listing ids. The choice looks random but is the same at every call: it
    follows a hash of the id, so that a larger limit adds rows and added data replaces few.
    """
    rows = frame[(frame["scope"] == "in") & frame["image"].notna()]
    if split is not None:
        rows = rows[rows["split"] == split]
    if only is not None:
        rows = rows[rows["listing_id"].isin(set(only))]
    order = rows["listing_id"].map(lambda name: hashlib.sha256(name.encode()).hexdigest())
    return rows.loc[order.sort_values().index].head(len(rows) if limit is None else limit)


def export(rows: pd.DataFrame, out: Path) -> None:
    """Write one listing a line. Raises InvalidTable where there is none.

    A derived leg length is left out: a listing's fields are what its seller gave.
    """
    if rows.empty:
        raise InvalidTable("No row of the table fits; nothing was written.")
    lines = [_line(row) for row in rows.to_dict("records")]
    for line in lines:
        Listing.from_json(line)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    write_whole(out, lambda partial: partial.write_text(text, "utf-8"))


def _line(row: dict[Any, Any]) -> dict[str, Any]:
    fields = {name: None if pd.isna(row[name]) else row[name] for name in ATTRIBUTES}
    if row["length_source"] != "field":
        fields["length"] = None
    return {
        "listing_id": row["listing_id"],
        "images": row["images"],
        "title": row["title"],
        "description": row["description"],
        "fields": fields,
    }
