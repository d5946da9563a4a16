"""Made pictures of anything but garments, which training calls out of scope."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from training.scenes import clouds, glimpse, leaves, scene

KINDS = [clouds, leaves, glimpse, scene]


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize("size", [(192, 256), (256, 192)])
def test_every_picture_has_its_size_and_shows_something(
    make: Callable, size: tuple[int, int]
) -> None:
    random = np.random.default_rng(2)
    for _ in range(12):
        picture = make(random, size)
        assert (picture.size, picture.mode) == (size, "RGB")
        assert np.asarray(picture).std() > 2


@pytest.mark.parametrize("make", KINDS)
def test_equal_seeds_make_equal_pictures_and_one_draw_after_another_others(make: Callable) -> None:
    one, other = (np.random.default_rng(3) for _ in range(2))
    first, same = (np.asarray(make(random, (48, 64))) for random in (one, other))
    np.testing.assert_array_equal(first, same)
    assert (np.asarray(make(one, (48, 64))) != first).any()


def test_coarse_outweighs_fine_in_clouds_as_it_does_in_nature() -> None:
    random = np.random.default_rng(4)
    for _ in range(10):
        gray = np.asarray(clouds(random, (192, 256)), float).mean(axis=2)
        fine = np.abs(np.diff(gray, axis=1)).mean() + np.abs(np.diff(gray, axis=0)).mean()
        shuffled = random.permutation(gray.ravel()).reshape(gray.shape)
        noise = np.abs(np.diff(shuffled, axis=1)).mean() + np.abs(np.diff(shuffled, axis=0)).mean()
        assert fine < 0.9 * noise
