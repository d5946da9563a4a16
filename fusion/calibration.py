"""Making probabilities mean what they say: one temperature per head, and how far off they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
GOLDEN = (5**0.5 - 1) / 2
COLDEST, HOTTEST = 0.05, 20.0  # a head outside this range is broken, not badly calibrated


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a reliability plot: mean confidence and share right, both in [0, 1]."""

    count: int
    confidence: float
    accuracy: float


def golden_section(
    loss: Callable[[float], float], low: float, high: float, *, steps: int = 60
) -> float:
    """Return where `loss`, which has one valley between `low` and `high`, is least."""
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_left, at_right = loss(left), loss(right)
    for _ in range(steps):  # each step keeps 62 % of the interval
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - GOLDEN * (high - low)
            at_left = loss(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + GOLDEN * (high - low)
            at_right = loss(right)
    return (low + high) / 2


def fit_temperature(logits: ArrayLike, labels: ArrayLike) -> float:
    """Return the temperature in [0.05, 20] with the least log loss (Guo et al. 2017).

    `logits` (n, k); `labels` (n,) class numbers, -1 where unknown (left out). Returns 1.0 where
    no label is known. The log loss of a scaled softmax has one valley in 1/T, so a line search
    finds it.
    """
    table, wanted = np.asarray(logits, dtype=np.float64), np.asarray(labels, dtype=np.int64)
    known = wanted >= 0
    table, wanted = table[known], wanted[known]
    if not len(wanted):
        return 1.0
    rows = np.arange(len(wanted))

    def loss(log_temperature: float) -> float:
        scaled = table / np.exp(log_temperature)
        top = scaled.max(axis=1, keepdims=True)
        log_sum = top[:, 0] + np.log(np.exp(scaled - top).sum(axis=1))
        return float((log_sum - scaled[rows, wanted]).mean())

    return float(np.exp(golden_section(loss, np.log(COLDEST), np.log(HOTTEST))))


def reliability_bins(confidences: ArrayLike, correct: ArrayLike, *, bins: int = 15) -> list[Bin]:
    """Sort answers into equal-width confidence bins; empty bins are left out.

    `confidences` (n,) in [0, 1]; `correct` (n,) booleans.
    """
    sure = np.asarray(confidences, dtype=np.float64)
    right = np.asarray(correct, dtype=np.float64)
    place = np.minimum((sure * bins).astype(np.int64), bins - 1)
    inside = [place == number for number in range(bins)]
    return [
        Bin(int(here.sum()), float(sure[here].mean()), float(right[here].mean()))
        for here in inside
        if here.any()
    ]


def expected_calibration_error(
    confidences: ArrayLike, correct: ArrayLike, *, bins: int = 15
) -> float:
    """Return the mean gap between confidence and share right, weighted by bin, in [0, 1].

    Raises ValueError where nothing is given.
    """
    found = reliability_bins(confidences, correct, bins=bins)
    total = sum(b.count for b in found)
    if not total:
        raise ValueError("no answers to compare")
    return sum(b.count * abs(b.confidence - b.accuracy) for b in found) / total
