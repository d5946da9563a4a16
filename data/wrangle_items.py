"""Reading what a crawl collected, and one product of it: its words to the columns of our table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from data.clean import any_to_text
from data.errors import ContradictoryFields, InvalidListing, InvalidTable, UnknownValue
from data.importing import LEFT_OUT, SCOPE_UNKNOWN, WITHOUT_IT, Imported, Row, settle_length
from data.jsonl import lines_of
from data.schema import parse_line
from data.spiders.items import item_key
from data.spiders.labels import known_rows
from data.taxonomy import WEAR_OF, normalize
from data.wrangle_words import (
    Named,
    Vocabulary,
    count_colors,
    head_of_title,
    names_color,
    narrowest,
)

ITEMS = "items.jsonl"
_TEXTS = (
    "shop",
    "url",
    "product_id",
    "variant",
    "title",
    "brand",
    "description",
    "category",
    "gender",
)
_NEEDED = ("shop", "url", "title")


def read_items(folders: Sequence[Path], imported: Imported) -> tuple[pd.DataFrame, int]:
    """Read the items of crawls, one row a line that is a product, and the number of lines.

    Lines that are none are listed as problems. Raises InvalidTable where a folder is no crawl.
    """
    records, lines = [], 0
    for folder in folders:
        path = folder / ITEMS
        if not path.is_file():
            raise InvalidTable(f"{folder} holds no {ITEMS}: it is not the folder of a crawl.")
        with path.open("rb") as source:
            for number, line in enumerate(lines_of(source), start=1):
                lines += 1
                try:
                    records.append({**_record(line), "folder": folder})
                except InvalidListing as error:
                    imported.note(f"{folder.name} line {number}", error, LEFT_OUT)
    if not records:
        raise InvalidTable(f"No product could be read: {lines} lines tried.")
    return pd.DataFrame(records), lines


def _record(line: bytes) -> dict[str, Any]:
    """Return an item with the columns we use, checked. Raises InvalidListing."""
    try:
        item = parse_line(line.decode())
    except UnicodeDecodeError as error:
        raise InvalidListing(
            f"The line is not UTF-8 text ({error.reason}).", code="bad_json"
        ) from None
    record: dict[str, Any] = {name: item.get(name) or "" for name in _TEXTS}
    for name in _TEXTS:
        if not isinstance(record[name], str) or (name in _NEEDED and not record[name].strip()):
            raise InvalidListing(f"{name} must be a text.", code="bad_item", field=name)
    attributes, colors = item.get("attributes") or {}, item.get("colors") or []
    images = item.get("images") or []
    if not isinstance(attributes, dict) or not _all(colors, str) or not _all(images, dict):
        raise InvalidListing(
            "attributes must be an object, colors and images lists of texts and of objects.",
            code="bad_item",
        )
    rows = known_rows(attributes.items())
    if colors:  # some shops name the color beside the table of attributes only
        rows.setdefault("Color", ", ".join(colors))
    record |= {"attributes": rows, "colors": colors, "images": images}
    return record | {"collected_at": str(item.get("collected_at") or ""), "key": item_key(record)}


def _all(values: Any, kind: type) -> bool:
    return isinstance(values, list) and all(isinstance(value, kind) for value in values)


def listing_id(item: Mapping[Any, Any]) -> str:
    """Return `shop/product/variant`; a product without a number is told by its address."""
    return "/".join(
        filter(None, (item["shop"], item["product_id"] or item["url"], item["variant"]))
    )


def each_once(items: pd.DataFrame) -> pd.DataFrame:
    """Return one row per product of a shop, as collected last, in the order first given."""
    latest = items.assign(listing_id=[listing_id(item) for item in items.to_dict("records")])
    latest = latest.sort_values("collected_at", kind="stable")
    for name in ("key", "listing_id"):
        latest = latest.drop_duplicates(name, keep="last")
    return latest.sort_index().reset_index(drop=True)


class Reader:
    """Turns items into rows of an import; `unknown` collects the words it does not know."""

    def __init__(self, imported: Imported, vocabulary: Vocabulary) -> None:
        self.unknown: list[dict[str, str]] = []  # attribute, word, listing_id
        self._imported = imported
        self._vocabulary = vocabulary

    def add(self, item: Row) -> Row:
        """Add an item's words as a row of the import. Raises InvalidListing for an id given before.

        Wear and item follow from the category, else the title; the fields of a product out of
        scope are not read.
        """
        row = self._imported.add(
            listing_id=listing_id(item),
            source="listings",
            title=any_to_text(item["title"]),
            description=any_to_text(item["description"]),
            brand=item["brand"] or None,
            gender=item["gender"] or None,
        )
        self._set_scope(row, item)
        if row["scope"] == "in":
            self._set_fields(row, item["attributes"])
            row["color_weak"] = weak_color(row, item)
        return row

    def _set_scope(self, row: Row, item: Row) -> None:
        named = self._named(row, item)
        if named.out:
            row["scope"] = "out"
        elif named.item:
            row.update(scope="in", wear=WEAR_OF["item"][named.item], item=named.item)
        else:
            said = item["attributes"].get("Type") or item["category"] or row["title"]
            error = UnknownValue(f'No garment we know in "{said[-60:]}".', field="item")
            self._imported.note(row["listing_id"], error, SCOPE_UNKNOWN)
            titled = said == row["title"]
            self._remember(row, "item", head_of_title(said) if titled else narrowest(said))

    def _named(self, row: Row, item: Row) -> Named:
        title = self._vocabulary.garment_of_title(row["title"])
        for words in (item["attributes"].get("Type", ""), item["category"]):
            named = self._vocabulary.garment_of_category(words)
            if named == Named():
                continue
            if title not in (named, Named()):
                error = ContradictoryFields(
                    f'Category "{words[-60:]}" and the title name different things.'
                )
                self._imported.note(row["listing_id"], error, "The category is kept.")
            return named
        return title

    def _set_fields(self, row: Row, attributes: dict[str, str]) -> None:
        sleeve, leg = attributes.get("Sleeve Length"), attributes.get("Length")
        upper = row["wear"] == "upper"
        if not upper and sleeve:
            error = ContradictoryFields(f'Sleeve length "{sleeve}" does not go with {row["item"]}.')
            self._imported.note(row["listing_id"], error, WITHOUT_IT)
        # On upper wear "Length" says where the hem ends, and "Regular" is as good as not given.
        length = sleeve if upper else None if normalize(leg or "") == "regular" else leg
        settle_length(row, self._value(row, "length", length))
        row["pattern"] = self._value(row, "pattern", attributes.get("Pattern"))
        color = attributes.get("Color")
        hue = color and names_color(color)  # "Navy Blue" names a hue; only "Multi" is a value
        try:
            row["color"] = self._vocabulary.parse("color", color) if color else None
        except UnknownValue as error:
            if not hue:
                self._imported.note(row["listing_id"], error, WITHOUT_IT)
                self._remember(row, "color", color or "")

    def _value(self, row: Row, attribute: str, word: str | None) -> str | None:
        if not word:
            return None
        try:
            value = self._vocabulary.parse(attribute, word, row["wear"])
            if value and WEAR_OF.get(attribute, {}).get(value, row["wear"]) != row["wear"]:
                raise ContradictoryFields(f'{attribute} "{word}" does not go with {row["item"]}.')
        except (UnknownValue, ContradictoryFields) as error:
            self._imported.note(row["listing_id"], error, WITHOUT_IT)
            if isinstance(error, UnknownValue):
                self._remember(row, attribute, word)
            return None
        return value

    def _remember(self, row: Row, attribute: str, word: str) -> None:
        self.unknown.append({"attribute": attribute, "word": word, "listing_id": row["listing_id"]})


def weak_color(row: Row, item: Row) -> str | None:
    """Guess single or multi from the color words of color field and title: a weak label.

    A pattern often brings colors that nobody names, so one color alone says "single" only of a
    garment not said to be patterned. Against the eye (670 of 967 annotated products of the
    catalogue's train and validation splits get a label) 73 % are right; without that rule 61 %,
    with the description's words 63 %.
    """
    words = [item["attributes"].get("Color", ""), *item["colors"], row["title"]]
    found = count_colors(words)
    return None if found == "single" and row["pattern"] not in (None, "solid") else found
