"""Importing private sellers' photos: `images.csv` (image, sender_id, label, kids) and `images/`.

A photo's class is mapped to our values only where it settles them.
"""

from __future__ import annotations

from pathlib import Path

from data.errors import InvalidListing
from data.importing import LEFT_OUT, SCOPE_UNKNOWN, Imported, Row, read_records
from data.photos import check_photos

# class: (wear, item, length, where the length comes from). A value is given where at least 85 %
# of the class's annotated photos show it: T-Shirt half_sleeve 266 of 266, Hoodie sweatshirt 50
# of 57, Longsleeve full_sleeve 156 of 179; not so Outwear full_sleeve (111 of 135), Shorts
# above_knee (76 of 130), Shirt full_sleeve (128 of 186), any one item of Longsleeve or Pants.
_CLASSES: dict[str, tuple[str, str | None, str | None, str | None]] = {
    "t-shirt": ("upper", "t_shirt", "half_sleeve", "derived"),
    "polo": ("upper", "t_shirt", "half_sleeve", "derived"),
    "longsleeve": ("upper", None, "full_sleeve", "field"),
    "shirt": ("upper", "shirt", None, None),
    "blouse": ("upper", None, None, None),
    "top": ("upper", "top", "sleeveless", "derived"),
    "undershirt": ("upper", "top", "sleeveless", "derived"),
    "hoodie": ("upper", "sweatshirt", "full_sleeve", "derived"),
    "blazer": ("upper", "jacket", "full_sleeve", "derived"),
    "outwear": ("upper", "jacket", None, None),
    "pants": ("bottom", None, "full_length", "derived"),
    "shorts": ("bottom", "shorts", None, None),
    "skirt": ("bottom", "skirt", None, None),
}
_OUT_OF_SCOPE = frozenset({"body", "dress", "hat", "shoes"})
_COLUMNS = ("image", "sender_id", "label", "kids")


def import_seller_photos(folder: Path) -> Imported:
    """Read `images.csv` and its photos; a group is a sender. Raises InvalidTable."""
    imported = Imported()
    records = read_records(folder / "images.csv", _COLUMNS)
    paths = [(folder / "images" / f"{record['image']}.jpg").resolve() for record in records]
    for record, photo in zip(records, check_photos(paths), strict=True):
        imported.read += 1
        try:
            row = imported.add(
                listing_id=record["image"],
                source="seller_photos",
                group=f"seller-{record['sender_id']}",
                age_group="kids" if record["kids"] == "True" else None,
            )
        except InvalidListing as error:
            imported.note(record["image"], error, LEFT_OUT)
            continue
        _set_class(imported, row, record["label"])
        imported.attach(row, [photo])
    return imported


def _set_class(imported: Imported, row: Row, label: str) -> None:
    name = label.casefold()
    if name in _CLASSES:
        wear, item, length, source = _CLASSES[name]
        row.update(scope="in", wear=wear, item=item, length=length, length_source=source)
    elif name in _OUT_OF_SCOPE:
        row["scope"] = "out"
    else:
        error = InvalidListing(
            f'Class "{label}" says nothing of the garment.', code="ambiguous_class"
        )
        imported.note(row["listing_id"], error, SCOPE_UNKNOWN)
