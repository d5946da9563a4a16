"""Data that a page keeps in a variable of a script: `window.__myx = {"pdpData": {...}};`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from data.crawl_site import Script
from data.spiders.product import Record
from data.spiders.urls import clean_url

_DECODER = json.JSONDecoder(strict=False)


def script_value(page: Any, variable: str) -> Any:
    """Return the JSON value assigned to a variable in a page's scripts (a parsel Selector).

    None where no script assigns it. Raises ValueError where what is assigned is no JSON.
    """
    assigned = re.compile(rf"(?<![\w.$]){re.escape(variable)}\s*=\s*(?=[\[{{])")
    for script in page.xpath("//script/text()").getall():
        if found := assigned.search(script):
            try:
                return _DECODER.raw_decode(script, found.end())[0]
            except RecursionError:
                raise ValueError(f"{variable} is nested too deeply") from None
    return None


def script_record(value: Any, script: Script) -> Record | None:
    """Return what the variable says of the page's product, None where it shows none."""
    product = _search(script.product, value)
    if not isinstance(product, Mapping):
        return None
    record = {name: _search(path, product) for name, path in script.fields.items()}
    attributes = record.get("attributes")
    if isinstance(attributes, list):  # [{"name": ..., "value": ...}]
        pairs = [tuple(entry.values())[:2] for entry in attributes if isinstance(entry, Mapping)]
        record["attributes"] = dict(pair for pair in pairs if len(pair) == 2)
    elif not isinstance(attributes, Mapping):
        record.pop("attributes", None)
    return {name: found for name, found in record.items() if found}


def script_links(value: Any, script: Script, url: str) -> list[str]:
    """Return the addresses of products and list pages that the variable names."""
    found = _search(script.links, value) if script.links else []
    links = [clean_url(link, url) for link in _flatten(found) if isinstance(link, str)]
    return list(dict.fromkeys(link for link in links if link))


def _flatten(value: Any) -> list[Any]:
    if not isinstance(value, list):
        return [value]
    return [inner for entry in value for inner in (entry if isinstance(entry, list) else [entry])]


def _search(expression: str, value: Any) -> Any:
    import jmespath

    try:
        return jmespath.search(expression, value)
    except jmespath.exceptions.JMESPathError:  # a function given a value of another type
        return None
