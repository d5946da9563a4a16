from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from data.images import open_image
from tests.pictures import photo
from vision.preprocess import HEIGHT, PADDING, WIDTH, to_batch, to_pixels


@pytest.mark.parametrize("size", [(60, 80), (240, 320), (1000, 1333), (3000, 4000), (17, 4000)])
def test_every_size_fits_the_input(size: tuple[int, int]) -> None:
    pixels = to_pixels(photo(size=size))
    assert (pixels.shape, pixels.dtype) == ((HEIGHT, WIDTH, 3), np.uint8)


def test_a_landscape_photo_is_padded_and_not_stretched() -> None:
    pixels = to_pixels(photo("PNG", size=(320, 240)))
    assert tuple(pixels[0, WIDTH // 2]) == PADDING == tuple(pixels[-1, WIDTH // 2])
    middle = pixels[HEIGHT // 2]
    assert middle[10][0] > 200
    assert middle[-10][2] > 200


def test_batch_and_single_photos_have_equal_bits() -> None:
    photos = [photo(size=size) for size in ((60, 80), (900, 1200), (320, 240))]
    batch = to_batch(photos)
    assert all(np.array_equal(batch[i], to_pixels(one)) for i, one in enumerate(photos))


def test_an_image_that_is_already_input_sized_is_left_as_it_is() -> None:
    pixels = to_pixels(photo(size=(1000, 1333)))
    assert np.array_equal(to_pixels(Image.fromarray(pixels)), pixels)


def test_reduced_decoding_shows_the_same_picture() -> None:
    data = photo(size=(2400, 3200))
    draft = to_pixels(data).astype(int)
    full = to_pixels(open_image(data)).astype(int)
    assert np.abs(draft - full).mean() < 2


def test_no_photos_make_an_empty_batch() -> None:
    assert to_batch([]).shape == (0, HEIGHT, WIDTH, 3)
