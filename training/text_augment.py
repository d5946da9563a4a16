"""Rewritings of labelled texts that break shortcuts: the label must follow the words."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from data.taxonomy import ITEMS_BY_WEAR, LENGTHS_BY_WEAR, VALUES, WEAR_OF
from text.lexicon import HUES, IMPLIED
from training.text_misleading import brand_name
from training.text_pieces import Piece, Sample
from training.text_words import NOUN_ENDS, say

BRANDS = (
    "Red Tape", "Stripes & Co", "Checkers", "Half Moon", "Blue Saint", "Plain Jane",
    "Black Panther", "White House", "Full Circle", "Denim Studio", "Blackberrys",
    "Indigo Nation", "Pepe Jeans", "Calvin Klein Jeans", "U.S. Polo Assn.",
    "United Colors of Benetton", "Pink Floyd", "Green Lantern", "The Shirt Company",
    "Allen Solly", "Zudio", "H&M", "Uniqlo", "Nordblom", "Kettle & Loom", "Aurelia",
    "Silver Lake", "Orange County", "Long Story", "Short Circuit", "Solid Gold",
    "Print House", "Marks", "Graphic Arts", "Brown Bear", "Tartan Army", "Max", "Roadster",
    "Zara", "Golden State", "Rose & Co", "Olive & Oak", "Jacket Society", "Top Shop",
    "Purple Haze", "Fresh Prints", "Coffee Bean", "Plum Tree",
)  # fmt: skip
OFF_TOPIC = (
    "Team it with blue jeans and white sneakers.", "Wear over a checked shirt.",
    "Do not iron on print.", "Pair with black trousers for a smart look.",
    "Machine wash cold with like colours.", "Looks great with red chinos.",
    "Layer it under a striped blazer.", "Wash dark colours separately.",
    "The model is 6' tall and wears size M.", "Goes well with a denim jacket.",
    "Free shipping.", "Customers also bought: striped kurta, floral skirt.",
    "Style with grey joggers.", "An easy companion for your white palazzos.",
    "Great beneath a navy blazer.", "Ships in 2 days.",
    "Also available in red, green and yellow.", "Combine it with a printed scarf.",
    "100% cotton.", "Available in sizes S, M, L and XL.",
    "Iron inside out, never over the print.", "Soft on the skin.",
    "Finish the outfit with tan loafers.", "Suits black leggings and golden jhumkas.",
    "Made in India.", "Keep away from direct sunlight.",
    "Sits nicely on top of white shorts.", "Regular fit, mid rise.",
    "Throw a full sleeve jacket on top when it gets cold.", "Easy returns within 30 days.",
    "Free size.", "Our designers have loved fabric since 1982.",
    "Works with skirts and jeans alike.", "Very comfortable.",
    "Check the size chart before you order.", "Colours may look different on your screen.",
    "Nice fit.",
)  # fmt: skip
VOWELS = re.compile("[aeiou]")
DEBRIS = (
    "<p>", "</p>", "<br/>", "<br>", "&nbsp;", "<li>", "</li>", "<b>", "</b>", " • ", "\n",
    "✨", "🔥", " | ", "\xa0", " - ", "\u200b", "👕", "&amp;", "\t",
)  # fmt: skip


def rewritten(sample: Sample, rng: Random) -> Sample:
    """Return the sample with phrases swapped, its brand masked, strangers' sentences and noise."""
    if rng.random() < 0.6:
        sample = _swapped(sample, rng)
    sample = _rebranded(sample, rng)
    if rng.random() < 0.3:
        extra = Piece(rng.choice((" ", "\n")) + rng.choice(OFF_TOPIC))
        sample = replace(sample, description=(*sample.description, extra))
    if rng.random() < 0.35:
        sample = noisy(sample, rng)
    return sample


def _swapped(sample: Sample, rng: Random) -> Sample:
    labels = sample.labels()
    mapping: dict[str, str] = {}
    for head in ("item", "length", "pattern"):
        for label in sorted(name for name in labels if name.startswith(head + ":")):
            if rng.random() < 0.6:
                mapping[label] = f"{head}:{rng.choice(_fellows(head, label))}"
    hues = sorted(name for name in labels if name.startswith("hue:"))
    if hues and "color:multi" not in labels and rng.random() < 0.7:
        mapping.update(zip(hues, rng.sample([f"hue:{h}" for h in HUES], len(hues)), strict=True))
    lengths = {name for name in labels if name.startswith("length:")} - set(IMPLIED.values())
    out = sample.map(lambda piece: _resaid(piece, mapping, rng, implied=not lengths))
    return replace(out, answers=_followed(sample.answers, mapping))


def _fellows(head: str, label: str) -> tuple[str, ...]:
    """Return the values a label may be swapped with: those of the same kind of garment."""
    value = label.partition(":")[2]
    if head == "pattern":
        return VALUES["pattern"]
    groups = ITEMS_BY_WEAR if head == "item" else LENGTHS_BY_WEAR
    return groups[WEAR_OF[head][value]]


def _resaid(piece: Piece, mapping: dict[str, str], rng: Random, *, implied: bool) -> Piece:
    stated = [name for name in piece.labels if name not in IMPLIED.values()] or list(piece.labels)
    if len(stated) != 1 or stated[0] not in mapping:
        return piece
    label = mapping[stated[0]]
    lower = piece.text.lower()
    word = say(label, rng, noun=lower.endswith(NOUN_ENDS) if "pattern" in label else None)
    if piece.text[:1].isupper():
        word = word.title() if piece.text.istitle() else word[:1].upper() + word[1:]
    labels = {label}
    if label in IMPLIED and implied:
        labels.add(IMPLIED[label])
    return Piece(word, frozenset(labels))


def _followed(
    answers: dict[str, frozenset[str]], mapping: dict[str, str]
) -> dict[str, frozenset[str]]:
    """Move judged answers along; forget those a swap leaves in doubt."""
    values = {a.partition(":")[2]: b.partition(":")[2] for a, b in mapping.items()}
    out = {}
    for name, allowed in answers.items():
        touched = any(label.startswith(f"{name}:") for label in mapping)
        if name in ("wear", "color"):
            out[name] = allowed
        elif not touched:
            if name != "length" or not any(
                label in IMPLIED for label in (*mapping, *mapping.values())
            ):
                out[name] = allowed
        elif allowed <= set(values):
            out[name] = frozenset(values[value] for value in allowed)
    return out


def _rebranded(sample: Sample, rng: Random) -> Sample:
    if not sample.brand or rng.random() < 0.4:
        return sample
    brand = rng.choice(BRANDS) if rng.random() < 0.5 else brand_name(rng)
    return sample.map(
        lambda piece: piece if piece.labels else Piece(piece.text.replace(sample.brand, brand))
    )


def noisy(sample: Sample, rng: Random) -> Sample:
    """Return the sample in other case, with slips of the hand, shortened words or debris."""
    kind = rng.choice(
        ("upper", "lower", "typo", "debris", "glue", "typo", "debris", "title", "short")
    )
    if kind in ("upper", "lower", "title"):
        return sample.map(lambda p: replace(p, text=getattr(p.text, kind)()))
    if kind == "typo":
        return sample.map(lambda p: replace(p, text=_typos(p.text, rng)))
    if kind == "short":
        return sample.map(lambda p: replace(p, text=_shortened(p.text, rng)) if p.labels else p)
    if kind == "glue":
        return sample.map(lambda p: replace(p, text=_glued(p.text, rng)))
    return sample.map(
        lambda p: p if p.labels else replace(p, text=p.text + rng.choice(("", "", "", *DEBRIS)))
    )


def _typos(text: str, rng: Random) -> str:
    words = text.split(" ")
    for i, word in enumerate(words):
        if len(word) > 4 and rng.random() < 0.12:
            at = rng.randrange(1, len(word) - 1)
            doubled = word[:at] + word[at] + word[at:]
            swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            words[i] = rng.choice((word[:at] + word[at + 1 :], doubled, swapped))
    return " ".join(words)


def _shortened(text: str, rng: Random) -> str:
    """Leave vowels out of long words: "trsrs", "strpd"."""
    return " ".join(
        word[0] + VOWELS.sub("", word[1:]) if len(word) > 4 and rng.random() < 0.4 else word
        for word in text.split(" ")
    )


def _glued(text: str, rng: Random) -> str:
    return "".join("" if c == " " and rng.random() < 0.06 else c for c in text)
