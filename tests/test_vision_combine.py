"""Several photos of one listing are answered as one."""

from __future__ import annotations

import pytest

from data.taxonomy import ATTRIBUTES, values_for
from tests.fusion_fakes import SHIRT, FakeResult, shows
from vision.combine import combine

FULL, HALF = "full_sleeve", "half_sleeve"


def seen(length: str | None, p: float = 0.9, in_scope: float = 1.0) -> FakeResult:
    values = {**SHIRT, "length": length} if length else {}
    shown = {name: shows(name, values.get(name), p) for name in ATTRIBUTES}
    return FakeResult(shown, in_scope)


def test_photos_of_one_listing_are_combined_by_the_mean_of_their_log_probabilities() -> None:
    both, _ = combine([seen(FULL, 0.9), seen(HALF, 0.6)])
    assert both["length"].value == FULL
    assert sum(both["length"].probabilities.values()) == pytest.approx(1)
    p = [seen(FULL, 0.9), seen(HALF, 0.6)]
    raw = [r.attributes["length"].probabilities for r in p]
    odds = (raw[0][FULL] * raw[1][FULL] / (raw[0][HALF] * raw[1][HALF])) ** 0.5
    found = both["length"].probabilities
    assert found[FULL] / found[HALF] == pytest.approx(odds)


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


def test_item_and_length_of_several_photos_go_with_their_wear_type() -> None:
    leg = seen(FULL, 0.51)
    leg.attributes["length"] = shows("length", "full_length", 0.9)
    combined, _ = combine([leg, leg])
    assert combined["wear"].value == "upper"
    assert combined["length"].value in values_for("length", "upper")
