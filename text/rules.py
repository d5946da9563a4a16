"""Phrase rules: which words state which value. They label the training texts and are the baseline.

A word-by-word longest match over `text.lexicon`, corrected by what stands next to it: heads of
compounds ("shirt dress"), details ("shirt collar"), sleeve phrases with words between ("long,
roll-up sleeves"), pairs of shade names. A label is taken back, never moved. What is denied or said
in passing is gone before (`text.passing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import zip_longest

from nltk.tokenize import RegexpTokenizer

from data.hues import PLAIN
from text.beside import readable
from text.clean import Sentence, sentences
from text.hits import Hit, settled
from text.lexicon import phrases
from text.sleeves import leg_labels, sleeve_labels

WORDS = RegexpTokenizer(r"[^\W_]+")
# A garment's name before one of these words describes a part or a manner, not the garment.
DETAIL = frozenset({
    "collar", "collars", "collared", "style", "styled", "styling", "neck", "necked", "neckline",
    "fabric", "hem", "hemline", "placket", "like", "inspired", "loops", "loop", "shape", "shaped",
    "cuff", "cuffs", "material", "shoulder", "waistband", "stitch", "stitching", "button",
    "buttons", "yoke", "flap", "lovers", "lover", "lining", "knot", "closure", "ralph", "assn",
    "club", "hook", "fastening", "coloured", "colored", "sole", "toe",
})  # fmt: skip
BEFORE = {
    "top": ("on", "at", "mid", "high", "low", "flip", "roll"),
    "set": ("is", "well"),
    "tie": ("self", "with", "waist", "a", "and", "front", "bow"),
    "belt": ("fabric", "a", "with"),
    "cap": ("with",),
    "check": ("please", "to"),
    "polo": ("s", "u"),
    "suit": ("to", "will", "you", "the"),
    "dress": ("to", "up"),
    "stone": ("rolling",),
    "shirt": ("sweat",),
    "honey": ("my",),
    "jersey": ("cotton", "single", "knit", "of", "in", "polyester", "soft", "mesh"),
    "stripes": ("3", "three", "patented", "patent", "trademark"),
    "stripe": ("3", "three", "patented", "adidas"),
}  # fmt: skip
BRANDING = {"logo", "brand", "branding", "swoosh", "name"}
MISREAD_NEXT = {
    "top": ("stitched", "stitches", "quality", "layer", "notch", "up", "of", "half", "class",
        "line"),
    "dress": ("up", "code", "down"),
    "tie": ("up", "ups", "waist"),
    "boot": ("cut", "leg"),
    "suits": ("all", "every", "any", "you", "your"),
    "jeans": ("game",),
    "shirt": ("stop",),
    "check": ("out", "the", "your", "size"),
    "sand": ("wash", "washed"),
    "set": ("of", "in"),
    "stone": ("wash", "washed", "studs", "work"),
    "cream": ("soft",),
    "smoke": ("free",),
    "jersey": ("fabric", "knit", "lining", "material", "cotton", "body"),
    "print": ("care", "branding"),
    "printed": ("branding", "logo", "below", "brand"),
    "steel": ("button",),
    "plain": ("weave",),
    "contrast": ("stitch", "stitching", "stitched"),
    "contrasting": ("stitch", "stitching", "stitched"),
    "patterned": ("weave",),
    "metal": ("button",),
    "metallic": ("button", "buttons", "zip", "zipper", "press", "clips"),
}  # fmt: skip


@lru_cache(maxsize=1)
def _trie() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    trie: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase, label in phrases().items():
        words = tuple(phrase.split())
        trie.setdefault(words[0], []).append((words, label))
    for options in trie.values():
        options.sort(key=lambda option: -len(option[0]))
    return trie


def find(title: str, description: str, brand: str = "") -> list[Hit]:
    """Return every phrase that states something of the garment, in reading order.

    `brand` is skipped where the title or a sentence begins with it ("Red Tape Men Shirt").
    """
    texts = readable(title, description)
    hits: list[Hit] = []
    kept = [s for s in sentences(title, description) if s.kind == "garment"]
    for number, sentence in enumerate(kept):
        hits.extend(_in_sentence(texts[sentence.where], sentence, number, brand))
    return settled(hits)


def _in_sentence(text: str, sentence: Sentence, number: int, brand: str) -> list[Hit]:
    low = text[sentence.start : sentence.end].lower()
    if len(low) != sentence.end - sentence.start:
        return []
    spans = list(WORDS.span_tokenize(low))
    words = [low[a:b] for a, b in spans]
    skipped = _brand_words(words, brand)
    found = [
        Hit(
            label,
            sentence.start + spans[first][0],
            sentence.start + spans[last][1],
            sentence.where,
            number,
            first,
            last,
        )
        for label, first, last in _labelled(words, low, spans)
        if last not in skipped
    ]
    return _joined_shades(found, low, sentence.start)


def _labelled(
    words: Sequence[str], low: str, spans: Sequence[tuple[int, int]]
) -> list[tuple[str, int, int]]:
    """Return (label, first word, last word) of one sentence, compounds and negation settled."""
    found = sleeve_labels(words) + leg_labels(words)
    taken = {i for _, first, last in found for i in range(first, last + 1)}
    at = 0
    while at < len(words):
        match = None if at in taken else _longest(words, at)
        if match is None:
            at += 1
            continue
        size, label = match
        last = at + size - 1
        if not _misread(words, at, last, label):
            found.append((label, at, last))
        at += size
    found.sort(key=lambda hit: hit[1])
    return _heads(found + _embroidered(words, found), low, spans)


def _embroidered(
    words: Sequence[str], found: Sequence[tuple[str, int, int]]
) -> list[tuple[str, int, int]]:
    """An "embroidered straight kurta" carries a motif, an "embroidered logo" does not."""
    garments = {first for label, first, _ in found if label.startswith("item:")}
    return [
        ("pattern:printed", at, at)
        for at, word in enumerate(words)
        if word == "embroidered" and garments & set(range(at + 1, at + 4))
    ]


def _longest(words: Sequence[str], at: int) -> tuple[int, str] | None:
    for phrase, label in _trie().get(words[at], ()):
        if tuple(words[at : at + len(phrase)]) == phrase:
            return len(phrase), label
    return None


def _misread(words: Sequence[str], first: int, last: int, label: str) -> bool:
    before = words[first - 1] if first else ""
    after = words[last + 1] if last + 1 < len(words) else ""
    if before in BEFORE.get(words[first], ()) or after in MISREAD_NEXT.get(words[last], ()):
        return True
    if label.startswith(("item:", "other:")):
        return after in DETAIL
    # "brand logo printed below the pocket" is no print
    return label == "pattern:printed" and bool(BRANDING & set(words[max(0, first - 4) : first]))


def _heads(
    found: list[tuple[str, int, int]], low: str, spans: Sequence[tuple[int, int]]
) -> list[tuple[str, int, int]]:
    """Of garment names side by side only the last is the garment: "shirt dress", "t-shirt bra"."""
    kept = []
    for hit, following in zip_longest(found, found[1:]):
        garment = hit[0].startswith(("item:", "other:"))
        if garment and following and following[0].startswith(("item:", "other:")):
            between = low[spans[hit[2]][1] : spans[following[1]][0]]
            if between.strip() in ("", "-"):
                continue
        kept.append(hit)
    return sorted(kept, key=lambda hit: hit[1])


def _brand_words(words: Sequence[str], brand: str) -> set[int]:
    name = WORDS.tokenize(brand.lower())
    if not name:
        return set()
    return {
        at + i
        for at in range(len(words) - len(name) + 1)
        if list(words[at : at + len(name)]) == name
        for i in range(len(name))
    }


def _joined_shades(hits: list[Hit], low: str, offset: int) -> list[Hit]:
    """Join "navy blue", "rust orange" into one name; two names of one hue listed side by side
    ("navy and sky blue") are two colors all the same."""
    out: list[Hit] = []
    for hit in hits:
        last = out[-1] if out else None
        if last and hit.label.startswith("hue:") and last.label.startswith("hue:"):
            between = low[last.end - offset : hit.start - offset].strip()
            name = low[last.start - offset : last.end - offset]
            word = low[hit.start - offset : hit.end - offset]
            if between in ("", "-") and name not in PLAIN:
                out[-1] = replace(hit, start=last.start, first=last.first)
                continue
            if between in ("and", "&", "/", ",") and last.label == hit.label and name != word:
                out.append(replace(hit, label="color:multi", start=last.start, first=last.first))
        out.append(hit)
    return out
