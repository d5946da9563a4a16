"""Close-ups cut for training, and those judged by eye that the branch is measured on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from data.taxonomy import ATTRIBUTES
from tests.tiny_artifacts import write_vision
from training.calibrate import HOTTEST, calibrate
from training.closeups import Closeups, cut, pixels_of, targets_of
from training.hidden import ask, figures, judged
from vision.heads import HEADS
from vision.preprocess import HEIGHT, WIDTH, to_pixels
from vision.tagger import ImageTagger

RED, BLUE = (200, 20, 30), (20, 60, 180)
SHIRT, CUFFS = (48, 40, 144, 200), 170  # where a garment lies in 192x256, and its cuffs begin
NECK_AND_HEM = (72, 34, 120, 216)


@pytest.fixture
def photos(tmp_path: Path) -> pd.DataFrame:
    """A shirt whose cuffs alone are blue, on white; once of each split, and one to be left out."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    image.paste(RED, SHIRT)
    image.paste(RED, NECK_AND_HEM)  # with them it is no rectangle, as a photo in a frame is
    for left in (SHIRT[0], SHIRT[2] - 16):
        image.paste(BLUE, (left, CUFFS, left + 16, SHIRT[3]))
    image.save(tmp_path / "shirt.png")
    rows = [("train", "full"), ("validation", "full"), ("test", "full"), ("train", "thumbnail")]
    photos = pd.DataFrame(rows, columns=["split", "detail"])
    known = {"source": "catalogue", "scope": "in", "true_length": "full_sleeve"}
    names = [str(number) for number in photos.index]
    return photos.assign(**known, listing_id=names, group=names, image=str(tmp_path / "shirt.png"))


@pytest.fixture
def closeups(photos: pd.DataFrame) -> Closeups:
    pixels = np.stack([to_pixels(Path(path)) for path in photos["image"]])
    many = photos.loc[[0] * 40].reset_index(drop=True)  # a photo gives a few close-ups at most
    return cut(many, [pixels[0]] * 40, {}, seed=1)


def blue(pixels: np.ndarray) -> bool:
    return bool(((pixels[..., 2] > 150) & (pixels[..., 0] < 60)).any())


def test_close_ups_said_to_show_where_a_sleeve_ends_show_a_cuff_and_the_others_none(
    closeups: Closeups,
) -> None:
    shown = closeups.targets["length_shown"][:, 0, 0] > 0.5
    assert 5 < shown.sum() < len(shown) - 5
    assert [blue(pixels) for pixels in closeups.pixels] == shown.tolist()


def test_a_close_up_teaches_length_and_scope_only_where_it_shows_them_and_no_item_or_pattern(
    closeups: Closeups,
) -> None:
    shown = closeups.targets["length_shown"][:, 0, 0] > 0.5
    teaches = {
        head: (table[:, 0] != table[:, 1]).any(axis=1) for head, table in closeups.targets.items()
    }
    assert (teaches["length"] == shown).all()
    assert (teaches["scope"] == shown).all(), "plain cloth looks like a plain floor"
    assert not any(teaches[head].any() for head in ("wear", "item", "color", "pattern"))


def test_close_ups_of_a_photo_in_a_frame_are_those_of_the_photo(
    photos: pd.DataFrame, tmp_path: Path
) -> None:
    framed = Image.new("RGB", (WIDTH + 100, HEIGHT + 60), "black")
    framed.paste(Image.open(photos["image"][0]), (50, 30))
    framed.save(tmp_path / "framed.png")
    many = photos.loc[[0] * 10].reset_index(drop=True)
    pixels = [to_pixels(Path(photos["image"][0]))] * 10
    plain = cut(many, pixels, {}, seed=1)
    inside = cut(many.assign(image=str(tmp_path / "framed.png")), pixels, {}, seed=1)
    assert len(plain.pixels) > 5
    for one, other in zip(plain.pixels, inside.pixels, strict=True):
        np.testing.assert_array_equal(one, other)


def test_close_ups_are_cut_from_full_size_photos_of_the_train_split_alone(
    photos: pd.DataFrame,
) -> None:
    pixels = np.stack([to_pixels(Path(path)) for path in photos["image"]])
    others = photos[1:].reset_index(drop=True)
    assert not len(cut(others, pixels[1:], {}, seed=1).pixels)


def test_calibration_learns_from_validation_close_ups_alone_when_a_length_is_hidden(
    photos: pd.DataFrame, tmp_path: Path
) -> None:
    pixels = np.stack([to_pixels(Path(path)) for path in photos["image"]])
    known = {"wear": "upper", "item": "shirt", "color": "single", "pattern": "solid"}
    seen = {f"true_{name}": value for name, value in known.items()}
    unknown = {f"seen_{name}": None for name in ATTRIBUTES}
    photos = photos.assign(**seen, **unknown, annotated=True, picked=False)
    lines = write_judged(tmp_path).read_text().splitlines()
    found = []
    for number, kept in enumerate((lines, lines[:1] + lines[3:], lines[:3])):
        file = tmp_path / f"{number}.csv"
        file.write_text("\n".join(kept) + "\n")
        folder = write_vision(tmp_path / f"vision-{number}")
        found.append(calibrate(folder, photos, pixels, file))
    told = [[fitted["length_shown"] for fitted in m["temperature"].values()] for m in found]
    assert told[0] == told[1] == [HOTTEST] * 2, "the network is sure, and wrong on the hidden one"
    assert told[2] == [1.0] * 2, "no validation close-up, nothing to fit"
    assert all(m["shown_threshold"] == 0.5 for m in found)


def test_an_epoch_takes_its_share_of_close_ups_behind_the_rows_of_the_table() -> None:
    table = pd.DataFrame({"shown": [True, False], "true_length": ["half_sleeve", None]})
    near = Closeups(np.full((2, 4, 4, 3), 9, np.uint8), targets_of(table))
    rows = near.mixed_in(np.zeros(100, int), 0.25, first=10, seed=1)
    assert (rows >= 10).sum() == 25
    assert set(rows) == {0, 10, 11}
    look = near.beside(lambda rows: np.zeros((len(rows), 4, 4, 3), np.uint8), first=10)
    assert look(np.array([0, 11, 3, 10])).max(axis=(1, 2, 3)).tolist() == [0, 9, 0, 9]
    whole = {head: np.zeros((10, 2, len(values)), np.float32) for head, values in HEADS.items()}
    assert near.after(whole)["length_shown"][11, 0].argmax() == 1


def write_judged(folder: Path) -> Path:
    lines = [
        "source,id,left,top,right,bottom,wear,length,passes,sure",
        "catalogue,2,0.25,0.15,0.75,0.8,upper,full_sleeve,2,1",
        "catalogue,2,0.4,0.2,0.6,0.4,upper,hidden,2,1",
        "catalogue,1,0.4,0.2,0.6,0.4,upper,hidden,2,1",
    ]
    (folder / "closeups.csv").write_text("\n".join(lines) + "\n")
    return folder / "closeups.csv"


def test_judged_close_ups_follow_their_photos_split_and_are_measured_by_what_is_in_them(
    photos: pd.DataFrame, tmp_path: Path
) -> None:
    rows = judged(photos, "test", write_judged(tmp_path))
    assert rows["length"].tolist() == ["full_sleeve", "hidden"]
    assert [blue(pixels) for pixels in pixels_of(rows)] == [True, False]
    asked = ask(rows, ImageTagger.load(write_vision(tmp_path / "vision")))
    assert asked["said"].tolist() == ["full_sleeve"] * 2, "the tiny network always names a length"
    found = figures(asked)
    assert (found["hidden"], found["shown"]) == (1, 1)
    assert (found["caught"][0], found["named"][0], found["right"][0]) == (0.0, 1.0, 1.0)
    found = figures(asked.assign(said=["half_sleeve", "hidden"]))
    assert (found["caught"][0], found["named"][0], found["right"][0]) == (1.0, 1.0, 0.0)
