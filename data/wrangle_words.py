"""What a shop's words name: the garment in a category or a title, and the colors in either."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from data.aliases import ALIASES
from data.errors import InvalidTable, UnknownValue
from data.hues import HUES, PLAIN
from data.importing import read_records
from data.table import OUT_OF_SCOPE
from data.taxonomy import VALUES, normalize, parse_value, values_for

# Things that shops sell beside upper and bottom wear, and sets of both.
OTHERS = (
    "dress", "gown", "saree", "sari", "lehenga", "lehenga choli", "dupatta", "jumpsuit", "playsuit",
    "romper", "dungaree", "tracksuit", "track suit", "suit", "set", "kurta set", "co ord",
    "nightdress", "nightie", "nightsuit", "night suit", "robe", "bathrobe", "kaftan", "sherwani",
    "bra", "briefs", "panty", "panties", "trunks", "boxers", "lingerie", "innerwear", "shapewear",
    "swimsuit", "swimwear", "bikini", "bodysuit", "onesie", "socks", "stole", "scarf", "scarves",
    "shawl", "muffler", "ties", "necktie", "belts", "suspenders", "wallet", "bag", "handbag",
    "backpack", "clutch", "shoe", "footwear", "sandal", "sneaker", "boots", "heels", "flip flop",
    "slipper", "flats", "watch", "watches", "caps", "hat", "gloves", "sunglasses", "bracelet",
    "necklace", "earring", "rings", "bangle", "pendant", "jewellery", "jewelry", "cufflink",
    "accessories", "perfume", "fragrance", "deodorant", "lipstick", "umbrella",
)  # fmt: skip
# Aliases that in a sentence mostly say something else ("short kurta", "polo neck sweater").
_NOT_IN_SENTENCES = frozenset(("short", "polo", "tight", "crop top", "upper body", "lower body"))
# What follows these words speaks of another garment or of a detail.
_ASIDE = re.compile(
    r" (?:with(?! dupatta)|for|in|by|under|pack of|set of)\b.*|[,(|\u2013+].*| - .*", re.I | re.S
)
_DETAIL = re.compile(r"\b(?:cap|half|full|long|short|roll up|puff)?\s?sleeve[sd]?\b|\btie dye\b")
_PATH = re.compile(r"\s*[>\u203a\u00bb|/]\s*")
_PARTS = re.compile(r"\s*(?:[,;/&|]|\band\b)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """The garment some words name: an item, or a thing that is out of scope, or neither."""

    item: str | None = None
    out: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """Our aliases and those a person accepted: `accepted` maps (attribute, word) to a value."""

    accepted: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def parse(self, attribute: str, word: str, wear: str | None = None) -> str | None:
        """Map a shop's word to our value; several words that agree count as one.

        Raises UnknownValue.
        """
        known = self.accepted.get((attribute, normalize(word)))
        if known:
            return known
        try:
            return parse_value(attribute, word, wear)
        except UnknownValue:
            parts = [part for part in _PARTS.split(word) if part.strip()]
            if len(parts) < 2:
                raise
            found = {self.parse(attribute, part, wear) for part in parts}
            if len(found) != 1:
                raise
            return found.pop()

    def garment(self, words: str) -> Named:
        """Return what the last garment or thing named is: in English the head noun comes last."""
        plain = _DETAIL.sub(" ", normalize(words))
        found = list(self._garments.finditer(plain))
        if not found:
            return Named()
        item = self._items[found[-1][1]]
        return Named(out=True) if item == OUT_OF_SCOPE else Named(item)

    def garment_of_title(self, title: str) -> Named:
        """Return what a title names before it speaks of details, else anywhere in it."""
        main = self.garment(_ASIDE.sub("", title))
        return main if main != Named() else self.garment(title)

    def garment_of_category(self, category: str) -> Named:
        """Return what the narrowest part of a category path names ("Men > Topwear > Shirts").

        A part that names several garments ("Tops & T-shirts") settles nothing.
        """
        for segment in reversed(_PATH.split(category)):
            named = {self.garment(part) for part in _PARTS.split(segment)} - {Named()}
            if len(named) == 1:
                return named.pop()
            if named:
                return Named()
        return Named()

    @cached_property
    def _items(self) -> dict[str, str]:
        items = {
            normalize(word): item
            for item in VALUES["item"]
            for word in (item, *ALIASES["item"][item])
            if word not in _NOT_IN_SENTENCES
        }
        others = {normalize(word): OUT_OF_SCOPE for word in OTHERS}
        accepted = {word: value for (name, word), value in self.accepted.items() if name == "item"}
        return {**items, **others, **accepted}

    @cached_property
    def _garments(self) -> re.Pattern[str]:
        return _any_of(self._items, plural=True)


def count_colors(texts: Iterable[str]) -> str | None:
    """Return multi where the words name several hues, single where one, None where none.

    "navy blue" and "rust orange" are one color each; shades of one hue ("red", "maroon") too.
    """
    hues = set()
    for text in texts:
        plain = normalize(text)
        if _MULTI.search(plain):
            return "multi"
        hues |= set(_hues(plain))
    return None if not hues else "single" if len(hues) == 1 else "multi"


def names_color(text: str) -> bool:
    """Tell whether a shop's color word is one we know, as a hue or as single or multi."""
    return count_colors([text]) is not None


def head_of_title(title: str) -> str:
    """Return the last word of a title before it speaks of details: its noun, as a rule."""
    return (normalize(_ASIDE.sub("", title)).split() or [title])[-1]


def narrowest(category: str) -> str:
    """Return the last part of a category path."""
    return ([part for part in _PATH.split(category) if part.strip()] or [category])[-1]


def _hues(plain: str) -> list[str]:
    found: list[str] = []
    last: re.Match[str] | None = None
    for match in _COLORS.finditer(plain):
        shade = last and last[1] not in PLAIN and plain[last.end() : match.start()] == " "
        if shade:
            found.pop()
        found.append(_HUE_OF[match[1]])
        last = match
    return found


def read_accepted(path: Path) -> dict[tuple[str, str], str]:
    """Read the rows of a file of `unknown-words` that a person accepted (`accept` says yes).

    Raises InvalidTable for a value that its attribute does not have.
    """
    accepted = {}
    records = read_records(path, ("word", "attribute", "proposed_value", "accept"))
    for number, record in enumerate(records, start=2):
        answer = normalize(record["accept"])
        if answer not in ("", "yes", "y", "no", "n"):
            raise InvalidTable(
                f'{path}, row {number}: accept is "{answer}"; allowed: yes, no or empty.'
            )
        if answer not in ("yes", "y"):
            continue
        attribute, value = record["attribute"].strip(), record["proposed_value"].strip()
        allowed = values_for(attribute) if attribute in VALUES else ()
        allowed += (OUT_OF_SCOPE,) if attribute == "item" else ()
        if value not in allowed:
            raise InvalidTable(
                f'{path}, row {number}: {attribute or "no attribute"} "{value}" is not allowed; '
                f"allowed: {', '.join(allowed or VALUES)}."
            )
        accepted[attribute, normalize(record["word"])] = value
    return accepted


def _any_of(words: Iterable[str], *, plural: bool = False) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"\b({'|'.join(map(re.escape, longest_first))}){'(?:s|es)?' * plural}\b")


_HUE_OF = {normalize(name): hue for hue, names in HUES.items() for name in names}
_COLORS = _any_of(_HUE_OF)
_MULTI = _any_of(["multi", *(normalize(word) for word in ALIASES["color"]["multi"])])
