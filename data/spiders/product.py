"""From structured data to what a product is: one record per color."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from data.spiders.labels import known_rows
from data.spiders.nodes import Node, flat, types_of
from data.spiders.urls import clean_url

# What a page says of one product before it is made an item; absent keys were not said.
Record = dict[str, Any]

_PRODUCTS = {"Product", "ProductGroup", "IndividualProduct", "ProductModel"}
_IDS = ("productGroupID", "inProductGroupWithID", "sku", "productID", "mpn", "gtin13", "gtin")
_GENDERS = {
    "male": "Men", "men": "Men", "man": "Men", "female": "Women", "women": "Women",
    "woman": "Women", "unisex": "Unisex", "boys": "Boys", "girls": "Girls",
}  # fmt: skip
# Properties of schema.org that are rows of an attribute table under another name.
_ROWS = {"pattern": "Pattern", "material": "Material", "size": "Size"}


def records_of(nodes: list[Node], url: str) -> list[Record]:
    """Return what structured data says of the product a page is about, one record per color.

    Several products that are no variants of one group are a list page, unless one of them
    carries the page's own address; a list page gives no records.
    """
    chosen = _main_products(nodes, url)
    if not chosen:
        return []
    records: list[Record] = []
    for node in chosen[:1]:
        group = _record(node, url)
        variants = [part for part in _nodes(node.get("hasVariant")) if len(part) > 2]
        records = [_variant(_record(part, url), group) for part in variants] or [group]
    for node in chosen[1:]:  # the same product in another syntax fills what the first left out
        more = _record(node, url)
        records = [_under(record, more) for record in records]
    return _one_per_color(records)


def product_links(nodes: list[Node], url: str) -> list[str]:
    """Return the addresses of products and variants that structured data names, each once."""
    links: dict[str, None] = {}
    for node in flat(nodes):
        types = types_of(node)
        if types & _PRODUCTS or "ListItem" in types:
            for value in _texts(node.get("url")) + _offer_links(node):
                link = clean_url(value, url)
                if link:
                    links.setdefault(link)
    return list(links)


def _offer_links(node: Node) -> list[str]:
    return [text for offer in _nodes(node.get("offers")) for text in _texts(offer.get("url"))]


def _main_products(nodes: list[Node], url: str) -> list[Node]:
    """Return the nodes about the page's one product, best first; none for a list page."""
    inside = {
        id(part)
        for node in flat(nodes)
        for name in ("hasVariant", "isVariantOf", "isRelatedTo", "isSimilarTo", "itemListElement")
        for part in flat(_nodes(node.get(name)))
    }
    found = [n for n in flat(nodes) if types_of(n) & _PRODUCTS and id(n) not in inside]
    named = [node for node in found if _texts(node.get("name"))]
    here = clean_url(url)
    own = [n for n in named if here in {clean_url(link, url) for link in _texts(n.get("url"))}]
    names = {_texts(node["name"])[0].casefold() for node in named}
    if len(names) > 1 and not own:
        return []
    return own + [n for n in named if n not in own and (not own or _same(n, own[0]))]


def _same(node: Node, other: Node) -> bool:
    return _texts(node["name"])[0].casefold() == _texts(other["name"])[0].casefold()


def _record(node: Node, url: str) -> Record:
    group = next(iter(_nodes(node.get("isVariantOf"))), {})
    audience = next(iter(_nodes(node.get("audience"))), {})
    genders = _texts(node.get("gender")) or _texts(audience.get("suggestedGender"))
    ids = [text for name in _IDS for source in (group, node) for text in _texts(source.get(name))]
    record = {
        "product_id": ids[:1],
        "title": _texts(node.get("name"))[:1],
        "brand": [name for value in _list(node.get("brand")) if (name := _name(value))][:1],
        "description": _texts(node.get("description"))[:1],
        "category": _category(node.get("category")),
        "colors": [c for value in _texts(node.get("color")) for c in split_colors(value)],
        "price": _price(node),
        "gender": [plain_gender(value) for value in genders][:1],
        "images": _links(_images(node.get("image")), url),
        "url": _links(_texts(node.get("url")), url)[:1],
        "attributes": _attributes(node),
    }
    return {name: value for name, value in record.items() if value}


def _attributes(node: Node) -> dict[str, str]:
    stated = [(_ROWS[name], v) for name in _ROWS for v in _texts(node.get(name))[:1]]
    extra = [
        (part.get("name"), next(iter(_texts(part.get("value"))), None))
        for part in _nodes(node.get("additionalProperty"))
        if isinstance(part.get("name"), str) or _texts(part.get("name"))
    ]
    pairs = [(_texts(label)[0], value) for label, value in extra] + stated
    return known_rows(pairs)


def _one_per_color(records: list[Record]) -> list[Record]:
    """Keep one record for each color; sizes of one color differ in nothing we ask."""
    kept: dict[tuple[str, ...], Record] = {}
    for record in records:
        kept.setdefault(tuple(c.casefold() for c in record.get("colors", ())), record)
    return list(kept.values())


def _variant(record: Record, group: Record) -> Record:
    """Return a variant filled by its group, under the group's number: its own is of one size."""
    number = group.get("product_id") or record.get("product_id") or []
    return _under({**record, "product_id": number}, group)


def _under(record: Record, below: Record) -> Record:
    """Return a record filled, where it says nothing, by another one."""
    merged = {**below, **record}
    attributes = {**below.get("attributes", {}), **record.get("attributes", {})}
    return {**merged, "attributes": attributes} if attributes else merged


def split_colors(text: str) -> list[str]:
    """Split the colors a shop names: `"Navy Blue / White"` -> `["Navy Blue", "White"]`."""
    parts = re.split(r"\s*[,/|;&+]\s*|\s+and\s+", text)
    return [part.strip() for part in parts if part.strip()]


def plain_gender(text: str) -> str:
    """Return a gender in one spelling: `"https://schema.org/Male"` and "men" are "Men"."""
    word = text.rpartition("/")[2].strip().removesuffix("'s")
    return _GENDERS.get(word.casefold(), word)


def plain_price(value: Any) -> float | None:
    """Return the first number of a price, None where there is none: `"Rs. 1,299.00"` -> 1299.0."""
    found = re.search(r"\d[\d,\u00a0 ]{0,20}(\.\d{1,4})?", str(value)[:100])
    if not found:
        return None
    return float(re.sub(r"[^\d.]", "", found[0]))


def _price(node: Node) -> list[float]:
    sources = [node, *_nodes(node.get("offers"))]
    values = [s.get(name) for s in sources for name in ("price", "lowPrice") if s.get(name)]
    values += [part.get("price") for s in sources for part in _nodes(s.get("priceSpecification"))]
    prices = (plain_price(text) for value in values for text in _texts(value))
    return [price for price in prices if price is not None][:1]


def _category(value: Any) -> list[str]:
    return [_name(entry) for entry in _list(value) if _name(entry)][-1:]


def _images(value: Any) -> Iterator[str]:
    for entry in _list(value):
        if isinstance(entry, dict):
            yield from _texts(entry.get("contentUrl") or entry.get("url"))
        else:
            yield from _texts(entry)


def _links(values: Iterable[str], url: str) -> list[str]:
    return [link for value in values if (link := clean_url(value, url))]


def _name(value: Any) -> str:
    names = _texts(value.get("name") if isinstance(value, dict) else value)
    return names[0] if names else ""


def _texts(value: Any) -> list[str]:
    """Return the texts and numbers of a value, be it one or a list."""
    plain = (v for v in _list(value) if isinstance(v, str | int | float))
    return [text for v in plain if not isinstance(v, bool) and (text := str(v).strip())]


def _nodes(value: Any) -> list[Node]:
    return [entry for entry in _list(value) if isinstance(entry, dict)]


def _list(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]
