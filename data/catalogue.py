"""Importing a dump in the layout of the public "Fashion Product Images" data set.

`styles/<id>.json` (a folder, or packed as `styles.tar.gz`), `images/<id>.jpg` and, where there
is one, `index.csv` whose `group` column joins duplicates that its maker knew of.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

from tqdm import tqdm

from data.errors import InvalidListing, InvalidTable
from data.groups import group_names, name_key
from data.importing import LEFT_OUT, Imported, read_records
from data.photos import check_photos
from data.product import add_product


def import_catalogue(folder: Path) -> Imported:
    """Read a whole dump. Raises InvalidTable where `folder` does not hold one."""
    imported = Imported()
    for name, content in _styles(folder):
        imported.read += 1
        try:
            add_product(imported, json.loads(content))
        except InvalidListing as error:
            imported.note(Path(name).stem, error, LEFT_OUT)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            broken = InvalidListing(f"{name} is no product ({error!r:.120}).", code="bad_json")
            imported.note(Path(name).stem, broken, LEFT_OUT)
    if not imported.rows:
        raise InvalidTable(f"No product could be read in {folder}: {imported.read} files tried.")
    imported.rows.sort(key=lambda row: (len(row["listing_id"]), row["listing_id"]))
    _attach_photos(imported, folder)
    return imported


def _styles(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield (file name, content) of every product, from the folder or else the archive."""
    styles, archive = folder / "styles", folder / "styles.tar.gz"
    if styles.is_dir():
        for path in tqdm(sorted(styles.glob("*.json")), desc="products", unit="product"):
            yield path.name, path.read_bytes()
    elif archive.is_file():
        try:
            with tarfile.open(archive) as tar:
                for member in tqdm(tar, desc="products", unit="product"):
                    content = tar.extractfile(member) if member.name.endswith(".json") else None
                    if content is not None:
                        yield Path(member.name).name, content.read()
        except (tarfile.TarError, EOFError) as error:
            raise InvalidTable(f"{archive} is damaged ({error}).") from None
    else:
        raise InvalidTable(f"{folder} holds neither styles/ nor styles.tar.gz.")


def _attach_photos(imported: Imported, folder: Path) -> None:
    """Give each row its photo and its group."""
    rows = imported.rows
    photos = check_photos(
        [(folder / "images" / f"{row['listing_id']}.jpg").resolve() for row in rows]
    )
    index = folder / "index.csv"
    records = read_records(index, ("id", "group")) if index.is_file() else []
    known = {record["id"]: record["group"] for record in records}
    shared = [
        *((at, photo.digest) for at, photo in enumerate(photos)),
        *((at, known.get(row["listing_id"])) for at, row in enumerate(rows)),
    ]
    keys = [name_key(row["brand"] or "", row["title"], row["listing_id"]) for row in rows]
    groups = group_names(keys, [(at, link) for at, link in shared if link])
    for row, photo, group in zip(rows, photos, groups, strict=True):
        imported.attach(row, [photo])
        row["group"] = group
