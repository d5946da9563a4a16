"""One product of a catalogue dump: its JSON to the columns of our table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.clean import html_to_text, tidy
from data.errors import ContradictoryFields, UnknownValue
from data.importing import SCOPE_UNKNOWN, WITHOUT_IT, Imported, Row, settle_length
from data.taxonomy import WEAR_OF, parse_value

# The order in which the shop's page shows a product's words.
_DESCRIPTORS = ("description", "style_note", "size_fit_desc", "materials_care_desc")
_NOTHING = {"", "na", "n/a", "none", "null"}
_WEAR_OF_SUBCATEGORY = {"topwear": "upper", "bottomwear": "bottom"}

# Article types filed under Topwear or Bottomwear that are neither, or are a set of both.
_OUT_OF_SCOPE = frozenset(
    {
        "belts",
        "dresses",
        "dupatta",
        "lehenga choli",
        "rompers",
        "suspenders",
        "swimwear",
        "tracksuits",
    }
)
# Garments that our vocabulary lists under another name: by eye 11 of 11 stockings are leggings.
_ITEM_WORDS = {"stockings": "leggings"}


def add_product(imported: Imported, content: Mapping[str, Any]) -> None:
    """Add one product to an import, its fields in our values, its problems listed.

    Raises InvalidListing for an id given before and KeyError, TypeError, ValueError or
    AttributeError where the JSON is no product; nothing is added then.
    """
    data = content.get("data", content)
    attributes = dict(data.get("articleAttributes") or {})  # an empty one is written []
    article, subcategory = _type(data, "articleType"), _type(data, "subCategory")
    row = imported.add(
        listing_id=str(data["id"]),
        source="catalogue",
        title=tidy(data.get("productDisplayName") or ""),
        description=_words(data.get("productDescriptors") or {}),
        brand=_given(data.get("brandName")),
        gender=_given(data.get("gender")),
        age_group=_given(data.get("ageGroup")),
        year=int(data["year"]) if str(data.get("year") or "").isdigit() else None,
    )
    _set_scope(imported, row, article, subcategory)
    if row["scope"] == "in":
        _set_length(imported, row, attributes)
        row["pattern"] = _parse(imported, row, "pattern", _given(attributes.get("Pattern")))
        # Right on only seven in ten (see the report): a hint for whoever wants it, no field.
        colors = (_given(data.get("colour1")), _given(data.get("colour2")))
        several = any(colors) or data.get("baseColour") == "Multi"
        row["color_weak"] = "multi" if several else "single"


def _words(descriptors: Mapping[str, Any]) -> str:
    texts = [(descriptors.get(name) or {}).get("value") or "" for name in _DESCRIPTORS]
    return "\n".join(text for text in map(html_to_text, texts) if text)


def _set_scope(imported: Imported, row: Row, article: str, subcategory: str) -> None:
    """Set scope, wear and item from the article type, wear checked against the subcategory."""
    expected = _WEAR_OF_SUBCATEGORY.get(subcategory.casefold())
    try:
        item = _item(article, row["age_group"] or "")
        wear = WEAR_OF["item"][item]
        if expected not in (None, wear):
            raise ContradictoryFields(f'"{article}" is {wear} wear but filed as {subcategory}.')
    except UnknownValue as error:
        if expected is None or article.casefold() in _OUT_OF_SCOPE:
            row["scope"] = "out"
        else:
            imported.note(row["listing_id"], error, SCOPE_UNKNOWN)
    except ContradictoryFields as error:
        imported.note(row["listing_id"], error, SCOPE_UNKNOWN)
    else:
        row.update(scope="in", wear=wear, item=item)


def _item(article: str, age_group: str) -> str:
    """Return the item an article type names. Raises UnknownValue where it names none, or a set."""
    name = article.casefold()
    # By eye all 5 girls' "Salwar" are sets of tunic and salwar, all 7 women's the salwar alone.
    a_set = name == "salwar and dupatta" or (name == "salwar" and age_group.startswith("Kids"))
    item = None if a_set else parse_value("item", _ITEM_WORDS.get(name, article))
    if item is None:
        raise UnknownValue(
            f'Article type "{article}" may be a set of several garments.', code="ambiguous_article"
        )
    return item


def _set_length(imported: Imported, row: Row, attributes: Mapping[str, Any]) -> None:
    """Set the length from the field of the row's wear type, else derive a leg from the item."""
    sleeve, leg = _given(attributes.get("Sleeve Length")), _given(attributes.get("Length"))
    if row["wear"] == "upper":
        # On upper wear "Length" says where the hem ends, which we do not ask.
        settle_length(row, _parse(imported, row, "length", sleeve))
        return
    if sleeve:
        error = ContradictoryFields(f'Sleeve length "{sleeve}" does not go with {row["item"]}.')
        imported.note(row["listing_id"], error, WITHOUT_IT)
    # "Regular" is as long as the item usually is: as good as not given.
    settle_length(row, _parse(imported, row, "length", None if leg == "Regular" else leg))


def _parse(imported: Imported, row: Row, attribute: str, word: str | None) -> str | None:
    try:
        value = parse_value(attribute, word, row["wear"])
        if value and WEAR_OF.get(attribute, {}).get(value, row["wear"]) != row["wear"]:
            raise ContradictoryFields(f'{attribute} "{word}" does not go with {row["item"]}.')
    except (UnknownValue, ContradictoryFields) as error:
        imported.note(row["listing_id"], error, WITHOUT_IT)
        return None
    return value


def _type(data: Mapping[str, Any], key: str) -> str:
    return str((data.get(key) or {}).get("typeName") or "")


def _given(value: Any) -> str | None:
    text = str(value or "").strip()
    return None if text.casefold() in _NOTHING else text
