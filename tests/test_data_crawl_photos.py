"""Photos: verified, stored by content, one of each view."""

from __future__ import annotations

import hashlib
import io

import pytest
from PIL import Image

from data.crawl_photos import distinct, store_photo
from data.demo_shop.photos import photo_bytes
from data.demo_shop.products import load_products
from data.errors import UnreadableImage
from tests.pictures import SVG, bomb, photo

PRODUCTS = load_products(None, 4, 7)


def test_a_jpeg_is_stored_as_it_came_under_its_hash(tmp_path):
    body = photo_bytes(PRODUCTS[0], 0, "front")
    stored = store_photo(body, tmp_path)
    digest = hashlib.sha256(body).hexdigest()
    assert stored["path"] == f"photos/{digest[:2]}/{digest}.jpg"
    assert (tmp_path / stored["path"]).read_bytes() == body
    assert (stored["width"], stored["height"]) == (120, 160)


def test_another_format_becomes_a_jpeg(tmp_path):
    stored = store_photo(photo("PNG"), tmp_path)
    assert Image.open(tmp_path / stored["path"]).format == "JPEG"


@pytest.mark.parametrize("body", [b"", b"<html>", SVG, bomb(), photo()[:-400][:300]])
def test_what_is_no_photo_is_not_stored(tmp_path, body):
    with pytest.raises(UnreadableImage):
        store_photo(body, tmp_path)
    assert not (tmp_path / "photos").exists()


def test_the_same_view_smaller_is_left_out_and_other_views_stay(tmp_path):
    views = ("front-small", "front", "detail", "front")
    stored = [store_photo(photo_bytes(PRODUCTS[1], 0, view), tmp_path) for view in views]
    kept = distinct(stored)
    assert [photo["sha256"] for photo in kept] == [stored[1]["sha256"], stored[2]["sha256"]]


def test_the_larger_of_two_equal_views_stays(tmp_path):
    image = Image.open(io.BytesIO(photo_bytes(PRODUCTS[2], 0, "front")))
    out = io.BytesIO()
    image.resize((240, 320)).save(out, "JPEG", quality=90)
    small, large = (
        store_photo(b, tmp_path) for b in (photo_bytes(PRODUCTS[2], 0, "front"), out.getvalue())
    )
    assert distinct([small, large]) == [large]
    assert distinct([large, small]) == [large]
