"""Listings written from templates in the manners of other shops, labelled by construction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from data.taxonomy import ITEMS_BY_WEAR, LENGTHS_BY_WEAR, VALUES, WEARS
from text.lexicon import HUES, IMPLIED
from training.text_augment import BRANDS, OFF_TOPIC, noisy
from training.text_misleading import brand_name, gibberish, misleading, nothing
from training.text_pieces import Piece, Sample
from training.text_words import say, told

SET_TITLES = (
    "{brand} {who} {hue} {pattern} {item} with {item2}", "{who} {item} & {item2} {set}",
    "{hue} {item} and {item2} {set}", "{item} {item2} {set} for {who}", "{brand} {item} + {item2}",
)  # fmt: skip
TITLES = (
    "{pattern} {who} {detail} {hue} {item}", "{brand} {who} {pattern} {fit} {hue} {item}",
    "{who} {fit} {pattern} {detail} {item}", "{brand} - {who}'s {fit} {item}", "{item}, {hue}",
    "{brand} {who} {hue} {pattern} {item}", "{who}'s {length} {item} in {hue}",
    "{hue} {item}", "{item} for {who} - {hue}, {length}", "{fit} {pattern} {item}",
    "{length} {pattern} {hue} {item}", "{brand} {item} {pattern} {hue}", "{item}",
    "{hue} {pattern} {item} | {brand}", "{pattern} {item}",
    "{brand} by {brand} {who} {hue} & {hue2} {pattern} {item}", "{fabric} {item} ({hue})",
    "{brand} {item}", "{who} {item} with {patterns}, {length}",
    "Pack of 2 {item} {hue} {hue2}", "{length} {item}",
    "{brand} {fit} {fabric} {hue} {item} for {who} ({length})", "{hue}/{hue2} {item}",
    "NEW! {hue} {item}", "{hue} and {hue2} {length} {item}", "{brand} {who} {item}",
    "{fabric} {length} {pattern} {item}", "{item} - {brand}", "{brand} {item}, {length}",
    "{pattern} {item} + {pattern} {item}", "Combo of 2: {hue} {item}, {hue2} {item}",
    "{length} {item} by {brand}", "{item} in {hue} & {hue2}", "{who} {item} ({hue}, {hue2})",
    "{brand} {who} {item}", "{brand} {who} {hue} {item}", "{brand} {pattern} {item}",
    "{who} {item} {size}", "{hue} {item} {size}", "{item} {size} {hue}", "{brand} {item}, {size}",
    "{who} {pattern} {item} ({size})", "{item} of choice", "My {hue} {item}", "{item} never worn",
    "{fabric} {item} {size}", "{item} - {length} - {size}", "The {item} for {who}",
)  # fmt: skip
SENTENCES = (
    "Pattern name: {pattern}", "Colour name: {hue}", "Color Name : {hue}",
    "Print or pattern: {pattern}",
    "Fit Type: {fit}. {length}. Pattern: {pattern}. Colour: {hue}",
    "Fabric: {fabric}; {length}; {pattern}", "Sold as a pair: {hue} and {hue2}.",
    "The body is {hue}, the {part} {hue2}.", "Style: {item}",
    "This {hue} {item} has {length} and a {detail}.",
    "Made from {fabric}, it comes with {patterns} all over.", "Color: {hue}",
    "Colour - {hue}", "Pattern: {pattern}", "Type: {item}", "Product: {item}", "{length}",
    "Sleeve/length: {length}", "{hue} with {hue2} {part}.",
    "A {hue} and {hue2} {pattern} {item}, has {length}.", "Shades: {hue}, {hue2}",
    "{item} in {hue}, {length}, {detail}.", "The {item} is {pattern} and {hue}.",
    "Set of 3: {hue}, {hue2}, {hue3}", "A {pattern} {item} with {length}.",
    "{patterns} on the front.", "{hue} {item} featuring {patterns}, {length} and {detail}.",
    "Features {length}.", "It is {length}.", "{hue} body with {hue2} {part} and {length}",
    "Cut from {fabric} in {hue}.", "Comes in {hue}.", "An easy {fit} {item} for {who}.",
    "We made this {item} in {fabric}.", "{detail}", "{fabric}", "{fit}",
    "{hue} {pattern} woven {item}, has a {detail}, {length}",
    "Our {item} is cut long in {hue} with {length}.", "{length}, {detail}, {hue} colour",
    "Finished in {hue}; {patterns}; {length}.", "Design: {pattern}",
    "It's a {item}.", "It's {hue}.", "They're {hue}.", "It is {pattern}.", "It's a {hue} {item}.",
    "This is a {pattern} {item}.", "Comes in {hue} only.", "Only in {hue}.", "{hue} only.",
    "The colour is {hue}.", "I'm selling my {hue} {item}.", "{pattern} {hue}.", "{pattern}, {hue}.",
    "Selling a {pattern} {item}, {hue}, {length}.", "{hue} all over.", "You get one {item}.",
    "It's {pattern}, in {hue}.", "It has {patterns}.", "There are {patterns} on it.",
    "This is the {pattern} one.", "Sir, colour is {hue}.", "{ends}.", "{ends}", "{ends}.",
    "{hue}, and {ends}.", "The {item} is {hue}, the fabric {fabric}.", "Just a {pattern} {item}.",
    "Mine is the {hue} one.", "{item}, {size}.", "{size} {item} in {hue}.",
    "{hue} in colour, {pattern}.", "Available in {hue} only.",
    "Little {patterns} cover it.", "{patterns} all around it.", "{patterns}, top to hem.",
)  # fmt: skip
FILL = {
    "who": ("Men", "Women", "Girls", "Boys", "Kids", "men", "women", "Unisex", "Ladies",
        "Gents", "Baby"),
    "fit": ("Slim Fit", "Regular", "relaxed", "Casual", "slim fit", "High-Rise", "Formal",
        "Party", "loose"),
    "fabric": ("cotton", "100% cotton", "Linen", "polyester", "denim fabric", "rayon",
        "wool blend", "viscose", "georgette", "lycra", "cotton jersey", "poplin", "fleece",
        "silk", "chambray", "khadi"),
    "detail": ("round neck", "V-neck", "spread collar", "button placket", "ribbed hem",
        "patch pocket", "drawstring", "two side pockets", "elasticated waist", "curved hem",
        "mandarin collar", "zip fly"),
    "size": ("XL", "size M", "W28", "UK 10", "38", "2-3 years", "free size", "xxl", "L (40)", "NWT",
        "waist 32", "size S/M", "US 8", "XS to 3XL", "42 inch chest", "worn twice", "as new",
        "5-6y", "age 8", "kids 5-6y", "14", "30/32", "size 36", "36", "EU 40", "M/L", "3XL", "NEW"),
    "part": ("collar", "sleeves", "panels", "print", "stripes", "border", "yoke", "cuffs",
        "side panels", "hem", "shoulders", "front"),
}  # fmt: skip
PART_LABEL = {"print": "pattern:printed", "stripes": "pattern:striped"}
SLOT = re.compile(r"\{(\w+)\}")


def written(rng: Random, neutral: Sequence[str] = ()) -> Sample:
    """Return one made-up listing: one garment (or thing) and what is said of it, among sentences
    that state nothing (`neutral`, taken from real texts, and our own misleading ones)."""
    if rng.random() < 0.03:
        return Sample((Piece(gibberish(rng)),), (Piece(gibberish(rng)),))
    if rng.random() < 0.03:
        return Sample((Piece(nothing(rng)),), (Piece(rng.choice(OFF_TOPIC)),))
    said = _facts(rng)
    brand = rng.choice(BRANDS) if rng.random() < 0.4 else brand_name(rng)
    titles = SET_TITLES if "item2" in said else TITLES
    title: tuple[Piece, ...] = ()
    if rng.random() < 0.95:
        title = _filled(rng.choice(titles), said, brand, rng)
    count = rng.choice((0, 1, 1, 2, 2, 3, 4))
    lines = [_filled(rng.choice(SENTENCES), said, brand, rng) for _ in range(count)]
    for pool, chance in ((OFF_TOPIC, 0.25), (neutral, 0.5), (neutral, 0.3)):
        if pool and rng.random() < chance:
            lines.append((Piece(rng.choice(pool)),))
    named = brand if any(brand in piece.text for piece in title) else ""
    lines += [misleading(said, named, rng) for _ in range(rng.choice((0, 0, 1, 1, 2)))]
    if rng.random() < 0.08:
        lines.append((Piece(gibberish(rng)),))
    rng.shuffle(lines)
    glue = Piece(rng.choice((" ", "\n", " | ", "\n", ". ")))
    description = tuple(part for line in lines for part in (*line, glue))
    sample = Sample(title, description)
    return noisy(sample, rng) if rng.random() < 0.12 else sample


def _facts(rng: Random) -> dict[str, str]:
    """Draw a garment and the statements made of it: slot to label."""
    said: dict[str, str] = {}
    both = rng.random() < 0.05
    drawn = rng.random()
    if drawn < 0.12:
        said["item"] = "other:other"
    elif drawn < 0.17:
        said["item"] = rng.choice(("wear:upper", "wear:bottom"))
    else:
        wear = WEARS[rng.random() < 0.42]
        item = rng.choice(ITEMS_BY_WEAR[wear])
        said["item"] = f"item:{item}"
        if both:
            said["item"] = f"item:{rng.choice(ITEMS_BY_WEAR['upper'])}"
            said["item2"] = f"item:{rng.choice(ITEMS_BY_WEAR['bottom'])}"
        elif rng.random() < (0.7 if wear == "upper" else 0.4):
            said["length"] = said["ends"] = f"length:{rng.choice(LENGTHS_BY_WEAR[wear])}"
    if rng.random() < 0.75:
        hues = rng.sample([f"hue:{h}" for h in HUES], 3)
        said["hue"] = hues[0]
        if rng.random() < 0.12:
            said["hue"] = "color:multi"
        elif rng.random() < 0.5:
            said["hue2"], said["hue3"] = hues[1:]
    if rng.random() < 0.6:
        said["pattern"] = said["patterns"] = f"pattern:{rng.choice(VALUES['pattern'])}"
    return said


def _filled(template: str, said: dict[str, str], brand: str, rng: Random) -> tuple[Piece, ...]:
    """Fill a template; a slot of which nothing is said is left out with the word before it."""
    parts: list[Piece] = []
    at = 0
    for slot in SLOT.finditer(template):
        before, at = template[at : slot.start()], slot.end()
        piece = Piece(brand) if slot[1] == "brand" else _slot(slot[1], said, rng)
        if piece is None:
            continue
        parts += [Piece(before), piece]
    parts.append(Piece(template[at:]))
    if rng.random() < 0.3:
        parts = [Piece(p.text[:1].upper() + p.text[1:], p.labels) for p in parts]
    return tuple(parts)


def _slot(name: str, said: dict[str, str], rng: Random) -> Piece | None:
    if name in FILL:
        word = rng.choice(FILL[name])
        label = PART_LABEL.get(word) if name == "part" else None
        return Piece(word, frozenset({label} if label else ()))
    if name == "set":
        return Piece(rng.choice(("set", "Set", "combo set")), frozenset({"wear:set"}))
    if name not in said or (name == "patterns" and said[name] == "pattern:solid"):
        return None
    label = said[name]
    noun = {"pattern": False, "patterns": True}.get(name)
    if name == "ends":
        return Piece(told(label.partition(":")[2], rng), frozenset({label}))
    labels = {label}
    if label in IMPLIED and "length" not in said:
        labels.add(IMPLIED[label])
    if name in ("item", "item2") and "item2" in said:
        labels.add("wear:set")
    return Piece(say(label, rng, noun=noun), frozenset(labels))
