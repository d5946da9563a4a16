from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

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


@given(st.binary(max_size=300), st.integers(0, 200))
def test_damaged_bytes_never_raise_anything_else(noise: bytes, at: int) -> None:
    whole = photo()
    for data in (noise, whole[:at] + noise + whole[at:]):
        with suppress(UnreadableImage):
            assert open_image(data).mode == "RGB"
