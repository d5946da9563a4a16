"""The image recipe's parts: targets from noisy labels, the draw, pixels and augmentation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")

from tensorflow.python.summary.summary_iterator import summary_iterator  # noqa: E402

from data.taxonomy import ATTRIBUTES, VALUES  # noqa: E402
from tests.pictures import photo  # noqa: E402
from training.closeups import Closeups, targets_of  # noqa: E402
from training.losses import likelihood_loss  # noqa: E402
from training.metrics import group_interval, score  # noqa: E402
from training.photos import draw  # noqa: E402
from training.pixels import (  # noqa: E402
    augment,
    cached_pixels,
    compressed,
    flat,
    is_landscape,
    training_batches,
)
from training.recipe import (  # noqa: E402
    DOUBTFUL,
    HARD_NEGATIVES,
    MANY_GARMENTS,
    RARE_LENGTHS,
    Recipe,
    Round,
)
from training.run import average  # noqa: E402
from training.shift import as_they_come  # noqa: E402
from training.targets import build_targets, channel, possible  # noqa: E402
from training.vision import Material, learn  # noqa: E402
from vision.heads import HEADS  # noqa: E402
from vision.model import build_model  # noqa: E402
from vision.preprocess import HEIGHT, WIDTH, to_pixels  # noqa: E402


def row(**known: object) -> dict[str, object]:
    empty = {f"{kind}_{name}": None for name in ATTRIBUTES for kind in ("seen", "true")}
    start = {"source": "catalogue", "split": "train", "scope": "in", "picked": False}
    return {**start, "group": "g", "detail": "full", "annotated": False, **empty, **known}


def table(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(rows).astype(object).where(lambda frame: frame.notna(), None)


def loss(targets: np.ndarray, logits: list[float]) -> float:
    return float(likelihood_loss(targets.reshape(1, -1), np.array([logits], "float32"))[0])


def test_a_channel_tells_how_often_each_word_is_right() -> None:
    seen = pd.Series(["striped"] * 8 + ["solid"] * 2)
    found = channel(seen, pd.Series(["striped"] * 10), "pattern")
    striped = VALUES["pattern"].index("striped")
    assert found["striped"][striped] > 0.7 > 0.3 > found["solid"][striped] > 0.1


def test_a_missing_label_costs_nothing() -> None:
    targets = build_targets(table(row(true_wear="upper", seen_wear="upper"), row()))
    assert loss(targets["pattern"][1], [3.0, -1.0, 0.0, 2.0]) == pytest.approx(0, abs=1e-5)


def test_length_is_learned_within_its_wear_type_only() -> None:
    targets = build_targets(table(row(true_wear="upper", true_length="half_sleeve")))
    logits = [0.0, 5.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    other_wear_louder = [0.0, 5.0, 0.0, 0.0, 9.0, 9.0, 9.0, 9.0]
    one, other = (loss(targets["length"][0], x) for x in (logits, other_wear_louder))
    assert one == pytest.approx(other, abs=2e-2)


def test_an_annotation_counts_more_than_a_field() -> None:
    rows = [row(seen_pattern="solid", true_pattern="solid") for _ in range(8)]
    rows += [row(seen_pattern="solid", true_pattern="printed") for _ in range(2)]
    targets = build_targets(table(*rows, row(seen_pattern="solid")))["pattern"]
    wrong = [0.0, 4.0, 0.0, 0.0]
    assert loss(targets[0], wrong) > loss(targets[-1], wrong)


def test_a_photo_out_of_scope_teaches_the_scope_alone() -> None:
    targets = build_targets(table(row(scope="out", seen_pattern="solid"), row()))
    assert loss(targets["pattern"][0], [0.0, 9.0, 0.0, 0.0]) == pytest.approx(0, abs=1e-5)
    assert loss(targets["scope"][0], [9.0, 0.0]) > 3


def test_only_sleeves_are_possible_for_upper_wear() -> None:
    assert possible("length", "upper").tolist() == [1, 1, 1, 1, 0, 0, 0, 0]
    assert possible("color", "upper").tolist() == [1, 1]


def test_an_epoch_is_drawn_from_the_train_split_alone_and_alike_for_a_seed() -> None:
    photos = table(row(), row(split="test"), row(annotated=True), row(scope="unknown"))
    rows = draw(photos, 10_000, seed=1)
    assert set(rows) == {0, 2}
    assert (rows == 2).mean() > 0.52
    assert np.array_equal(rows, draw(photos, 10_000, seed=1))


def test_many_photos_of_one_seller_do_not_crowd_out_the_others() -> None:
    sellers = ["prolific"] * 90 + ["other"] * 10
    photos = table(*(row(source="seller_photos", group=seller) for seller in sellers))
    drawn = photos.loc[draw(photos, 10_000, seed=1), "group"]
    assert (drawn == "other").mean() == pytest.approx(0.25, abs=0.02)  # root of 1 in 9


def test_a_rare_length_of_a_common_item_is_drawn_more_often_than_its_share() -> None:
    known = [{"true_item": "shirt", "true_length": "full_sleeve"}] * 90
    known += [{"true_item": "shirt", "true_length": "half_sleeve"}] * 10
    photos = table(*(row(**values) for values in known))
    drawn = photos.loc[draw(photos, 10_000, seed=1), "true_length"]
    assert (drawn == "half_sleeve").mean() == pytest.approx(0.25, abs=0.02)  # root of 1 in 9
    unbalanced = draw(photos, 10_000, seed=1, shares=MANY_GARMENTS.shares)
    as_they_come = photos.loc[unbalanced, "true_length"]
    assert (as_they_come == "half_sleeve").mean() == pytest.approx(0.1, abs=0.02)


def test_the_courses_of_many_garments_draw_thumbnails_and_sellers_photos_more_often() -> None:
    kinds = [row(detail="full"), row(detail="thumbnail"), row(source="seller_photos", group="s")]
    photos = table(*kinds)
    rare = np.bincount(draw(photos, 10_000, seed=1), minlength=3)
    many = np.bincount(draw(photos, 10_000, seed=1, shares=MANY_GARMENTS.shares), minlength=3)
    assert many[1] / many[0] == pytest.approx(2 * rare[1] / rare[0], rel=0.1)
    assert many[2] / many[0] > rare[2] / rare[0]


def test_what_passes_for_a_garment_is_drawn_more_often_where_asked() -> None:
    photos = table(row(), row(scope="out"), row(scope="out"))
    doubt = np.array([0.9, 0.0, 0.5])  # of a photo in scope it says nothing
    drawn = [
        np.bincount(draw(photos, 20_000, 1, shares, doubt), minlength=3) / 20_000
        for shares in (MANY_GARMENTS.shares, HARD_NEGATIVES.shares)
    ]
    assert drawn[0] == pytest.approx([1 / 3] * 3, abs=0.02)
    assert drawn[1] == pytest.approx(np.array([1, 1, 4.5]) / 6.5, abs=0.02)


def test_what_was_picked_for_its_doubt_is_drawn_more_often_where_asked() -> None:
    photos = table(row(annotated=True), row(annotated=True, picked=True))
    drawn = [
        (draw(photos, 20_000, 1, shares) == 1).mean()
        for shares in (HARD_NEGATIVES.shares, DOUBTFUL.shares)
    ]
    assert drawn == pytest.approx([0.5, 0.8], abs=0.02)


@pytest.fixture
def paths(tmp_path: Path) -> list[str]:
    for number, size in enumerate([(60, 80), (320, 240), (200, 300)]):
        (tmp_path / f"{number}.jpg").write_bytes(photo(size=size))
    return [str(tmp_path / f"{number}.jpg") for number in range(3)]


def test_training_sees_the_pixels_that_serving_sees(paths: list[str], tmp_path: Path) -> None:
    pixels = cached_pixels(paths, tmp_path / "cache")
    assert all(np.array_equal(pixels[i], to_pixels(Path(p))) for i, p in enumerate(paths))
    again = cached_pixels(paths[::-1], tmp_path / "cache")
    assert np.array_equal(again[0], pixels[2])


def test_a_replaced_photo_is_decoded_anew_and_an_unchanged_one_is_not(
    paths: list[str], tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    before = np.array(cached_pixels(paths, cache)[2])
    Path(paths[2]).write_bytes(photo(size=(300, 200)))
    after = cached_pixels(paths, cache)[2]
    assert after.shape != before.shape
    np.testing.assert_array_equal(after, to_pixels(Path(paths[2])))
    kept = {file: file.stat().st_mtime_ns for file in cache.iterdir()}
    cached_pixels(paths, cache)
    assert {file: file.stat().st_mtime_ns for file in cache.iterdir()} == kept


def test_augmentation_keeps_shape_and_range_and_changes_the_picture(paths: list[str]) -> None:
    pixels = np.stack([to_pixels(Path(path)) for path in paths[::2]])
    random = tf.random.Generator.from_seed(1)
    seen = augment(tf.constant(pixels), 0.25, random).numpy()
    assert seen.shape == (2, 64, 48, 3)
    assert seen.min() >= 0
    assert seen.max() <= 255
    assert not np.allclose(seen, augment(tf.constant(pixels), 0.25, random).numpy())
    lying = augment(tf.constant(to_pixels(Path(paths[1]))[None]), 0.25, random)
    assert lying.shape == (1, 48, 64, 3)


def test_some_photos_are_saved_anew_as_jpeg_and_stay_what_they_are(paths: list[str]) -> None:
    pixels = np.stack([to_pixels(Path(paths[1]))] * 200)
    seen = compressed(pixels, np.random.default_rng(1))
    changed = (seen != pixels).any(axis=(1, 2, 3))
    assert 0.08 < changed.mean() < 0.25
    assert np.abs(seen.astype(int) - pixels).mean() < 5
    assert (pixels == pixels[0]).all(), "what is kept on disk stays as it was"


def test_batches_carry_targets_of_their_own_photos(paths: list[str]) -> None:
    pixels = [to_pixels(Path(path)) for path in paths]
    targets = build_targets(table(row(scope="out"), row(true_wear="upper"), row()))
    rows = np.array([0, 1, 2, 0, 1, 2, 2])

    def look(rows: np.ndarray) -> np.ndarray:
        return np.stack([pixels[row] for row in rows])

    landscape = np.array([is_landscape(photo) for photo in pixels])
    assert landscape.tolist() == [False, True, False]
    settings = {"landscape": landscape, "scale": 1.0, "batch": 2, "seed": 1}
    batches = list(training_batches(look, targets, rows, **settings))
    shapes = sorted(tuple(x.shape) for x, _ in batches)  # the odd fifth waits for the next epoch
    assert shapes == [(2, WIDTH, HEIGHT, 3)] + [(2, HEIGHT, WIDTH, 3)] * 2
    seen = {head: np.concatenate([y[head] for _, y in batches]) for head in HEADS}
    wanted = {head: flat(table[[0, 0, 1, 1, 2, 2]]) for head, table in targets.items()}
    for head in HEADS:
        np.testing.assert_array_equal(
            seen[head][np.lexsort(seen[head].T)], wanted[head][np.lexsort(wanted[head].T)]
        )


def test_a_score_stands_beside_the_majority_and_its_interval() -> None:
    truth = ["solid"] * 8 + ["printed"] * 2
    found = score(truth, ["solid"] * 10, list("aabbccddee"), [0.8] * 10)
    assert (found.n, found.groups, found.accuracy, found.majority) == (10, 5, 0.8, 0.8)
    assert found.macro_f1 == pytest.approx(0.4444, abs=1e-3)
    assert found.low < 0.8 < found.high
    assert found.ece == pytest.approx(0)


def test_an_interval_is_wider_where_photos_come_from_fewer_sellers() -> None:
    right = np.array([True] * 50 + [False] * 50)
    few = group_interval(right, np.arange(100) // 50)
    many = group_interval(right, np.arange(100))
    assert few[1] - few[0] > many[1] - many[0]


def tiny_material(random: np.random.Generator) -> Material:
    """Two garments to learn, one of them a seller's, and one of each kind to validate."""
    known = {"true_wear": "upper", "annotated": True, "true_scope": "in"}
    photos = table(
        *(
            row(split=split, source=source, group=source, **known)
            for split in ("train", "validation")
            for source in ("catalogue", "seller_photos")
        )
    )
    pixels = list(random.integers(0, 255, (4, HEIGHT, WIDTH, 3), np.uint8))
    pixels[3] = pixels[3].transpose(1, 0, 2)  # a landscape photo to validate
    half = np.zeros((HEIGHT, WIDTH), bool)
    half[50:200, 40:150] = True
    cutouts = {1: np.packbits(half, axis=1)}
    whole = pd.DataFrame({"shown": [True, False], "true_length": ["half_sleeve", None]})
    closeups = Closeups(pixels[:2], targets_of(whole))
    return Material(photos, pixels, build_targets(photos), cutouts, closeups)


def tiny_start(folder: Path) -> Path:
    unit = keras.Input((None, None, 3))
    body = keras.Model(unit, keras.layers.Conv2D(4, 9, strides=32)(unit))
    build_model(body).save(folder / "start.keras")
    return folder / "start.keras"


def mean(*networks: list[np.ndarray]) -> list[np.ndarray]:
    return [np.mean(same, axis=0) for same in zip(*networks, strict=True)]


TINY = Recipe(
    rounds=(
        Round((RARE_LENGTHS,) * 2, 1, 1, 1),
        Round((replace(HARD_NEGATIVES, closeups=0.5),), 0, 2, 2),
    ),
    released=1,
    size=4,
    batch=2,
)


def weights(path: Path) -> list[np.ndarray]:
    return keras.models.load_model(path, compile=False).get_weights()


def test_a_round_goes_on_from_the_mean_of_the_one_before_and_the_last_ones_mean_is_given(
    tmp_path: Path,
) -> None:
    material = tiny_material(np.random.default_rng(1))
    given = learn(tmp_path, tiny_start(tmp_path), material, TINY).get_weights()
    seen = {path.parent.name + path.stem[-3:]: weights(path) for path in tmp_path.glob("*/*.keras")}
    assert sorted(seen) == [f"course-{n}-0{e}" for n in (1, 2, 3) for e in (1, 2)]
    apart = zip(seen["course-1-02"], seen["course-2-02"], strict=True)
    assert any((one != other).any() for one, other in apart), "courses draw other photos"
    first = mean(seen["course-1-02"], seen["course-2-02"])
    second = mean(seen["course-3-01"], seen["course-3-02"])
    for found, wanted in zip(given, second, strict=True):
        np.testing.assert_allclose(found, wanted, atol=1e-6)
    moved = max(np.abs(a - b).max() for a, b in zip(seen["course-3-01"], first, strict=True))
    assert moved < 0.01, "the second round starts where the first ended, not where that began"


def test_the_mean_of_the_last_rounds_is_given_where_more_than_one_is_wanted(
    tmp_path: Path,
) -> None:
    material = tiny_material(np.random.default_rng(1))
    recipe = replace(TINY, released=2)
    given = learn(tmp_path, tiny_start(tmp_path), material, recipe).get_weights()
    both = mean(*(weights(tmp_path / f"round-{number}.keras") for number in (1, 2)))
    for found, wanted in zip(given, both, strict=True):
        np.testing.assert_allclose(found, wanted, atol=1e-6)


def logged(course: Path) -> list[int]:
    """The epochs whose share right on validation is in a course's TensorBoard logs."""
    files = sorted((course / "tensorboard" / "validation").iterdir())
    events = [event for file in files for event in summary_iterator(str(file))]
    told = [(event.step, value.tag) for event in events for value in event.summary.value]
    return sorted(step for step, tag in told if tag == "accuracy/wear")


def test_an_interrupted_course_goes_on_where_it_stopped(tmp_path: Path, capsys) -> None:
    material = tiny_material(np.random.default_rng(1))
    start = tiny_start(tmp_path)
    learn(tmp_path, start, material, TINY)
    kept = (tmp_path / "course-1" / "epoch-02.keras").stat().st_mtime_ns
    (tmp_path / "course-3" / "epoch-02.keras").unlink()
    (tmp_path / "round-2.keras").unlink()
    capsys.readouterr()
    learn(tmp_path, start, material, TINY)
    # The course as it was is logged from its first epoch; what was learned anew has its own file.
    assert logged(tmp_path / "course-1") == [0, 1]
    assert logged(tmp_path / "course-3") == [0, 1, 1]
    told = [line.split(":")[0] for line in capsys.readouterr().out.splitlines() if "valid" in line]
    assert told[:2] == ["course 3, epoch 2", "round 2, mean of 2 epochs"]
    assert (tmp_path / "course-1" / "epoch-02.keras").stat().st_mtime_ns == kept


def test_the_length_heads_biases_alone_move_to_how_often_lengths_come(tmp_path: Path) -> None:
    start = keras.models.load_model(tiny_start(tmp_path), compile=False)
    lengths = start.get_layer("length_map")
    lengths.set_weights([np.zeros_like(table) for table in lengths.get_weights()])  # all even
    before = {layer.name: layer.get_weights() for layer in start.layers}
    known = {"annotated": True, "true_wear": "upper", "true_length": "half_sleeve"}
    photos = table(*(row(split="validation", **known) for _ in range(20)), row())
    pixels = np.random.default_rng(1).integers(0, 255, (21, HEIGHT, WIDTH, 3), np.uint8)
    added = as_they_come(start, photos, pixels)
    kernel, bias = before.pop("length_map")
    found = lengths.get_weights()
    np.testing.assert_array_equal(found[0], kernel)
    np.testing.assert_allclose(found[1] - bias, list(added.values()), atol=1e-3)
    assert max(added, key=added.__getitem__) == "half_sleeve"
    for name, weights in before.items():
        for one, other in zip(start.get_layer(name).get_weights(), weights, strict=True):
            np.testing.assert_array_equal(one, other)


def test_the_mean_of_saved_networks_is_the_mean_of_their_weights(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    for number in range(3):
        model.set_weights([np.full((2, 1), number, "float32"), np.array([2.0 * number], "float32")])
        model.save(tmp_path / f"epoch-{number}.keras")
    kernel, bias = average(sorted(tmp_path.glob("*.keras"))[-2:]).get_weights()
    assert kernel.tolist() == [[1.5], [1.5]]
    assert bias.tolist() == [3.0]
