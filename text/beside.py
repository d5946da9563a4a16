"""Garments named beside the one for sale: what is said of them is blanked in a description.

Sellers put other garments into their descriptions: to wear with it, to see next, left out of the
parcel. What tells them apart is that the title names the other kind of wear, a place the garment
for sale cannot have ("over a ..."), or a plural of another kind ("our striped polos").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from data.hues import HUES
from data.taxonomy import WEAR_OF
from text.clean import blank
from text.lexicon import phrases
from text.names import names, places
from text.passing import blanked, hushed
from text.sleeves import LENGTHS, SLEEVE

WORD = re.compile(r"[a-z]+")
# Accessories: their colors and patterns are never the garment's.
WORN_WITH = frozenset({
    "shoe", "shoes", "sneaker", "sneakers", "loafer", "loafers", "brogue", "brogues", "sandal",
    "sandals", "heel", "heels", "boots", "pump", "pumps", "flats", "stilettos", "wedges",
    "oxfords", "trainers", "espadrilles", "slippers", "juttis", "mojaris", "kolhapuris", "bag",
    "handbag", "clutch", "belt", "belts", "tie", "ties", "scarf", "dupatta", "stole", "hat",
    "cap", "watch", "earrings", "jhumkas", "bangles", "necklace", "sunglasses", "socks",
    "dresses", "saree", "sari", "jumpsuit", "stockings", "suit", "suits", "dress",
})  # fmt: skip
AMBIGUOUS = frozenset({
    "down", "up", "ups", "bottom", "short", "tracks", "lowers", "jersey", "jerseys", "cape",
    "capes", "shit", "shits", "tank",
})  # fmt: skip
OWN = frozenset({"this", "these", "the", "its", "our"})  # "these blue jeans" are those for sale
ENDS = frozenset({
    "a", "an", "any", "your", "some", "my", "his", "her", "with", "over", "under", "above",
    "beneath", "and", "or", "plus", "in", "of", "to", "for", "from", "is", "are", "has", "have",
    "like", "as", "than", "on", "by", "wear", "add", "try", "see",
})  # fmt: skip
TOGETHER = frozenset({
    "set", "sets", "suit", "suits", "combo", "tracksuit", "tracksuits", "pyjama", "pajama",
    "dupatta",
})  # fmt: skip
AFTER = frozenset({
    "neckline", "neck", "dye", "dyed", "up", "ups", "sleeve", "sleeves", "detail", "waist",
    "loop", "loops",
})  # fmt: skip
REACH = 5  # words of a garment's name and what stands before it: "a plain white collared shirt"
PLACES = re.compile(
    r"\b(?:over|under|underneath|beneath|above|below|atop|on\ top\ of|inside|alongside|beside"
    r"|next\ to|against)\ (?!(?:the|this|these|its|it|that|knee|ankle|waist|hip|elbow)\b)"
    r"(?:(?:an?|any|your|some|another)\ )?"
)
TOLD_AFTER = re.compile(r"\ in\ (?:an?\ )?([a-z]+)\b")


def readable(title: str, description: str) -> dict[str, str]:
    """Return both texts with debris, brands, what is said in passing and of other garments
    blanked, at the same length."""
    brands = names(title, description)
    title, description = blank(title), blank(description)
    title = blanked(title, places(title, brands))
    description = blanked(description, places(description, brands))
    return {"title": hushed(title), "description": hushed(alone(title, description))}


def alone(title: str, description: str) -> str:
    """Return the description with what is said of other garments blanked, same length."""
    low = description.lower()
    if len(low) != len(description):  # a few letters grow when lowered; ours are plain ASCII
        return description
    named = set(WORD.findall(title.lower()))
    wears = {_wears()[word] for word in named if word in _wears()}
    spans = list(_placed(low, named))
    if len(wears) == 1 and "other" not in wears and not named & TOGETHER:
        spans += _others(wears.pop(), named, low)
    return blanked(description, spans)


def _placed(low: str, named: set[str]) -> Iterator[tuple[int, int]]:
    """Yield garments the title does not name in a place the one for sale cannot have: "over a
    checked shirt"."""
    for place in PLACES.finditer(low):
        end = place.end()
        for word, _ in zip(WORD.finditer(low, end), range(REACH), strict=False):
            if low[end : word.start()].strip(" -/"):
                break
            end = word.end()
            if word[0] in _wears() and word[0] not in named:
                yield place.end(), end
                break


def _others(wear: str, named: set[str], low: str) -> Iterator[tuple[int, int]]:
    """Yield what describes a garment of another wear, or of another kind in the plural."""
    words = list(WORD.finditer(low))
    for at, word in enumerate(words):
        other = _wears().get(word[0])
        if other is None or (other == wear and not _other_plural(word[0], named)):
            continue
        if at + 1 < len(words) and words[at + 1][0] in AFTER:
            continue  # "red tie neckline tunic"
        before = list(_described(low, words[max(0, at - REACH) : at + 1]))
        yield from before
        told = TOLD_AFTER.match(low, word.end())
        if told and told[1] in _saying():
            yield told.span(1)


def _described(low: str, words: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """Yield the words before the last that state something of it.

    None where they open the sentence, which is how a garment for sale is described, or are said of
    "this" one.
    """
    found = []
    for word, after in zip(reversed(words[:-1]), reversed(words[1:]), strict=True):
        between = low[word.end() : after.start()].strip(" -/0123456789")
        loose = words[-1][0] == "dress" and word[0] in ("and", "or")  # "white and blue dress"
        if (word[0] in ENDS and not loose) or between in (",", ":", "(", "+"):
            yield from found
        if word[0] in ENDS or word[0] in OWN or between:
            return
        if word[0] in _saying():
            found.append(word.span())


def _other_plural(word: str, named: set[str]) -> bool:
    singular = word.removesuffix("s")
    return (
        word != singular
        and _wears().get(singular) == "upper"
        and not {singular, word, "pack", "set", "combo"} & named
    )


@lru_cache(maxsize=1)
def _wears() -> dict[str, str]:
    """Return the wear of every garment's name of one word; "other" for accessories."""
    found = {
        phrase: WEAR_OF["item"][label.partition(":")[2]]
        for phrase, label in phrases().items()
        if label.startswith("item:") and " " not in phrase and phrase not in AMBIGUOUS
    }
    return found | dict.fromkeys(WORN_WITH, "other")


@lru_cache(maxsize=1)
def _saying() -> frozenset[str]:
    """Return the words that state a color, a pattern or a length."""
    hues = {word for names in HUES.values() for name in names for word in name.split()}
    patterns = {p for p, label in phrases().items() if label.startswith(("pattern:", "length:"))}
    return frozenset(hues | {p for p in patterns if " " not in p} | SLEEVE | set(LENGTHS))
