"""Tables on disk: their columns, the checks at writing and reading, and the split by group."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import InvalidTable
from data.files import write_whole
from data.taxonomy import ATTRIBUTES, VALUES

if TYPE_CHECKING:
    import pandas as pd
    from pandera.pandas import DataFrameSchema

SPLITS = ("train", "validation", "test")
LISTINGS = "listings.parquet"
NOT_STATED = "not_stated"
OUT_OF_SCOPE = "out_of_scope"


def split_of(group: str) -> str:
    """Return the split of a group: 70 % train, 10 % validation, 20 % test.

    A hash of the group's name alone decides, so that added data never moves a group.
    """
    digest = hashlib.sha256(group.encode()).digest()
    fraction = int.from_bytes(digest[:8], "big") / 2**64
    if fraction < 0.70:
        return "train"
    return "validation" if fraction < 0.80 else "test"


def write_table(frame: pd.DataFrame, path: Path, kind: str) -> None:
    """Check a frame against the columns of `kind` and write it whole or not at all.

    `kind` is listings, photos, texts or conflicts. Raises InvalidTable.
    """
    checked = _checked(frame, kind, str(path))
    write_whole(path, lambda partial: checked.to_parquet(partial, index=False))


def read_table(path: Path, kind: str = "listings") -> pd.DataFrame:
    """Read a table and check its columns. Raises InvalidTable, naming what is wrong.

    Absent values are NaN in the text columns; `images` holds lists of paths.
    """
    import pandas as pd

    if not path.is_file():
        raise InvalidTable(f"No table at {path}: run the import that writes it first.")
    try:
        frame = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise InvalidTable(f"{path} is not a readable Parquet file ({error}).") from None
    if "images" in frame:
        frame["images"] = frame["images"].map(list)
    return _checked(frame, kind, str(path))


def _checked(frame: pd.DataFrame, kind: str, where: str) -> pd.DataFrame:
    from pandera.errors import SchemaErrors

    try:
        checked: pd.DataFrame = schema(kind).validate(frame, lazy=True)
    except SchemaErrors as error:
        first = error.failure_cases.iloc[0]
        column = first["column"] or first["failure_case"]
        raise InvalidTable(
            f"{where} is not a table of {kind}: {len(error.failure_cases)} failures, the first in "
            f"column {column} ({first['check']}, found {str(first['failure_case'])[:80]})."
        ) from None
    return checked


def schema(kind: str) -> DataFrameSchema:
    """Return the pandera schema of a kind of table."""
    import pandera.pandas as pa

    columns = {
        "listings": _listings_columns,
        "photos": _photos_columns,
        "texts": _texts_columns,
        "conflicts": _conflicts_columns,
    }[kind]()
    unique = None if kind == "conflicts" else ["source", "listing_id"]
    return pa.DataFrameSchema(columns, strict=True, coerce=True, unique=unique)


def _column(values: tuple[str, ...] = (), *, nullable: bool = False) -> Any:
    import pandera.pandas as pa

    return pa.Column(str, pa.Check.isin(values) if values else None, nullable=nullable)


def _value_columns() -> dict[str, Any]:
    return {name: _column(VALUES[name], nullable=True) for name in ATTRIBUTES}


def _listings_columns() -> dict[str, Any]:
    import pandera.pandas as pa

    return {
        "listing_id": _column(),
        "source": _column(("catalogue", "seller_photos", "descriptions", "listings")),
        "group": _column(),
        "split": _column(SPLITS),
        "image": _column(nullable=True),
        "images": pa.Column(object, pa.Check(lambda v: isinstance(v, list), element_wise=True)),
        "title": _column(),
        "description": _column(),
        "brand": _column(nullable=True),
        **_value_columns(),
        "length_source": _column(("field", "derived"), nullable=True),
        "color_weak": _column(VALUES["color"], nullable=True),
        "scope": _column(("in", "out", "unknown")),
        "detail": _column(("full", "thumbnail"), nullable=True),
        "gender": _column(nullable=True),
        "age_group": _column(nullable=True),
        "year": pa.Column("Int64", nullable=True),
    }


def _photos_columns() -> dict[str, Any]:
    import pandera.pandas as pa

    return {
        "source": _column(("catalogue", "seller_photos")),
        "listing_id": _column(),
        "scope": _column(("in", "out")),
        **_value_columns(),
        "passes": pa.Column("int64", pa.Check.ge(1)),
        "sure": pa.Column("int64", pa.Check.isin((0, 1))),
        "picked": pa.Column(bool),
    }


def _texts_columns() -> dict[str, Any]:
    import pandera.pandas as pa

    def stated(attribute: str) -> Any:
        known = {*VALUES[attribute], NOT_STATED, OUT_OF_SCOPE}
        check = pa.Check(lambda v: set(v.split("/")) <= known, element_wise=True)
        return pa.Column(str, check, nullable=True)

    return {
        "source": _column(("catalogue", "descriptions")),
        "listing_id": _column(),
        "title": _column(),
        "description": _column(),
        "split": _column(SPLITS),
        "group": _column(),
        **{name: stated(name) for name in ATTRIBUTES},
    }


def _conflicts_columns() -> dict[str, Any]:
    lengths = VALUES["length"]
    return {
        "listing_id": _column(),
        "field_length": _column(lengths),
        "text_length": _column(lengths),
        "photo_length": _column(lengths, nullable=True),
        "odd_one_out": _column(("field", "text", "image", "all_differ"), nullable=True),
    }
