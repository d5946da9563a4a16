"""Fitting the verdicts: from made-up branches whose errors are known, and from tables."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.artifact import load_manifest
from data.schema import Prediction
from data.table import schema, write_table
from data.taxonomy import ATTRIBUTES, VALUES, WEAR_OF, values_for
from fusion.operating import LISTING, HeldOut
from fusion.parameters import Parameters, family
from tests.fusion_fakes import FakeImages, FakeTexts, parameters, photo, says, shows
from training.branch_cache import RememberingImages, RememberingTexts
from training.fusion import coverage, load_annotated, run
from training.fusion_calibrate import platt
from training.fusion_fit import (
    ERROR_RATE,
    Example,
    Material,
    Person,
    Read,
    confusions,
    field_table,
    fit_branch,
    fit_tables,
    length_of_item,
    shares,
    words_weight,
)
from training.fusion_world import draw

TOP, TEE = "top", "t_shirt"


def made_up(count: int, *, confused: float, seed: int = 1) -> list[Example]:
    """Garments whose photo branch calls a top a T-shirt, and is sure of it, `confused` often."""
    random = np.random.default_rng(seed)
    found = []
    for number in range(count):
        wear = str(random.choice(VALUES["wear"]))
        true = {n: str(random.choice(values_for(n, wear))) for n in ATTRIBUTES} | {"wear": wear}
        shown = dict(true)
        if true["item"] == TOP and random.random() < confused:
            shown["item"] = TEE
        image = {n: shows(n, v, 0.95) for n, v in shown.items()}
        found.append(Example(str(number), true, image, {n: says(n, None) for n in ATTRIBUTES}))
    return found


def material(examples: list[Example]) -> Material:
    return Material(
        examples,
        [Read(e.group, e.truth, e.text) for e in examples],
        [Person(e.group, e.truth, e.truth) for e in examples],
    )


def test_what_a_branch_confuses_is_learned_per_value() -> None:
    examples = made_up(1500, confused=0.5)
    answers = [e.image["item"] for e in examples]
    truths = [e.truth["item"] for e in examples]
    found = fit_branch(answers, truths, "item", shares(truths, "item"))
    item = VALUES["item"].index
    assert found.given[item(TOP), item(TEE)] == pytest.approx(0.5, abs=0.15)
    assert found.given[item(TEE), item(TEE)] > 0.9
    assert found.given[item("jeans"), item(TEE)] == 0, "a photo of jeans tells of bottom wear"
    assert np.allclose(found.given.sum(axis=1), 1)
    assert np.allclose(family("item") @ found.says, 1)


def test_a_branch_never_heard_is_believed_to_err_now_and_then() -> None:
    found = fit_branch([says("color", None)], ["single"], "color", np.array([0.5, 0.5]))
    assert np.diag(found.given) == pytest.approx(np.array([0.99, 0.99]), abs=0.01)


def test_shares_are_smoothed_and_sum_to_one_within_a_wear_type() -> None:
    found = shares(["jeans", "jeans", "shirt", None], "item")
    assert np.allclose(family("item") @ found, 1)
    jeans, skirt = (VALUES["item"].index(v) for v in ("jeans", "skirt"))
    assert found[jeans] > found[skirt] > 0


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_confusions_stay_within_the_wear_type(attribute: str) -> None:
    table = confusions([], attribute)
    assert np.allclose(table.sum(axis=1), 1)
    assert not np.diag(table).any()
    assert not table[~family(attribute)].any()


def test_what_sellers_confuse_is_learned() -> None:
    pairs = [(TOP, TEE)] * 80 + [(TOP, TOP)] * 320 + [("shirt", None), (None, TOP)]
    table = field_table(pairs, "item")
    by = dict(zip(VALUES["item"], table[VALUES["item"].index(TOP)], strict=True))
    assert by[TEE] > 5 * by["shirt"] > 0
    assert np.allclose(table.sum(axis=1), 1)
    assert np.allclose(np.diag(table), 1 - ERROR_RATE), "how often, another shop need not follow"


def test_an_items_length_is_learned() -> None:
    lengths = shares([], "length")
    table = length_of_item([{"item": "jeans", "length": "full_length"}] * 30, lengths)
    jeans = dict(zip(VALUES["length"], table[VALUES["item"].index("jeans")], strict=True))
    assert jeans["full_length"] > 0.85
    assert jeans["full_sleeve"] == 0
    assert np.allclose(table.sum(axis=1), 1)


def test_words_that_repeat_the_photos_errors_weigh_less() -> None:
    random = np.random.default_rng(2)
    alike, apart = [], []
    for number in range(400):
        true, other = (str(v) for v in random.permutation(VALUES["color"]))
        wrong, wrong_too = random.random(2) < 0.25
        for found, misread in ((alike, wrong), (apart, wrong_too)):
            image = {"color": shows("color", other if wrong else true, 0.75)}
            text = {"color": says("color", other if misread else true, 0.75)}
            found.append(Example(str(number), {"color": true}, image, text))
    color = {"color": parameters(image=0.9, text=0.9).attributes["color"]}
    assert words_weight(alike, color) < 0.6 < words_weight(apart, color)
    assert words_weight([], color) == pytest.approx(1, abs=1e-3), "nothing is known against them"


def test_platt_scaling_calibrates() -> None:
    random = np.random.default_rng(0)
    chance = random.uniform(0.02, 0.98, 20_000)
    right = random.random(20_000) < chance
    odds = np.log(chance / (1 - chance))
    too_sure = 1 / (1 + np.exp(-2 * odds - 1))
    slope, intercept = platt(too_sure, right)
    assert slope == pytest.approx(0.5, abs=0.03)
    assert intercept == pytest.approx(-0.5, abs=0.05)
    assert platt(np.array([np.nan, 0.9]), np.array([False, True]))[0] > 0


def test_drawn_fields_are_wrong_as_often_as_the_tables_say_and_never_contradictory() -> None:
    numbers = replace(parameters(right=0.9), wrong_photo=0.0)
    found = draw(made_up(50, confused=0.0), numbers, times=40, seed=3)
    colors = [d.right("color") for d in found]
    assert np.mean(colors) == pytest.approx(0.9, abs=0.03)
    for drawn in found:
        for name, wear_of in WEAR_OF.items():
            assert wear_of[drawn.fields[name]] == drawn.fields["wear"]


def test_a_drawn_photo_of_another_garment_brings_its_own_truth() -> None:
    examples = made_up(20, confused=0.0)
    found = draw(examples, replace(parameters(), wrong_photo=1.0), times=1, seed=3)
    assert all(d.example.image is not e.image for d, e in zip(found, examples, strict=True))
    assert all(d.example.image["wear"].value == d.example.truth["wear"] for d in found)


def test_a_group_taken_out_is_nowhere() -> None:
    left = material(made_up(6, confused=0.0)).without({"2", "4"})
    for part in (left.photographed, left.described, left.people):
        assert [row.group for row in part] == ["0", "1", "3", "5"]


def test_tables_fitted_to_a_sure_branch_trust_it() -> None:
    found = fit_tables(material(made_up(300, confused=0.0)))
    assert np.diag(found.attributes["pattern"].image.given).min() > 0.97
    assert Parameters.from_json(found.to_json()).to_json() == found.to_json()


def test_coverage_is_the_largest_share_that_keeps_the_accuracy() -> None:
    assert coverage([0.9, 0.8, 0.7, 0.6], [True, True, False, True], 0.7) == 1.0
    assert coverage([0.9, 0.8, 0.7, 0.6], [True, True, False, True], 0.95) == 0.5
    assert coverage([0.9], [False], 0.95) == 0.0


def frame(kind: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame([dict.fromkeys(schema(kind).columns) | row for row in rows])


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """Imported tables of 80 catalogue shirts and one seller's photo, half of them red."""
    colors = {"full_sleeve": "red", "half_sleeve": "blue"}
    files = {v: str(photo(tmp_path / f"{color}.png", color)) for v, color in colors.items()}
    listings, truths = [], []
    for number in range(80):
        length = list(colors)[number % 2]
        fields = {"wear": "upper", "item": "shirt", "length": length, "pattern": "solid"}
        common = {"source": "catalogue", "listing_id": str(number)}
        split = ("train", "validation", "validation", "test")[number % 4]
        paths = {"image": files[length], "images": [files[length]], "title": "", "description": ""}
        known = {"group": str(number), "split": split, "scope": "in", "length_source": "field"}
        listings.append(common | fields | paths | known)
        judged = {"scope": "in", "passes": 1, "sure": 1, "picked": number == 4}
        truths.append(common | fields | judged | {"color": "single"})
    # Derived, and out of scope: neither tells what sellers fill in.
    listings[1]["length_source"] = "derived"
    truths[2] |= dict.fromkeys(ATTRIBUTES) | {"scope": "out"}
    seller = [dict(listings[0], source="seller_photos", listing_id="s", split="validation")]
    tables = {
        "catalogue/listings": ("listings", listings),
        "seller_photos/listings": ("listings", seller),
        "annotations/photos": ("photos", truths),
    }
    for name, (kind, rows) in tables.items():
        write_table(frame(kind, rows), tmp_path / f"{name}.parquet", kind)
    return tmp_path


def test_only_annotated_garments_are_used_and_none_picked_for_its_looks(var: Path) -> None:
    table = load_annotated(var).set_index("listing_id")
    assert not {"2", "4", "s"} & set(table.index), "out of scope, picked, not annotated"
    assert table.loc["1", "field_length"] is None
    assert table.loc["5", "field_length"] == table.loc["5", "true_length"] == "half_sleeve"


def test_the_job_writes_an_artifact_that_explains_itself(var: Path, tmp_path: Path) -> None:
    out = tmp_path / "artifact"
    metrics = run(var, out, FakeImages(), FakeTexts())
    assert metrics["length"]["auroc"] > 0.95
    found, held_out = Parameters.load(out), HeldOut.load(out)
    assert held_out.scores[LISTING].shape == held_out.groups.shape
    assert 0 <= found.review_below <= 1
    manifest = load_manifest(out)
    assert set(manifest["files"]) == {"parameters.json", "held_out.npz"}
    assert manifest["fitted_on"]["photos of the validation split"] == 39  # one is out of scope


def test_the_branches_are_asked_once_and_answer_the_same_from_memory(
    var: Path, tmp_path: Path
) -> None:
    artifact = tmp_path / "model"
    artifact.mkdir()
    (artifact / "manifest.json").write_text("{}")
    paths, texts = [var / "red.png", var / "blue.png"], [("full sleeves", ""), ("", "")]
    fake = FakeImages()
    first = RememberingImages(fake, tmp_path / "cache", artifact).predict([*paths, paths[0]])
    words = RememberingTexts(FakeTexts(), tmp_path / "cache", artifact).predict(texts)
    later = RememberingImages(fake, tmp_path / "cache", artifact).predict(paths)
    assert fake.calls == [2]
    assert later == first[:2]
    assert first[0].attributes == fake.predict(paths[:1])[0].attributes
    assert [w["length"].value for w in words] == ["full_sleeve", None]
    (artifact / "manifest.json").write_text('{"another": "model"}')
    RememberingImages(fake, tmp_path / "cache", artifact).predict(paths[:1])
    (tmp_path / "rules.py").write_text("OTHER = 'code of the same package'")
    RememberingImages(fake, tmp_path / "cache", artifact).predict(paths)
    assert fake.calls == [2, 1, 1, 2]


def test_a_photo_replaced_under_its_name_is_looked_at_anew(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    path = photo(tmp_path / "shirt.png", "red")
    memory = RememberingImages(FakeImages(), tmp_path / "cache", tmp_path)
    red = memory.predict([path])[0].attributes["length"].value
    os.utime(photo(path, "blue"), ns=(1, 1))
    blue = memory.predict([path])[0].attributes["length"].value
    assert (red, blue) == ("full_sleeve", "half_sleeve")


def test_a_silent_photo_is_remembered_as_silent(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    dark = photo(tmp_path / "dark.png", "black")
    memory = RememberingImages(FakeImages(), tmp_path / "cache", tmp_path)
    assert isinstance(memory.predict([dark])[0].attributes["item"], Prediction)
    assert memory.predict([dark])[0].attributes["item"].value is None
