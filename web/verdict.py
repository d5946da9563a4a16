"""A report in plain language: pure functions from the report's shapes to what the page shows."""

from __future__ import annotations

from dataclasses import dataclass

from data.remarks import advice
from data.schema import AttributeReport, Report, Span
from data.taxonomy import ATTRIBUTES
from web.labels import (
    ATTRIBUTE_LABELS,
    PHRASES,
    join,
    percent,
    wear_of,
)
from web.marks import Stretch, cut
from web.rows import VERDICTS, Row, against, row, sentence

TONES = {
    "consistent": "agree",
    "conflict": "conflict",
    "unsure": "unsure",
    "out_of_scope": "not_given",
}

ALL, PART, NONE = "all", "part", "none"
SILENCE = {
    ALL: "These words are not in English, so they were not read.",
    PART: "Nothing that was read speaks of the five fields.",
    NONE: "Nothing here speaks of the five fields.",
}
# For what is of another product than the rest: the headline, and what to do.
WHOLE = {
    "image": (
        "The photo looks like another product than {}.",
        "Replace the photo. Chance that it is of this product: {}.",
    ),
    "photos": (
        "The photos look like another product than {}.",
        "Replace the photos. Chance that they are of this product: {}.",
    ),
    "text": (
        "The words look like those of another product than {}.",
        "Write the words anew. Chance that they are of this product: {}.",
    ),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The whole result; `tone` is an attribute status, which gives icon and color."""

    headline: str
    detail: str
    tone: str
    rows: tuple[Row, ...]
    title: tuple[Stretch, ...]
    description: tuple[Stretch, ...]
    legend: tuple[str, ...]
    silence: str  # stands in the legend's place where it is empty
    advice: tuple[str, ...] = ()


def explain(report: Report, *, title: str, description: str) -> Verdict:
    """Put a report into words; `title` and `description` are those that were checked."""
    words = {"title": title, "description": description}
    unread = _unread(report, words)
    marked = {where: cut(text, _spans(report, where)) for where, text in words.items()}
    found = {a for part in marked.values() for stretch in part for a in stretch.attributes}
    return Verdict(
        headline=headline(report),
        detail=_detail(report),
        tone=_tone(report),
        rows=_rows(report, unread=unread == ALL),
        title=tuple(marked["title"]),
        description=tuple(marked["description"]),
        silence=SILENCE[unread],
        legend=tuple(a for a in ATTRIBUTES if a in found),
        advice=() if report.remarks is None else tuple(advice(report.remarks)),
    )


def _tone(report: Report) -> str:
    tone = TONES[report.status]
    # nothing given is no reason for a tick, nor for a question mark
    given = any(found.field for found in report.attributes.values())
    return tone if given or tone == "conflict" else "not_given"


def _rows(report: Report, *, unread: bool) -> tuple[Row, ...]:
    wear = wear_of({a: report.attributes[a].field for a in ATTRIBUTES})
    # what a photo of another product shows is nothing to put into a field
    suggest = report.odd_one_out != "image"
    return tuple(
        row(a, report.attributes[a], wear, suggest=suggest, unread=unread) for a in ATTRIBUTES
    )


def headline(report: Report) -> str:
    """Sum the report up: `3 of 5 fields agree; length looks wrong: the photo shows half sleeve`."""
    if report.status == "out_of_scope":
        return "The photo does not show upper or bottom wear."
    if report.odd_one_out in WHOLE:
        return _other_product(report)
    given = [a for a in ATTRIBUTES if report.attributes[a].field]
    having = {
        status: [a for a in ATTRIBUTES if report.attributes[a].status == status]
        for status in VERDICTS
    }
    parts = [_agreeing(len(having["agree"]), len(given))]
    if not given:
        guesses = [PHRASES[s] for a in ATTRIBUTES if (s := report.attributes[a].suggestion)]
        parts[0] += f": the evidence suggests {join(guesses)}" if guesses else ""
    conflicts = having["conflict"]
    if len(conflicts) == 1:
        parts.append(_conflict(conflicts[0], report.attributes[conflicts[0]]))
    elif conflicts:
        parts.append(f"{_names(conflicts)} need a second look")
    if unsure := having["unsure"]:
        parts.append(f"{_names(unsure)} {'is' if len(unsure) == 1 else 'are'} not certain")
    return sentence("; ".join(parts))


def _unread(report: Report, words: dict[str, str]) -> str:
    """Tell how much of the words was not read because it is not English."""
    foreign = {} if report.remarks is None else report.remarks.foreign
    given = {where for where, text in words.items() if text.strip()}
    return ALL if foreign and given <= foreign.keys() else PART if foreign else NONE


def _other_product(report: Report) -> str:
    """Say that the photo or the words are of another product than all the rest."""
    found = report.attributes.values()
    rest = {
        "your words": report.odd_one_out == "image" and any(a.text.value for a in found),
        "your photo": report.odd_one_out == "text",
        "your fields": any(a.field for a in found),
    }
    others = join([name for name, speaks in rest.items() if speaks])
    return _whole(report)[0].format(others.replace(" and your ", " and "))


def _whole(report: Report) -> tuple[str, str]:
    """Return the headline and the advice on a source that is of another product."""
    many = report.remarks is not None and len(report.remarks.quality) > 1
    return WHOLE["photos" if report.odd_one_out == "image" and many else str(report.odd_one_out)]


def _agreeing(agreeing: int, given: int) -> str:
    if not given:
        return "no field is given yet"
    if agreeing == given:
        return "the one given field agrees" if given == 1 else f"all {given} given fields agree"
    if given == 1:
        return "the one given field is not confirmed"
    return f"{agreeing or 'none'} of {given} fields agree{'s' if agreeing == 1 else ''}"


def _conflict(attribute: str, found: AttributeReport) -> str:
    name = ATTRIBUTE_LABELS[attribute].lower()
    looks = {
        "field": f"{name} looks wrong",
        "image": f"the photo looks different in {name}",
        "text": f"the words look wrong about {name}",
        None: f"{name} needs a second look",
    }[found.odd_one_out]
    said = against(found)
    return f"{looks}: {said}" if said else looks


def _detail(report: Report) -> str:
    if report.status == "out_of_scope":
        return (
            "It may be a dress, shoes, a bag or something else: only upper and bottom wear can be "
            "checked. Add a photo that shows the garment alone, or list it elsewhere."
        )
    if report.odd_one_out in WHOLE:
        belongs = (report.belongs or {}).get(report.odd_one_out, 0.0)
        return _whole(report)[1].format(percent(belongs))
    given = sum(1 for a in ATTRIBUTES if report.attributes[a].field)
    if report.score is None or not given:
        return ""
    what = "the given field is" if given == 1 else f"all {given} given fields are"
    chance = f"Chance that {what} right: {percent(report.score)}"
    if report.review_below is None:
        return f"{chance}."
    place = "under" if report.score < report.review_below else "not under"
    return f"{chance}, {place} the {percent(report.review_below)} at which a person should look."


def _spans(report: Report, where: str) -> dict[str, list[Span]]:
    return {
        a: [span for span in report.attributes[a].text.evidence or () if span.where == where]
        for a in ATTRIBUTES
    }


def _names(attributes: list[str]) -> str:
    return join([ATTRIBUTE_LABELS[a].lower() for a in attributes])
