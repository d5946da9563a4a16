"""The shapes: a listing from JSON, and one sentence for whatever is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InvalidListing, UnknownValue
from data.schema import (
    MAX_TEXT,
    AttributeReport,
    Listing,
    Prediction,
    Report,
    Span,
    error_line,
    parse_line,
)
from data.taxonomy import ATTRIBUTES

_ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
_KEYS = ("listing_id", "images", "title", "description", "fields")


def test_a_listing_reads_its_fields_through_the_aliases():
    listing = Listing.from_json(
        {
            "listing_id": "A-17",
            "images": ["photos/a.jpg", "/abs/b.jpg"],
            "title": "Striped shirt",
            "fields": {"item": "Shirts", "length": "Full sleeves", "color": None},
        },
        folder=Path("/shop"),
    )
    assert listing.images == (Path("/shop/photos/a.jpg"), Path("/abs/b.jpg"))
    assert listing.fields == {
        "wear": None,
        "item": "shirt",
        "length": "full_sleeve",
        "color": None,
        "pattern": None,
    }
    assert listing.description == ""


def test_a_whole_number_is_an_id():
    assert Listing.from_json({"listing_id": 17, "images": ["a.jpg"]}).listing_id == "17"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"listing_id": ""}, "listing_id must be a non-empty text or a whole number."),
        ({"listing_id": True}, "listing_id must be a non-empty text or a whole number."),
        ({"images": []}, "No image given; a listing holds 1 to 8."),
        ({"images": ["a.jpg"] * 9}, "9 images given; a listing holds 1 to 8."),
        ({"images": "a.jpg"}, "images must be a list of file paths."),
        ({"images": ["a\0.jpg"]}, "An image path holds a null byte."),
        ({"title": 5}, "title must be a text, not int."),
        (
            {"description": "x" * (MAX_TEXT + 1)},
            "description has 50001 characters; at most 50000 are read.",
        ),
        ({"fields": []}, "fields must be an object of attribute: value."),
        ({"fields": {"item": 3}}, "item must be a text or null, not int."),
    ],
)
def test_a_wrong_listing_is_told_in_one_sentence(change, sentence):
    with pytest.raises(InvalidListing) as caught:
        Listing.from_json({"listing_id": "A", "images": ["a.jpg"], **change})
    assert caught.value.message == sentence


def _outcome(call, *arguments):
    try:
        return call(*arguments)
    except InvalidListing as error:
        return error


@given(st.dictionaries(st.sampled_from(_KEYS), _ANY_JSON))
def test_any_object_is_a_listing_or_told_in_a_sentence(line):
    outcome = _outcome(Listing.from_json, line)
    if isinstance(outcome, Listing):
        assert tuple(outcome.fields) == ATTRIBUTES
    else:
        assert outcome.message.endswith(".")


@given(st.text())
def test_any_line_is_an_object_or_bad_json(text):
    outcome = _outcome(parse_line, text)
    assert isinstance(outcome, dict) or outcome.code == "bad_json"


def test_a_deeply_nested_line_is_bad_json():
    with pytest.raises(InvalidListing, match="not valid JSON"):
        parse_line("[" * 100_000)


def test_an_error_line_has_the_contract_shape():
    error = UnknownValue("What went wrong.", field="item")
    assert error_line("A", error) == {
        "listing_id": "A",
        "error": {"code": "unknown_value", "message": "What went wrong."},
    }


def test_a_report_has_the_contract_shape():
    image = Prediction("multi", 0.9, {"single": 0.1, "multi": 0.9})
    span = Span(0, 4, "Blue", "title")
    text = Prediction(None, 0.75, {"single": 0.5, "multi": 0.5}, (span,))
    verdict = AttributeReport("single", image, text, "conflict", 0.12345, "field", "multi",
                              {"field": 1.5, "image": -3.46, "text": 0.0})  # fmt: skip
    belongs = {"image": 0.98765, "text": 1.0}
    line = Report("A", "conflict", 0.12345, "v1", {"color": verdict}, "field", belongs).to_json()
    assert json.loads(json.dumps(line)) == {
        "listing_id": "A",
        "status": "conflict",
        "score": 0.1235,
        "odd_one_out": "field",
        "belongs": {"image": 0.9877, "text": 1.0},
        "review_below": None,
        "model_version": "v1",
        "attributes": {
            "color": {
                "field": "single",
                "image": {
                    "value": "multi",
                    "confidence": 0.9,
                    "probabilities": {"single": 0.1, "multi": 0.9},
                },
                "text": {
                    "value": None,
                    "confidence": 0.75,
                    "probabilities": {"single": 0.5, "multi": 0.5},
                    "evidence": [{"start": 0, "end": 4, "text": "Blue", "in": "title"}],
                },
                "status": "conflict",
                "score": 0.1235,
                "odd_one_out": "field",
                "suggestion": "multi",
                "contributions": {"field": 1.5, "image": -3.46, "text": 0.0},
            }
        },
    }


def test_the_probability_of_saying_anything_follows_from_the_confidence():
    shares = {"single": 0.8, "multi": 0.2}
    assert Prediction("single", 0.6, shares).stated == pytest.approx(0.75)
    assert Prediction(None, 0.9, shares).stated == pytest.approx(0.1)
