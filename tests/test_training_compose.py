"""Composed training pictures: cut-out garments on sellers' floors, bare floors, screenshots."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from training.compose import Composer, background, corner

SIZE = (256, 192)
RED, BLUE = (200, 20, 30), (20, 60, 180)


def on_white(color: tuple[int, int, int], *, logo: bool = False) -> np.ndarray:
    """A garment of one color on white, with a white logo inside if asked."""
    pixels = np.full((*SIZE, 3), 250, np.uint8)
    pixels[60:200, 50:140] = color
    if logo:
        pixels[100:120, 80:110] = 255
    return pixels


def table(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["source", "split", "scope"]).assign(group="g")


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(1)


def test_the_white_around_a_garment_is_background_and_a_white_logo_is_not() -> None:
    mask = np.asarray(background(on_white(RED, logo=True)))
    assert mask[5, 5] == 255
    assert mask[110, 95] == 0
    assert mask[150, 95] == 0
    assert 0 < mask[60, 95] < 255, "the edge is soft"


def test_no_background_is_believed_in_a_room_or_where_a_garment_melts_into_the_white() -> None:
    room = np.full((*SIZE, 3), 120, np.uint8)
    pieces = np.full((*SIZE, 3), 255, np.uint8)
    pieces[10:110, 10:90] = RED
    pieces[140:240, 100:180] = RED
    assert background(room) is None
    assert background(np.full((*SIZE, 3), 255, np.uint8)) is None
    assert background(pieces) is None


def test_a_corner_leaves_out_the_bars_around_a_landscape_photo(random) -> None:
    pixels = np.full((*SIZE, 3), 128, np.uint8)
    pixels[56:200] = random.integers(0, 60, (144, 192, 3), np.uint8)
    grown = np.asarray(corner(pixels, 0.3, (192, 256), random))
    assert grown.shape == pixels.shape
    assert corner(pixels, 0.3, (256, 192), random).size == (256, 192)
    assert grown.max() < 60
    plain = np.full((*SIZE, 3), 128, np.uint8)
    np.testing.assert_array_equal(corner(plain, 0.3, (192, 256), random), plain)


def test_a_garment_keeps_its_pixels_on_another_sellers_floor() -> None:
    photos = table(("catalogue", "train", "in"), ("seller_photos", "train", "in"))
    floor = np.tile(np.array(BLUE, np.uint8), (*SIZE, 1))
    floor[::2] //= 2
    seen = Composer(photos, np.stack([on_white(RED), floor]), 1.0, seed=3)(np.array([0]))[0]
    np.testing.assert_array_equal(seen[70:190, 60:130], on_white(RED)[70:190, 60:130])
    assert seen[:50, :, 0].max() <= BLUE[0]


def test_most_photos_out_of_scope_become_floors_screenshots_and_scenes_others_stay() -> None:
    photos = table(("seller_photos", "train", "out"), ("seller_photos", "train", "in"))
    pixels = np.random.default_rng(0).integers(0, 99, (2, *SIZE, 3), np.uint8)
    rows = np.arange(120) % 2
    seen = Composer(photos, pixels, 1.0, seed=3)(rows)
    replaced = np.array([(picture != pixels[0]).any() for picture in seen[::2]])
    assert 0.4 < replaced.mean() < 0.8
    assert all((picture == pixels[1]).all() for picture in seen[1::2])
    made = (seen[::2][replaced].max(axis=(1, 2, 3)) > 200).mean()
    assert 0.25 < made < 0.75, "half are floors, which are dark here"


def test_what_replaces_a_landscape_photo_lies_as_it_does() -> None:
    photos = table(("seller_photos", "train", "out"), ("seller_photos", "train", "in"))
    pixels = [np.zeros((192, 256, 3), np.uint8), on_white(RED)]
    seen = Composer(photos, pixels, 1.0, seed=3)(np.zeros(40, int))
    assert seen.shape == (40, 192, 256, 3)
    assert 4 < (seen.max(axis=(1, 2, 3)) > 0).sum() < 36


def test_a_dress_is_laid_on_floors_as_a_garment_is() -> None:
    photos = table(("catalogue", "train", "out"), ("seller_photos", "train", "in"))
    floor = np.tile(np.array(BLUE, np.uint8), (*SIZE, 1))
    floor[::2] //= 2
    composer = Composer(photos, np.stack([on_white(RED), floor]), 1.0, 3, doubt=np.ones(2))
    seen = composer(np.array([0]))[0]
    np.testing.assert_array_equal(seen[70:190, 60:130], on_white(RED)[70:190, 60:130])
    assert seen[:50, :, 0].max() <= BLUE[0]


def test_a_photo_out_of_scope_that_passes_for_a_garment_is_never_replaced() -> None:
    photos = table(("seller_photos", "train", "out"), ("seller_photos", "train", "in"))
    pixels = np.random.default_rng(0).integers(0, 99, (2, *SIZE, 3), np.uint8)
    for doubt, shown in ((0.9, True), (0.1, False)):
        composer = Composer(photos, pixels, 1.0, seed=3, doubt=np.array([doubt, 0.0]))
        seen = composer(np.zeros(30, int))
        assert all((picture == pixels[0]).all() for picture in seen) == shown


def test_equal_seeds_compose_equal_pictures_and_share_none_composes_nothing() -> None:
    photos = table(("catalogue", "train", "in"), ("seller_photos", "train", "out"))
    pixels = np.random.default_rng(0).integers(0, 255, (2, *SIZE, 3), np.uint8)
    pixels[0] = on_white(RED)
    rows = np.arange(10) % 2
    np.testing.assert_array_equal(
        Composer(photos, pixels, 0.5, seed=9)(rows), Composer(photos, pixels, 0.5, seed=9)(rows)
    )
    np.testing.assert_array_equal(Composer(photos, pixels, 0.0, seed=9)(rows), pixels[rows])


def test_grounds_never_come_from_held_out_sellers() -> None:
    photos = table(("catalogue", "train", "in"), ("seller_photos", "test", "in"))
    pixels = np.stack([on_white(RED), np.full((*SIZE, 3), 90, np.uint8)])
    np.testing.assert_array_equal(
        Composer(photos, pixels, 1.0, seed=3)(np.array([0]))[0], on_white(RED)
    )
