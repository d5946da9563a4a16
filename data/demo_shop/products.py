"""What the demo shop sells: products of an imported table, or generated ones."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.aliases import ALIASES
from data.errors import InvalidListing
from data.taxonomy import ITEMS_BY_WEAR, LENGTHS_BY_WEAR, VALUES, WEAR_OF, parse_value

_COLORS = ("Navy Blue", "White", "Black", "Red", "Olive", "Mustard", "Grey Melange", "Maroon",
           "Teal", "Pink", "Beige", "Charcoal")  # fmt: skip
_BRANDS = ("Arden", "Bluebird & Co", "Caf\u00e9 Noir", "Dune", "Ember")
_FABRICS = ("Cotton", "Linen", "Viscose", "Modal", "Wool", "Hemp", "Polyester")
_USES = ("the office", "weekends", "travel", "festive days", "long walks", "warm evenings")


@dataclass(frozen=True, slots=True)
class Product:
    """One garment in one or more colors."""

    number: int  # 0, 1, 2 ... in the shop
    code: str
    title: str
    brand: str
    description: str
    category: str
    attributes: Mapping[str, str]
    colors: tuple[str, ...]
    price: float
    gender: str
    photo: str | None  # a file, None for a drawn one
    repeats_photo: bool  # shows its first photo again, smaller

    def views(self, color: int) -> list[str]:
        """Return the names of the photos that a color's page shows."""
        views = ["front", "detail", *(["front-small"] if self.repeats_photo else [])]
        return [f"{self.number}-{color}-{view}.jpg" for view in views]

    def truth(self, color: int) -> dict[str, Any]:
        """Return what a faultless crawl finds of a color."""
        return {
            "product_id": self.code,
            "variant": self.colors[color],
            "title": self.title,
            "brand": self.brand,
            "description": self.description,
            "category": self.category,
            "attributes": dict(self.attributes),
            "colors": [self.colors[color]],
            "price": self.price,
            "gender": self.gender,
            "photos": [name for name in self.views(color) if not name.endswith("-small.jpg")],
        }


def load_products(table: Path | None, count: int, seed: int) -> list[Product]:
    """Return `count` products of a table of listings (fewer where it has fewer), or generated ones.

    Raises InvalidTable where there is a path and no table.
    """
    if table is None:
        rows = list(_generated(count, seed))
    else:
        from data.table import read_table

        frame = read_table(table)
        frame = frame[(frame["scope"] == "in") & frame["image"].notna()].head(count)
        rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [_product(number, row, seed) for number, row in enumerate(rows)]


def _product(number: int, row: Mapping[str, Any], seed: int) -> Product:
    rng = random.Random(f"{seed}-{number}")  # noqa: S311 - a shop window, no secret
    colors = rng.sample(_COLORS, rng.choices((1, 2, 3), (7, 2, 1))[0])
    limb = "Sleeve Length" if row["wear"] == "upper" else "Length"
    labels = {limb: "length", "Pattern": "pattern"}
    words = {label: _word(rng, name, row[name], row["wear"]) for label, name in labels.items()}
    fit = {"Fit": rng.choice(("Regular Fit", "Slim Fit"))}
    return Product(
        number=number,
        code=f"D{number:05d}",
        title=str(row["title"]) or f"Garment {number}",
        brand=str(row["brand"] or ""),
        description=str(row["description"]),
        category=row["item"].replace("_", " ").title(),
        attributes={label: word for label, word in words.items() if word} | fit,
        colors=tuple(colors),
        price=float(rng.randrange(19900, 499900, 100) // 100),
        gender=str(row["gender"] or ""),
        photo=row["image"],
        repeats_photo=rng.random() < 0.2,
    )


def _word(rng: random.Random, attribute: str, value: str | None, wear: str) -> str:
    """Return a word that shops write for a value, "" for none."""
    if value is None:
        return ""
    known = [word for word in ALIASES[attribute][value] if _means(attribute, word, value, wear)]
    return rng.choice([value.replace("_", " "), *known]).title()


def _means(attribute: str, word: str, value: str, wear: str) -> bool:
    try:
        return parse_value(attribute, word, wear) == value
    except InvalidListing:  # the word has two meanings
        return False


def _generated(count: int, seed: int) -> Iterator[dict[str, Any]]:
    rng = random.Random(seed)  # noqa: S311
    items = VALUES["item"]
    for number in range(count):
        item = items[number % len(items)]
        wear = WEAR_OF["item"][item]
        pattern, length = rng.choice(VALUES["pattern"]), rng.choice(LENGTHS_BY_WEAR[wear])
        brand, gender = rng.choice(_BRANDS), rng.choice(("Men", "Women"))
        fabric, use = rng.choice(_FABRICS), rng.choice(_USES)
        name = item.replace("_", " ").title()
        yield {
            "title": f"{brand} {gender} {pattern.title()} {name} No. {number}",
            "description": f"A {pattern} {name.lower()} for {use}.\n"
            f"{fabric}; \u201csoft\u201d & light.",
            "brand": brand,
            "wear": wear,
            "item": item,
            "length": length if item in ITEMS_BY_WEAR["upper"] else None,
            "pattern": pattern,
            "gender": gender,
            "image": None,
        }
