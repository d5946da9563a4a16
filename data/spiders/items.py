"""From what a page says to one item of `items.jsonl`: cleaned, bounded, with a stable key."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from data.clean import any_to_text
from data.schema import MAX_TEXT
from data.spiders.labels import known_rows
from data.spiders.product import Record, plain_gender, plain_price, split_colors
from data.spiders.urls import clean_url
from data.taxonomy import normalize

Item = dict[str, Any]

MAX_TITLE = 500  # characters
MAX_PHOTOS = 20  # of one product; a listing of ours holds 8
_NO_ID = {"", "na", "n a", "none", "null", "0", "undefined"}


def make_item(shop: str, url: str, record: Record) -> Item | None:
    """Return the item of a record found at `url`, or None where it names no product.

    `images` holds addresses still; the photo pipeline replaces them by stored photos.
    """
    title = _line(record.get("title"), MAX_TITLE)
    if not title:
        return None
    attributes = known_rows((record.get("attributes") or {}).items())
    lines = _lines(record.get("colors")) or _lines(attributes.get("Color"))
    colors = list(dict.fromkeys(color for line in lines for color in split_colors(line)))
    product_id = _line(record.get("product_id"), 100) or attributes.get("Product Code", "")
    images = [clean_url(i, url) for i in _several(record.get("images")) if isinstance(i, str)]
    return {
        "shop": shop,
        "url": clean_url(_line(record.get("url"), 2000), url) or url,
        "product_id": "" if normalize(product_id) in _NO_ID else product_id,
        "variant": _line(record.get("variant"), 100) or " / ".join(colors),
        "title": title,
        "brand": _line(record.get("brand"), 200) or attributes.get("Brand", ""),
        "description": _text(record.get("description")),
        "category": _line(record.get("category"), 200) or attributes.get("Category", ""),
        "attributes": attributes,
        "colors": colors,
        "price": next((p for v in _several(record.get("price")) if (p := plain_price(v))), None),
        "gender": plain_gender(_line(record.get("gender"), 100) or attributes.get("Gender", "")),
        "images": list(dict.fromkeys(image for image in images if image))[:MAX_PHOTOS],
    }


def item_key(item: Item) -> str:
    """Return what makes a product of a shop one product: its id and variant, else its address."""
    code = item["product_id"]
    return _digest([item["shop"], *([code, normalize(item["variant"])] if code else [item["url"]])])


def content_digest(item: Item) -> str:
    """Return a digest that changes when anything said of the product does, not when it was read."""
    return _digest({name: value for name, value in item.items() if name != "collected_at"})


def _digest(value: Any) -> str:
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _first(value: Any) -> str:
    for entry in _several(value):
        if isinstance(entry, str | int | float) and not isinstance(entry, bool) and str(entry):
            return str(entry)
    return ""


def _line(value: Any, most: int) -> str:
    """Return the first text of a value as one line without markup or control characters."""
    return " ".join(_text(value).split())[:most].strip()


def _lines(value: Any) -> list[str]:
    lines = (_line(entry, 100) for entry in _several(value))
    return list(dict.fromkeys(line for line in lines if line))[:10]


def _text(value: Any) -> str:
    # A lone surrogate ("\ud800" in JSON) can be written in no encoding.
    text = _first(value)[: 4 * MAX_TEXT].encode("utf-8", "replace").decode()
    visible = "".join(c if c.isprintable() or c in "\n\t\r" else " " for c in text)
    return any_to_text(visible)[:MAX_TEXT]
