"""Importing the annotations: what the eye sees, what the words state, natural conflicts."""

from __future__ import annotations

import json
from collections.abc import Set
from pathlib import Path
from typing import Any

import pandas as pd

from data.errors import InvalidTable
from data.groups import name_key
from data.importing import read_records
from data.table import OUT_OF_SCOPE, split_of, write_table
from data.taxonomy import ATTRIBUTES

# Table of each kind (see data/table.py) under the output folder.
FILES = {
    "photos": "photos.parquet",
    "texts": "texts.parquet",
    "conflicts": "natural_conflicts.parquet",
}
_SOURCES = {"catalogue": "catalogue", "short": "descriptions"}
_JUDGED = (*ATTRIBUTES, "passes", "sure")


def import_annotations(
    folder: Path, listings: pd.DataFrame, out: Path, *, also: Path | None = None
) -> dict[str, pd.DataFrame]:
    """Read the annotation files, write the three tables under `out` and return them by kind.

    An annotated text takes the group, and so the split, of its product in `listings`, the
    imported tables together.
    also: a folder with further annotated photos, its files as the first's with a column `picked`,
    and a `texts.csv` of further texts where it has one: source, id and the five attributes, the
    words themselves being taken from `listings`.
    Raises InvalidTable, also where something is annotated in both folders.
    """
    conflicts = read_records(folder / "natural_conflicts.csv", ("id", "photo_length"))
    natural = {("catalogue", record["id"]) for record in conflicts}
    photos = _photos(folder, natural)
    frames = {
        "photos": _joined(photos, _photos(also), "photos") if also else photos,
        "texts": _further(_texts(folder / "texts.jsonl", listings), also, listings),
        "conflicts": pd.DataFrame(
            [{"listing_id": r["id"], **_values(r, tuple(r)[1:])} for r in conflicts]
        ),
    }
    for kind, frame in frames.items():
        write_table(frame, out / FILES[kind], kind)
    return frames


def _values(record: dict[str, str], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: record[name] or None for name in names}


def _photos(folder: Path, natural: Set[tuple[str, str]] | None = None) -> pd.DataFrame:
    """Read a folder's annotated photos; `picked` are the `natural` ones, else what its column says.

    A photo picked because it looked wrong tells nothing of how often photos like it are.
    """
    rows = []
    extra = () if natural is not None else ("picked",)
    for source, id_column in (("catalogue", "id"), ("seller_photos", "image")):
        for record in read_records(folder / f"{source}.csv", (id_column, *_JUDGED, *extra)):
            outside = record["wear"] == OUT_OF_SCOPE
            key = (source, record[id_column])
            row: dict[str, Any] = {"source": source, "listing_id": record[id_column]}
            row["scope"] = "out" if outside else "in"
            row["picked"] = record["picked"] == "1" if natural is None else key in natural
            seen = _values(record, _JUDGED)
            rows.append(row | seen | (dict.fromkeys(ATTRIBUTES) if outside else {}))
    return pd.DataFrame(rows)


def _joined(first: pd.DataFrame, second: pd.DataFrame, what: str) -> pd.DataFrame:
    twice = first.merge(second, on=["source", "listing_id"])
    if len(twice):
        source, listing_id = twice[["source", "listing_id"]].iloc[0]
        raise InvalidTable(
            f"{len(twice)} {what} are annotated in both folders, the first of them {source} "
            f"{listing_id}: one judgment of each is allowed."
        )
    return pd.concat([first, second], ignore_index=True)


def _further(first: pd.DataFrame, also: Path | None, listings: pd.DataFrame) -> pd.DataFrame:
    """Join the texts judged in the folder `also`, if it has any, to the first folder's."""
    path = also / "texts.csv" if also else None
    if path is None or not path.exists():
        return first
    judged = pd.DataFrame(read_records(path, ("source", "id", *ATTRIBUTES)))
    judged = judged.rename(columns={"id": "listing_id"}).replace("", None)
    words = listings[["source", "listing_id", "title", "description", "split", "group"]]
    found = words.merge(judged[["source", "listing_id", *ATTRIBUTES]], on=["source", "listing_id"])
    if len(found) < len(judged):
        raise InvalidTable(
            f"{len(judged) - len(found)} of the {len(judged)} texts of {path} are not in the "
            f"imported tables: import the tables they are from first."
        )
    return _joined(first, found, "texts")


def _texts(path: Path, listings: pd.DataFrame) -> pd.DataFrame:
    try:
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
    except (OSError, ValueError) as error:
        raise InvalidTable(f"{path} cannot be read ({error}).") from None
    by_id = listings.set_index(["source", "listing_id"])["group"].to_dict()
    by_title = listings.drop_duplicates("title").set_index("title")["group"].to_dict()
    rows = []
    for line in lines:
        source, listing_id, title = _SOURCES[line["source"]], line["id"], line["title"]
        # A few annotated products are not in the dump; the title finds equal products there.
        group = by_id.get((source, listing_id)) or by_title.get(title)
        group = group or name_key("", title, listing_id)
        rows.append(
            {
                "source": source,
                "listing_id": listing_id,
                "title": title,
                "description": line["description"].replace(" | ", "\n"),
                "split": split_of(group),
                "group": group,
                **_values(line["states"], ATTRIBUTES),
            }
        )
    return pd.DataFrame(rows)
