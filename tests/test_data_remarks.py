"""What a report notes beside its verdicts, in JSON and in sentences."""

from __future__ import annotations

import json

import pytest

from data.remarks import (
    PHOTO_ADVICE,
    Contradiction,
    NamedColor,
    Remarks,
    Statement,
    advice,
)
from data.schema import Span

HALF = Statement("half_sleeve", (Span(0, 11, "half\nsleeve", "title"),))
FULL = Statement("full_sleeve", (Span(4, 16, "full sleeves", "description"),))


def test_a_single_photo_needs_no_number() -> None:
    [sentence] = advice(Remarks(quality=(("too_dark",),)))
    assert sentence == f"The photo {PHOTO_ADVICE['too_dark']}"


def test_of_several_photos_each_is_named_by_its_number() -> None:
    said = list(advice(Remarks(quality=((), ("blurry", "too_small")), odd_photo=2)))
    assert [sentence.startswith("Photo 2 ") for sentence in said] == [True] * 3
    assert "another garment" in said[-1]


@pytest.mark.parametrize(
    ("numbers", "start"),
    [
        ((2,), "Photo 2 shows "),
        ((1, 3), "Photos 1 and 3 show "),
        ((2, 4, 5), "Photos 2, 4 and 5 s"),
    ],
)
def test_photos_without_a_garment_are_named_by_their_numbers(numbers, start) -> None:
    [sentence] = advice(Remarks(quality=((),) * 6, no_garment=numbers))
    assert sentence.startswith(start)
    assert "no upper or bottom wear" in sentence


def test_where_no_photo_shows_where_the_sleeves_end_another_is_asked_for() -> None:
    [one] = advice(Remarks(quality=((),), hidden="sleeves"))
    assert one == "The photo does not show where the sleeves end: add one of the whole garment."
    [many] = advice(Remarks(quality=((), ()), hidden="legs"))
    assert many == "No photo shows where the legs end: add one of the whole garment."


def test_a_contradiction_quotes_both_places_on_one_line() -> None:
    [sentence] = advice(Remarks(contradictions=(Contradiction("length", (HALF, FULL)),)))
    assert (
        sentence == "The words contradict themselves in length: “half sleeve” but “full sleeves”."
    )


def test_words_in_another_language_are_said_to_be_unread() -> None:
    [sentence] = advice(Remarks(foreign={"description": "French"}))
    assert "description is not in English (French)" in sentence


def test_colors_are_evidence_and_no_advice() -> None:
    assert not list(advice(Remarks(colors=(NamedColor("blue", Span(0, 4, "navy", "title")),))))


def test_json_keeps_every_remark() -> None:
    color = NamedColor("blue", Span(0, 4, "navy", "title"))
    whole = Remarks(
        (("blurry",), ()), 2, (3,), "legs", (Contradiction("length", (HALF,)),), (color,), {}
    )
    found = json.loads(json.dumps(whole.to_json()))
    assert found["quality"] == [["blurry"], []]
    assert found["odd_photo"] == 2
    assert found["no_garment"] == [3]
    assert found["hidden"] == "legs"
    assert found["contradictions"][0]["said"][0]["evidence"][0]["text"] == "half\nsleeve"
    assert found["colors"] == [{"hue": "blue", "start": 0, "end": 4, "text": "navy", "in": "title"}]
