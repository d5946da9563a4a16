"""A shop to crawl, as its small YAML file describes it (`data/sites/README.md` shows how)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from data.errors import InvalidTable

KINDS = ("product", "script")
FIELDS = (
    "product_id", "variant", "title", "brand", "description", "category", "colors", "price",
    "gender", "images",
)  # fmt: skip
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Script:
    """Where a `kind: script` shop keeps its data: a variable, and JMESPath expressions into it."""

    variable: str  # as the page writes it: "window.__myx"
    product: str  # the product's object; no match means the page shows no product
    fields: Mapping[str, str]  # our field (or "attributes") -> expression within the product
    links: str | None = None  # addresses of products and of further list pages


@dataclass(frozen=True, slots=True)
class Politeness:
    """How fast one domain is asked; AutoThrottle slows down further when it answers slowly."""

    delay: float = 1.0  # seconds between two requests; 0, without AutoThrottle, is for own shops
    concurrency: int = 2  # requests at once


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a crawl ends even on a site that has no end."""

    pages: int = 100_000
    depth: int = 500  # links from a start page; a category of 10,000 products has 200 pages


@dataclass(frozen=True, slots=True)
class Site:
    """One shop; `product` and `follow` are regular expressions searched in addresses."""

    name: str
    start: tuple[str, ...]
    contact: str  # an e-mail address or web page, sent with every request
    allowed_domains: tuple[str, ...]
    kind: str = "product"
    product: str | None = None
    follow: tuple[str, ...] = ()
    selectors: Mapping[str, str] = field(default_factory=dict)
    script: Script | None = None
    render: bool = False
    politeness: Politeness = Politeness()
    limits: Limits = Limits()


def read_site(path: Path) -> Site:
    """Read and check a site file. Raises InvalidTable, naming the key that is wrong."""
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(f"{path} cannot be read ({error}).") from None
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())[:200]
        raise _wrong(f"{path} is not YAML ({reason}).") from None
    return parse_site(content, str(path))


def parse_site(content: Any, where: str = "The site file") -> Site:
    """Return the site that a YAML mapping describes. Raises InvalidTable."""
    given = _mapping(content, Site, where)
    for key in ("name", "start", "contact"):
        if not given.get(key):
            raise _wrong(f'{where} lacks the key "{key}".')
    values = {key: _READERS[key](value, f"{where}: {key}") for key, value in given.items()}
    start = values["start"]
    values.setdefault("allowed_domains", tuple(dict.fromkeys(_host(url) for url in start)))
    site = Site(**values)
    if (site.kind == "script") != (site.script is not None):
        raise _wrong(f'{where}: "kind: script" and the key "script" go together.')
    return site


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise _wrong(f"{where} must be a line of text, not {value!r:.60}.")
    return value.strip()


def _name(value: Any, where: str) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise _wrong(f"{where} must be small letters, digits, - and _ (40), not {value!r:.60}.")
    return value


def _texts(value: Any, where: str) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(_text(entry, where) for entry in values)


def _urls(value: Any, where: str) -> tuple[str, ...]:
    urls = _texts(value, where)
    for url in urls:
        if not url.startswith(("http://", "https://")) or not _host(url):
            raise _wrong(f"{where} must be http or https addresses, not {url!r:.80}.")
    return urls


def _domains(value: Any, where: str) -> tuple[str, ...]:
    domains = _texts(value, where)
    for domain in domains:
        if "/" in domain:
            raise _wrong(f"{where} must be domains such as shop.example, not {domain!r:.80}.")
    return domains


def _pattern(value: Any, where: str) -> str:
    text = _text(value, where)
    try:
        re.compile(text)
    except re.error as error:
        raise _wrong(f"{where} is not a regular expression ({error}): {text!r:.80}.") from None
    return text


def _patterns(value: Any, where: str) -> tuple[str, ...]:
    return tuple(_pattern(entry, where) for entry in _texts(value, where))


def _kind(value: Any, where: str) -> str:
    if value not in KINDS:
        raise _wrong(f"{where} must be {' or '.join(KINDS)}, not {value!r:.60}.")
    return str(value)


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(f"{where} must be true or false, not {value!r:.60}.")
    return value


def _selectors(value: Any, where: str) -> dict[str, str]:
    """Selectors by field; those starting with / or ( are XPath, the others CSS."""
    from parsel import Selector

    selectors = _expressions(value, where, FIELDS)
    for name, selector in selectors.items():
        try:
            select(Selector("<p></p>"), selector)
        except (ValueError, SyntaxError) as error:  # cssselect's errors are SyntaxErrors
            raise _wrong(f"{where}: {name} is no selector ({error}): {selector!r:.80}.") from None
    return selectors


def select(node: Any, selector: str) -> Any:
    """Apply a selector of a site file to a parsel Selector or a response."""
    return node.xpath(selector) if selector[0] in "/(" else node.css(selector)


def _expressions(value: Any, where: str, allowed: tuple[str, ...]) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise _wrong(f"{where} must be a mapping of fields, not {value!r:.60}.")
    _check_keys(value, allowed, where)
    return {name: _text(text, f"{where}: {name}") for name, text in value.items()}


def _script(value: Any, where: str) -> Script:
    import jmespath

    given = dict(_mapping(value, Script, where))
    for key in ("variable", "product", "fields"):
        if not given.get(key):
            raise _wrong(f'{where} lacks the key "{key}".')
    given["fields"] = _expressions(given["fields"], f"{where}: fields", (*FIELDS, "attributes"))
    script = Script(**given)
    expressions = [script.product, *script.fields.values(), script.links or "@"]
    for text in expressions:
        try:
            jmespath.compile(_text(text, where))
        except jmespath.exceptions.JMESPathError as error:
            reason = " ".join(str(error).split())[:120]
            raise _wrong(f"{where}: {text!r:.80} is no JMESPath expression ({reason}).") from None
    return script


def _politeness(value: Any, where: str) -> Politeness:
    given = Politeness(**_mapping(value, Politeness, where))
    _check_number(given.delay, 0, 3600, f"{where}: delay")
    _check_number(given.concurrency, 1, 64, f"{where}: concurrency", whole=True)
    return given


def _limits(value: Any, where: str) -> Limits:
    given = Limits(**_mapping(value, Limits, where))
    _check_number(given.pages, 1, 10_000_000, f"{where}: pages", whole=True)
    _check_number(given.depth, 1, 100_000, f"{where}: depth", whole=True)
    return given


_READERS: dict[str, Callable[[Any, str], Any]] = {
    "name": _name,
    "start": _urls,
    "contact": _text,
    "allowed_domains": _domains,
    "kind": _kind,
    "product": _pattern,
    "follow": _patterns,
    "selectors": _selectors,
    "script": _script,
    "render": _flag,
    "politeness": _politeness,
    "limits": _limits,
}


def _mapping(value: Any, shape: type, where: str) -> Mapping[str, Any]:
    """Check that a value is a mapping with only the keys that a dataclass has."""
    if not isinstance(value, Mapping):
        raise _wrong(f"{where} must be a mapping of keys, not {value!r:.60}.")
    _check_keys(value, tuple(entry.name for entry in fields(shape)), where)
    return value


def _check_keys(value: Mapping[Any, Any], allowed: tuple[str, ...], where: str) -> None:
    for key in value:
        if key not in allowed:
            raise _wrong(f"{where} has an unknown key {key!r:.60}; allowed: {', '.join(allowed)}.")


def _check_number(value: Any, low: float, high: float, where: str, *, whole: bool = False) -> None:
    number = isinstance(value, int) if whole else isinstance(value, int | float)
    if isinstance(value, bool) or not number or not low <= value <= high:
        kind = "a whole number" if whole else "a number"
        raise _wrong(f"{where} must be {kind} from {low} to {high}, not {value!r:.60}.")


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _wrong(sentence: str) -> InvalidTable:
    return InvalidTable(sentence, code="invalid_site")
