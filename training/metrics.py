"""How good answers are: accuracy and macro-F1 with intervals, beside the majority baseline."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fusion.bootstrap import interval, resampled
from fusion.calibration import expected_calibration_error

FLOOR_DRAWS = 200


@dataclass(frozen=True, slots=True)
class Score:
    """One attribute measured on one set.

    accuracy, low, high: share right and its 95 % interval, the wider end of two: bootstrap over
    groups (photos of one seller or product stand or fall together) and Wilson's (where all are
    right a bootstrap shows no doubt at all). macro_f1: mean over the values present in
    truth or answers. majority: accuracy of always naming the most frequent truth.
    ece: expected calibration error of the answers' confidence, None where none was given.
    ece_floor: the mean error that as many answers of the same confidences would measure if they
        were calibrated perfectly; a few hundred photos never measure 0.
    """

    n: int
    groups: int
    accuracy: float
    low: float
    high: float
    macro_f1: float
    majority: float
    ece: float | None
    ece_floor: float | None

    def to_json(self) -> dict[str, Any]:
        return {k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(self).items()}


def score(
    truth: ArrayLike, answers: ArrayLike, groups: ArrayLike, confidence: ArrayLike | None = None
) -> Score:
    """Compare answers with the truth; all arguments (n,), words except confidence in [0, 1].

    Raises ValueError where n is 0.
    """
    from scipy.stats import binomtest
    from sklearn.metrics import accuracy_score, f1_score

    true, said, group = np.asarray(truth), np.asarray(answers), np.asarray(groups)
    right = true == said
    wilson = binomtest(int(right.sum()), len(right)).proportion_ci(method="wilson")
    low, high = group_interval(right, group)
    _, counts = np.unique(true, return_counts=True)
    return Score(
        n=len(true),
        groups=len(np.unique(group)),
        accuracy=float(accuracy_score(true, said)),
        low=min(low, float(wilson.low)),
        high=max(high, float(wilson.high)),
        macro_f1=float(f1_score(true, said, average="macro", zero_division=0.0)),
        majority=float(counts.max() / len(true)),
        ece=None if confidence is None else expected_calibration_error(confidence, right),
        ece_floor=None if confidence is None else calibration_floor(confidence),
    )


def calibration_floor(confidence: ArrayLike, seed: int = 0) -> float:
    """Return the mean calibration error of perfectly calibrated answers; confidence (n,)."""
    sure, random = np.asarray(confidence, float), np.random.default_rng(seed)
    drawn = random.random((FLOOR_DRAWS, len(sure))) < sure
    return float(np.mean([expected_calibration_error(sure, right) for right in drawn]))


def group_interval(right: ArrayLike, groups: ArrayLike) -> tuple[float, float]:
    """Return the 95 % interval of the share right, drawing whole groups with replacement."""
    hits, sizes = resampled(groups, right, np.ones(len(np.asarray(right))))[:, 1:]
    return interval(hits / sizes)
