"""What one page gives: records of its product, and links to follow."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from scrapy.linkextractors import LinkExtractor
from scrapy.utils.sitemap import Sitemap

from data.crawl_site import Site, select
from data.spiders.labels import attribute_rows
from data.spiders.nodes import nodes_of
from data.spiders.product import Record, product_links, records_of
from data.spiders.script import script_links, script_record, script_value
from data.spiders.urls import clean_url, is_fruitless

_NEXT = "//link[@rel='next']/@href | //a[contains(@rel, 'next')]/@href"
_CANONICAL = "//link[@rel='canonical']/@href"
_PARTS = re.compile(r"/(p|dp|products?|item|buy)/|[-/_]p?\d{4,}(/|\.html?|$)", re.IGNORECASE)
MAX_LINKS = 2_000  # of one page


@dataclass(frozen=True, slots=True)
class Found:
    """What a page gave; `problems` are kinds of unreadable data, counted in the report."""

    records: list[Record] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_page(response: Any, site: Site) -> Found:
    """Read a page with structured data, a `kind: product` shop."""
    page = response.selector
    url = page_url(response)
    nodes, failed = nodes_of(page, response.url)
    records = records_of(nodes, url)
    chosen = _selected(response, site)
    if not records and chosen.get("title"):
        records = [chosen]
    else:
        # One page that shows several colors at once would have them all overwritten.
        chosen = chosen if len(records) == 1 else {}
    if records:
        rows = attribute_rows(page)
        records = [_with_rows({**record, **chosen}, rows) for record in records]
    links = [*product_links(nodes, response.url), *_links(response, site)]
    problems = [f"unreadable {name}" for name in failed]
    links = [link for link in dict.fromkeys(links) if on_site(link, site)]
    return Found(_addressed(records, url), links, problems)


def read_script_page(response: Any, site: Site) -> Found:
    """Read a page whose data sits in a script variable, a `kind: script` shop."""
    assert site.script is not None  # noqa: S101 - parse_site holds it
    links = _links(response, site)
    try:
        value = script_value(response.selector, site.script.variable)
    except ValueError:
        return Found([], links, ["unreadable script variable"])
    if value is None:
        return Found([], links)
    record = script_record(value, site.script)
    links += script_links(value, site.script, response.url)
    links = [link for link in dict.fromkeys(links) if on_site(link, site)]
    if record is None:
        return Found([], links)
    record = {**record, **_selected(response, site)}
    return Found(_addressed([record], page_url(response)), links)


def read_sitemap(body: bytes, url: str) -> tuple[list[str], list[str]]:
    """Return a sitemap's pages and its further sitemaps. Raises ValueError for what is none."""
    try:
        sitemap = Sitemap(body)
        found = [clean_url(entry["loc"], url) for entry in sitemap]
    # lxml and scrapy raise a dozen kinds over broken XML.
    except Exception as error:  # noqa: BLE001
        raise ValueError(f"no sitemap ({error!r:.80})") from None
    links = list(dict.fromkeys(link for link in found if link))[:50_000]  # the format's own limit
    return ([], links) if sitemap.type == "sitemapindex" else (links, [])


def page_url(response: Any) -> str:
    """Return the address a page gives itself, on its own host, else the one it was found at."""
    own = clean_url(response.url) or response.url
    stated = clean_url(response.xpath(_CANONICAL).get(""), response.url)
    host = own.split("/")[2]
    return stated if stated and stated.split("/")[2] == host else own


def wanted(link: str, site: Site) -> bool:
    """Whether a link may lead to products of the shop: by its patterns, else by its looks."""
    if not on_site(link, site):
        return False
    patterns = [*([site.product] if site.product else []), *site.follow]
    if patterns:
        return any(re.search(pattern, link) for pattern in patterns)
    return not is_fruitless(link)


def on_site(link: str, site: Site) -> bool:
    """Whether an address is on one of the site's domains or below it."""
    host = urlsplit(link).hostname or ""
    return any(host == name or host.endswith(f".{name}") for name in site.allowed_domains)


def priority(link: str, site: Site) -> int:
    """Products first: what waits stays short, and a crawl cut short has products."""
    looks = re.search(site.product, link) if site.product else _PARTS.search(link)
    return 1 if looks else 0


def _links(response: Any, site: Site) -> list[str]:
    found = [link.url for link in LinkExtractor().extract_links(response)[:MAX_LINKS]]
    found += [response.urljoin(link) for link in response.xpath(_NEXT).getall()]
    cleaned = dict.fromkeys(clean_url(link) for link in found)
    return [link for link in cleaned if link and wanted(link, site)]


def _selected(response: Any, site: Site) -> Record:
    """Return the fields that the site's selectors find."""
    record: Record = {}
    for name, selector in site.selectors.items():
        texts = [_text(node) for node in select(response, selector)]
        if texts := [text for text in texts if text]:
            record[name] = texts if name in ("images", "colors") else texts[0]
    return record


def _text(node: Any) -> str:
    """Return the text of an attribute or text node, or all visible text of an element."""
    words = node.xpath(
        "descendant-or-self::*[not(self::script or self::style)]/text()"
    ).getall() if hasattr(node.root, "tag") else [node.get()]  # fmt: skip
    return " ".join(" ".join(words).split())


def _with_rows(record: Record, rows: dict[str, str]) -> Record:
    return {**record, "attributes": {**rows, **record.get("attributes", {})}}


def _addressed(records: list[Record], url: str) -> list[Record]:
    """Give each record its address: its own where that is on the page's host, else the page's."""
    host = urlsplit(url).netloc
    own = (next(iter(record.get("url", [])), "") for record in records)
    return [
        {**record, "url": link if urlsplit(link).netloc == host else url}
        for record, link in zip(records, own, strict=True)
    ]
