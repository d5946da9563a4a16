"""How our values read to a person: one table of labels for controls and phrases for sentences."""

from __future__ import annotations

from data.taxonomy import WEAR_OF

ATTRIBUTE_LABELS = {
    "wear": "Wear type",
    "item": "Item",
    "length": "Length",
    "color": "Color",
    "pattern": "Pattern",
}
WEAR_LENGTH_LABELS = {"upper": "Sleeve length", "bottom": "Leg length"}
NOT_GIVEN = "Not given"

# value: (label of a choice, what follows "the photo shows" or "the words say")
_WORDS = {
    "upper": ("Upper wear", "upper wear"),
    "bottom": ("Bottom wear", "bottom wear"),
    "t_shirt": ("T-shirt", "a T-shirt"),
    "shirt": ("Shirt", "a shirt"),
    "top": ("Top", "a top"),
    "kurta": ("Kurta", "a kurta"),
    "sweatshirt": ("Sweatshirt", "a sweatshirt"),
    "sweater": ("Sweater", "a sweater"),
    "jacket": ("Jacket", "a jacket"),
    "jeans": ("Jeans", "jeans"),
    "trousers": ("Trousers", "trousers"),
    "track_pants": ("Track pants", "track pants"),
    "shorts": ("Shorts", "shorts"),
    "capris": ("Capris", "capris"),
    "leggings": ("Leggings", "leggings"),
    "skirt": ("Skirt", "a skirt"),
    "salwar": ("Salwar", "a salwar"),
    "sleeveless": ("Sleeveless", "no sleeves"),
    "half_sleeve": ("Half sleeve", "half sleeve"),
    "three_quarter_sleeve": ("Three-quarter sleeve", "three-quarter sleeve"),
    "full_sleeve": ("Full sleeve", "full sleeve"),
    "above_knee": ("Above the knee", "a length above the knee"),
    "knee_length": ("Knee length", "knee length"),
    "cropped": ("Cropped", "a cropped length"),
    "full_length": ("Full length", "full length"),
    "single": ("One color", "one color"),
    "multi": ("Several colors", "several colors"),
    "solid": ("Solid", "a solid fabric"),
    "printed": ("Printed", "a print"),
    "striped": ("Striped", "stripes"),
    "checked": ("Checked", "checks"),
}
VALUE_LABELS = {value: label for value, (label, _) in _WORDS.items()}
PHRASES = {value: phrase for value, (_, phrase) in _WORDS.items()}

# Keep "T-shirt" as it is in the middle of a sentence.
SMALL_LABELS = {
    value: label if label == "T-shirt" else label[0].lower() + label[1:]
    for value, label in VALUE_LABELS.items()
}


def wear_of(fields: dict[str, str | None]) -> str | None:
    """Return the wear type the fields settle, by itself or through item or length."""
    for attribute in ("wear", "item", "length"):
        value = fields.get(attribute)
        if value:
            return value if attribute == "wear" else WEAR_OF[attribute][value]
    return None


def attribute_label(attribute: str, wear: str | None = None) -> str:
    """Return the control's label: the length is a sleeve's or a leg's where the wear is known."""
    if attribute == "length" and wear in WEAR_LENGTH_LABELS:
        return WEAR_LENGTH_LABELS[wear]
    return ATTRIBUTE_LABELS[attribute]


def join(words: list[str], last: str = "and") -> str:
    """Join words as English does: `a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def percent(share: float) -> str:
    """Return a probability as a person reads it; never "0%" or "100%", which nothing is."""
    if share >= 0.995:
        return "over 99%"
    if share < 0.005:
        return "under 1%"
    return f"{share * 100:.0f}%"


def sureness(confidence: float) -> str:
    """Say a confidence in [0, 1] in words."""
    for least, words in ((0.95, "very sure"), (0.8, "fairly sure"), (0.6, "leaning this way")):
        if confidence >= least:
            return words
    return "not sure"
