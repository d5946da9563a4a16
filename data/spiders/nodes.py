"""Structured data of a page as plain nodes: JSON-LD, microdata, RDFa and Open Graph alike.

A node is `{"@type": ["Product"], name: value, ...}` with schema.org's names without their
address, values being texts, numbers, nodes or lists of these.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from data.spiders.limit import TooSlow

Node = dict[str, Any]

MAX_NODES = 20_000  # of one page; a list page of 100 products has about 2,000
# Items times properties: extruct looks for each item's properties among all within it, which takes
# a second for 1,000,000. A list page of 100 products has about 200,000.
MAX_MICRODATA = 1_000_000
_SCHEMA = ("http://schema.org/", "https://schema.org/")
_OG_NAMES = {
    "og:title": "name",
    "og:description": "description",
    "og:image": "image",
    "og:image:url": "image",
    "og:image:secure_url": "image",
    "og:url": "url",
    "og:price:amount": "price",
    "product:price:amount": "price",
    "product:brand": "brand",
    "og:brand": "brand",
    "product:color": "color",
    "product:category": "category",
    "product:target_gender": "gender",
    "product:retailer_item_id": "sku",
    "product:item_group_id": "inProductGroupWithID",
    "product:material": "material",
    "product:pattern": "pattern",
}


def nodes_of(page: Any, url: str) -> tuple[list[Node], list[str]]:
    """Return the nodes of a page (a parsel Selector), best syntax first, and what was unreadable.

    A syntax that fails on a page ("json-ld", "microdata", ...) is named in the second list and
    the others are still read.
    """
    root = page.root
    if root is None or not hasattr(root, "iter"):
        return [], []
    readers: dict[str, Callable[[], list[Node]]] = {
        "json-ld": lambda: _json_ld(page),
        "microdata": lambda: _microdata(root, url),
        "rdfa": lambda: _rdfa(page, root, url),
        "open graph": lambda: _open_graph(root),
    }
    nodes: list[Node] = []
    failed = []
    for name, read in readers.items():
        try:
            nodes += read()
        except TooSlow:
            raise
        # A hostile page may make any library raise anything; the kind is told in the report.
        except Exception:  # noqa: BLE001
            failed.append(name)
    return nodes, failed


def flat(nodes: list[Node]) -> Iterator[Node]:
    """Yield the nodes and every node within them, outer ones first, MAX_NODES at most."""
    waiting: deque[Any] = deque(nodes)
    for _ in range(MAX_NODES):
        if not waiting:
            return
        value = waiting.popleft()
        if isinstance(value, dict):
            yield value
            waiting.extend(inner for inner in value.values() if isinstance(inner, dict | list))
        elif isinstance(value, list):
            waiting.extend(inner for inner in value if isinstance(inner, dict | list))


def types_of(node: Node) -> set[str]:
    """Return a node's types without schema.org's address: `{"Product"}`."""
    given = node.get("@type")
    names = given if isinstance(given, list) else [given]
    return {_short(name) for name in names if isinstance(name, str)}


def _short(name: str) -> str:
    for prefix in _SCHEMA:
        name = name.removeprefix(prefix)
    return name


def _json_ld(page: Any) -> list[Node]:
    nodes: list[Node] = []
    broken = 0
    for script in page.xpath('//script[contains(@type, "ld+json")]/text()').getall():
        try:
            found = json.loads(_without_comment(script), strict=False)
        except (ValueError, RecursionError):
            broken += 1
            continue
        nodes += [node for node in (found if isinstance(found, list) else [found]) if node]
    if broken and not nodes:
        raise ValueError("no script of the page is JSON")
    return [node for node in nodes if isinstance(node, dict)]


def _without_comment(script: str) -> str:
    text = script.strip()
    for start, end in (("<!--", "-->"), ("//<![CDATA[", "//]]>"), ("/*<![CDATA[*/", "/*]]>*/")):
        text = text.removeprefix(start).removesuffix(end).strip()
    return text.removesuffix(";")


def _microdata(root: Any, url: str) -> list[Node]:
    from extruct.w3cmicrodata import MicrodataExtractor

    scopes, properties = root.xpath("count(//*[@itemscope])"), root.xpath("count(//*[@itemprop])")
    if not scopes:
        return []
    if scopes * properties > MAX_MICRODATA:
        raise ValueError("too much microdata")
    return [_from_microdata(item) for item in MicrodataExtractor().extract_items(root, url)]


def _from_microdata(value: Any, depth: int = 0) -> Any:
    if depth > 20:
        raise ValueError("nested too deeply")
    if isinstance(value, list):
        return [_from_microdata(inner, depth + 1) for inner in value]
    if isinstance(value, dict):
        inner = value.get("properties", {})
        return {"@type": value.get("type")} | {
            name: _from_microdata(content, depth + 1) for name, content in inner.items()
        }
    return value


def _rdfa(page: Any, root: Any, url: str) -> list[Node]:
    from extruct.rdfa import RDFaExtractor

    # rdflib takes 30 ms a page, and few shops write RDFa: only where a product is declared.
    if not root.xpath("boolean(//*[contains(@typeof, 'Product')])"):
        return []
    from extruct.utils import parse_xmldom_html

    document = parse_xmldom_html(page.get().encode(), encoding="utf-8")
    found = RDFaExtractor().extract_items(document, base_url=url)
    by_id = {node["@id"]: node for node in found if "@id" in node}
    return [_from_rdfa(node, by_id, 0) for node in found if "Product" in types_of(node)]


def _from_rdfa(node: Node, by_id: dict[str, Node], depth: int) -> Node:
    out: Node = {"@type": node.get("@type", [])}
    for name, values in node.items():
        if not name.startswith("@"):
            out[_short(name)] = [_rdfa_value(value, by_id, depth) for value in values]
    return out


def _rdfa_value(value: Node, by_id: dict[str, Node], depth: int) -> Any:
    if "@value" in value:
        return value["@value"]
    target = by_id.get(value.get("@id", ""))
    return value.get("@id") if target is None or depth > 5 else _from_rdfa(target, by_id, depth + 1)


def _open_graph(root: Any) -> list[Node]:
    from extruct.opengraph import OpenGraphExtractor

    nodes = []
    for found in OpenGraphExtractor().extract_items(root):
        pairs = [(name, value) for name, value in found["properties"] if value]
        if not any(name == "og:type" and "product" in value for name, value in pairs):
            continue
        node: Node = {"@type": "Product"}
        for name, value in pairs:
            if name in _OG_NAMES:
                node.setdefault(_OG_NAMES[name], []).append(value)
        nodes.append(node)
    return nodes
