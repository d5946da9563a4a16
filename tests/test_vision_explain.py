"""The overlay is the answer itself, laid over the photo."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from data.schema import Prediction
from data.taxonomy import VALUES, WEAR_OF
from tests.pictures import photo
from vision.commands import explain as command
from vision.explain import evidence, explain, overlay, strongest_tenth

ROWS, COLUMNS = 8, 6
MAPS = arrays(
    np.float32, (ROWS, COLUMNS, len(VALUES["length"])), elements=st.floats(-9, 9, width=32)
)


def flat(attribute: str) -> dict[str, float]:
    return {value: 1 / len(VALUES[attribute]) for value in VALUES[attribute]}


@given(MAPS, st.sampled_from(VALUES["length"]))
def test_the_evidence_adds_up_to_the_log_odds_of_its_value(maps: np.ndarray, value: str) -> None:
    places = evidence({"length": maps}, "length", value, flat("length"))
    logits = maps.mean(axis=(0, 1))
    wear = WEAR_OF["length"][value]
    rivals = [v for v in VALUES["length"] if WEAR_OF["length"][v] == wear and v != value]
    mean = np.mean([logits[VALUES["length"].index(v)] for v in rivals])
    own = logits[VALUES["length"].index(value)]
    assert places.mean() == pytest.approx(own - mean, abs=1e-4)


def test_of_two_values_the_evidence_for_one_is_that_against_the_other() -> None:
    maps = {"color": np.random.default_rng(0).normal(size=(ROWS, COLUMNS, 2))}
    single = evidence(maps, "color", "single", flat("color"))
    multi = evidence(maps, "color", "multi", flat("color"))
    np.testing.assert_allclose(single, -multi)


@given(st.integers(0, 1000))
def test_the_strongest_tenth_is_a_tenth_and_the_strongest(seed: int) -> None:
    places = np.random.default_rng(seed).normal(size=(ROWS, COLUMNS))
    marked = strongest_tenth(places)
    assert marked.sum() == 5  # of 48
    assert places[marked].min() >= places[~marked].max()


def test_what_speaks_for_the_value_turns_orange_and_what_speaks_against_blue() -> None:
    places = np.zeros((ROWS, COLUMNS))
    places[:, :2], places[:, 4:] = 1, -1
    tinted = np.asarray(overlay(Image.new("RGB", (192, 256), "gray"), places, scale=1)).astype(int)
    left, middle, right = tinted[128, 10], tinted[128, 96], tinted[128, -10]
    assert left[0] - left[2] > 100
    assert right[2] - right[0] > 100
    assert abs(middle[0] - middle[2]) < 20


def test_the_map_over_the_padding_of_a_landscape_photo_is_cut_away() -> None:
    places = np.zeros((COLUMNS, ROWS))  # the canvas of a landscape photo lies
    places[:1] = places[-1:] = 1  # all evidence lies on the gray bars above and below
    tinted = np.asarray(overlay(Image.new("RGB", (320, 160), "gray"), places, scale=1)).astype(int)
    assert np.abs(tinted[80] - 128).max() < 12


def test_a_nearly_square_photo_is_tinted_as_the_network_saw_it_though_its_panel_is_square() -> None:
    places = np.zeros((COLUMNS, ROWS))  # seen lying, as of 1080x1079
    places[:, 0] = places[:, -1] = 1  # on the gray bars at either side
    tinted = np.asarray(overlay(Image.new("RGB", (512, 512), "gray"), places, scale=1)).astype(int)
    assert np.abs(tinted[:, 40:-40] - 128).max() < 12


@pytest.mark.parametrize("field", [None, "half_sleeve", "full_sleeve", "full_length"])
@pytest.mark.parametrize("size", [(240, 320), (320, 240), (20, 600), (600, 20)])
def test_any_photo_and_field_can_be_drawn(field: str | None, size: tuple[int, int]) -> None:
    rows, columns = (COLUMNS, ROWS) if size[0] > size[1] else (ROWS, COLUMNS)
    random = np.random.default_rng(1)
    maps = {
        name: random.normal(size=(rows, columns, n)) for name, n in (("length", 8), ("wear", 2))
    }
    table = {**dict.fromkeys(VALUES["length"], 0.02), "half_sleeve": 0.86}
    said = Prediction("half_sleeve", 0.86, table)
    drawn = explain(Image.new("RGB", size, "white"), maps, "length", said, field=field)
    assert drawn.width < 2100
    assert drawn.height < 700


def test_a_value_of_the_wear_type_that_is_not_shown_is_drawn_as_denied() -> None:
    """A shirt's photo tells no trouser length from another, but denies bottom wear."""
    maps = {
        "length": np.random.default_rng(1).normal(size=(ROWS, COLUMNS, 8)),
        "wear": np.tile([4.0, -4.0], (ROWS, COLUMNS, 1)),
    }
    table = {v: (0.25 if WEAR_OF["length"][v] == "upper" else 0.0) for v in VALUES["length"]}
    said = Prediction("half_sleeve", 0.25, table)
    drawn = explain(Image.new("RGB", (300, 400), "white"), maps, "length", said, field="cropped")
    seller = np.asarray(drawn)[60:-60, -150:-50].reshape(-1, 3).astype(int)
    assert (seller[:, 2] > seller[:, 0]).all(), "blue: it speaks against the value"


def test_the_command_writes_a_picture_of_the_released_models_evidence(tmp_path: Path) -> None:
    (tmp_path / "shirt.jpg").write_bytes(photo(size=(240, 320)))
    out = tmp_path / "deep" / "overlay.png"
    words = [str(tmp_path / "shirt.jpg"), "--attribute", "color", "--field", "Multicoloured"]
    found = CliRunner().invoke(command, [*words, "--out", str(out)], catch_exceptions=False)
    assert found.exit_code == 0
    assert "color:" in found.output
    with Image.open(out) as drawn:
        assert drawn.format == "PNG"


def test_a_value_that_is_none_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "shirt.jpg").write_bytes(photo(size=(240, 320)))
    words = [str(tmp_path / "shirt.jpg"), "--attribute", "pattern", "--field", "zigzag"]
    found = CliRunner().invoke(command, words)
    assert found.exit_code == 2
    assert "allowed: solid" in found.output


def test_the_photo_is_never_drawn_over(tmp_path: Path) -> None:
    path = tmp_path / "shirt.png"
    path.write_bytes(photo(size=(240, 320)))
    words = [str(path), "--attribute", "pattern", "--out", str(path)]
    found = CliRunner().invoke(command, words)
    assert found.exit_code == 2
    assert "would be overwritten" in found.output
    assert path.read_bytes() == photo(size=(240, 320))
