from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from data.images import open_image
from tests.pictures import photo
from vision.preprocess import HEIGHT, PADDING, WIDTH, by_shape, canvas, placed, to_pixels


@pytest.mark.parametrize(
    "size", [(60, 80), (240, 320), (300, 300), (1000, 1333), (3000, 4000), (17, 4000)]
)
def test_every_size_fits_the_input_upright_or_lying(size: tuple[int, int]) -> None:
    for wanted, shape in ((size, (HEIGHT, WIDTH, 3)), (size[::-1], (WIDTH, HEIGHT, 3))):
        pixels = to_pixels(photo(size=wanted))
        square = wanted[0] == wanted[1]
        assert (pixels.shape, pixels.dtype) == ((HEIGHT, WIDTH, 3) if square else shape, np.uint8)


def test_a_landscape_photo_of_the_inputs_shape_fills_its_canvas() -> None:
    pixels = to_pixels(photo("PNG", size=(320, 240)))
    assert not (pixels == PADDING).all(axis=2).any()


def test_a_photo_of_another_shape_is_padded_and_not_stretched() -> None:
    pixels = to_pixels(photo("PNG", size=(320, 180)))
    assert tuple(pixels[0, HEIGHT // 2]) == PADDING == tuple(pixels[-1, HEIGHT // 2])
    shown = (pixels != PADDING).any(axis=(1, 2))
    assert shown.sum() == HEIGHT * 180 // 320
    middle = pixels[WIDTH // 2]
    assert middle[10][0] > 200
    assert middle[-10][2] > 200


@given(st.tuples(st.integers(16, 5000), st.integers(16, 5000)))
def test_a_photo_is_shown_as_large_as_either_canvas_allows(size: tuple[int, int]) -> None:
    left, top, width, height = placed(size)
    across, down = canvas(size)
    assert 0 <= left <= across - width
    assert 0 <= top <= down - height
    assert width == across or height == down
    other = min(down / size[0], across / size[1])
    assert min(across / size[0], down / size[1]) >= other


def test_a_photo_that_a_phone_stored_on_its_side_is_upright_before_its_canvas_is_chosen() -> None:
    turned = Image.new("RGB", (320, 240), "red")
    exif = turned.getexif()
    exif[0x0112] = 6  # orientation: turn clockwise to view
    file = io.BytesIO()
    turned.save(file, "JPEG", exif=exif)
    assert to_pixels(file.getvalue()).shape == (HEIGHT, WIDTH, 3)


def test_batches_hold_photos_of_one_shape_with_the_bits_of_single_ones() -> None:
    sizes = ((60, 80), (900, 1200), (320, 240), (30, 80), (80, 60))
    alone = [to_pixels(photo(size=size)) for size in sizes]
    found = list(by_shape(alone))
    assert [places.tolist() for places, _ in found] == [[0, 1, 3], [2, 4]]
    for places, batch in found:
        assert all(
            np.array_equal(one, alone[place]) for place, one in zip(places, batch, strict=True)
        )


def test_an_image_that_is_already_input_sized_is_left_as_it_is() -> None:
    pixels = to_pixels(photo(size=(1000, 1333)))
    assert np.array_equal(to_pixels(Image.fromarray(pixels)), pixels)


def test_reduced_decoding_shows_the_same_picture() -> None:
    data = photo(size=(2400, 3200))
    draft = to_pixels(data).astype(int)
    full = to_pixels(open_image(data)).astype(int)
    assert np.abs(draft - full).mean() < 2


def test_no_photos_make_no_batch() -> None:
    assert list(by_shape([])) == []
