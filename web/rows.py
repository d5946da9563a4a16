"""The rows of the agreement table: for each attribute who says what, and why the verdict is so."""

from __future__ import annotations

from dataclasses import dataclass

from data.schema import AttributeReport, Prediction
from web.labels import (
    NOT_GIVEN,
    PHRASES,
    SMALL_LABELS,
    VALUE_LABELS,
    attribute_label,
    percent,
    sureness,
)

VERDICTS = {"agree": "Agrees", "conflict": "Conflict", "unsure": "Unsure", "not_given": NOT_GIVEN}


@dataclass(frozen=True, slots=True)
class Witness:
    """What the photo or the words say: label, confidence in words, bar width 0 to 100."""

    label: str
    sure: str
    width: int | None  # None where there is no value to draw a bar for
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the agreement table."""

    attribute: str
    name: str
    field: str | None
    photo: Witness
    words: Witness
    status: str
    verdict: str
    reason: str
    chance: str | None
    suggestion: str | None
    suggestion_label: str | None


def row(
    attribute: str,
    found: AttributeReport,
    wear: str | None,
    *,
    suggest: bool = True,
    unread: bool = False,
) -> Row:
    """Put one attribute into words; `wear` names its length a sleeve's or a leg's.

    `unread` tells that no word was read, so that the words cannot be said to be silent.
    """
    suggestion = found.suggestion if suggest and found.suggestion != found.field else None
    return Row(
        attribute=attribute,
        name=attribute_label(attribute, wear),
        field=VALUE_LABELS[found.field] if found.field else None,
        photo=_witness(found.image, "Not visible"),
        words=_witness(found.text, "Not read" if unread else "Not stated"),
        status=found.status,
        verdict=VERDICTS[found.status],
        reason=reason(found, unread=unread),
        chance=_chance(found),
        suggestion=suggestion,
        suggestion_label=SMALL_LABELS[suggestion] if suggestion else None,
    )


def _chance(found: AttributeReport) -> str | None:
    """Say whose chance it is: beside "Conflict" a bare 99% reads as the conflict's."""
    if found.score is None or not _said(found):  # nothing but what sellers usually pick
        return None
    return f"Your field is {percent(found.score)} likely right."


def reason(found: AttributeReport, *, unread: bool = False) -> str:
    """Say in one sentence why the verdict is what it is."""
    said = _said(found)
    if found.status == "agree":
        support = _who_says(found, str(found.field))
        return sentence(f"{support}, as your field says" if support else "nothing speaks against")
    if not said:
        silent = "The photo does not tell, and the words were not read."
        return silent if unread else "Neither the photo nor the words tell."
    if found.status == "unsure":
        return sentence(f"{said}; that is not enough to be certain")
    if found.status == "not_given":
        return sentence(said)
    looks = {
        "field": "your field looks wrong: ",
        "image": "the photo looks different: ",
        "text": "the words look wrong: ",
        None: "",
    }[found.odd_one_out]
    return sentence(looks + against(found))


def _witness(said: Prediction, nothing: str) -> Witness:
    if said.value is None:
        return Witness(nothing, "", None)
    quotes = dict.fromkeys(span.text.strip() for span in said.evidence or ())
    return Witness(
        VALUE_LABELS[said.value],
        f"{sureness(said.confidence)}, {percent(said.confidence)}",
        round(said.confidence * 100),
        tuple(quotes),
    )


def _who_says(found: AttributeReport, value: str) -> str:
    """Name who says `value`; empty where nobody does."""
    photo, words = found.image.value == value, found.text.value == value
    if photo and words:
        return f"the photo and the words say {PHRASES[value]}"
    if photo:
        return f"the photo shows {PHRASES[value]}"
    return f"the words say {PHRASES[value]}" if words else ""


def _said(found: AttributeReport) -> str:
    """Name everything photo and words say; empty where they say nothing."""
    values = [v for v in dict.fromkeys((found.image.value, found.text.value)) if v]
    return ", but ".join(_who_says(found, value) for value in values)


def against(found: AttributeReport) -> str:
    """Name what speaks against a field that looks wrong, or all that is said."""
    if found.odd_one_out == "field" and found.suggestion:
        return _who_says(found, found.suggestion) or _said(found)
    return _said(found)


def sentence(words: str) -> str:
    """Make words a sentence: a capital first, a full stop last."""
    return f"{words[0].upper()}{words[1:]}." if words else ""
