from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from data.errors import UnreadableImage
from data.images import MAX_BYTES, open_image
from tests.pictures import HEIC, SVG, photo, see_through


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
def test_every_allowed_format_becomes_rgb(kind: str) -> None:
    image = open_image(photo(kind))
    assert (image.mode, image.size) == ("RGB", (60, 80))


def test_a_phone_photo_is_turned_upright() -> None:
    image = open_image(photo(orientation=6))  # camera held upright: rows are columns
    assert image.size == (80, 60)
    top, bottom = np.asarray(image)[5, 40], np.asarray(image)[55, 40]
    assert top[0] > 200 > top[2]
    assert bottom[2] > 200 > bottom[0]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_undone_as_pillow_undoes_it(orientation: int) -> None:
    data = photo(orientation=orientation)
    known = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    assert np.array_equal(np.asarray(open_image(data)), np.asarray(known.convert("RGB")))


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_damaged_tag_loses_neither_the_photo_nor_its_orientation(orientation: int) -> None:
    data = photo(orientation=orientation)
    tag = b"\x00\x01\x00\x02\x00\x00\x00\x02N"  # GPSLatitudeRef: a text of two bytes
    assert tag in data
    damaged = data.replace(tag, b"\x00\x1e" + tag[2:])  # GPSDifferential: that must be a number
    assert open_image(damaged).size == open_image(data).size


def test_damaged_pixels_are_told_where_the_tags_would_come_behind_them() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (90, 90, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, "PNG")
    data = bytearray(out.getvalue())
    data[len(data) // 2] ^= 255
    with pytest.raises(UnreadableImage, match="damaged"):
        open_image(bytes(data))


def test_gray_of_sixteen_bits_is_scaled_not_clipped() -> None:
    eight = np.linspace(0, 255, 40 * 40).astype(np.uint8).reshape(40, 40)
    out = io.BytesIO()
    Image.fromarray(eight.astype(np.uint16) * 257).save(out, "PNG")
    assert np.array_equal(np.asarray(open_image(out.getvalue()))[..., 0], eight)


def test_metadata_does_not_survive() -> None:
    image = open_image(photo(orientation=1))
    assert not image.getexif()
    assert image.info == {}


def test_transparency_becomes_white() -> None:
    assert np.asarray(open_image(see_through())).min() == 255


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"not a photo", "not a photo we can read"),
        (SVG, "not a photo we can read"),
        (HEIC, "not a photo we can read"),
        (photo()[:400], "damaged|not a photo"),
        (b"\0" * (MAX_BYTES + 1), "more than 20 MB"),
        (photo(size=(8, 8)), "at least 16"),
    ],
)
def test_what_is_no_photo_is_refused_in_one_sentence(data: bytes, says: str) -> None:
    with pytest.raises(UnreadableImage, match=says) as refused:
        open_image(data)
    assert "\n" not in refused.value.message


def test_too_many_pixels_are_refused_before_they_are_decoded() -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    with pytest.raises(UnreadableImage, match="at most 50 million"):
        open_image(out.getvalue())


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableImage, match=r"gone\.jpg") as refused:
        open_image(tmp_path / "gone.jpg")
    assert refused.value.code == "missing_image"


@given(st.binary(max_size=300), st.integers(0, 200), st.sampled_from(["JPEG", "PNG", "WEBP"]))
def test_damaged_bytes_never_raise_anything_else(noise: bytes, at: int, kind: str) -> None:
    whole = photo(kind, orientation=6)
    for data in (
        noise,
        whole[:at] + noise + whole[at:],
        whole[:at] + noise + whole[at + len(noise) :],
    ):
        with suppress(UnreadableImage):
            assert open_image(data).mode == "RGB"


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=4))
def test_damaged_metadata_never_raises_anything_else(changes: list[tuple[int, int]]) -> None:
    data = bytearray(photo(orientation=6))
    for at, byte in changes:
        data[at % len(data)] = byte
    with suppress(UnreadableImage):
        assert open_image(bytes(data)).mode == "RGB"
