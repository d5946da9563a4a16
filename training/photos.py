"""The photo table that vision trains and is measured on: fields, classes and annotations joined."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from data.errors import InvalidTable
from data.table import LISTINGS, read_table, schema
from data.taxonomy import ATTRIBUTES

SELLERS = "seller_photos"  # the source that is no shop: phone photos, a class in place of fields


@dataclass(frozen=True, slots=True)
class Shares:
    """How often a photo is drawn in an epoch.

    full and seller: relative to a catalogue thumbnail. annotated and out: so many times as often
    as its like, for an annotated photo and one out of scope. balanced: attributes whose
    combinations are drawn by the root of their count. hard: so many times as often, for a photo
    out of scope that is taken for a garment; in proportion to the doubt where less surely. picked:
    so many times as often, for a photo that was picked for annotation because it was in doubt.
    """

    full: float = 4.0
    seller: float = 1.2
    annotated: float = 1.2
    out: float = 1.5
    balanced: tuple[str, ...] = ("item", "length")
    hard: float = 1.0
    picked: float = 1.0


SHARES = Shares()


def load_photos(var: Path) -> pd.DataFrame:
    """Join the tables under `var`, a folder each, into one row per readable photo.

    The catalogue's, sellers' photos, shops': every table with photos is read, annotations where
    there are some. Columns: source, listing_id, group, split, image, scope, detail, gender,
    age_group, year, `seen_<attribute>` (what the source says, in the source's own words) and
    `true_<attribute>` (what an annotator saw), None where absent; annotated, and picked for it
    (data/annotations.py). Raises InvalidTable.
    """
    tables = [_with_seen(read_table(path)) for path in sorted(var.glob(f"*/{LISTINGS}"))]
    if not any(table["image"].notna().any() for table in tables):
        raise InvalidTable(
            f"No table under {var} has photos: import one, a shop's own with "
            f"`python -m data import-listings shop.csv --out {var / 'shop'}`."
        )
    photos = pd.concat(tables, ignore_index=True)
    photos = photos[photos["image"].notna()]
    twice = photos[photos.duplicated(["source", "listing_id"])]
    if len(twice):
        raise InvalidTable(
            f"{len(twice)} listings under {var} are in two tables of one source, the first is "
            f"“{twice['listing_id'].iloc[0]}”: remove one of the tables."
        )
    photos = photos.merge(_truth(var), how="left", on=["source", "listing_id"])
    photos["scope"] = photos["true_scope"].fillna(photos["scope"])
    photos["annotated"] = photos["true_scope"].notna()
    photos["picked"] = photos["picked"].eq(True)
    return photos.astype(object).where(photos.notna(), None).reset_index(drop=True)


def require(photos: pd.DataFrame, var: Path, *splits: str) -> None:
    """Raise InvalidTable where one of the splits has no photo whose scope is known."""
    known = photos[photos["scope"].isin(("in", "out"))]
    for split in splits:
        if not (known["split"] == split).any():
            raise InvalidTable(
                f"Of {len(known)} photos under {var} whose scope is known none is in the {split} "
                f"split: more products are needed."
            )


def _truth(var: Path) -> pd.DataFrame:
    """Return the annotations under `var`, their values as `true_<attribute>`; none: no rows."""
    path = var / "annotations" / "photos.parquet"
    truth = (
        read_table(path, "photos")
        if path.exists()
        else pd.DataFrame(columns=list(schema("photos").columns))
    )
    return truth.rename(columns={name: f"true_{name}" for name in (*ATTRIBUTES, "scope")})


def _with_seen(table: pd.DataFrame) -> pd.DataFrame:
    table = table.copy()
    for name in ATTRIBUTES:
        table[f"seen_{name}"] = table[name]
    # Counted from color words where no field says it; measured: right on 70 % against the eye, and
    # the channel learned for it says so.
    table["seen_color"] = table["color"].fillna(table["color_weak"])
    seller = table["source"] == SELLERS
    # A seller photo has one class and no fields; which values it settled names the class, and
    # what "Pants" or "Longsleeve" tells about item and length is learned as one word.
    class_word = table["wear"] + "/" + table["item"].fillna("") + "/" + table["length"].fillna("")
    for name in ("item", "length"):
        table.loc[seller, f"seen_{name}"] = class_word[seller]
    # A 60x80 thumbnail no longer shows fine stripes and checks.
    thumbnail = table["detail"] == "thumbnail"
    table.loc[thumbnail, ["seen_pattern", "seen_color"]] = None
    return table.drop(columns=list(ATTRIBUTES))


def draw(
    photos: pd.DataFrame,
    size: int,
    seed: int,
    shares: Shares = SHARES,
    doubt: np.ndarray | None = None,
) -> np.ndarray:
    """Draw one epoch's row numbers from the train split, rarer and better labels more often.

    doubt: (n,) in [0, 1], the chance that a network gives a photo out of scope to be in scope.

    Within a source, the share of each item at each length goes with the root of its count: six
    thousand T-shirts stand against a hundred skirts, and half-sleeved shirts, drawn one to five
    full-sleeved ones, were not even learned by heart. So does a private seller's: one of them sent
    467 photos of one bed, and the next seller has another.
    """
    weight = np.ones(len(photos))
    weight[photos["detail"] == "full"] = shares.full
    seller = photos["source"] == SELLERS
    weight[seller] = shares.seller * _rootwise(photos.loc[seller, "group"])
    weight[photos["annotated"].astype(bool)] *= shares.annotated
    weight[photos["picked"].astype(bool)] *= shares.picked
    out = (photos["scope"] == "out").to_numpy()
    weight[out] *= shares.out
    if doubt is not None:
        weight[out] *= 1.0 + (shares.hard - 1.0) * doubt[out]
    known = [_known(photos, name) for name in shares.balanced]
    weight *= _rootwise(sum(known, photos["source"] + "/"))
    weight[photos["split"] != "train"] = 0.0
    weight[~photos["scope"].isin(["in", "out"])] = 0.0
    random = np.random.default_rng(seed)
    return random.choice(len(photos), size=size, replace=True, p=weight / weight.sum())


def _known(photos: pd.DataFrame, name: str) -> pd.Series:
    """Return what is known of an attribute: the eye's word, else the source's; "" if neither."""
    true = photos[f"true_{name}"]
    return true.where(true.notna(), photos[f"seen_{name}"]).fillna("")


def _rootwise(values: pd.Series) -> np.ndarray:
    """Return weights by which each value's share goes with the root of its count; 1 if unknown."""
    count = values.map(values.value_counts()).astype(float)
    return np.sqrt(count.mean() / count).fillna(1.0).to_numpy()
