"""Biases that put back how often each length comes."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from training.shift import fit_shift
from vision.domain import DOMAINS

NATURAL = np.array([0.8, 0.15, 0.05])


def drawn_balanced(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return logits (n, 3) of a network that takes every value for equally common, and truths."""
    random = np.random.default_rng(0)
    truth = random.choice(3, n, p=NATURAL)
    seen = 2.0 * np.eye(3)[truth] + random.normal(0, 1, (n, 3))
    return 2.0 * seen, truth  # log p(seen | v) up to a constant


def known(truth: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.eye(3)[truth], np.ones((len(truth), 3)), np.ones(len(truth))


def test_a_value_drawn_more_often_than_it_comes_is_taken_back() -> None:
    logits, truth = drawn_balanced(4000)
    domains = np.where(np.arange(4000) % 2, *DOMAINS)
    added = fit_shift(logits, known(truth), domains)
    wanted = np.log(NATURAL) - np.log(NATURAL).mean()
    assert added == pytest.approx(wanted, abs=0.35)  # drawn to zero a little
    right = [float(((logits + b).argmax(axis=1) == truth).mean()) for b in (0.0, added)]
    assert right[1] > right[0] + 0.01


def test_where_nothing_is_known_nothing_is_added() -> None:
    logits, _ = drawn_balanced(50)
    nothing = np.ones((50, 3)), np.ones((50, 3)), np.ones(50)
    assert fit_shift(logits, nothing, np.array([DOMAINS[0]] * 50)) == pytest.approx(0, abs=1e-3)


def test_few_photos_move_little() -> None:
    logits, truth = drawn_balanced(4000)
    few = fit_shift(logits[:20], known(truth[:20]), np.array([DOMAINS[0]] * 20))
    assert np.abs(few).max() < 0.5
