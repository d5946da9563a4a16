"""The fusion's artifact: what is written is read back, what is broken is refused by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.artifact import save_manifest
from data.errors import ArtifactError
from fusion.parameters import FILE, Parameters
from tests.fusion_fakes import parameters


def test_parameters_survive_a_round_trip(tmp_path: Path) -> None:
    parameters().save(tmp_path / "new", {"made_by": "a test"})
    assert Parameters.load(tmp_path / "new").to_json() == parameters().to_json()


def test_the_released_parameters_load() -> None:
    assert Parameters.load().review_below > 0


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("attributes", "length", "prior", "half_sleeve"), 0.9, "length: prior adds up to"),
        (("attributes", "length", "prior", "half_sleeve"), 0.0, "length: prior must give"),
        (("attributes", "color", "field", "multi", "single"), 5, "color: field must give"),
        (("attributes", "item", "conflict_below"), 0.7, "item: conflict_below is 0.7"),
        (("attributes", "item", "slope"), "high", "item: slope is 'high', not a number"),
        (("attributes", "item", "image", "given", "top", "top"), 0.1, "item: image given adds up"),
        (("attributes", "item", "prior", "hat"), 0.1, "unknown values"),
        (("wrong_photo",), -0.1, "below 0"),
        (("attributes", "wear"), {}, "prior"),
        (("slope",), None, "slope is None"),
    ],
)
def test_a_number_that_cannot_be_is_refused(tmp_path: Path, path, value, named) -> None:
    raw = parameters().to_json()
    place = raw
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    (tmp_path / FILE).write_text(json.dumps(raw))
    save_manifest(tmp_path, {})
    with pytest.raises(ArtifactError, match=named):
        Parameters.load(tmp_path)


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    parameters().save(tmp_path, {})
    (tmp_path / FILE).write_text("{}")
    with pytest.raises(ArtifactError, match="damaged"):
        Parameters.load(tmp_path)
