"""Photos of collected products: which are read, which belong to no garment, which are the same."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from data.photos import Photo, check_photos

# Bits of 64 in which the perceptual hashes of copies may differ: of 900 copies of catalogue photos,
# made smaller or compressed again, 899 are within 2. At 2 a quarter of the pairs found among 3,000
# full-size photos are of different products, mostly colors of one brand; at 4 seven in ten are.
NEAR = 2
# A photo of more differently named products than this is a size chart or stands for no photo: in
# the catalogue no photo has more than 3 names.
MOST_NAMES = 20


def photo_table(items: pd.DataFrame) -> pd.DataFrame:
    """Return one row per photo of each item, in order: row, path, phash, seen (a checked Photo).

    row counts the items from 0; phash is None where the crawl gave none that can be read.
    """
    told = items.reset_index(drop=True)[["folder", "images"]].explode("images").dropna()
    table = pd.DataFrame(
        {
            "row": told.index,
            "path": [
                (folder / str(image.get("path", ""))).resolve()
                for folder, image in zip(told["folder"], told["images"], strict=True)
            ],
            "phash": [_hash(image.get("phash")) for image in told["images"]],
        }
    ).astype({"phash": object})
    paths = table["path"].drop_duplicates()
    seen = dict(zip(paths, check_photos(list(paths)), strict=True))
    table["seen"] = [seen[path] for path in table["path"]]
    table["digest"] = [photo.digest for photo in table["seen"]]
    return table


def without_placeholders(photos: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Leave out photos that more than MOST_NAMES differently named products show.

    names: a name key for each item row.
    """
    named = photos.assign(name=[names[row] for row in photos["row"]])
    shown_by = named.groupby("digest")["name"].nunique()
    return photos[~photos["digest"].map(shown_by).gt(MOST_NAMES)]


def of_row(photos: pd.DataFrame, most: int) -> dict[int, list[Photo]]:
    """Return the first `most` readable photos of each item row, and those that cannot be read.

    A photo that an item shows twice counts once.
    """
    readable = photos[photos["digest"].notna()].drop_duplicates(["row", "digest"])
    chosen = pd.concat([readable.groupby("row").head(most), photos[photos["digest"].isna()]])
    return {int(row): list(found) for row, found in chosen.groupby("row")["seen"]}


def identical(photos: pd.DataFrame) -> list[tuple[int, Hashable]]:
    """Return links of item rows to the content of their photos."""
    return [(row, d) for row, d in zip(photos["row"], photos["digest"], strict=True) if d]


def near_identical(photos: pd.DataFrame) -> list[tuple[int, Hashable]]:
    """Return links of item rows whose photos look the same: within NEAR bits of each other."""
    hashed = photos[photos["phash"].notna() & photos["digest"].notna()]
    values = hashed["phash"].astype("uint64").to_numpy()
    distinct, codes = np.unique(values, return_inverse=True)
    links: list[tuple[int, Hashable]] = []
    first = dict(zip(codes, hashed["row"], strict=True))  # one row stands for each distinct hash
    links += [(row, ("hash", int(code))) for row, code in zip(hashed["row"], codes, strict=True)]
    for one, other in near_pairs(distinct, NEAR):
        pair = ("near", one, other)
        links += [(first[one], pair), (first[other], pair)]
    return links


def near_pairs(hashes: np.ndarray, most: int) -> Iterator[tuple[int, int]]:
    """Yield index pairs (i < j) of 64-bit hashes that differ in at most `most` bits, some twice.

    Two such hashes are equal in at least one of `most` + 1 bands of bits, so that only those that
    share a band are compared.
    """
    edges = [64 * band // (most + 1) for band in range(most + 2)]
    for low, high in itertools.pairwise(edges):
        band = (hashes >> np.uint64(low)) & np.uint64(2 ** (high - low) - 1)
        order = np.argsort(band, kind="stable")
        for bucket in np.split(order, np.flatnonzero(np.diff(band[order])) + 1):
            for at, one in enumerate(bucket[:-1]):
                rest = bucket[at + 1 :]
                near = rest[np.bitwise_count(hashes[rest] ^ hashes[one]) <= most]
                yield from ((min(one, two), max(one, two)) for two in near.tolist())


def _hash(text: Any) -> int | None:
    try:
        value = int(text, 16)
    except (TypeError, ValueError):
        return None
    return value if 0 <= value < 2**64 else None
