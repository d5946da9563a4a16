"""Editing one phrase of a listing's words so that they state another value."""

from __future__ import annotations

import re

import numpy as np

# Per value: how shops write it, the first one is what an edit writes.
PHRASES: dict[str, dict[str, tuple[str, ...]]] = {
    "length": {
        "sleeveless": ("sleeveless",),
        "half_sleeve": ("half sleeves", "half sleeve", "short sleeves", "short sleeved",
                        "short sleeve"),
        "three_quarter_sleeve": ("three-quarter sleeves", "3/4th sleeves", "3/4 sleeves",
                                 "three-quarter sleeve", "three-fourth sleeves"),
        "full_sleeve": ("full sleeves", "full sleeve", "long sleeves", "long sleeved",
                        "long sleeve"),
    },
    "pattern": {
        "solid": ("solid", "plain"),
        "printed": ("printed",),
        "striped": ("striped", "stripes"),
        "checked": ("checked", "checks", "checkered"),
    },
}  # fmt: skip


def edited(
    attribute: str, texts: tuple[str, str], true: str | None, random: np.random.Generator
) -> tuple[str, str] | None:
    """Return title and description with every phrase of the true value made another value's.

    None where they do not state the true value, or state another one too.
    """
    table = PHRASES[attribute]
    stated = {v for v, words in table.items() if any(_pattern(words).search(t) for t in texts)}
    if true is None or stated != {true}:
        return None
    other = str(random.choice([value for value in table if value != true]))
    title, description = (_pattern(table[true]).sub(table[other][0], text) for text in texts)
    return title, description


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(map(re.escape, words))})\b", re.IGNORECASE)
