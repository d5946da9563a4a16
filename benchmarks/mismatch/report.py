"""The benchmark's table, as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from data.taxonomy import ATTRIBUTES

SOURCES = {"catalogue": "Catalogue listings (photo and words)",
           "seller_photos": "Sellers' phone photos without words"}  # fmt: skip
AT = "5%"  # prevalence of the tables


def markdown(found: Mapping[str, Any]) -> str:
    """Return the whole table for `measured`'s figures, natural ones included."""
    parts = [_source(title, found[key]) for key, title in SOURCES.items() if key in found]
    return "\n\n".join([*parts, _natural(found["natural"])]) + "\n"


def _source(title: str, own: Mapping[str, Any]) -> str:
    first = next(iter(own["fields"].values()))
    counts = f"{first['n_right']} right fields, {first['n_wrong']} with a wrong value"
    head = ("scorer", "AUROC", "AUPRC", "recall at 95 % precision", "top 1 %", "top 5 %",
            "top 10 %", "ECE", "Selvedge's AUPRC is higher by")  # fmt: skip
    keys = ("auprc", "recall_at_95", "top_1%", "top_5%", "top_10%", "ece")
    rows = [
        (name, triple(f["auroc"], 3), *(triple(f[k], 3) for k in keys),
         triple(own["ahead"][name], 3) if name in own["ahead"] else "")
        for name, f in own["fields"].items()
    ]  # fmt: skip
    return "\n\n".join(
        [
            f"**{title}**: {counts}, weighed to {AT} wrong",
            _table(head, rows),
            _prevalences(next(iter(own["fields"].values()))),
            _attributes(own["attributes"]),
            _listings(own),
        ]
    )


def _prevalences(ours: Mapping[str, Any]) -> str:
    head = ("Selvedge, wrong fields", "AUPRC", "recall at 95 % precision", "top 1 %", "ECE")
    rows = [
        (level, *(f"{ours[level][k]:.3f}" for k in ("auprc", "recall_at_95", "top_1%", "ece")))
        for level in ours
        if level[0].isdigit()
    ]
    return _table(head, rows)


def _attributes(own: Mapping[str, Any]) -> str:
    head = ("Selvedge, attribute", "n right", "n wrong", "AUROC", "AUPRC",
            "recall at 95 % precision", "ECE")  # fmt: skip
    rows = [
        (n, str(own[n]["n_right"]), str(own[n]["n_wrong"]), triple(own[n]["auroc"], 3),
         *(triple(own[n][k], 3) for k in ("auprc", "recall_at_95", "ece")))
        for n in ATTRIBUTES
    ]  # fmt: skip
    return _table(head, rows)


def _listings(own: Mapping[str, Any]) -> str:
    head = ("Selvedge, whole listings", "n", "AUROC of the score", "reported as a conflict",
            "odd one out named", "rightly")  # fmt: skip
    rows = []
    for kind, said in own["statuses"].items():
        odd = own["odd_one_out"].get(kind, {})
        auroc = own["listings"].get(kind, {}).get("auroc")
        rows.append((kind, str(said["n"]), triple(auroc, 3), f"{said.get('conflict', 0.0):.3f}",
                     triple(odd.get("answered"), 3), triple(odd.get("right"), 3)))  # fmt: skip
    return _table(head, rows)


def _natural(found: Mapping[str, Any]) -> str:
    own = found["own fields"]
    head = ("natural conflicts, groups", "n", "odd one out named", "rightly", "always the commoner")
    rows = [
        (name.partition(", ")[2], str(f["n"]), triple(f["answered"], 3),
         triple(f.get("right"), 3), f"{f['majority']:.3f}")
        for name, f in found.items()
        if name != "own fields"
    ]  # fmt: skip
    return "\n\n".join(
        [
            f"**The shop's own fields**, {own['fields']} of {own['listings']} catalogue listings, "
            f"{own['wrong']} wrong by eye: AUROC {triple(own['auroc'], 3)}; fields named "
            f"the odd one out are wrong in {triple(own['precision'], 3)} and are "
            f"{triple(own['recall'], 3)} of the wrong ones; a conflict of any kind is reported of "
            f"{triple(own['listings_reported'], 3)} of the listings, "
            f"{triple(own['listings_wrong'], 3)} hold a wrong field",
            _table(head, rows),
        ]
    )


def triple(found: Sequence[float] | None, digits: int) -> str:
    """Return a figure with its interval, `0.912 (0.880-0.940)`; nothing where there is none."""
    if found is None:
        return ""
    value, low, high = (f"{number:.{digits}f}" for number in found)
    return f"{value} ({low}-{high})"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
