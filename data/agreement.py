"""How often the fields of imported tables agree with the annotators' eyes."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pandas as pd

from data.report import Report, downwards
from data.table import SPLITS
from data.taxonomy import ATTRIBUTES

_Z = 1.96  # 95 %


def wilson(right: int, n: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of `right` out of `n`, within [0, 1]."""
    if n == 0:
        return 0.0, 1.0
    share, z2 = right / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    # Rounding may put a bound an ulp on the wrong side of a share of 0 or 1.
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def annotation_report(
    listings: pd.DataFrame, photos: pd.DataFrame, texts: pd.DataFrame, conflicts: pd.DataFrame
) -> Report:
    """Report on annotations: counts by split, fields against the eye, what the words state.

    `listings` holds all imported tables together. A photo counts for an attribute where both
    the field and the eye give a value and the product is in scope for both.
    """
    seen = photos.merge(listings, on=["source", "listing_id"], suffixes=("_eye", ""), how="left")
    unknown = int(seen["split"].isna().sum())
    known = texts.merge(listings[["source", "listing_id"]], on=["source", "listing_id"])
    counts = {
        "photos": len(photos),
        "photos not in the tables": unknown,
        "texts": len(texts),
        "texts not in the tables (grouped by title)": len(texts) - len(known),
        "natural conflicts": len(conflicts),
        **{f"conflicts, odd one out: {k}": int(v) for k, v in _odd(conflicts).items()},
    }
    return {
        "Counts": downwards(counts),
        "Annotated by split": _by_split(seen, "photos") + _by_split(texts, "texts"),
        "Fields against the eye": _agreement(seen, set(conflicts["listing_id"])),
        "What the words state": _stated(texts),
    }


def _odd(conflicts: pd.DataFrame) -> pd.Series:
    return conflicts["odd_one_out"].fillna("undecided").value_counts()


def _by_split(frame: pd.DataFrame, what: str) -> list[dict[str, Any]]:
    rows = []
    for source, part in frame.groupby("source"):
        counts = part["split"].value_counts()
        rows.append({"what": what, "source": source, **{s: int(counts.get(s, 0)) for s in SPLITS}})
    return rows


def _agreement(seen: pd.DataFrame, sought: set[str]) -> list[dict[str, Any]]:
    # A photo picked for what its field says is no fair sample of fields; the natural conflicts
    # among them have a line of their own.
    seen = seen[~seen["picked"] | seen["listing_id"].isin(sought)]
    rows = []
    for source, part in seen.groupby("source"):
        scoped = part[part["scope"] != "unknown"]
        rows.append(_line(str(source), "scope", scoped["scope"], scoped["scope_eye"]))
        both = part[(part["scope"] == "in") & (part["scope_eye"] == "in")]
        for name in ATTRIBUTES:
            for label, kind in _kinds(both, name, sought):
                rows.append(_line(str(source), label, kind[name], kind[f"{name}_eye"]))
        rows.append(_line(str(source), "color (weak)", both["color_weak"], both["color_eye"]))
    return [row for row in rows if row["n"]]


def _kinds(frame: pd.DataFrame, name: str, sought: set[str]) -> list[tuple[str, pd.DataFrame]]:
    """Return the parts of a table whose fields of one attribute differ in worth."""
    if name == "length":
        given = frame["length_source"] == "field"
        # Annotated because words and field contradict each other: no fair sample of fields.
        chosen = frame["listing_id"].isin(sought)
        return [
            ("length (field)", frame[given & ~chosen]),
            ("length (field, conflicts)", frame[given & chosen]),
            ("length (derived)", frame[frame["length_source"] == "derived"]),
        ]
    if name == "pattern":
        return [(f"pattern ({d})", frame[frame["detail"] == d]) for d in ("full", "thumbnail")]
    return [(name, frame)]


def _line(source: str, label: str, field: pd.Series, eye: pd.Series) -> dict[str, Any]:
    given = field.notna() & eye.notna()
    n, right = int(given.sum()), int((field[given] == eye[given]).sum())
    low, high = wilson(right, n)
    wrong = given & (field != eye)
    pairs = Counter(zip(field[wrong], eye[wrong], strict=True))
    return {
        "source": source,
        "field": label,
        "n": n,
        "right": right,
        "share": round(right / n, 3) if n else None,
        "low": round(low, 3),
        "high": round(high, 3),
        "most often wrong": ", ".join(
            f"{count} {a} for {b}" for (a, b), count in pairs.most_common(1)
        ),
    }


def _stated(texts: pd.DataFrame) -> list[dict[str, Any]]:
    rows = []
    for name in ATTRIBUTES:
        words = texts[name].dropna()
        two = int(words.str.contains("/").sum())
        nothing = int((words == "not_stated").sum())
        rows.append(
            {
                "attribute": name,
                "one value": len(words) - two - nothing,
                "two values": two,
                "not stated": nothing,
                "not asked": len(texts) - len(words),
            }
        )
    return rows
