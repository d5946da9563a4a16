"""Each flag is raised for the fault it names, on made photos and on spoiled real ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image, ImageDraw

from data.remarks import PHOTO_ADVICE
from data.table import split_of
from training.quality import SPOILED
from vision.preprocess import open_photo
from vision.quality import blur, foreground, quality_flags, text_share

SAMPLE = 60
# Of spoiled sellers' photos, each somewhat below what `python -m training quality` measured.
LEAST = {
    "too_small": 1.0,
    "too_dark": 0.9,
    "overexposed": 0.55,
    "blurry": 0.9,
    "mostly_background": 0.85,
    "text_over_photo": 0.2,
}


def garment(size: tuple[int, int] = (480, 640)) -> Image.Image:
    """A blue shirt with a sharp outline and seams on a beige, grainy floor."""
    width, height = size
    made = Image.new("RGB", size, (190, 175, 150))
    draw = ImageDraw.Draw(made)
    draw.rectangle((width * 0.25, height * 0.2, width * 0.75, height * 0.8), fill=(40, 70, 150))
    for seam in range(6):
        x = width * (0.3 + 0.08 * seam)
        draw.line((x, height * 0.2, x, height * 0.8), fill=(200, 205, 220), width=2)
    grain = np.random.default_rng(0).normal(0, 3, (height, width, 3))
    return Image.fromarray((np.asarray(made) + grain).clip(0, 255).astype(np.uint8))


def test_a_good_photo_has_no_flag() -> None:
    assert quality_flags(garment()) == ()


@pytest.mark.parametrize("flag", [name for name in SPOILED if name != "text_over_photo"])
def test_a_spoiled_copy_is_flagged_for_its_fault(flag: str) -> None:
    assert flag in quality_flags(SPOILED[flag](garment()))


def test_every_flag_has_advice_and_a_way_to_spoil() -> None:
    assert set(PHOTO_ADVICE) == set(SPOILED)


def test_a_shops_white_ground_is_not_overexposure() -> None:
    studio = Image.new("RGB", (240, 320), "white")
    ImageDraw.Draw(studio).rectangle((70, 60, 170, 260), fill=(120, 40, 60))
    assert "overexposed" not in quality_flags(studio)


def test_a_stronger_blur_measures_higher() -> None:
    light = np.asarray(garment((240, 320)).convert("L"), np.float32)
    soft = np.asarray(SPOILED["blurry"](garment((240, 320))).convert("L"), np.float32)
    assert blur(light) < blur(soft)


def test_the_foreground_shrinks_with_the_garment() -> None:
    near, far = garment(), SPOILED["mostly_background"](garment())
    assert foreground(np.asarray(near)) > 0.2 > foreground(np.asarray(far))


def test_words_at_the_rim_count_and_a_print_in_the_middle_does_not() -> None:
    rim, middle = (np.full((320, 240), 180, np.float32) for _ in range(2))
    rim[8:24, ::4] = 20
    middle[150:170, 60:180:4] = 20
    assert text_share(rim) > 0.05
    assert text_share(middle) == 0


@pytest.mark.parametrize("size", [(16, 16), (16, 4000), (4000, 17)])
def test_any_photo_that_can_be_read_can_be_judged(size: tuple[int, int]) -> None:
    assert set(quality_flags(Image.new("RGB", size, "white"))) <= set(PHOTO_ADVICE)


@pytest.fixture(scope="module")
def real(listings_data: Path) -> list[Image.Image]:
    """Sellers' photos of the validation split, on which the limits were chosen."""
    table = pd.read_csv(listings_data / "seller_photos" / "images.csv", dtype=str)
    table = table[("seller-" + table["sender_id"]).map(split_of) == "validation"]
    table = table[table["label"].isin(["T-Shirt", "Longsleeve", "Pants", "Shirt", "Shorts"])]
    chosen = table.sample(SAMPLE, random_state=2)["image"]
    folder = listings_data / "seller_photos" / "images"
    return [open_photo(folder / f"{name}.jpg") for name in chosen]


@pytest.mark.data
def test_few_real_photos_are_flagged(real: list[Image.Image]) -> None:
    flagged = [quality_flags(photo) for photo in real]
    for flag in PHOTO_ADVICE:
        assert sum(flag in found for found in flagged) <= 3, flag


@pytest.mark.data
@pytest.mark.parametrize("flag", PHOTO_ADVICE)
def test_spoiled_real_photos_are_caught(flag: str, real: list[Image.Image]) -> None:
    caught = [flag in quality_flags(SPOILED[flag](photo)) for photo in real]
    assert sum(caught) / len(caught) >= LEAST[flag]
