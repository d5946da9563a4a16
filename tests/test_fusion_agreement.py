"""Verdicts: a table of cases a person can judge, and what must hold for any input."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schema import Prediction
from data.taxonomy import ATTRIBUTES, VALUES
from fusion.agreement import judge_listing, sigmoid
from fusion.evidence import blocks
from fusion.parameters import SOURCES, Parameters
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


def judge(field, image, text, *, attribute="length", numbers=NUMBERS):
    """Judge one attribute of a listing of which nothing else is known."""
    return judge_listing(
        "a",
        {attribute: field},
        {n: image if n == attribute else shows(n, None) for n in ATTRIBUTES},
        {n: text if n == attribute else says(n, None) for n in ATTRIBUTES},
        numbers,
        in_scope=1.0,
        model_version="v",
    ).attributes[attribute]


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
        # words that contradict the field: the photo settles it, sure or not, where it can
        (FULL, (FULL, 0.6), (HALF, 0.97), "conflict", "text", None),
        (FULL, (NONE, 0.4), (HALF, 0.97), "conflict", None, HALF),
        # a photo that is probably something else than it says names nobody
        (FULL, (HALF, 0.45), (HALF, 0.97), "conflict", None, HALF),
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
    # A wrong wear type spoils the length too, so errors come together.
    assert scores[0] * scores[1] < report.score <= min(scores)
    assert listing({}, SHIRT).score is None


def test_out_of_scope_keeps_all_attributes_and_lowers_the_score() -> None:
    report = listing({"length": FULL}, {}, in_scope=0.05)
    assert report.status == "out_of_scope"
    assert report.score < 0.05
    assert_report(report.to_json())


def test_a_close_up_that_hides_the_sleeve_leaves_the_length_to_the_words() -> None:
    fields = {**SHIRT, "length": FULL}
    alone, denied = listing(fields, SHIRT), listing(fields, SHIRT, said={"length": HALF})
    assert {n: a.status for n, a in alone.attributes.items()} == {
        **dict.fromkeys(ATTRIBUTES, "agree"),
        "length": "unsure",
    }
    assert alone.status == "unsure"
    length = denied.attributes["length"]
    assert (length.status, length.odd_one_out, length.suggestion) == ("conflict", "field", HALF)


@pytest.mark.parametrize("field", [None, "cropped"])
def test_what_usually_goes_with_an_item_neither_accuses_nor_fills_in_a_hidden_length(field) -> None:
    report = judge_listing(
        "a",
        {**JEANS, "length": field},
        {n: shows(n, v) for n, v in {**JEANS, "length": None}.items()},
        {n: says(n, None) for n in ATTRIBUTES},
        usual_lengths(),
        in_scope=1.0,
        model_version="v",
    )
    length = report.attributes["length"]
    assert length.status == ("not_given" if field is None else "unsure")
    assert (length.odd_one_out, length.suggestion) == (None, None)
    assert report.status != "conflict"
    assert field is None or length.score < 0.5, "the queue still sees that the pair is rare"


@pytest.mark.parametrize("field", [None, "multi"])
def test_where_neither_photo_nor_words_tell_nothing_is_accused_or_filled_in(field) -> None:
    usual = parameters()
    color = replace(usual.attributes["color"], prior=np.array([0.999, 0.001]))
    numbers = replace(usual, attributes={**usual.attributes, "color": color})
    report = judge(
        field, shows("color", None), says("color", None), attribute="color", numbers=numbers
    )
    assert report.status == ("not_given" if field is None else "unsure")
    assert (report.odd_one_out, report.suggestion) == (None, None)


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
    shown = {"wear": "upper", "item": "t_shirt", "length": HALF}
    report = judge_listing(
        "A-17",
        {"wear": "upper", "item": "t_shirt", "length": FULL},
        {n: shows(n, shown.get(n), 0.98) for n in ATTRIBUTES},
        {n: says(n, {"length": HALF}.get(n)) for n in ATTRIBUTES},
        Parameters.load(),
        in_scope=1.0,
        model_version="v",
    )
    example = report.attributes["length"]
    assert (example.status, example.odd_one_out) == ("conflict", "field")
    assert example.suggestion == HALF
    assert report.score < 0.5


def test_a_branch_is_trusted_as_far_as_it_was_right() -> None:
    sure = Prediction("multi", 1.0, {"single": 0.0, "multi": 1.0})
    silent = {n: shows(n, None) for n in ATTRIBUTES}
    color = blocks({}, {**silent, "color": sure}, silent, parameters(image=0.8))[1]
    assert color.chances("color", "image")[1] == pytest.approx(0.8, abs=0.01)


def test_an_over_confident_branch_cannot_settle_a_verdict_alone() -> None:
    sure = Prediction(HALF, 1.0, {v: float(v == HALF) for v in VALUES["length"]})
    assert judge(FULL, sure, says("length", None)).score > 0.01


def test_contributions_add_up_to_the_scores_log_odds() -> None:
    found = judge(FULL, shows("length", HALF), says("length", FULL))
    assert sigmoid(sum(found.contributions.values())) == pytest.approx(found.score)
    assert found.contributions["image"] < 0 < found.contributions["text"]
    assert found.contributions["field"] > 0, "most sellers are right"


def test_words_that_know_nothing_new_weigh_less() -> None:
    plain, weighed = parameters(), parameters()
    own = weighed.attributes["length"]
    own = replace(own, text=replace(own.text, weight=0.4))
    weighed = replace(weighed, attributes={**weighed.attributes, "length": own})
    seen, said = shows("length", FULL, 0.6), says("length", HALF)
    scores = [judge(FULL, seen, said, numbers=numbers).score for numbers in (plain, weighed)]
    assert scores[0] < scores[1]


def test_a_field_that_photo_and_words_both_contradict_is_the_odd_one_even_if_likely_right() -> None:
    own = NUMBERS.attributes["length"]
    own = replace(own, text=replace(own.text, weight=0.2))
    weighed = replace(NUMBERS, attributes={**NUMBERS.attributes, "length": own})
    both = judge(FULL, shows("length", HALF, 0.7), says("length", HALF, 0.99), numbers=weighed)
    assert both.score > 0.5
    assert (both.status, both.odd_one_out) == ("conflict", "field")
    apart = judge(FULL, shows("length", NONE, 0.7), says("length", HALF, 0.99), numbers=weighed)
    assert (apart.status, apart.odd_one_out) == ("conflict", None)


JEANS = {"wear": "bottom", "item": "jeans", "length": "full_length", "color": "multi",
         "pattern": "checked"}  # fmt: skip


def test_the_picture_of_another_product_is_told_from_one_wrong_field() -> None:
    given = {**SHIRT, "length": FULL}
    swapped = listing(given, JEANS, said=given)
    assert (swapped.status, swapped.odd_one_out) == ("conflict", "image")
    assert swapped.belongs["image"] < 0.1 < swapped.belongs["text"]
    assert swapped.score < 0.1, "the fields are not those of what is shown"
    assert {a.suggestion for a in swapped.attributes.values()} == {None}
    one = listing({**given, "length": HALF}, {**SHIRT, "length": FULL}, said={"length": FULL})
    assert (one.status, one.odd_one_out) == ("conflict", "field")
    assert one.belongs["image"] > 0.9


def test_three_different_values_name_nobody_even_beside_another_products_photo() -> None:
    given = {**SHIRT, "length": FULL, "pattern": "printed"}
    swapped = listing(given, JEANS, said={**given, "pattern": "striped"})
    assert swapped.odd_one_out == "image"
    assert swapped.attributes["item"].odd_one_out == "image"
    pattern = swapped.attributes["pattern"]
    assert (pattern.status, pattern.odd_one_out, pattern.suggestion) == ("conflict", None, None)


def test_the_words_of_another_product_are_told() -> None:
    report = listing({**SHIRT, "length": FULL}, {**SHIRT, "length": FULL}, said=JEANS)
    assert (report.status, report.odd_one_out) == ("conflict", "text")
    assert report.score > 0.5, "the fields are those of what is shown"


def test_photo_and_words_that_contradict_each_other_are_found_where_all_fields_are_empty() -> None:
    report = listing({}, {**SHIRT, "length": FULL}, said={"length": HALF})
    assert (report.status, report.attributes["length"].status) == ("conflict", "conflict")
    assert report.score is None


def usual_lengths() -> Parameters:
    """The fakes' numbers, in a world where nearly all jeans are of full length."""
    usual = parameters()
    lengths = usual.length_of_item.copy()
    jeans, leg = VALUES["item"].index("jeans"), VALUES["length"].index("full_length")
    lengths[jeans] = 0.01 * (lengths[jeans] > 0)
    lengths[jeans, leg] = 0.97
    return replace(usual, length_of_item=lengths)


def test_a_photo_that_shows_a_rare_pair_is_believed_as_far_as_it_is_sure() -> None:
    numbers = usual_lengths()
    seen = {n: shows(n, v) for n, v in {**JEANS, "length": "cropped"}.items()}
    silent = {n: says(n, None) for n in ATTRIBUTES}
    garment = blocks({}, seen, silent, numbers)[0]
    chance = garment.chances("length", "image")[VALUES["length"].index("cropped")]
    assert chance > 0.85, "the network has seen that these are jeans"


def test_an_item_tells_the_length_that_goes_with_it() -> None:
    report = judge_listing(
        "a",
        {"item": "jeans", "length": "cropped"},
        {n: shows(n, None) for n in ATTRIBUTES},
        {n: says(n, {"item": "jeans"}.get(n)) for n in ATTRIBUTES},
        usual_lengths(),
        in_scope=1.0,
        model_version="v",
    )
    assert report.attributes["length"].score < 0.5


def test_words_deny_a_length_that_goes_with_the_item_they_name() -> None:
    """Of a real sweatshirt: "short sleeves to the elbows" under a field of full sleeves."""
    usual = parameters()
    lengths = usual.length_of_item.copy()
    lengths[VALUES["item"].index("sweatshirt"), : len(VALUES["length"]) // 2] = 0.001
    lengths[VALUES["item"].index("sweatshirt"), VALUES["length"].index(FULL)] = 0.997
    fields = {"wear": "upper", "item": "sweatshirt", "length": FULL}
    said = {"wear": "upper", "item": "sweatshirt", "length": HALF}
    report = judge_listing(
        "a",
        fields,
        {n: shows(n, fields.get(n), 0.96) for n in ATTRIBUTES},
        {n: says(n, said.get(n)) for n in ATTRIBUTES},
        replace(usual, length_of_item=lengths),
        in_scope=1.0,
        model_version="v",
    )
    found = report.attributes["length"]
    assert (found.status, found.odd_one_out, found.suggestion) == ("conflict", "text", None)
    assert found.score > 0.9, "the field is right"


def test_a_field_that_the_photo_denies_agrees_with_nothing() -> None:
    """A shirt that field and words call a T-shirt went from conflict to agree when saved anew."""
    trusting = parameters(contradiction_from=1.0, right=0.99)
    said = says("length", FULL, 0.99)
    found = [
        judge(FULL, shows("length", HALF, p), said, numbers=trusting).status for p in (0.94, 0.6)
    ]
    assert found == ["unsure", "agree"]


def test_a_field_agrees_with_no_words_that_name_another_value() -> None:
    """Of real shirts: solid by field and photo, "checked" by words, which are often of a lining."""
    usual = parameters()
    pattern = usual.attributes["pattern"]
    loose = np.full((4, 4), 0.25)
    loose = replace(pattern, text=replace(pattern.text, given=loose))
    numbers = replace(usual, attributes={**usual.attributes, "pattern": loose})
    said = says("pattern", "checked", 0.99)
    report = judge("solid", shows("pattern", "solid"), said, attribute="pattern", numbers=numbers)
    assert (report.status, report.odd_one_out) == ("unsure", None)


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
def test_the_scores_of_all_values_are_probabilities_that_sum_to_one(case) -> None:
    name, field, image, text = case
    report = judge(field, image, text, attribute=name)
    assert (report.score is None) == (field is None)
    assert report.score is None or 0 <= report.score <= 1
    silent = {n: shows(n, None) for n in ATTRIBUTES}
    said = ({**silent, name: image}, {**silent, name: text})
    block = next(b for b in blocks({name: field}, *said, NUMBERS) if name in b.values)
    found = block.chances(name, *SOURCES)
    assert found.sum() == pytest.approx(1)
    assert found.min() >= 0


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
