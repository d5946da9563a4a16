"""Verdicts: a table of cases a person can judge, and what must hold for any input."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schema import Prediction
from data.taxonomy import ATTRIBUTES, VALUES
from fusion.agreement import branch_likelihood, judge_attribute, judge_listing, posterior
from fusion.parameters import Parameters
from tests.fusion_fakes import (
    SHIRT,
    assert_report,
    assert_wears_agree,
    flat,
    parameters,
    says,
    shows,
)

FULL, HALF, NONE = "full_sleeve", "half_sleeve", "sleeveless"
NUMBERS = parameters()


def judge(field, image, text, *, attribute="length", wear="upper", numbers=NUMBERS):
    return judge_attribute(field, image, text, numbers, attribute=attribute, wear=wear)


@pytest.mark.parametrize(
    ("field", "image", "text", "status", "odd", "suggestion"),
    [
        # the contract's example: the photo against the field, the words silent
        (FULL, (HALF, 0.97), None, "conflict", "field", HALF),
        (FULL, (FULL, 0.97), None, "agree", None, None),
        (FULL, (FULL, 0.97), (FULL, 0.97), "agree", None, None),
        # two against one
        (FULL, (HALF, 0.97), (HALF, 0.97), "conflict", "field", HALF),
        (FULL, (HALF, 0.97), (FULL, 0.97), "conflict", "image", None),
        (FULL, (FULL, 0.97), (HALF, 0.97), "conflict", "text", None),
        # each says something else: nobody is the odd one
        (NONE, (FULL, 0.95), (HALF, 0.97), "conflict", None, None),
        # too little to say
        (FULL, (HALF, 0.5), None, "unsure", None, None),
        (FULL, (HALF, 0.8), None, "unsure", None, None),
        (FULL, None, None, "unsure", None, None),
        # words alone
        (FULL, None, (FULL, 0.97), "agree", None, None),
        (FULL, None, (HALF, 0.99), "conflict", "field", HALF),
        # the field left empty
        (None, (HALF, 0.97), None, "not_given", None, HALF),
        (None, (HALF, 0.4), None, "not_given", None, None),
        (None, None, (HALF, 0.97), "not_given", None, HALF),
        (None, None, None, "not_given", None, None),
        (None, (HALF, 0.995), (FULL, 0.9), "conflict", "text", HALF),
        (None, (HALF, 0.9), (FULL, 0.9), "conflict", "text", None),  # not sure enough
    ],
)
def test_verdict(field, image, text, status, odd, suggestion) -> None:
    report = judge(field, shows("length", *(image or (None,))), says("length", *(text or (None,))))
    assert (report.status, report.odd_one_out, report.suggestion) == (status, odd, suggestion)
    assert (report.score is None) == (field is None)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"length": FULL}, "consistent"),
        ({"length": HALF}, "conflict"),
        ({}, "unsure"),
        ({"length": FULL, "pattern": "solid"}, "consistent"),
        ({"length": FULL, "pattern": "checked"}, "conflict"),
    ],
)
def test_a_listing_is_as_good_as_its_worst_attribute(fields, expected) -> None:
    report = listing(fields, {**SHIRT, "length": FULL})
    assert report.status == expected
    assert_report(json.loads(json.dumps(report.to_json())))


def listing(fields, seen, *, in_scope=1.0, p=0.97, said=None):
    return judge_listing(
        "a",
        fields,
        {name: shows(name, seen.get(name), p) for name in ATTRIBUTES},
        {name: says(name, (said or {}).get(name)) for name in ATTRIBUTES},
        NUMBERS,
        in_scope=in_scope,
        model_version="v",
    )


def test_a_listing_scores_the_chance_that_all_given_fields_are_right() -> None:
    report = listing({"wear": "upper", "length": FULL}, {**SHIRT, "length": FULL})
    scores = [report.attributes[name].score for name in ("wear", "length")]
    assert report.score == pytest.approx(scores[0] * scores[1])
    assert listing({}, SHIRT).score is None


def test_out_of_scope_keeps_all_attributes_and_lowers_the_score() -> None:
    report = listing({"length": FULL}, {}, in_scope=0.05)
    assert report.status == "out_of_scope"
    assert report.score < 0.05
    assert_report(report.to_json())


def test_words_are_still_compared_where_the_photo_is_out_of_scope() -> None:
    report = listing({"length": FULL}, {}, in_scope=0.05, said={"length": HALF})
    assert (report.status, report.attributes["length"].status) == ("out_of_scope", "conflict")


def test_a_suggestion_goes_with_the_wear_type() -> None:
    # The photo's length head says "full length" (a leg), all the rest is a shirt.
    seen = {**SHIRT, "length": "full_length"}
    report = listing({"wear": "upper", "item": "shirt"}, seen, said={"wear": "upper"})
    assert report.attributes["length"].suggestion in (None, *VALUES["length"][:4])


def test_an_item_given_tells_the_wear_type_of_a_length_suggestion() -> None:
    report = listing({"item": "jeans"}, {"length": "cropped"})
    assert report.attributes["length"].suggestion == "cropped"


def test_the_released_numbers_give_the_contracts_example_its_verdict() -> None:
    example = judge(FULL, shows("length", HALF), says("length", None), numbers=Parameters.load())
    assert (example.status, example.odd_one_out) == ("conflict", "field")
    assert example.suggestion == HALF


def test_one_branch_alone_yields_its_probabilities_mixed_with_the_prior() -> None:
    prior = {"single": 0.7, "multi": 0.3}
    answer = Prediction("multi", 0.9, {"single": 0.1, "multi": 0.9})
    found = posterior(prior, branch_likelihood(answer, prior, 0.2))
    assert found == pytest.approx({"single": 0.8 * 0.1 + 0.14, "multi": 0.8 * 0.9 + 0.06})


def test_an_over_confident_branch_cannot_settle_a_verdict_alone() -> None:
    sure = Prediction(HALF, 1.0, {v: float(v == HALF) for v in VALUES["length"]})
    assert judge(FULL, sure, says("length", None)).score > 0.01


def test_a_photo_that_may_be_out_of_scope_weighs_less() -> None:
    sure = shows("length", HALF)
    doubtful = replace(sure, confidence=sure.confidence * 0.6)
    silent = says("length", None)
    assert judge(FULL, doubtful, silent).score > judge(FULL, sure, silent).score


attributes = st.sampled_from(ATTRIBUTES)


@st.composite
def predictions(draw, attribute: str, *, text: bool = False) -> Prediction:
    raw = [draw(st.floats(0, 1)) for _ in VALUES[attribute]]
    total = sum(raw)
    probabilities = (
        {v: p / total for v, p in zip(VALUES[attribute], raw, strict=True)}
        if total > 1e-6
        else flat(attribute)
    )
    value = draw(st.sampled_from([None, max(probabilities, key=probabilities.__getitem__)]))
    stated = draw(st.floats(0.5, 1))
    confidence = stated if value is None else stated * probabilities[value]
    return Prediction(value, confidence, probabilities, () if text else None)


@st.composite
def cases(draw):
    name = draw(attributes)
    field = draw(st.sampled_from([None, *VALUES[name]]))
    return name, field, draw(predictions(name)), draw(predictions(name, text=True))


@given(cases())
def test_the_fields_scores_are_probabilities_that_sum_to_one_over_the_evidence(case) -> None:
    name, field, image, text = case
    report = judge(field, image, text, attribute=name, wear=None)
    assert (report.score is None) == (field is None)
    assert report.score is None or 0 <= report.score <= 1
    own = NUMBERS.attributes[name]
    found = posterior(own.prior, branch_likelihood(image, own.prior, own.image_floor))
    assert sum(found.values()) == pytest.approx(1)


@given(cases(), st.floats(0, 1))
def test_more_image_support_for_the_field_never_lowers_its_score(case, more) -> None:
    name, field, image, text = case
    if field is None or image.value is None:
        return
    # Move the share `more` of all other values' probability to the field's.
    moved = {v: p * (1 - more) for v, p in image.probabilities.items()}
    moved[field] = image.probabilities[field] + more * (1 - image.probabilities[field])
    best = max(moved, key=moved.__getitem__)
    stronger = Prediction(best, image.stated * moved[best], moved)
    before = judge(field, image, text, attribute=name).score
    assert judge(field, stronger, text, attribute=name).score >= before - 1e-9


@given(cases(), st.floats(0.5, 1))
def test_words_that_state_nothing_change_nothing(case, confidence) -> None:
    name, field, image, text = case
    silent = replace(text, value=None, confidence=confidence)
    report = judge(field, image, silent, attribute=name)
    plain = judge(field, image, says(name, None), attribute=name)
    assert replace(report, text=plain.text) == plain


@given(st.data())
def test_any_listing_gets_a_report_of_the_contract(data) -> None:
    fields = {n: data.draw(st.sampled_from([None, *VALUES[n]]), label=n) for n in ATTRIBUTES}
    report = judge_listing(
        "a",
        fields,
        {n: data.draw(predictions(n)) for n in ATTRIBUTES},
        {n: data.draw(predictions(n, text=True)) for n in ATTRIBUTES},
        NUMBERS,
        in_scope=0.9,
        model_version="v",
    ).to_json()
    assert_report(report)
    assert_wears_agree(report)
