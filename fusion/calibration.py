"""How far probabilities are from meaning what they say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a reliability plot: mean confidence and share right, both in [0, 1]."""

    count: int
    confidence: float
    accuracy: float


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
