"""What a list of phrase hits states of each attribute: the rules' own answer."""

from __future__ import annotations

from collections.abc import Sequence

from data.taxonomy import ATTRIBUTES, VALUES, WEAR_OF
from text.hits import Hit


def stated(hits: Sequence[Hit]) -> dict[str, tuple[str, ...]]:
    """Return the values stated per attribute, the strongest first; empty where none is."""
    out = {name: _values(hits, name) for name in ("item", "length", "pattern")}
    out["wear"] = _wear(hits, out["item"])
    out["color"] = _color(hits)
    return {name: out[name] for name in ATTRIBUTES}


def _values(hits: Sequence[Hit], head: str) -> tuple[str, ...]:
    """Rank an attribute's values: in the title first, then by mentions, then by place."""
    score: dict[str, float] = {}
    for order, hit in enumerate(hits):
        name, _, value = hit.label.partition(":")
        if name == head or (head == "item" and name == "other"):
            weight = 3.0 if hit.where == "title" else 1.0
            score[value] = score.get(value, 0.0) + weight - order * 1e-3
    ranked = sorted(score, key=lambda value: -score[value])
    if head == "item":
        if ranked[:1] == ["other"]:
            return ()
        titled = {h.label.partition(":")[2] for h in hits if h.where == "title"}
        top = [v for v in ranked if v in VALUES["item"]]
        return tuple([v for v in top if v in titled] or top[:1])
    return tuple(ranked)


def _wear(hits: Sequence[Hit], items: tuple[str, ...]) -> tuple[str, ...]:
    wears = dict.fromkeys(WEAR_OF["item"][item] for item in items)
    if any(hit.label == "wear:set" for hit in hits):
        return ()
    if not wears and not any(hit.label == "other:other" for hit in hits):
        wears = dict.fromkeys(
            hit.label.partition(":")[2] for hit in hits if hit.label.startswith("wear:")
        )
    return tuple(wears)


def _color(hits: Sequence[Hit]) -> tuple[str, ...]:
    """One hue in the title and another in the text is a seller's slip, not two colors."""
    most = 0
    for where in ("title", "description"):
        hues: set[str] = set()
        for hit in hits:
            if hit.where == where and hit.label == "color:multi":
                return ("multi",)
            head, _, hue = hit.label.partition(":")
            if hit.where == where and head == "hue":
                hues.add(hue)
        most = max(most, len(hues))
    return () if most == 0 else ("single",) if most == 1 else ("multi",)
