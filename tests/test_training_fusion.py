"""Fitting the verdicts: from made-up branches whose errors are known, and from tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.schema import Prediction
from data.table import schema, write_table
from data.taxonomy import ATTRIBUTES, VALUES, WEAR_OF, values_for
from fusion.parameters import Parameters
from tests.fusion_fakes import FakeImages, FakeTexts, photo, says, table
from training.fusion import load_annotated, run
from training.fusion_fit import (
    ERROR_RATE,
    HIGHEST_FLOOR,
    LOWEST_FLOOR,
    Example,
    conflict_threshold,
    confusions,
    field_table,
    fit,
    fit_attribute,
    measure,
    shares,
)


def made_up(count: int, *, off_subject: float, seed: int = 1) -> list[Example]:
    """Listings whose photo branch is sure, and shows some other garment `off_subject` often."""
    random = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        wear = str(random.choice(VALUES["wear"]))
        true = {n: str(random.choice(values_for(n, wear))) for n in ATTRIBUTES} | {"wear": wear}
        shown = dict(true)
        if random.random() < off_subject:
            shown = {n: str(random.choice(VALUES[n])) for n in ATTRIBUTES}
        image = {n: Prediction(v, 0.99, table(n, v, 0.99)) for n, v in shown.items()}
        text = {n: says(n, None) for n in ATTRIBUTES}
        found.append(Example(true, dict.fromkeys(ATTRIBUTES), image, text))
    return found


def test_the_floor_tells_how_often_a_sure_branch_is_off_the_subject() -> None:
    for off in (0.02, 0.3):
        examples = made_up(800, off_subject=off)
        pairs = [(e.truth["length"], None) for e in examples]
        found = fit_attribute("length", examples, pairs=pairs, stated=[])
        assert found.image_floor == pytest.approx(off, abs=0.05)


def test_a_silent_branch_gets_the_highest_floor() -> None:
    found = fit_attribute("color", made_up(5, off_subject=0), pairs=[], stated=[])
    assert found.text_floor == HIGHEST_FLOOR
    assert LOWEST_FLOOR <= found.image_floor <= HIGHEST_FLOOR


def test_shares_are_smoothed_and_sum_to_one() -> None:
    found = shares(["solid", "solid", "striped", None], "pattern")
    assert sum(found.values()) == pytest.approx(1)
    assert found["solid"] > found["striped"] > found["checked"] > 0


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_confusions_stay_mostly_within_the_wear_type(attribute: str) -> None:
    for true, row in confusions([], attribute).items():
        assert sum(row.values()) == pytest.approx(1)
        assert row[true] == 0
        wear = WEAR_OF.get(attribute, {}).get(true)
        assert sum(row[v] for v in values_for(attribute, wear)) >= 0.8 - 1e-9


def test_what_sellers_confuse_is_learned() -> None:
    pairs = [("top", "t_shirt")] * 20 + [("top", "top")] * 80 + [("shirt", None), (None, "top")]
    row = field_table(pairs, "item")["top"]
    assert sum(row.values()) == pytest.approx(1)
    assert row["t_shirt"] > 5 * row["shirt"]
    assert row["top"] == pytest.approx((1 - ERROR_RATE) * 0.8, abs=0.01)


def test_the_conflict_threshold_parts_right_from_wrong() -> None:
    scores = np.array([0.02, 0.1, 0.3, 0.6, 0.9, 0.95, 0.99])
    right = np.array([False, False, False, False, True, True, True])
    conflict = conflict_threshold(scores, right)
    assert 0.3 < conflict <= 0.5, "a field that is probably right is never called wrong"
    found = measure(scores, right, conflict)
    assert (found["auroc"], found["conflict_precision"], found["conflict_recall"]) == (1, 1, 0.75)
    assert (found["agree_precision"], found["agree_recall"]) == (1, 1)


def test_auroc_counts_ties_half() -> None:
    found = measure(np.array([0.5, 0.5]), np.array([True, False]), 0.5)
    assert found["auroc"] == 0.5


def test_fitted_parameters_find_wrong_fields_and_can_be_released(tmp_path: Path) -> None:
    examples = made_up(60, off_subject=0.02)
    pairs = {n: [(e.truth[n], e.truth[n]) for e in examples] for n in ATTRIBUTES}
    parameters, metrics = fit(
        examples, pairs=pairs, stated=pairs | dict.fromkeys(ATTRIBUTES, ()), seed=1
    )
    parameters.save(tmp_path, {"metrics": metrics})
    assert Parameters.load(tmp_path).to_json() == parameters.to_json()
    for name in ATTRIBUTES:
        assert metrics[name]["auroc"] > 0.9
        assert metrics[name]["ece"] < 0.05
        assert metrics[name]["wrong_share"] == pytest.approx(ERROR_RATE, abs=0.03)


def test_the_same_seed_fits_the_same_parameters() -> None:
    examples = made_up(10, off_subject=0.1)
    pairs = {n: [(e.truth[n], None) for e in examples] for n in ATTRIBUTES}
    stated = dict.fromkeys(ATTRIBUTES, ())
    assert fit(examples, pairs=pairs, stated=stated, seed=4) == fit(
        examples, pairs=pairs, stated=stated, seed=4
    )


def frame(kind: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame([dict.fromkeys(schema(kind).columns) | row for row in rows])


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """Imported tables of 40 catalogue shirts and one seller's photo, half of them red."""
    colors = {"full_sleeve": "red", "half_sleeve": "blue"}
    files = {v: str(photo(tmp_path / f"{color}.png", color)) for v, color in colors.items()}
    listings, truths = [], []
    for number in range(40):
        length = list(colors)[number % 2]
        fields = {"wear": "upper", "item": "shirt", "length": length, "pattern": "solid"}
        common = {"source": "catalogue", "listing_id": str(number)}
        split = ("train", "validation", "validation", "test")[number % 4]
        paths = {"image": files[length], "images": [files[length]], "title": "", "description": ""}
        known = {"group": str(number), "split": split, "scope": "in", "length_source": "field"}
        listings.append(common | fields | paths | known)
        truths.append(common | fields | {"color": "single", "scope": "in", "passes": 1, "sure": 1})
    # Derived, and out of scope: neither tells what sellers fill in.
    listings[1]["length_source"] = "derived"
    truths[2] |= dict.fromkeys(ATTRIBUTES) | {"scope": "out"}
    conflict = {"listing_id": "4", "field_length": "half_sleeve", "text_length": "full_sleeve"}
    texts = {"source": "catalogue", "title": "", "description": "", "group": "0", "split": "train"}
    stated = texts | dict.fromkeys(ATTRIBUTES, "not_stated") | {"listing_id": "0", "wear": "upper"}
    seller = [dict(listings[0], source="seller_photos", listing_id="s", split="validation")]
    tables = {
        "catalogue/listings": ("listings", listings),
        "seller_photos/listings": ("listings", seller),
        "annotations/photos": ("photos", truths),
        "annotations/texts": ("texts", [stated]),
        "annotations/natural_conflicts": ("conflicts", [conflict]),
    }
    for name, (kind, rows) in tables.items():
        write_table(frame(kind, rows), tmp_path / f"{name}.parquet", kind)
    return tmp_path


def test_only_annotated_garments_outside_the_test_split_are_used(var: Path) -> None:
    table = load_annotated(var).set_index("listing_id")
    assert set(table["split"]) == {"train", "validation"}
    assert not {"2", "4", "s"} & set(table.index), "out of scope, picked conflict, not annotated"
    assert table.loc["1", "field_length"] is None
    assert table.loc["5", "field_length"] == table.loc["5", "true_length"] == "half_sleeve"


def test_the_job_writes_an_artifact_that_explains_itself(var: Path, tmp_path: Path) -> None:
    metrics = run(var, tmp_path / "artifact", FakeImages(), FakeTexts())
    assert metrics["length"]["auroc"] > 0.95
    parameters = Parameters.load(tmp_path / "artifact")
    assert parameters.attributes["length"].image_floor < 0.1
    assert "validation listings" in (tmp_path / "artifact" / "manifest.json").read_text()
