"""A report in plain language: every verdict has words that say who says what."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.remarks import Remarks
from data.schema import AttributeReport, Prediction, Report, Span
from data.taxonomy import ATTRIBUTES, VALUES
from tests.web_fakes import prediction
from web.labels import PHRASES, SMALL_LABELS, VALUE_LABELS
from web.rows import reason, row
from web.verdict import explain, headline


def verdict(
    photo: str | None,
    words: str | None,
    status: str,
    *,
    field: str | None = "full_sleeve",
    odd: str | None = None,
    suggestion: str | None = None,
) -> AttributeReport:
    seen, said = prediction("length", photo), prediction("length", words, evidence=())
    return AttributeReport(field, seen, said, status, 0.5, odd, suggestion)


def silent() -> AttributeReport:
    return AttributeReport(
        None, prediction("wear", None), prediction("wear", None), "not_given", None, None, None
    )


def report(status: str = "conflict", **found: AttributeReport) -> Report:
    attributes = {a: found.get(a, silent()) for a in ATTRIBUTES}
    return Report("A-1", status, 0.08, "test", attributes)


def of_another_product(source: str, photos: int = 1, **found: AttributeReport) -> Report:
    return replace(
        report(**found),
        odd_one_out=source,
        belongs={"image": 0.5, "text": 0.5} | {source: 0.02},
        remarks=Remarks(quality=((),) * photos),
    )


H, F, Q = "half_sleeve", "full_sleeve", "three_quarter_sleeve"


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (
            verdict(F, F, "agree"),
            "The photo and the words say full sleeve, as your field says.",
        ),
        (verdict(F, None, "agree"), "The photo shows full sleeve, as your field says."),
        (verdict(None, F, "agree"), "The words say full sleeve, as your field says."),
        (verdict(H, F, "agree"), "The words say full sleeve, as your field says."),
        (verdict(None, None, "agree"), "Nothing speaks against."),
        (
            verdict(H, H, "conflict", odd="field", suggestion=H),
            "Your field looks wrong: the photo and the words say half sleeve.",
        ),
        (
            verdict(H, Q, "conflict", odd="field", suggestion=H),
            "Your field looks wrong: the photo shows half sleeve.",
        ),
        (
            verdict(H, None, "conflict", odd="field"),
            "Your field looks wrong: the photo shows half sleeve.",
        ),
        (
            verdict(H, F, "conflict", odd="image"),
            "The photo looks different: the photo shows half sleeve, but the words say full "
            "sleeve.",
        ),
        (
            verdict(F, H, "conflict", odd="text"),
            "The words look wrong: the photo shows full sleeve, but the words say half sleeve.",
        ),
        (
            verdict(H, Q, "conflict"),
            "The photo shows half sleeve, but the words say three-quarter sleeve.",
        ),
        (
            verdict(H, None, "unsure"),
            "The photo shows half sleeve; that is not enough to be certain.",
        ),
        (verdict(None, None, "unsure"), "Neither the photo nor the words tell."),
        (verdict(H, None, "not_given", field=None), "The photo shows half sleeve."),
        (verdict(None, None, "not_given", field=None), "Neither the photo nor the words tell."),
    ],
)
def test_the_reason_says_who_says_what(found: AttributeReport, says: str) -> None:
    assert reason(found) == says


AGREES = verdict(F, F, "agree")
CLASH = verdict(H, F, "conflict", odd="image", suggestion=H)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            report(
                wear=AGREES,
                item=AGREES,
                length=verdict(H, H, "conflict", odd="field", suggestion=H),
            ),
            "2 of 3 fields agree; length looks wrong: the photo and the words say half sleeve.",
        ),
        (
            report(
                wear=AGREES,
                item=verdict(H, H, "conflict", odd="field"),
                length=verdict(H, H, "conflict", odd="field"),
            ),
            "1 of 3 fields agrees; item and length need a second look.",
        ),
        (
            report("unsure", wear=AGREES, color=verdict(None, None, "unsure")),
            "1 of 2 fields agrees; color is not certain.",
        ),
        (report("consistent", wear=AGREES, item=AGREES), "All 2 given fields agree."),
        (report("consistent", wear=AGREES), "The one given field agrees."),
        (
            report(length=verdict(H, None, "conflict", odd="field", suggestion=H)),
            "The one given field is not confirmed; length looks wrong: the photo shows half "
            "sleeve.",
        ),
        (
            report(length=verdict(H, F, "conflict", field=None)),
            "No field is given yet; length needs a second look: the photo shows half sleeve, but "
            "the words say full sleeve.",
        ),
        (
            report("unsure", length=verdict(H, None, "not_given", field=None, suggestion=H)),
            "No field is given yet: the evidence suggests half sleeve.",
        ),
        (report("unsure"), "No field is given yet."),
        (report("out_of_scope"), "The photo does not show upper or bottom wear."),
    ],
)
def test_the_headline_sums_up_in_plain_language(given: Report, says: str) -> None:
    assert headline(given) == says


@pytest.mark.parametrize(
    ("given", "says", "advises"),
    [
        (
            of_another_product("image", length=CLASH),
            "The photo looks like another product than your words and fields.",
            "Replace the photo. Chance that it is of this product: 2%.",
        ),
        (
            of_another_product("image", photos=2, length=verdict(H, None, "conflict")),
            "The photos look like another product than your fields.",
            "Replace the photos. Chance that they are of this product: 2%.",
        ),
        (
            of_another_product("image", length=verdict(H, F, "conflict", field=None)),
            "The photo looks like another product than your words.",
            "Replace the photo. Chance that it is of this product: 2%.",
        ),
        (
            of_another_product("text", length=CLASH),
            "The words look like those of another product than your photo and fields.",
            "Write the words anew. Chance that they are of this product: 2%.",
        ),
    ],
)
def test_a_source_of_another_product_leads(given: Report, says: str, advises: str) -> None:
    shown = explain(given, title="Shirt", description="")
    assert (shown.headline, shown.detail) == (says, advises)
    suggested = [row.suggestion for row in shown.rows if row.suggestion]
    assert suggested == ([] if given.odd_one_out == "image" else [H])


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (verdict(H, F, "conflict", odd="image"), "Your field is 50% likely right."),
        (verdict(None, None, "unsure"), None),  # a chance from nothing but habit helps nobody
        (verdict(H, F, "conflict", field=None), None),
    ],
)
def test_a_chance_says_whose_it_is(found: AttributeReport, says: str | None) -> None:
    score = found.score if found.field else None
    assert row("length", replace(found, score=score), None).chance == says


@pytest.mark.parametrize(
    ("foreign", "says", "words", "why"),
    [
        (
            {"title": "Hindi", "description": "Hindi"},
            "These words are not in English, so they were not read.",
            "Not read",
            "The photo does not tell, and the words were not read.",
        ),
        (
            {"title": "Hindi"},
            "Nothing that was read speaks of the five fields.",
            "Not stated",
            "Neither the photo nor the words tell.",
        ),
        (
            {},
            "Nothing here speaks of the five fields.",
            "Not stated",
            "Neither the photo nor the words tell.",
        ),
    ],
)
def test_words_that_were_not_read_are_not_called_silent(
    foreign: dict[str, str], says: str, words: str, why: str
) -> None:
    given = replace(report("unsure"), remarks=Remarks(quality=((),), foreign=foreign))
    shown = explain(given, title="कुर्ता", description="सूती कुर्ता")
    assert shown.silence == says
    assert {(row.words.label, row.reason) for row in shown.rows} == {(words, why)}


def test_evidence_is_marked_where_it_stands() -> None:
    text = "A shirt with half sleeves"
    said = prediction("length", H, evidence=(Span(13, 25, "half sleeves", "description"),))
    entry = AttributeReport(F, prediction("length", H), said, "conflict", 0.03, "field", H)
    shown = explain(report(length=entry), title="Shirt", description=text)
    assert [(p.text, p.attributes) for p in shown.description] == [
        ("A shirt with ", ()),
        ("half sleeves", ("length",)),
    ]
    assert [(p.text, p.attributes) for p in shown.title] == [("Shirt", ())]
    assert shown.legend == ("length",)
    assert shown.rows[2].words.quotes == ("half sleeves",)


def test_nothing_given_is_neither_a_tick_nor_a_question() -> None:
    assert explain(report("unsure"), title="", description="").tone == "not_given"
    clash = report(length=verdict(H, F, "conflict", field=None))
    assert explain(clash, title="", description="").tone == "conflict"


def test_every_value_has_a_label_a_phrase_and_a_small_label() -> None:
    known = {value for values in VALUES.values() for value in values}
    assert known == set(VALUE_LABELS) == set(PHRASES) == set(SMALL_LABELS)


@st.composite
def any_attribute(draw: st.DrawFn, attribute: str) -> AttributeReport:
    value = st.none() | st.sampled_from(VALUES[attribute])

    def branch(**more: Any) -> Prediction:
        return prediction(attribute, draw(value), draw(st.floats(0, 1)), **more)

    field = draw(value)
    status = draw(st.sampled_from(["agree", "conflict", "unsure"])) if field else "not_given"
    odd = draw(st.sampled_from(["field", "image", "text", None]))
    score = draw(st.floats(0, 1)) if field else None
    return AttributeReport(field, branch(), branch(evidence=()), status, score, odd, draw(value))


@given(
    st.fixed_dictionaries({a: any_attribute(a) for a in ATTRIBUTES}),
    st.sampled_from(["consistent", "conflict", "unsure", "out_of_scope"]),
)
def test_any_report_can_be_put_into_words(found: dict[str, AttributeReport], status: str) -> None:
    shown = explain(Report("A", status, 0.5, "v", found), title="a", description="")
    sentences = [shown.headline, *(row.reason for row in shown.rows)]
    assert all(not s[0].islower() and s.endswith(".") and ".." not in s for s in sentences)
    assert [row.attribute for row in shown.rows] == list(ATTRIBUTES)
