"""Sellers' garments cut out of their photos and laid on other floors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from training.compose import Composer
from training.cutouts import cached_cutouts, garment, laid, shown, whole

SIZE = (256, 192)
SHIRT = (slice(70, 190), slice(50, 140))
RED, WOOD = (180, 30, 40), (150, 120, 80)


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(1)


def floor(color: tuple[int, int, int], random: np.random.Generator) -> np.ndarray:
    """A floor of one color with a camera's noise."""
    plain = np.broadcast_to(np.array(color), (*SIZE, 3))
    return (plain + random.integers(-8, 9, (*SIZE, 1))).astype("uint8")


def photo(random: np.random.Generator, place: tuple[slice, slice] = SHIRT) -> np.ndarray:
    """A red garment on a wooden floor."""
    pixels = floor(WOOD, random)
    pixels[place] = floor(RED, random)[place]
    return pixels


def table(*rows: tuple[str, str, str]) -> pd.DataFrame:
    photos = pd.DataFrame(rows, columns=["source", "split", "scope"])
    return photos.assign(group="g", image=[f"{n}.jpg" for n in range(len(photos))])


def test_a_garment_is_told_from_the_floor_around_it(random) -> None:
    mask = garment(photo(random))
    wanted = np.zeros(SIZE, bool)
    wanted[SHIRT] = True
    assert (mask & wanted).sum() / (mask | wanted).sum() > 0.9


def test_a_bare_floor_a_speck_and_two_garments_are_not_believed(random) -> None:
    speck = photo(random, (slice(120, 140), slice(90, 110)))
    two = photo(random, (slice(40, 110), slice(40, 150)))
    two[150:220, 40:150] = floor(RED, random)[150:220, 40:150]
    assert garment(np.full((*SIZE, 3), 128, np.uint8)) is None
    assert garment(speck) is None
    assert garment(two) is None


def test_the_bars_beside_a_photo_are_not_the_photo(random) -> None:
    landscape = np.full((*SIZE, 3), 128, np.uint8)
    landscape[56:200] = photo(random)[56:200]
    assert shown(landscape) == (slice(56, 200), slice(0, 192))
    narrow = np.full((*SIZE, 3), 128, np.uint8)
    narrow[:, 24:168] = photo(random)[:, 24:168]
    assert shown(narrow) == (slice(0, 256), slice(24, 168))
    mask = garment(landscape)
    assert mask is not None
    assert not mask[:56].any()
    assert not mask[200:].any()


def test_a_laid_garment_is_whole_and_keeps_its_shape(random) -> None:
    pixels = photo(random)
    mask = np.zeros(SIZE, bool)
    mask[SHIRT] = True
    for _ in range(20):
        picture = np.asarray(
            laid(pixels, np.packbits(mask, axis=1), Image.new("RGB", SIZE[::-1]), random)
        )
        rows, columns = (np.flatnonzero(picture.max(axis=2).max(axis=axis) > 90) for axis in (1, 0))
        height, width = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
        assert picture.shape == pixels.shape
        assert height / width == pytest.approx(120 / 90, rel=0.06)
        assert 0.6 * 192 <= width <= 192


def test_a_sellers_garment_moves_to_another_floor_only_where_it_was_cut_out(random) -> None:
    photos = table(("seller_photos", "train", "in"), ("seller_photos", "train", "in"))
    pixels = np.stack([photo(random), floor((20, 60, 180), random)])
    mask = np.zeros(SIZE, bool)
    mask[SHIRT] = True
    moved = Composer(photos, pixels, 1.0, 5, {0: np.packbits(mask, axis=1)})(np.array([0, 1]))
    assert (moved[0] != pixels[0]).any()
    assert (np.abs(moved[0].astype(int) - RED).max(axis=2) < 20).any(), "the garment is there"
    np.testing.assert_array_equal(moved[1], pixels[1])


def test_only_what_the_training_sellers_sell_is_cut_out_and_only_once(
    random, tmp_path: Path
) -> None:
    photos = table(
        ("seller_photos", "train", "in"),
        ("seller_photos", "test", "in"),
        ("seller_photos", "train", "out"),
        ("catalogue", "train", "in"),
    )
    pixels = np.stack([photo(random)] * 4)
    first = cached_cutouts(photos, pixels, tmp_path)
    assert list(first) == [0, 2]
    again = cached_cutouts(photos, np.zeros_like(pixels), tmp_path)
    np.testing.assert_array_equal(again[0], first[0])
    assert len(list(tmp_path.iterdir())) == 1
    other = photos.assign(image="another.jpg")
    assert cached_cutouts(other, np.zeros_like(pixels), tmp_path) == {}


def test_a_garment_is_cut_out_of_a_landscape_photo_in_the_same_shape(
    random, tmp_path: Path
) -> None:
    photos = table(("seller_photos", "train", "in"), ("seller_photos", "train", "in"))
    upright = photo(random)
    pixels = [upright, upright.transpose(1, 0, 2)]
    for _ in ("made", "read again"):
        first, second = cached_cutouts(photos, pixels, tmp_path).values()
        upright_mask, lying = (np.unpackbits(mask, axis=1) for mask in (first, second))
        assert (upright_mask.shape, lying.shape) == (SIZE, SIZE[::-1])
        assert (upright_mask == lying.T).mean() > 0.98


def test_a_photo_replaced_by_one_of_another_shape_is_cut_out_anew(random, tmp_path: Path) -> None:
    photos = table(*[("seller_photos", "train", "in")] * 3)
    upright = photo(random)
    lying = upright.transpose(1, 0, 2)
    cached_cutouts(photos, [upright, lying, upright], tmp_path)
    found = cached_cutouts(photos, [upright, lying, lying], tmp_path)
    np.testing.assert_array_equal(found[2], found[1])


def test_a_cutout_that_lost_a_part_of_its_garment_is_left_out(random) -> None:
    pixels = np.stack([photo(random)] * 2)
    mask = np.zeros((2, *SIZE), bool)
    mask[:, SHIRT[0], SHIRT[1]] = True
    mask[1, 130:] = False  # half of the second garment stayed on the floor
    cutouts = dict(enumerate(np.packbits(mask, axis=2)))

    def long_or_short(shown: np.ndarray) -> np.ndarray:
        red = (np.abs(shown - RED).max(axis=3) < 20).sum(axis=(1, 2))
        return (red > 90 * 80).astype(int)[:, None]

    assert list(whole(cutouts, pixels, long_or_short)) == [0]
    assert whole({}, pixels, long_or_short) == {}
