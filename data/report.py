"""The quality report of an import: what was read, kept, missing, and how the values fall."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from data.importing import Imported
from data.table import SPLITS
from data.taxonomy import ATTRIBUTES, VALUES

# A report is tables to print and save alike: title -> rows, each row column -> value.
Report = dict[str, list[dict[str, Any]]]


def import_report(imported: Imported, frame: pd.DataFrame) -> Report:
    """Report on imported rows: counts, problems, and what `table_report` tells of the table."""
    counts = {
        "read": imported.read,
        "kept": len(frame),
        "left out": imported.read - len(frame),
        **_counts(frame),
    }
    return {
        "Counts": downwards(counts),
        "Problems": _problems(imported),
        **table_report(frame),
    }


def table_report(frame: pd.DataFrame) -> Report:
    """Report on a table alone: splits, missing share, values by split.

    Shares of missing fields and value tables are over the rows in scope.
    """
    return {
        "Splits": _splits(frame),
        "Fields, of the rows in scope": _fields(frame[frame["scope"] == "in"]),
        "Values, of the rows in scope": _values(frame[frame["scope"] == "in"]),
    }


def downwards(counts: dict[str, int]) -> list[dict[str, Any]]:
    """Return single counts as a table of two columns."""
    return [{"what": name, "count": count} for name, count in counts.items()]


def _counts(frame: pd.DataFrame) -> dict[str, int]:
    scope, detail = frame["scope"].value_counts(), frame["detail"].value_counts()
    groups = frame["group"].value_counts()
    return {
        **{f"scope {name}": int(scope.get(name, 0)) for name in ("in", "out", "unknown")},
        "full photo": int(detail.get("full", 0)),
        "thumbnail": int(detail.get("thumbnail", 0)),
        "no photo": int(frame["image"].isna().sum()),
        "no words": int(((frame["title"] == "") & (frame["description"] == "")).sum()),
        "groups": len(groups),
        "largest group": int(groups.max()) if len(groups) else 0,
    }


def _problems(imported: Imported) -> list[dict[str, Any]]:
    counts = Counter(problem.reason for problem in imported.problems)
    examples = {problem.reason: problem.sentence for problem in reversed(imported.problems)}
    return [
        {"reason": reason, "rows": count, "first": examples[reason]}
        for reason, count in counts.most_common()
    ]


def _splits(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = []
    for split in SPLITS:
        part = frame[frame["split"] == split]
        rows.append(
            {
                "split": split,
                "rows": len(part),
                "groups": part["group"].nunique(),
                "in scope": int((part["scope"] == "in").sum()),
                "out of scope": int((part["scope"] == "out").sum()),
            }
        )
    return rows


def _fields(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = []
    for name in ATTRIBUTES:
        for wear, part in frame.groupby("wear"):
            given = int(part[name].notna().sum())
            derived = int((part["length_source"] == "derived").sum()) if name == "length" else 0
            rows.append(
                {
                    "attribute": name,
                    "wear": str(wear),
                    "rows": len(part),
                    "given": given - derived,
                    "derived": derived,
                    "missing": len(part) - given,
                    "missing share": round(1 - given / len(part), 3),
                }
            )
    return rows


def _values(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = []
    for name in ATTRIBUTES:
        table = frame.groupby([name, "split"]).size()
        if table.empty:  # the source never gives it: the missing share says so
            continue
        for value in VALUES[name]:
            counts = {split: int(table.get((value, split), 0)) for split in SPLITS}
            rows.append({"attribute": name, "value": value, **counts, "all": sum(counts.values())})
    return rows
