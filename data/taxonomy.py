"""The words: five attributes, their values, the aliases people write, and what goes together.

Standard library only, so that a form, a spider or `--help` starts at once.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import unicodedata
from collections.abc import Mapping

from data.aliases import ALIASES
from data.errors import ContradictoryFields, UnknownValue

WEARS = ("upper", "bottom")
ITEMS_BY_WEAR: dict[str, tuple[str, ...]] = {
    "upper": ("t_shirt", "shirt", "top", "kurta", "sweatshirt", "sweater", "jacket"),
    "bottom": (
        "jeans",
        "trousers",
        "track_pants",
        "shorts",
        "capris",
        "leggings",
        "skirt",
        "salwar",
    ),
}
LENGTHS_BY_WEAR: dict[str, tuple[str, ...]] = {
    "upper": ("sleeveless", "half_sleeve", "three_quarter_sleeve", "full_sleeve"),
    "bottom": ("above_knee", "knee_length", "cropped", "full_length"),
}

# Class order of every head and every probability table: append, never reorder, or the
# fingerprint changes and released artifacts refuse to load.
VALUES: dict[str, tuple[str, ...]] = {
    "wear": WEARS,
    "item": ITEMS_BY_WEAR["upper"] + ITEMS_BY_WEAR["bottom"],
    "length": LENGTHS_BY_WEAR["upper"] + LENGTHS_BY_WEAR["bottom"],
    "color": ("single", "multi"),
    "pattern": ("solid", "printed", "striped", "checked"),
}
ATTRIBUTES = tuple(VALUES)

# The attributes whose values belong to one wear type each.
WEAR_OF: dict[str, dict[str, str]] = {
    "item": {item: wear for wear in WEARS for item in ITEMS_BY_WEAR[wear]},
    "length": {length: wear for wear in WEARS for length in LENGTHS_BY_WEAR[wear]},
}

# Leg length that the item's name alone settles (measured on the catalogue, where the field is
# almost never given). Skirts come in every length and are left out.
LENGTH_OF_ITEM = {
    "jeans": "full_length",
    "trousers": "full_length",
    "track_pants": "full_length",
    "leggings": "full_length",
    "salwar": "full_length",
    "shorts": "above_knee",
    "capris": "cropped",
}


def normalize(word: str) -> str:
    """Fold case, accents' compatibility forms and punctuation: `"T-Shirts "` -> `"t shirts"`."""
    folded = unicodedata.normalize("NFKC", word).replace("\N{FRACTION SLASH}", "/").casefold()
    return " ".join(re.findall(r"[^\W_]+", folded))


def values_for(attribute: str, wear: str | None = None) -> tuple[str, ...]:
    """Return the values of `attribute` in class order, only those of `wear` where one is given."""
    values = VALUES[attribute]
    if wear is None or attribute not in WEAR_OF:
        return values
    return tuple(value for value in values if WEAR_OF[attribute][value] == wear)


def _build_lookup() -> dict[str, dict[str, tuple[str, ...]]]:
    lookup: dict[str, dict[str, tuple[str, ...]]] = {}
    for attribute in ATTRIBUTES:
        table: dict[str, list[str]] = {}
        for value in VALUES[attribute]:
            for word in (value, *ALIASES[attribute].get(value, ())):
                known = table.setdefault(normalize(word), [])
                if value not in known:
                    known.append(value)
        lookup[attribute] = {word: tuple(values) for word, values in table.items()}
    return lookup


_LOOKUP = _build_lookup()


def parse_value(attribute: str, word: str | None, wear: str | None = None) -> str | None:
    """Map what a shop or seller wrote to our value; blank and None mean "not given".

    `wear` settles words that mean a sleeve on a shirt and a leg on trousers ("full", "3/4th").
    A word of the other wear type is returned as its value, so that `check_together` can name
    the contradiction. Raises UnknownValue, naming the allowed values.
    """
    if word is None or not word.strip():
        return None
    found = _LOOKUP[attribute].get(normalize(word), ())
    fitting = [v for v in found if wear is None or WEAR_OF.get(attribute, {}).get(v, wear) == wear]
    if len(fitting) == 1 or (not fitting and len(found) == 1):
        return (fitting or found)[0]
    allowed = ", ".join(values_for(attribute, wear))
    shown = word.strip()[:60]
    if found:
        hint = ", or say whether it is upper or bottom wear" if attribute in WEAR_OF else ""
        raise UnknownValue(
            f'{attribute} "{shown}" could mean {" or ".join(found)}: give one of these{hint}.',
            code="ambiguous_value",
            field=attribute,
        )
    raise UnknownValue(
        f'{attribute} "{shown}" is not a value we know; allowed: {allowed}.', field=attribute
    )


def check_together(fields: Mapping[str, str | None]) -> None:
    """Raise ContradictoryFields when two given values cannot describe one garment."""
    given = [(a, fields[a]) for a in ("wear", "item", "length") if fields.get(a)]
    wears = [(a, v, v if a == "wear" else WEAR_OF[a][v]) for a, v in given if v]
    for (first, value, wear), (second, other, other_wear) in itertools.pairwise(wears):
        if wear != other_wear:
            allowed = ", ".join(values_for(second, wear))
            raise ContradictoryFields(
                f"{first} {value} does not go with {second} {other}: "
                f"{value} is {wear} wear, where {second} can be {allowed}."
                if first != "wear"
                else f"{second} {other} is {other_wear} wear, but wear says {value}; "
                f"{second} of {wear} wear can be {allowed}.",
                field=second,
            )


def parse_fields(raw: Mapping[str, str | None]) -> dict[str, str | None]:
    """Parse a seller's fields into our values, all five keys present, None where not given.

    Raises UnknownValue for an unknown word or attribute and ContradictoryFields.
    """
    for name in raw:
        if name not in VALUES:
            raise UnknownValue(
                f'"{str(name)[:60]}" is not an attribute; allowed: {", ".join(ATTRIBUTES)}.'
            )
    wear = parse_value("wear", raw.get("wear"))
    item = parse_value("item", raw.get("item"), wear)
    settled = wear or (WEAR_OF["item"][item] if item else None)
    fields = {
        "wear": wear,
        "item": item,
        "length": parse_value("length", raw.get("length"), settled),
        "color": parse_value("color", raw.get("color")),
        "pattern": parse_value("pattern", raw.get("pattern")),
    }
    check_together(fields)
    return fields


def fingerprint() -> str:
    """Return 16 hex digits that change when a value is added, renamed or reordered.

    Aliases are left out on purpose: a new spelling does not make a trained head wrong.
    """
    canonical = json.dumps(VALUES, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
