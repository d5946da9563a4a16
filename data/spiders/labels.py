"""Attribute tables of product pages: rows of a label and a value, in whatever element they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from data.clean import tidy
from data.taxonomy import normalize

MAX_LABEL, MAX_VALUE = 60, 300  # characters; longer ones are sentences, not fields
MAX_ROWS = 80

# Our spelling of a label: what shops write for it, compared after `taxonomy.normalize`.
ALIASES = {
    "Sleeve Length": (
        "sleeve", "sleeves", "sleeve type", "sleeve style", "sleeve length type", "arm length",
    ),
    "Pattern": (
        "fabric pattern", "pattern type", "print", "print type", "print or pattern",
        "print or pattern type", "design", "design type", "surface styling pattern",
    ),
    "Length": ("leg length", "garment length", "bottom length", "length type", "inseam type"),
    "Color": ("colour", "colors", "colours", "color name", "colour name", "primary color",
              "primary colour", "base colour", "base color", "shade"),
    "Type": ("product type", "article type", "item type", "garment type", "style type",
             "clothing type"),
    "Material": ("fabric", "composition", "fabric composition", "material composition",
                 "fabric type", "outer material", "material type"),
    "Gender": ("ideal for", "department", "suitable for", "target group", "ideal", "sex"),
    "Brand": ("brand name", "label", "manufacturer brand"),
    "Fit": ("fit type", "fitting", "style fit"),
    "Neck": ("neckline", "neck type", "neck style", "collar", "collar type", "collar style"),
    "Occasion": ("occasion type", "wear occasion"),
    "Category": ("product category", "category name"),
    "Product Code": ("sku", "product id", "style code", "style id", "item code", "article number",
                     "model number", "style number", "item number"),
}  # fmt: skip
_KNOWN = {normalize(word): name for name, words in ALIASES.items() for word in (name, *words)}

# "Sleeve Length: Long Sleeves"; one colon, words on both sides.
_LINE = re.compile(r"\s*([^:\n]{2,60}?)\s*[:\uff1a]\s*(\S[^\n]{0,299})")
# Rows made of two elements: table rows, and the <div><div>label</div><div>value</div></div> of
# shops without tables. Hidden text is no row.
_TABLE_ROWS = "//tr[count(*)=2][not(.//table)]"
_LISTS = "//dl[count(.//dt)<=100]"
_LINES = "//li[not(.//li)] | //p | //div[not(*)] | //span[not(*)]"
_PAIRS = "//div[count(*)=2 and not(text()[normalize-space()])][not(.//div/div)] | //li[count(*)=2]"
_WORDS = "descendant-or-self::*[not(self::script or self::style or self::template)]/text()"


def canonical_label(label: str) -> str | None:
    """Return our spelling of a label that shops write in many ways, or None for an unknown one."""
    return _KNOWN.get(normalize(label))


def attribute_rows(page: Any) -> dict[str, str]:
    """Return label -> value from the tables and lists of a page (a parsel Selector).

    A known label is spelled our way. Tables and definition lists may hold any label; loose lines
    ("Sleeve Length: Long Sleeves") and pairs of elements only known ones, for a page has many
    colons that say nothing of the garment. The first value given for a label stays.
    """
    rows: dict[str, str] = {}
    _keep(rows, [*_pairs(page, _TABLE_ROWS), *_definitions(page)], any_label=True)
    _keep(rows, [*_pairs(page, _PAIRS), *_lines(page)], any_label=False)
    return rows


def known_rows(pairs: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    """Return rows from pairs that a page states as data; what is no short text is left out."""
    rows: dict[str, str] = {}
    texts = ((a, b) for a, b in pairs if isinstance(a, str) and isinstance(b, str | int | float))
    _keep(rows, ((label, str(value)) for label, value in texts), any_label=True)
    return rows


def _keep(rows: dict[str, str], found: Iterable[tuple[str, str]], *, any_label: bool) -> None:
    for raw_label, raw_value in found:
        label, value = _plain(raw_label).rstrip(" :\uff1a"), _plain(raw_value)
        name = canonical_label(label) or (label if any_label else None)
        fits = name and value and len(label) <= MAX_LABEL and len(value) <= MAX_VALUE
        if fits and any(c.isalpha() for c in label) and len(rows) < MAX_ROWS:
            rows.setdefault(str(name), value)


def _pairs(page: Any, path: str) -> Iterator[tuple[str, str]]:
    for row in page.xpath(path):
        first, second = row.xpath("*")
        yield _text(first), _text(second)


def _definitions(page: Any) -> Iterator[tuple[str, str]]:
    for group in page.xpath(_LISTS):
        terms = group.xpath(".//dt")
        for term in terms:
            value = term.xpath("following-sibling::*[1][self::dd]")
            if value:
                yield _text(term), _text(value[0])


def _lines(page: Any) -> Iterator[tuple[str, str]]:
    for line in page.xpath(_LINES):
        if found := _LINE.fullmatch(_text(line)):
            yield found[1], found[2]


def _text(node: Any) -> str:
    """Return the visible words of an element, none where there are too many for a row."""
    words = " ".join(node.xpath(_WORDS).getall())
    return words if len(words) <= 4 * MAX_VALUE else ""


def _plain(text: str) -> str:
    visible = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(tidy(visible).split())
