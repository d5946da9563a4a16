"""Calibrating the words: one temperature per head."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from text.pooling import HEADS, answers

TEMPERATURES = np.geomspace(0.5, 4.0, 31)


def fit_temperatures(
    sets: Sequence[tuple[np.ndarray, dict[str, np.ndarray]]], bias: np.ndarray
) -> dict[str, float]:
    """Return the temperature per head that makes the sets likeliest, each set counting the same.

    A set is (pooled scores, allowed answers by attribute).
    """
    chosen = dict.fromkeys(HEADS, 1.0)
    for head in ("item", "wear", "length", "color", "pattern"):
        losses = []
        for temperature in TEMPERATURES:
            trial = {**chosen, head: float(temperature)}
            losses.append(
                sum(_loss(pooled, allowed, bias, trial, head) for pooled, allowed in sets)
            )
        chosen[head] = round(float(TEMPERATURES[int(np.argmin(losses))]), 3)
    return chosen


def _loss(
    pooled: np.ndarray, allowed: dict[str, np.ndarray], bias: np.ndarray,
    temperature: dict[str, float], head: str,
) -> float:  # fmt: skip
    right = (answers(pooled, bias, temperature)[head] * allowed[head]).sum(axis=1)
    return float(-np.log(np.maximum(right, 1e-6)).mean())
