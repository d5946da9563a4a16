"""The phrases that training writes into texts: every label said in many ways."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from random import Random

from text.lexicon import phrases

SLEEVES = {
    "sleeveless": ("sleeveless", "no sleeves", "without sleeves", "strappy", "cut sleeves",
        "spaghetti straps", "Sleeveless", "sleeve-less", "noodle straps",
        "thin shoulder straps", "no sleeve", "sleeves: none", "sans sleeves", "minus the sleeves",
        "zero sleeves"),
    "half_sleeve": ("half sleeves", "short sleeves", "short-sleeved", "half-sleeve",
        "half sleeve", "half arm", "cap sleeves", "half hand", "short sleeve",
        "sleeves that end above the elbow", "short puff sleeves", "half-sleeved",
        "short roll-up sleeves", "HALF SLEEVE", "halfsleeve", "S/S", "half slv", "short slvs",
        "sleeve length: short",
        "sleeve type - half", "sleeve: half", "short, flared sleeves"),
    "three_quarter_sleeve": ("three-quarter sleeves", "3/4 sleeves", "3/4th sleeves",
        "elbow-length sleeves", "three fourth sleeves", "¾ sleeves", "three quarter sleeved",
        "3/4-sleeve", "elbow sleeves", "three-quarter bell sleeves", "sleeve length: 3/4",
        "sleeves till below the elbow", "sleeves that end past the elbow",
        "3/4th sleeve", "three-fourths sleeves", "3/4 arm"),
    "full_sleeve": ("full sleeves", "long sleeves", "full-sleeved", "long-sleeve", "full arm",
        "full hand", "long sleeved", "sleeves down to the wrist", "full length sleeves",
        "FULL SLEEVE", "full sleeve", "long, roll-up sleeves", "long puffed sleeves",
        "fullsleeve", "long sleeve", "sleeve length: long", "sleeve type - full",
        "wrist-length sleeves", "long bell sleeves", "sleeve: full", "full regular sleeves",
        "long raglan sleeves", "full arms", "L/S", "sleeves to the wrist", "full slv"),
}  # fmt: skip
LEGS = {
    "above_knee": ("above-knee", "above the knee", "mini", "thigh-length", "mid-thigh",
        "short-length"),
    "knee_length": ("knee-length", "knee length", "till the knee", "up to the knees",
        "at the knee"),
    "cropped": ("cropped", "calf-length", "three-fourth length", "3/4th length",
        "capri-length", "mid-calf", "7/8 length", "seven-eighth",
        "ankle-cropped", "midi", "crop", "below-knee",
        "calf length"),
    "full_length": ("full-length", "ankle-length", "full length", "floor-length",
        "ankle length", "maxi", "full leg length"),
}  # fmt: skip
# Where a sleeve or leg ends, as a sentence tells it.
ENDS = {
    "sleeveless": ("There are no sleeves at all", "It has no sleeves", "There's no sleeve to it",
        "no sleeves on it", "The arms stay free: no sleeves", "It comes with no sleeves"),
    "half_sleeve": ("The sleeves end above the elbow", "sleeves stop well above the elbow",
        "The sleeves are short", "Its sleeves are half", "They're half sleeves",
        "The sleeves are short ones"),
    "three_quarter_sleeve": ("The sleeves end just below the elbow", "the sleeves are 3/4",
        "sleeves stop between elbow and wrist", "The sleeves are three-quarter",
        "its sleeves, they're three-quarter", "sleeves reach past the elbow"),
    "full_sleeve": ("The sleeves reach the wrist", "the sleeves go past the wrist",
        "sleeves go down to the wrist", "Its sleeves are full", "The sleeves are long",
        "They're full sleeves",
        "sleeves that come down to the hand", "The sleeves are full ones"),
    "above_knee": ("It ends above the knee", "stops {n} cm above the knee", "It ends mid-thigh",
        "falls to mid-thigh", "they end well above the knee", "stops short of the knee",
        "It doesn't quite reach the knee", "hem sits above the knees"),
    "knee_length": ("It ends at the knee", "reaches the knee", "comes down to the knees",
        "It falls to the knee", "they end right at the knee", "hits the knee",
        "hem sits at the knee"),
    "cropped": ("It ends below the knee", "stops at mid-calf", "falls to the calf",
        "they end above the ankle", "reaches mid calf", "ends a hand above the ankle",
        "It covers the knee and ends at the calf"),
    "full_length": ("They reach the ankle", "goes down to the floor", "It falls to the ankles",
        "ends at the ankle", "touches the floor", "they go all the way to the ankle",
        "The hem brushes the floor", "go down to the ankle bone", "It sweeps the floor",
        "comes down to the feet", "covers the ankles"),
}  # fmt: skip
# How an end is denied.
ENDS_NOT = {
    "half_sleeve": ("The sleeves are not short", "it doesn't stop above the elbow"),
    "three_quarter_sleeve": ("The sleeves don't end at the elbow", "not down to the elbow only"),
    "full_sleeve": ("The sleeves don't reach the wrist", "sleeves do not go to the wrist",
        "The sleeves are not long"),
    "above_knee": ("It doesn't end above the knee", "It isn't mini"),
    "knee_length": ("It doesn't end at the knee", "It does not reach the knee",
        "It doesn't make it to the knee", "they don't stop at the knee"),
    "cropped": ("They don't stop at the calf", "It isn't cropped", "it does not end mid-calf"),
    "full_length": ("They don't cover the ankle", "It doesn't go down to the floor",
        "It doesn't reach the ankles", "They aren't full length", "It is not ankle-length"),
}  # fmt: skip
LONG = {
    "half_sleeve": ("short", "half", "Short", "Half"),
    "three_quarter_sleeve": ("three-quarter", "3/4", "3/4th", "elbow-length", "three quarter"),
    "full_sleeve": ("long", "full", "Long", "Full", "full-length"),
}
SLEEVE_KINDS = (
    "balloon", "bishop", "bell", "puff", "raglan", "roll-up", "dolman", "batwing", "flared",
    "cuffed", "ribbed", "kimono", "puffed", "regular", "tulip", "set-in", "trumpet", "cuffed-up",
)  # fmt: skip
SLEEVE_KEYS = (
    "Sleeve Type", "Sleeve Length", "Sleeves", "Sleeve", "sleeve style", "Sleeve Details",
)  # fmt: skip
# Words the rules do not know: the model learns them here only.
UNKNOWN_TO_RULES = {
    "hue:blue": ("cerulean", "denim blue", "teal blue", "airforce", "petrol", "prussian",
        "ultramarine", "cornflower", "periwinkle", "sky", "aegean", "arctic blue",
        "steel blue", "neela", "nvy", "blu", "nevy"),
    "hue:red": ("rouge", "claret", "tomato", "rosewood", "sangria", "marsala", "merlot",
        "lal", "poppy", "rd"),
    "hue:green": ("chartreuse", "pear", "seafoam", "pine", "basil", "army green",
        "military green", "hara", "grn"),
    "hue:pink": ("flamingo", "punch pink", "watermelon", "baby pink", "rosé", "carnation",
        "gulabi"),
    "hue:yellow": ("sunshine yellow", "maize", "banana", "gold yellow", "haldi", "daffodil",
        "corn"),
    "hue:grey": ("pewter", "ash grey", "lead", "stone grey", "heather", "cloud grey",
        "iron grey", "dove", "gry"),
    "hue:white": ("milk white", "chalk", "natural white", "snow", "bone", "alabaster",
        "safed", "winter white", "wht", "whte"),
    "hue:beige": ("sandstone", "wheat", "almond", "parchment", "latte", "linen beige", "hay",
        "flax", "oat"),
    "hue:brown": ("mahogany", "russet", "toffee", "bark", "sienna", "teak", "cedar",
        "bronze brown"),
    "hue:purple": ("orchid", "heliotrope", "boysenberry", "indigo violet", "wisteria",
        "jamun", "iris"),
    "hue:black": ("raven", "pitch black", "carbon", "coal", "kala", "ink black",
        "noir", "blk", "blck"),
    "hue:orange": ("pumpkin", "carrot", "marigold", "mango", "papaya", "persimmon",
        "sunset orange"),
    "color:multi": ("assorted colours", "assorted", "mixed colours", "in many colours"),
    "pattern:checked": ("chequerboard", "check pattern", "lumberjack plaid", "plaid pattern",
        "grid checks", "tartan plaid", "buffalo plaid", "shepherd check", "pepita", "vichy",
        "chequers", "checkered pattern"),
    "pattern:striped": ("pin-striped", "stripe pattern", "bengal stripes", "nautical stripes",
        "lined stripes", "horizontal stripes", "vertical stripes", "multi-stripes",
        "ticking stripes", "rugby stripes"),
    "pattern:printed": ("all-over print", "allover printed", "photo print", "monogram print",
        "camo print", "marble print", "abstract", "botanical print", "bird print",
        "hibiscus print", "ajrakh", "dabu print", "cartoon print", "mandala print",
        "chest print", "emoji print", "skull print", "block print", "leopard-print",
        "slogan print", "tie-dye", "jaal print", "buti print", "chevron print"),
    "pattern:solid": ("solid-colour", "plain-dyed", "solids", "plain solid", "no print",
        "solid pattern"),
    "item:t_shirt": ("crew tee", "muscle tee", "round-neck tee", "henley tee", "graphic tee",
        "T-Shirt", "TShirt"),
    "item:shirt": ("guayabera", "oxford", "dress shirt", "button-down", "chambray shirt",
        "bush shirt"),
    "item:top": ("blouson top", "wrap top", "cold-shoulder top", "kaftan top", "halter",
        "tee top", "shell top"),
    "item:kurta": ("A-line kurta", "pathani kurta", "kurti", "straight kurti", "ethnic tunic",
        "kurtha"),
    "item:sweatshirt": ("pullover hoodie", "zip hoodie", "crew sweatshirt", "fleece hoodie",
        "sweatshirt"),
    "item:sweater": ("jersey knit jumper", "woollen sweater", "cable-knit pullover",
        "fisherman sweater", "v-neck pullover", "cardi", "knitted vest sweater"),
    "item:jacket": ("quilted jacket", "bomber jacket", "denim jacket", "trench coat",
        "biker jacket", "blouson", "field jacket", "sports coat", "varsity jacket",
        "puffer jacket", "duffle coat", "raincoat"),
    "item:jeans": ("denim jeans", "mom jeans", "skinny jeans", "jeggings-fit jeans",
        "bootcut jeans"),
    "item:trousers": ("dress pants", "wide-leg trousers", "cigarette pants", "linen trousers",
        "pleated pants", "formal pants", "cargo trousers", "parallel trousers",
        "straight pants"),
    "item:track_pants": ("joggers", "training pants", "gym pants", "running bottoms",
        "pyjama bottoms", "sweats", "lounge joggers", "harem joggers", "jogging pants"),
    "item:shorts": ("bermuda shorts", "running shorts", "denim shorts", "gym shorts",
        "cargo shorts"),
    "item:capris": ("capri leggings", "cropped capris", "3/4th capri", "three-fourth capris",
        "capri"),
    "item:leggings": ("yoga leggings", "churidar leggings", "stretch leggings",
        "sports tights", "jeggings"),
    "item:skirt": ("pencil skirt", "A-line skirt", "pleated skirt", "denim skirt",
        "tiered skirt", "skater skirt"),
    "item:salwar": ("patiala salwar", "dhoti salwar", "semi-patiala", "cotton salwar"),
    "other:other": ("maxi dress", "shirt dress", "t-shirt dress", "sneakers", "running shoes",
        "analog watch", "sports bra", "boxers", "trunks", "silk saree", "jump suit",
        "bodycon dress", "night gown", "laptop bag", "sling bag", "ankle boots",
        "leather belt", "beanie", "socks", "flip-flops", "sweater dress"),
}  # fmt: skip
SHADES = ("light", "dark", "pale", "bright", "deep", "dusty", "pastel", "soft", "washed", "medium",
          "midnight", "classic", "muted", "vintage")  # fmt: skip
# Shades that with a color's name after them make one name: "rust orange".
COMPOUND = ("rust", "wine", "mustard", "teal", "mint", "olive", "navy", "charcoal", "peach",
            "lemon", "lavender", "coffee", "khaki", "sand", "rose", "burgundy")  # fmt: skip
NOUN_ENDS = (
    "print", "prints", "stripes", "checks", "graphic", "graphics", "motif", "motifs", "plaid",
    "stripe", "check", "dots", "pattern", "lettering", "artwork", "gingham", "tartan",
    "chequers",
)  # fmt: skip


@lru_cache(maxsize=1)
def _by_label() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = defaultdict(list)
    for phrase, label in phrases().items():
        table[label].append(phrase)
    for label, words in UNKNOWN_TO_RULES.items():
        table[label].extend(words)
    return {label: tuple(words) for label, words in table.items()}


def say(label: str, rng: Random, *, noun: bool | None = None) -> str:
    """Return one way to say a label; `noun` asks for a pattern as a thing ("with stripes") or as a
    quality ("striped")."""
    head, _, value = label.partition(":")
    if head == "length":
        return _length(value, rng)
    words = _by_label()[label]
    if head == "pattern" and noun is not None and value != "solid":
        words = tuple(w for w in words if w.endswith(NOUN_ENDS) == noun) or words
    word = rng.choice(words)
    if head == "hue" and rng.random() < 0.12:
        word = f"{rng.choice(SHADES)} {word}"
    if head == "hue" and rng.random() < 0.06:
        word = f"{rng.choice(COMPOUND)} {word}"
    if head == "hue" and rng.random() < 0.05:
        word += rng.choice(("-coloured", " colour", " coloured", " colored"))
    if head == "item" and rng.random() < 0.6:
        word = word.replace("t shirt", rng.choice(("t-shirt", "T-shirt", "tshirt", "T Shirt")))
    return word


def told(value: str, rng: Random) -> str:
    """Return a sentence of where a sleeve or leg of this length ends."""
    return rng.choice(ENDS[value]).format(n=rng.randint(3, 15))


def denied_end(value: str, rng: Random) -> str:
    """Return a sentence that denies an end other than this length's."""
    fellows = SLEEVES if value in SLEEVES else LEGS
    return rng.choice(ENDS_NOT[rng.choice([v for v in fellows if v not in (value, "sleeveless")])])


def _length(value: str, rng: Random) -> str:
    if value in SLEEVES and value != "sleeveless" and rng.random() < 0.25:
        comma = rng.choice(("", "", ","))
        return f"{rng.choice(LONG[value])}{comma} {rng.choice(SLEEVE_KINDS)} sleeves"
    if value in LONG and rng.random() < 0.2:
        word = rng.choice(LONG[value])
        colon = rng.choice((":", " :", " -", ""))
        said = f"{rng.choice(SLEEVE_KEYS)}{colon} {word}"
        return said + rng.choice(("", " sleeve", " sleeves"))
    return rng.choice(SLEEVES.get(value) or LEGS[value])


def vocabulary() -> list[str]:
    """Return every phrase a label can be said with, for the tokenizer to know its words."""
    tables = (SLEEVES, LEGS, ENDS, ENDS_NOT)
    lengths = [word for table in tables for words in table.values() for word in words]
    return [*(word for words in _by_label().values() for word in words), *lengths]
