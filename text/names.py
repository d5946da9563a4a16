"""Brand names made of words that state something elsewhere: "Grey Matter", "The Skirt Factory".

A name is known by how a description speaks of it ("By Half Moon.", "Grey Matter's best seller"),
or by opening both the title and a sentence and going on differently. Brands that are said only
once are left to the network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from data.hues import HUES
from text.lexicon import phrases

HEAD, MOST = 300, 5  # characters of a title, names: they bound the time whatever a text holds
_WORD = r"(?:[A-Z]\w*|&|and|of)"
_NAME = rf"(?:[A-Z]\w*(?:\ {_WORD}){{0,3}})"
INTRODUCED = re.compile(
    rf"(?:^|[.|\n•!]\s*)(?:By|From|Sold\ by|Made\ by|Brand(?:\ name)?\s?[:-]|Official|Genuine"
    rf"|Authentic|Original|Another\ one\ from|Designed\ by)\ (?P<name>{_NAME})"
)
OWNING = re.compile(rf"\b(?P<name>{_NAME})['’]s?\ ")
OPENING = re.compile(r"(?:^|[.|\n•!]\s*)(?P<name>[A-Z]\w*(?:\ (?:&|[A-Z]\w*)){1,3})\b")
# Words that open a title without being a name, beside those of the lexicon.
ORDINARY = frozenset({
    "men", "mens", "women", "womens", "boys", "girls", "kids", "unisex", "ladies", "gents", "baby",
    "slim", "regular", "fit", "casual", "formal", "party", "cotton", "linen", "silk", "wool",
    "denim", "knit", "knitted", "woven", "round", "neck", "collar", "cropped", "basic", "classic",
    "soft", "new", "pure", "the", "and", "of", "full", "half", "long", "short", "sleeve", "sleeves",
    "dark", "light", "bright", "leather", "rayon", "viscose", "polyester", "georgette", "chiffon",
    "embroidered", "ethnic", "straight", "loose", "relaxed", "stretch", "flared", "pleated",
    "washed", "faded", "hooded", "pack", "set", "combo", "color", "colour", "melange", "art", "by",
    "blend", "printed", "high", "low", "rise", "waist", "size", "plus", "winter", "summer",
})  # fmt: skip


def names(title: str, description: str) -> list[str]:
    """Return the brand names both texts hold that consist partly of words we read."""
    found = {name for name in _told(title[:HEAD], description) if _misread(name)}
    return sorted(found, key=len, reverse=True)[:MOST]


def places(text: str, found: list[str]) -> Iterator[tuple[int, int]]:
    """Yield where the names stand in a text."""
    for name in found:
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
            yield match.span()


def _told(title: str, description: str) -> Iterator[str]:
    for pattern in (INTRODUCED, OWNING):
        for match in pattern.finditer(description):
            name = _shared(title, match["name"])
            if name and (" " in name or pattern is INTRODUCED):
                yield name
    for match in OPENING.finditer(description):
        name = _shared(title, match["name"])
        rest = title[len(name) :].split()[:1]
        follows = description[match.start("name") + len(name) :].split()[:1]
        alike = [w.lower() for w in rest] == [w.lower().strip(".,") for w in follows]
        if " " in name and title.startswith(name) and not alike:
            yield name


def _shared(title: str, name: str) -> str:
    """Return as many of a name's first words, two at least of more, as the title holds side by
    side; what follows a name there is none of it ("Half Moon Shirt")."""
    words, least = name.split(), min(2, len(name.split()))
    while words and words[-1].lower() in ORDINARY | _garments() | {"&"}:
        words.pop()
    while len(words) >= least:
        if re.search(rf"(?<!\w){re.escape(' '.join(words))}(?!\w)", title):
            return " ".join(words)
        words.pop()
    return ""


def _misread(name: str) -> bool:
    """Tell a name from a plain description: one word of it states something, another is a name's,
    or it is one word alone."""
    words = [word.lower() for word in name.split() if word != "&"]
    stating = [word for word in words if word in _stating() or word in ORDINARY]
    return bool(stating) and (len(stating) < len(words) or "&" in name or len(words) == 1)


@lru_cache(maxsize=1)
def _garments() -> frozenset[str]:
    items = (phrase for phrase, label in phrases().items() if label.startswith("item:"))
    return frozenset(phrase.split()[-1] for phrase in items)


@lru_cache(maxsize=1)
def _stating() -> frozenset[str]:
    hues = {word for group in HUES.values() for name in group for word in name.split()}
    return frozenset(hues | {word for phrase in phrases() for word in phrase.split()})
