"""What nobody seeded: the shop's own fields against the eye, and words that contradict them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.mismatch.cases import Case
from benchmarks.mismatch.measure import interval, odd_figures, units_of
from benchmarks.mismatch.scorers import Answer
from data.taxonomy import ATTRIBUTES

if TYPE_CHECKING:
    import pandas as pd


def own_fields(table: pd.DataFrame) -> list[Case]:
    """Return the shop's listings as they are; wrong: fields that differ from what the eye saw."""
    rows = table[table["source"] == "catalogue"].to_dict("records")
    return [_case(row, kind="own") for row in rows]


def conflicts(var: Path, splits: Sequence[str]) -> list[Case]:
    """Return the natural conflicts whose odd one out could be told, as they are."""
    from data.table import LISTINGS, read_table

    shop = read_table(var / "catalogue" / LISTINGS)
    shop = shop.rename(columns={n: f"field_{n}" for n in ATTRIBUTES})
    picked = read_table(var / "annotations" / "natural_conflicts.parquet", "conflicts")
    table = picked.drop(columns="field_length").merge(shop, on="listing_id")
    known = table["odd_one_out"].isin(("field", "image", "text")) & table["image"].notna()
    table = table[known & table["split"].isin(splits)]
    table = table.astype(object).where(table.notna(), None)
    return [
        _case(row, kind="conflict", attribute="length", odd=row["odd_one_out"])
        for row in table.to_dict("records")
    ]


def _case(
    row: Mapping[str, Any], *, kind: str, attribute: str | None = None, odd: str | None = None
) -> Case:
    fields = {name: row[f"field_{name}"] for name in ATTRIBUTES}
    return Case(
        listing_id=f"{row['source']}-{row['listing_id']}-{kind}",
        base=row["listing_id"],
        group=row["group"],
        source=row["source"],
        kind=kind,
        image=row["image"],
        title=row["title"],
        description=row["description"],
        fields=fields,
        attribute=attribute,
        wrong=tuple(
            n for n in ATTRIBUTES if fields[n] and row.get(f"true_{n}") not in (None, fields[n])
        ),
        odd_one_out=odd,
    )


def own_figures(
    cases: Sequence[Case], answers: Sequence[Answer], truth: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return how well the shop's own wrong fields are found; `truth`: by base, what the eye saw.

    auroc: over all given and judged fields; precision: of those named the odd one out, the share
    really wrong, and recall: of those really wrong, the share named; listings: the share reported
    as a conflict, for whatever is odd.
    """
    rows = [
        (1.0 - a.scores[n], n in c.wrong, c.group, a.odd.get(n) == "field")
        for c, a in zip(cases, answers, strict=True)
        for n in ATTRIBUTES
        if n in a.scores and truth[c.base][f"true_{n}"]
    ]
    units = units_of([row[:3] for row in rows])
    flagged, wrong = np.array([row[3] for row in rows]), units.wrong
    everything = np.ones(len(cases))
    listings = units_of(
        [
            (float(a.statuses.get("listing") == "conflict"), bool(c.wrong), c.group)
            for c, a in zip(cases, answers, strict=True)
        ]
    )
    return {
        "fields": len(rows),
        "wrong": int(wrong.sum()),
        "auroc": interval(units, lambda w: _auroc(units.wrong, units.suspicion, w)),
        "precision": interval(units, lambda w: _ratio(w * (flagged & wrong), w * flagged)),
        "recall": interval(units, lambda w: _ratio(w * (flagged & wrong), w * wrong)),
        "listings": len(cases),
        "listings_wrong": interval(listings, lambda w: _ratio(w * listings.wrong, w * everything)),
        "listings_reported": interval(
            listings, lambda w: _ratio(w * listings.suspicion, w * everything)
        ),
    }


def conflict_figures(cases: Sequence[Case], answers: Sequence[Answer]) -> dict[str, Any]:
    """Return how the odd one out is told, beside always naming the commoner one."""
    truth = [c.odd_one_out for c in cases]
    named = [a.odd.get("length") for a in answers]
    found = odd_figures(named, truth, [c.group for c in cases])
    commonest = max(truth.count(source) for source in set(truth))
    return found | {"majority": round(commonest / len(truth), 4)}


def _auroc(wrong: np.ndarray, suspicion: np.ndarray, weights: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(wrong, suspicion, sample_weight=weights))


def _ratio(part: np.ndarray, whole: np.ndarray) -> float:
    return float(part.sum() / max(1.0, whole.sum()))
