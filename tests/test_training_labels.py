"""Ways to learn from noisy labels, compared on the frozen body's features."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("keras")

from data.taxonomy import ATTRIBUTES, VALUES
from training.labels import (
    SMOOTHED,
    Bench,
    at_their_word,
    confident,
    fewer,
    pseudo,
    without_fields,
)
from training.targets import build_targets

SOLID, STRIPED = VALUES["pattern"].index("solid"), VALUES["pattern"].index("striped")


def photos(*rows: dict[str, object]) -> pd.DataFrame:
    empty = {f"{kind}_{name}": None for name in ATTRIBUTES for kind in ("seen", "true")}
    start = {"source": "catalogue", "split": "train", "scope": "in", "picked": False}
    made = [start | {"group": f"g{n}", "annotated": False} | empty | r for n, r in enumerate(rows)]
    return pd.DataFrame(made).astype(object).where(lambda frame: frame.notna(), None)


def test_a_field_at_its_word_is_the_truth_and_an_annotation_stands() -> None:
    table = photos(
        {"seen_pattern": "striped"},
        {"seen_pattern": "striped", "true_pattern": "solid", "annotated": True},
        {},
    )
    alone = build_targets(without_fields(table))
    plain = at_their_word(table, alone, 0.0)["pattern"][:, 0]
    assert plain[0].tolist() == np.eye(4)[STRIPED].tolist()
    assert plain[1].argmax() == SOLID
    assert len(set(plain[2])) == 1, "nothing is known"
    smoothed = at_their_word(table, alone, SMOOTHED)["pattern"][0, 0]
    assert smoothed[STRIPED] == pytest.approx(1 - SMOOTHED)
    assert smoothed.sum() == pytest.approx(1)


def test_a_sellers_class_tells_each_attribute_its_own_part() -> None:
    table = photos({"source": "seller_photos", "seen_item": "upper/t_shirt/half_sleeve",
                    "seen_length": "upper/t_shirt/half_sleeve"})  # fmt: skip
    told = at_their_word(table, build_targets(without_fields(table)), 0.0)
    assert VALUES["item"][told["item"][0, 0].argmax()] == "t_shirt"
    assert VALUES["length"][told["length"][0, 0].argmax()] == "half_sleeve"


def test_fewer_annotations_take_train_groups_alone_and_keep_fields() -> None:
    known = {"seen_pattern": "striped", "true_pattern": "solid", "annotated": True}
    table = photos(*[known] * 8, known | {"split": "validation"})
    left = fewer(table, 0.25)
    assert left["true_pattern"].notna().tolist().count(True) == 3
    assert left["true_pattern"].iloc[-1] == "solid"
    assert (left["seen_pattern"] == "striped").all()


@pytest.fixture(scope="module")
def bench() -> Bench:
    """200 photos whose features tell stripes; 10 of the 200 fields are wrong, 20 missing."""
    random = np.random.default_rng(1)
    striped = random.random(200) < 0.5
    words = np.where(striped, "striped", "solid")
    words[:10] = np.where(striped[:10], "solid", "striped")
    rows = [{"seen_pattern": word} for word in words[:180]] + [{}] * 20
    for number in range(10, 100):
        rows[number] |= {"true_pattern": words[number], "annotated": True}
    features = (striped * 2.0 - 1)[:, None] + random.normal(0, 0.3, (200, 256))
    return Bench(photos(*rows), features.astype("float32"))


def test_the_same_labels_teach_the_same(bench: Bench) -> None:
    targets = build_targets(bench.photos)
    once, again = (bench.logits(targets, bench.train) for _ in range(2))
    for head, found in once.items():
        np.testing.assert_allclose(found, again[head], atol=1e-4)


def test_fields_that_all_say_one_value_are_taken_as_they_are(bench: Bench) -> None:
    """Of wear, the few fields without an annotation may all be upper: nothing to compare."""
    table = bench.photos.copy()
    table.loc[table.index[100:103], "seen_wear"] = "upper"
    targets = confident(Bench(table, bench.features), build_targets(without_fields(table)))["wear"]
    assert targets[100, 0].tolist() == [1.0, 0.0]


def test_confident_learning_leaves_out_the_fields_that_the_photos_deny(bench: Bench) -> None:
    targets = confident(bench, build_targets(without_fields(bench.photos)))["pattern"]
    left_out = (targets[:180, 0] == targets[:180, 1]).all(axis=1)
    assert left_out[:10].mean() > 0.8
    assert left_out[100:].mean() < 0.1


def test_pseudo_labels_fill_what_is_unknown_and_nothing_else(bench: Bench) -> None:
    ours = build_targets(bench.photos)
    filled = pseudo(bench, ours)["pattern"]
    np.testing.assert_array_equal(filled[:180], ours["pattern"][:180])
    known = (filled[180:, 0] != filled[180:, 1]).any(axis=1)
    assert known.mean() > 0.5
    right = np.where(bench.features[180:].mean(axis=1) > 0, STRIPED, SOLID)
    assert (filled[180:, 0].argmax(axis=1) == right)[known].all()
