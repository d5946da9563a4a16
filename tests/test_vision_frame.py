from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from tests.pictures import photo
from vision.frame import BLURRED, LEAST_SIDE, shown_box, unframed
from vision.preprocess import open_photo, to_pixels


def phone_photo(size: tuple[int, int] = (240, 320)) -> Image.Image:
    """A photo without any plain edge."""
    noise = np.random.default_rng(1).integers(0, 256, (size[1], size[0], 3), np.uint8)
    return Image.fromarray(noise)


def in_frame(inner: Image.Image, size: tuple[int, int], color: str) -> Image.Image:
    frame = Image.new("RGB", size, color)
    frame.paste(inner, ((size[0] - inner.width) // 2, (size[1] - inner.height) // 2))
    return frame


def as_jpeg(image: Image.Image, quality: int = 80) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


def as_png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("color", ["white", "black", "gray", "teal"])
@pytest.mark.parametrize("size", [(320, 320), (240, 427), (569, 320), (500, 500)])
def test_a_photo_squared_or_framed_gives_the_bits_of_the_photo(
    color: str, size: tuple[int, int]
) -> None:
    inner = phone_photo()
    framed = to_pixels(as_png(in_frame(inner, size, color)))
    assert np.array_equal(framed, to_pixels(as_png(inner)))


def test_bars_that_jpeg_has_blurred_are_cut_to_the_pixel_or_nearly() -> None:
    smooth = phone_photo((12, 16)).resize((240, 320), Image.Resampling.BICUBIC)
    shown = open_photo(as_jpeg(in_frame(smooth, (320, 320), "white")))
    assert abs(shown.width - 240) <= 4
    assert shown.height == 320


def test_a_garment_on_a_plain_ground_is_no_photo_in_a_frame() -> None:
    ground = Image.new("RGB", (1000, 1000), "white")
    ImageDraw.Draw(ground).ellipse((400, 300, 599, 699), fill="navy")
    assert shown_box(ground) == (0, 0, 1000, 1000)
    assert unframed(ground) is ground


def test_a_bag_with_round_corners_on_white_is_no_photo_in_a_frame() -> None:
    ground = Image.new("RGB", (240, 320), "white")
    ImageDraw.Draw(ground).rounded_rectangle((20, 80, 219, 239), 40, fill="brown")
    assert shown_box(ground) == (0, 0, 240, 320)


def test_a_framed_photo_with_a_few_rows_of_the_frame_s_color_is_cut_out() -> None:
    inner = phone_photo()
    inner.paste("white", (0, 150, 60, 162))
    shown = open_photo(as_png(in_frame(inner, (400, 400), "white")))
    assert shown.size == inner.size


def test_a_photo_plain_on_one_side_alone_stays_whole() -> None:
    halves = Image.new("RGB", (240, 320), "navy")
    halves.paste(phone_photo((120, 320)), (120, 0))
    assert shown_box(halves) == (0, 0, 240, 320)


@pytest.mark.parametrize("color", ["white", "black", "navy"])
def test_a_photo_of_one_color_stays_whole(color: str) -> None:
    assert shown_box(Image.new("RGB", (240, 320), color)) == (0, 0, 240, 320)


def test_a_speck_on_a_wall_is_no_photo_in_a_frame() -> None:
    wall = Image.new("RGB", (240, 320), "white")
    wall.paste("black", (100, 100, 110, 110))
    assert shown_box(wall) == (0, 0, 240, 320)


def test_an_image_already_opened_keeps_what_it_has() -> None:
    # The network's own canvas is padded: what it shows must not be cut anew.
    pixels = to_pixels(as_png(phone_photo((320, 180))))
    assert np.array_equal(to_pixels(Image.fromarray(pixels)), pixels)


def test_a_file_and_what_was_opened_of_it_give_the_same_bits() -> None:
    for data in (as_png(in_frame(phone_photo(), (500, 400), "black")), photo(size=(1000, 1333))):
        assert np.array_equal(to_pixels(open_photo(data)), to_pixels(data))


@given(
    st.tuples(*[st.integers(0, 60)] * 4),
    st.tuples(*[st.integers(0, 255)] * 3),
    st.integers(LEAST_SIDE, 160),
    st.integers(LEAST_SIDE, 160),
)
def test_what_is_kept_lies_in_the_photo_and_holds_all_but_a_little_that_is_no_frame(
    margins: tuple[int, ...], color: tuple[int, ...], width: int, height: int
) -> None:
    left, top, right, bottom = margins
    frame = Image.new("RGB", (left + width + right, top + height + bottom), color)
    frame.paste(phone_photo((width, height)), (left, top))
    box = shown_box(frame)
    assert 0 <= box[0] <= left + BLURRED
    assert 0 <= box[1] <= top + BLURRED
    assert left + width - BLURRED <= box[2] <= frame.width
    assert top + height - BLURRED <= box[3] <= frame.height
