"""The phrase-swap test: say another value in a text, and exactly that answer must change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from data.taxonomy import ATTRIBUTES, ITEMS_BY_WEAR, LENGTHS_BY_WEAR, VALUES, WEAR_OF
from text.lexicon import IMPLIED
from text.tagger import TextTagger
from training.metrics import group_interval
from training.text_pieces import Piece, Sample, joined
from training.text_words import NOUN_ENDS

SEED = 7
TARGETS = 3  # other values tried per text and attribute
SAID = {
    "sleeveless": "sleeveless", "half_sleeve": "half sleeves", "full_sleeve": "full sleeves",
    "three_quarter_sleeve": "three-quarter sleeves", "above_knee": "above-knee",
    "knee_length": "knee-length", "cropped": "cropped", "full_length": "full-length",
    "t_shirt": "T-shirt", "track_pants": "track pants", "solid": "plain", "multi": "red and white",
}  # fmt: skip
NOUNS = {"printed": "print", "striped": "stripes", "checked": "checks"}


@dataclass(frozen=True, slots=True)
class Swap:
    """A text with one statement changed: `attribute` should now be `value`."""

    group: str
    attribute: str
    value: str
    before: tuple[str, str]
    after: tuple[str, str]


def swaps(judged: Sequence[tuple[Sample, dict[str, Any]]], seed: int = SEED) -> Iterator[Swap]:
    """Yield up to TARGETS swaps for every statement of an attribute that a person and the rules
    find alike and that the text makes in one value only."""
    rng = Random(seed)  # noqa: S311 - test draws, not secrets
    for sample, row in judged:
        for attribute in ("item", "length", "color", "pattern"):
            found = {x for x in sample.labels() if _of(attribute, x)} - _implied(sample)
            if len(found) != 1 or len(sample.answers.get(attribute, ())) != 1:
                continue
            label, value = found.pop(), next(iter(sample.answers[attribute]))
            if attribute != "color" and label != f"{attribute}:{value}":
                continue
            others = [v for v in _fellows(attribute, value) if v != value]
            for other in rng.sample(others, min(TARGETS, len(others))):
                changed = sample.map(lambda p, x=label, v=other: _resaid(p, x, v))
                yield Swap(row["group"], attribute, other, _text(sample), _text(changed))


def measured_swaps(tagger: TextTagger, found: Sequence[Swap]) -> dict[str, dict[str, Any]]:
    """Return per attribute and for all: n, the share in which the answer became the new value and
    no other answer changed, and its 95 % interval over groups."""
    before = tagger.predict([swap.before for swap in found])
    after = tagger.predict([swap.after for swap in found])
    right = np.array(
        [
            new[s.attribute].value == s.value
            and all(old[n].value == new[n].value for n in ATTRIBUTES if n != s.attribute)
            for s, old, new in zip(found, before, after, strict=True)
        ]
    )
    names = np.array([swap.attribute for swap in found])
    groups = np.array([swap.group for swap in found])
    return {
        name: _share(right[mask], groups[mask])
        for name in (*dict.fromkeys(names.tolist()), "all")
        for mask in [(names == name) | (name == "all")]
    }


def _share(right: np.ndarray, groups: np.ndarray) -> dict[str, Any]:
    low, high = group_interval(right, groups)
    return {
        "n": len(right), "texts": len(set(groups)), "share": round(float(right.mean()), 4),
        "low": round(low, 4), "high": round(high, 4),
    }  # fmt: skip


def _of(attribute: str, label: str) -> bool:
    heads = {"color": ("hue:", "color:"), "item": ("item:", "other:", "wear:set")}
    return label.startswith(heads.get(attribute, (f"{attribute}:",)))


def _implied(sample: Sample) -> set[str]:
    """Return the lengths that only a garment's name states."""
    return {IMPLIED[label] for label in sample.labels() if label in IMPLIED}


def _fellows(attribute: str, value: str) -> Sequence[str]:
    if attribute == "color":
        return ("multi",) if value == "single" else ()
    if attribute == "pattern":
        return VALUES["pattern"]
    groups = ITEMS_BY_WEAR if attribute == "item" else LENGTHS_BY_WEAR
    fellows = groups[WEAR_OF[attribute][value]]
    if attribute == "item" and f"item:{value}" in IMPLIED:
        return ()  # another garment would take the stated length with it
    return [v for v in fellows if f"{attribute}:{v}" not in IMPLIED]


def _resaid(piece: Piece, label: str, value: str) -> Piece:
    if label not in piece.labels:
        return piece
    noun = label.startswith("pattern") and piece.text.lower().endswith(NOUN_ENDS)
    word = NOUNS.get(value, value) if noun else SAID.get(value, value)
    return Piece(word.title() if piece.text.istitle() else word)


def _text(sample: Sample) -> tuple[str, str]:
    return joined(sample.title, "")[0], joined(sample.description, "")[0]
