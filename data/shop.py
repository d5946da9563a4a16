"""Importing a shop's own table: one CSV row a listing, errors told by row number."""

from __future__ import annotations

import re
from pathlib import Path

from tqdm import tqdm

from data.clean import any_to_text
from data.errors import InvalidListing, InvalidTable
from data.groups import group_names, name_key
from data.importing import LEFT_OUT, Imported, Row, settle_length
from data.photos import Photo, check_photo
from data.schema import MAX_TEXT, Listing
from data.shop_csv import read_rows
from data.taxonomy import ATTRIBUTES, WEAR_OF

COLUMNS = ("listing_id", "images", "title", "description", *ATTRIBUTES)
MAX_CELL = 4 * MAX_TEXT  # characters, markup included: HTML of a text that is read has fewer


def import_listings(path: Path) -> Imported:
    """Read the table; image paths are relative to its folder. Raises InvalidTable.

    A row that is no valid listing is left out and listed by its number (the header is row 1); a
    photo that cannot be read is listed and its row kept without it.
    """
    imported = Imported()
    names, *rows = read_rows(path)
    _check_header(imported, names, path)
    photos: list[list[Photo]] = []  # of each row kept
    for number, cells in enumerate(tqdm(rows, desc="listings", unit="row"), start=2):
        if not cells:  # an empty line, often the last
            continue
        imported.read += 1
        try:
            listing = _listing(names, cells, path.parent)
            row = _add(imported, listing)
        except InvalidListing as error:
            imported.note(f"row {number}", error, LEFT_OUT)
            continue
        photos.append([check_photo(image.resolve()) for image in listing.images])
        imported.attach(row, photos[-1], told_as=f"row {number}")
    _set_groups(imported.rows, photos)
    return imported


def _check_header(imported: Imported, names: list[str], path: Path) -> None:
    for name in ("listing_id", "images"):
        if name not in names:
            raise InvalidTable(
                f"{path} lacks the column {name}; known columns: {', '.join(COLUMNS)}."
            )
    for name in sorted(set(names)):
        if name in COLUMNS and names.count(name) > 1:
            raise InvalidTable(f"{path} names the column {name} twice.")
        if name not in COLUMNS:
            error = InvalidListing(f'Column "{name}" is not one we know.', code="unknown_column")
            imported.note("row 1", error, "It is not read.")


def _listing(names: list[str], cells: list[str], folder: Path) -> Listing:
    if len(cells) != len(names):
        raise InvalidListing(
            f"The row has {len(cells)} cells, the header {len(names)}.", code="bad_row"
        )
    record = dict(zip(names, cells, strict=True))
    for name in COLUMNS:
        if (length := len(record.get(name, ""))) > MAX_CELL:
            raise InvalidListing(f"{name} has {length} characters; at most {MAX_CELL} are read.")
    images = [part.strip() for part in re.split(r"[;|]", record["images"]) if part.strip()]
    line = {
        "listing_id": record["listing_id"].strip(),
        "images": images,
        "title": any_to_text(record.get("title", "")),
        "description": any_to_text(record.get("description", "")),
        "fields": {name: record.get(name) for name in ATTRIBUTES},
    }
    return Listing.from_json(line, folder=folder)


def _add(imported: Imported, listing: Listing) -> Row:
    fields = dict(listing.fields)
    for attribute in ("item", "length"):
        fields["wear"] = fields["wear"] or WEAR_OF[attribute].get(fields[attribute] or "")
    row = imported.add(
        listing_id=listing.listing_id,
        source="listings",
        title=listing.title,
        description=listing.description,
        scope="in" if fields["wear"] else "unknown",
        **fields,
    )
    settle_length(row, fields["length"])
    return row


def _set_groups(rows: list[Row], photos: list[list[Photo]]) -> None:
    """Group equal titles and listings that share any photo."""
    keys = [name_key("", row["title"], row["listing_id"]) for row in rows]
    links = [(at, photo.digest) for at, found in enumerate(photos) for photo in found]
    readable = [(at, digest) for at, digest in links if digest]
    for row, group in zip(rows, group_names(keys, readable), strict=True):
        row["group"] = group
