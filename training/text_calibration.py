"""Calibrating the words: one temperature per head."""

from __future__ import annotations

import numpy as np

from text.pooling import HEADS, answers

# Never below 1: too few texts are annotated to make the network surer than it is.
TEMPERATURES = np.geomspace(1.0, 6.0, 31)


def fit_temperatures(
    pooled: np.ndarray, allowed: dict[str, np.ndarray], bias: np.ndarray
) -> dict[str, float]:
    """Return the temperature per head that makes the allowed answers, by attribute, likeliest.

    `pooled` (n, 2 places, labels), `allowed` (n, 1 + values) each, `bias` in the order of BIASES.
    """
    chosen = dict.fromkeys(HEADS, 1.0)
    for head in ("item", "wear", "length", "color", "pattern"):
        losses = [
            _loss(pooled, allowed, bias, {**chosen, head: float(temperature)}, head)
            for temperature in TEMPERATURES
        ]
        chosen[head] = round(float(TEMPERATURES[int(np.argmin(losses))]), 3)
    return chosen


def _loss(
    pooled: np.ndarray, allowed: dict[str, np.ndarray], bias: np.ndarray,
    temperature: dict[str, float], head: str,
) -> float:  # fmt: skip
    right = (answers(pooled, bias, temperature)[head] * allowed[head]).sum(axis=1)
    return float(-np.log(np.maximum(right, 1e-6)).mean())
