"""Importing product texts without photos: `short_descriptions.csv` of a later year."""

from __future__ import annotations

from pathlib import Path

from data.clean import html_to_text, tidy
from data.errors import InvalidListing
from data.groups import name_key
from data.importing import LEFT_OUT, Imported, read_records

_COLUMNS = ("Product_ID", "Product_Name", "Product_Brand", "Gender", "Description")


def import_descriptions(folder: Path) -> Imported:
    """Read the texts; a product's group is its brand and name. Raises InvalidTable."""
    imported = Imported()
    for record in read_records(folder / "short_descriptions.csv", _COLUMNS):
        imported.read += 1
        listing_id, title = record["Product_ID"], tidy(record["Product_Name"])
        try:
            imported.add(
                listing_id=listing_id,
                source="descriptions",
                group=name_key(record["Product_Brand"], title, listing_id),
                title=title,
                description=html_to_text(record["Description"]),
                brand=record["Product_Brand"] or None,
                gender=record["Gender"] or None,
            )
        except InvalidListing as error:
            imported.note(listing_id, error, LEFT_OUT)
    return imported
