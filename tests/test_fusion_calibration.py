"""Reliability on numbers whose answer is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.calibration import expected_calibration_error, reliability_bins


def test_bins_hold_every_answer_and_the_error_is_their_mean_gap() -> None:
    confidences, correct = [0.0, 0.55, 0.56, 1.0], [False, True, False, True]
    bins = reliability_bins(confidences, correct, bins=10)
    assert [b.count for b in bins] == [1, 2, 1]
    expected = 2 * abs(0.555 - 0.5) / 4
    assert expected_calibration_error(confidences, correct, bins=10) == pytest.approx(expected)


def test_no_answers_have_no_calibration_error() -> None:
    with pytest.raises(ValueError, match="no answers"):
        expected_calibration_error([], [])


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_the_error_is_a_share(answers) -> None:
    confidences, correct = zip(*answers, strict=True)
    assert 0 <= expected_calibration_error(confidences, correct) <= 1
    assert sum(b.count for b in reliability_bins(confidences, correct)) == len(answers)
