"""The words that carry an answer, as spans of the original title and description."""

from __future__ import annotations

import re

import numpy as np

from data.hues import HUES
from data.schema import Span
from data.taxonomy import ITEMS_BY_WEAR, VALUES
from text.encode import Encoded
from text.lexicon import LABELS
from text.pooling import NOWHERE, PLACES

WORD = re.compile(r"\w+(?:['’]\w+)?")
LONGEST = 40  # characters looked for a word's ends: "red_red_red_..." is one word as long as a text
CARRIES = 0.0  # a token carries a label that is likelier than not: scores are log odds
_INDEX = {label: number for number, label in enumerate(LABELS)}


def labels_of(attribute: str, value: str) -> list[int]:
    """Return the positions in `LABELS` of the labels that can carry an answer."""
    if attribute == "wear":
        names = [f"item:{item}" for item in ITEMS_BY_WEAR[value]] + [f"wear:{value}"]
    elif attribute == "color":
        names = [f"hue:{hue}" for hue in HUES] + ["color:multi"] * (value == "multi")
    else:
        names = [f"{attribute}:{value}"]
    return [_INDEX[name] for name in names]


def spans(
    attribute: str, value: str, text: tuple[str, str], encoded: Encoded, scores: np.ndarray
) -> tuple[Span, ...]:
    """Return the stretches whose tokens carry the answer, in reading order, never empty: the
    token that decided it is among them.

    `scores` (windows, tokens, labels).
    """
    labels = labels_of(attribute, value)
    own = exclusive(scores)[:, :, labels].max(axis=2)
    # A sleeve's token may carry a leg more, where the garment settles which is meant.
    carried = own if (own > NOWHERE).any() else scores[:, :, labels].max(axis=2)
    carried = np.where(encoded.places >= 0, carried, -np.inf)
    return stretches(carried >= min(CARRIES, carried.max()), text, encoded)


def exclusive(scores: np.ndarray) -> np.ndarray:
    """Return the scores (windows, tokens, labels), each token left one item, length and pattern.

    The network reads the whole text for every token, so that in "half sleeve shirt, with full
    sleeves" the first "sleeve" carries some of both.
    """
    out = scores.copy()
    for attribute in ("item", "length", "pattern"):
        rivals = [_INDEX[f"{attribute}:{value}"] for value in VALUES[attribute]]
        mine = scores[:, :, rivals]
        out[:, :, rivals] = np.where(mine >= mine.max(axis=2, keepdims=True), mine, NOWHERE)
    return out


def stretches(carried: np.ndarray, text: tuple[str, str], encoded: Encoded) -> tuple[Span, ...]:
    """Return the whole words that the tokens of a mask (windows, tokens) lie in."""
    found = np.column_stack(
        [encoded.places[carried], encoded.starts[carried], encoded.ends[carried]]
    )
    joined = [
        (p, *whole_words(text[p], start, end))
        for p, start, end in _joined(sorted(set(map(tuple, found.tolist()))), text)
    ]
    worded = [place for place in joined if WORD.search(text[place[0]], place[1], place[2])]
    return tuple(
        Span(start, end, text[place][start:end], PLACES[place])
        for place, start, end in dict.fromkeys(worded or joined)
    )


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the stretch with no word cut in half, so that a person can read it.

    The tail of a word before it is left out ("Women|s 3/4th sleeve"), unless there is no other
    word; a word cut at its end is taken whole.
    """
    low, high = start, end
    while low > max(0, start - LONGEST) and _inside(text[low - 1]):
        low -= 1
    while high < min(len(text), end + LONGEST) and _inside(text[high]):
        high += 1
    cut = [w.span() for w in WORD.finditer(text, low, high) if w.start() < end and w.end() > start]
    if not cut:
        return start, end
    first = cut[1] if cut[0][0] < start and len(cut) > 1 else cut[0]
    begins = first[0] if cut[0][0] < start else start
    return begins, max(end, cut[-1][1])


def _inside(character: str) -> bool:
    return character.isalnum() or character in "_'’"


def _joined(found: list[tuple[int, int, int]], text: tuple[str, str]) -> list[tuple[int, int, int]]:
    """Join neighbors: tokens of one word, words with nothing but a blank or a hyphen between."""
    out: list[tuple[int, int, int]] = []
    for place, start, end in found:
        if out and out[-1][0] == place and text[place][out[-1][2] : start].strip(" -/") == "":
            out[-1] = (place, out[-1][1], max(end, out[-1][2]))
        else:
            out.append((place, start, end))
    return out
