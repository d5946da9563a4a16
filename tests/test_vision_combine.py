"""Several photos of one listing are answered as one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.taxonomy import ATTRIBUTES, values_for
from tests.fusion_fakes import SHIRT, FakeResult, shows
from vision.combine import combine, hidden_ends

FULL, HALF = "full_sleeve", "half_sleeve"


def seen(length: str | None, p: float = 0.9, in_scope: float = 1.0) -> FakeResult:
    values = {**SHIRT, "length": length} if length else {}
    shown = {name: shows(name, values.get(name), p) for name in ATTRIBUTES}
    if length:
        shown = {n: replace(a, confidence=a.confidence * in_scope) for n, a in shown.items()}
    return FakeResult(shown, in_scope)


def near(length: str, p: float = 0.9) -> FakeResult:
    """A close-up: nearest would be this length, but no end of a sleeve is in it."""
    result = seen(length, p)
    result.attributes["length"] = replace(result.attributes["length"], value=None, confidence=0.8)
    return result


def odds(table: dict[str, float]) -> float:
    return table[FULL] / table[HALF]


def test_equally_sure_photos_are_combined_by_the_mean_of_their_log_probabilities() -> None:
    photos = [seen(FULL, 0.9), seen(HALF, 0.9)]
    found = combine(photos)[0]["length"].probabilities
    one, other = (photo.attributes["length"].probabilities for photo in photos)
    assert sum(found.values()) == pytest.approx(1)
    assert odds(found) == pytest.approx((odds(one) * odds(other)) ** 0.5)


def test_a_photo_that_shows_more_of_an_attribute_counts_for_more() -> None:
    photos = [seen(FULL, 0.9), seen(HALF, 0.5)]
    found = combine(photos)[0]["length"]
    one, other = (photo.attributes["length"].probabilities for photo in photos)
    assert found.value == FULL
    assert odds(found.probabilities) > (odds(one) * odds(other)) ** 0.5


def test_a_photo_that_hardly_shows_a_garment_counts_for_less() -> None:
    clear, doubtful = seen(FULL, 0.9), seen(HALF, 0.9, in_scope=0.55)
    assert combine([clear, doubtful])[0]["length"].value == FULL


def test_the_order_of_photos_changes_nothing() -> None:
    photos = [seen(FULL, 0.9), seen(HALF, 0.6), seen(None, 0.9, 0.1)]
    one, other = combine(photos)[0]["length"], combine(photos[::-1])[0]["length"]
    assert one.value == other.value
    assert one.probabilities == pytest.approx(other.probabilities)


def test_a_photo_out_of_scope_counts_only_where_there_are_no_others() -> None:
    mixed, in_scope = combine([seen(None, 0.9, 0.1), seen(FULL)])
    assert (mixed["length"].value, in_scope) == (FULL, 1.0)
    outside, in_scope = combine([seen(None, 0.9, 0.1), seen(None, 0.8, 0.2)])
    assert {answer.value for answer in outside.values()} == {None}
    assert in_scope == 0.2
    assert outside["wear"].confidence == pytest.approx(0.8)


def test_a_close_up_says_nothing_of_the_length_beside_a_photo_that_shows_it() -> None:
    mixed, _ = combine([near(HALF, 0.99), seen(FULL, 0.7)])
    assert mixed["length"].value == FULL
    assert mixed["length"].confidence == pytest.approx(0.7)
    jeans = {"wear": "bottom", "item": "jeans", "length": "full_length"}
    stranger = FakeResult({n: shows(n, {**SHIRT, **jeans}[n], 0.7) for n in ATTRIBUTES}, 1.0)
    beside_jeans, _ = combine([near(HALF), near(HALF), stranger])
    assert (beside_jeans["wear"].value, beside_jeans["length"].value) == ("upper", None)
    together, in_scope = combine([near(HALF), near(HALF)])
    assert (together["length"].value, together["item"].value, in_scope) == (None, "shirt", 1.0)
    assert together["length"].confidence == pytest.approx(0.8)
    assert hidden_ends(together) == "sleeves"
    assert hidden_ends(mixed) is None
    assert hidden_ends(seen(None).attributes) is None, "no garment has no sleeves to show"


def test_item_and_length_of_several_photos_go_with_their_wear_type() -> None:
    leg = seen(FULL, 0.51)
    leg.attributes["length"] = shows("length", "full_length", 0.9)
    combined, _ = combine([leg, leg])
    assert combined["wear"].value == "upper"
    assert combined["length"].value in values_for("length", "upper")
