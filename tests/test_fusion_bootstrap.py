"""Resampling whole groups: sums that add up, and doubt that follows the number of groups."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fusion.bootstrap import DRAWS, interval, resampled


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=30))
def test_the_sums_come_first_and_every_draw_holds_whole_groups(rows) -> None:
    groups, flags = (np.array(column) for column in zip(*rows, strict=True))
    hits, sizes = resampled(groups, flags, np.ones(len(rows)))
    assert hits.shape == sizes.shape == (1 + DRAWS,)
    assert (hits[0], sizes[0]) == (flags.sum(), len(rows))
    assert (hits <= sizes).all()
    if (groups == groups[0]).all():
        assert set(hits) == {flags.sum()}


def test_names_of_groups_do_not_matter() -> None:
    flags = np.arange(60) % 7 == 0
    numbers = np.arange(60) // 5
    named = np.array([f"product {number:02d}" for number in numbers])
    assert (resampled(numbers, flags) == resampled(named, flags)).all()


def test_the_interval_leaves_out_a_fortieth_on_each_side() -> None:
    assert interval(np.arange(1001) / 1000) == (0.025, 0.975)
