"""Temperatures and reliability on numbers whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.calibration import (
    expected_calibration_error,
    fit_temperature,
    golden_section,
    reliability_bins,
)
from vision.tagger import softmax


def drawn(temperature: float, n: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Logits whose labels are drawn from their softmax at `temperature`."""
    random = np.random.default_rng(3)
    logits = random.normal(0, 3, (n, 4))
    cumulated = softmax(logits / temperature).cumsum(axis=1)
    return logits, (random.random((n, 1)) > cumulated).sum(axis=1).clip(0, 3)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_the_temperature_that_made_the_labels_is_found(temperature: float) -> None:
    logits, labels = drawn(temperature)
    assert fit_temperature(logits, labels) == pytest.approx(temperature, rel=0.05)


def test_the_fitted_temperature_calibrates() -> None:
    logits, labels = drawn(2.5)
    before, after = softmax(logits), softmax(logits / fit_temperature(logits, labels))
    errors = [
        expected_calibration_error(p.max(axis=1), p.argmax(axis=1) == labels)
        for p in (before, after)
    ]
    assert errors[0] > 0.1
    assert errors[1] < 0.01


def test_unknown_labels_are_left_out() -> None:
    logits, labels = drawn(2.0, 500)
    rubbish = np.full((500, 4), 50.0)
    both, known = np.vstack([logits, rubbish]), np.concatenate([labels, np.full(500, -1)])
    assert fit_temperature(both, known) == fit_temperature(logits, labels)
    assert fit_temperature(rubbish, np.full(500, -1)) == 1.0


def test_logits_always_right_or_huge_stay_finite() -> None:
    sure = np.eye(3) * 1e4
    assert fit_temperature(sure, np.arange(3)) > 0
    assert np.isfinite(softmax(sure)).all()


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


@given(st.floats(-5, 5))
def test_golden_section_finds_the_bottom_of_a_valley(bottom: float) -> None:
    assert golden_section(lambda x: (x - bottom) ** 2, -6, 6) == pytest.approx(bottom, abs=1e-5)
