"""All that is read in a listing's words: answers, contradictions, named colors, the language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from data.remarks import Contradiction, NamedColor, Statement
from data.schema import Prediction
from data.taxonomy import VALUES, WEAR_OF
from text.encode import Encoded
from text.evidence import CARRIES, exclusive, spans, stretches
from text.lexicon import HUES, IMPLIED, LABELS
from text.pooling import NOWHERE

CONTRADICTED = ("item", "length", "pattern")  # attributes of which one garment has one value
# The second value must be nearly as sure as an answer: a doubtful one is no contradiction.
SURE = 1.0  # log odds
_HUE = slice(LABELS.index("hue:black"), LABELS.index("hue:black") + len(HUES))
_SET = LABELS.index("wear:set")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one title and description say. `foreign` names the language of a text ("title",
    "description") that was not read because it is not English."""

    answers: dict[str, Prediction]
    contradictions: tuple[Contradiction, ...]
    colors: tuple[NamedColor, ...]
    foreign: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        return {
            "attributes": {name: answer.to_json() for name, answer in self.answers.items()},
            "contradictions": [c.to_json() for c in self.contradictions],
            "colors": [color.to_json() for color in self.colors],
            "foreign": dict(self.foreign),
        }


def contradictions(
    answers: Mapping[str, Prediction],
    text: tuple[str, str],
    encoded: Encoded,
    scores: np.ndarray,
) -> tuple[Contradiction, ...]:
    """Return the attributes of which the words surely state two values.

    Two garments sold together are no contradiction, and a sleeve none with a trouser leg.
    `scores` (windows, tokens, labels).
    """
    read = encoded.places >= 0
    if not read.any():
        return ()
    scores = exclusive(_without_implied(scores))
    best = scores[read].max(axis=0)
    found = []
    for name in CONTRADICTED:
        stated = _stated(name, best, answers["wear"].value)
        if len(stated) > 1:
            said = (Statement(v, spans(name, v, text, encoded, scores)) for v in stated)
            found.append(Contradiction(name, tuple(said)))
    return tuple(found)


def _stated(name: str, best: np.ndarray, wear: str | None) -> list[str]:
    """Return the values surely stated of one garment, the surest first."""
    if name == "item" and best[_SET] > CARRIES:
        return []
    scores = {value: best[LABELS.index(f"{name}:{value}")] for value in VALUES[name]}
    sure = [
        value
        for value, score in scores.items()
        if score >= SURE and (name != "length" or WEAR_OF[name][value] == wear)
    ]
    return sorted(sure, key=lambda value: -scores[value])


def _without_implied(scores: np.ndarray) -> np.ndarray:
    """Return the scores with no length on the words that only imply one: "knee-length shorts"."""
    out = scores.copy()
    for item, length in IMPLIED.items():
        out[scores[:, :, LABELS.index(item)] >= CARRIES, LABELS.index(length)] = NOWHERE
    return out


def named_colors(
    text: tuple[str, str], encoded: Encoded, scores: np.ndarray
) -> tuple[NamedColor, ...]:
    """Return the garment's colors as the words name them, in reading order."""
    hues = scores[:, :, _HUE]
    carried = (hues.max(axis=2) >= CARRIES) & (encoded.places >= 0)
    best = np.where(carried, hues.argmax(axis=2), -1)
    found = [
        NamedColor(tuple(HUES)[number], span)
        for number in np.unique(best[carried])
        for span in stretches(best == number, text, encoded)
    ]
    return tuple(sorted(found, key=lambda c: (c.span.where != "title", c.span.start)))
