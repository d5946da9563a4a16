"""Calibration, the deletion test and the report: their parts on made data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("scipy")

from data.artifact import load_manifest, save_manifest
from data.errors import UnreadableImage
from data.taxonomy import ATTRIBUTES
from tests.pictures import photo
from tests.tiny_artifacts import write_vision
from training import hidden
from training.calibrate import (
    NEUTRAL,
    divide,
    fit_clear_wear,
    fit_shown,
    fit_temperatures,
    scope_threshold,
)
from training.deletion import deletion_drops, erase
from training.evaluate import ask, figures
from training.metrics import calibration_floor
from training.negatives import caught, negatives, readable
from training.reliability import calibration_table, confidences
from training.report import slice_table, value_table, worst, write_report
from training.siblings import VIEWS, look, right, with_strangers
from vision.domain import DOMAINS, PHONE, STUDIO, domain_of
from vision.heads import HEADS
from vision.preprocess import PADDING, to_pixels
from vision.tagger import ImageTagger, softmax

SAID = {
    "wear": "upper",
    "item": "shirt",
    "length": "half_sleeve",
    "color": "single",
    "pattern": "solid",
}


def overconfident(n: int, times: float) -> tuple[dict, dict, pd.DataFrame]:
    """Logits `times` too far from zero, their labels, half of them annotated."""
    random = np.random.default_rng(0)
    logits, targets, rows = {}, {}, {"annotated": np.arange(n) % 2 == 0}
    for head, values in HEADS.items():
        honest = random.normal(0, 1.5, (n, len(values)))
        cut = np.exp(honest).cumsum(axis=1) / np.exp(honest).sum(axis=1, keepdims=True)
        label = np.minimum((random.random((n, 1)) > cut).sum(axis=1), len(values) - 1)
        one = np.eye(len(values), dtype="float32")[label]
        logits[head], targets[head] = honest * times, np.stack([one, np.ones_like(one)], axis=1)
        rows["scope" if head == "scope" else f"true_{head}"] = np.array(values)[label]
    return logits, targets, pd.DataFrame(rows)


def test_each_domain_gets_the_temperature_that_its_answers_need() -> None:
    (cool, targets, rows), (hot, _, _) = overconfident(1500, 1.0), overconfident(1500, 2.0)
    logits = {head: np.concatenate([cool[head], hot[head]]) for head in HEADS}
    both = {head: np.concatenate([t, t]) for head, t in targets.items()}
    domains = np.repeat([STUDIO, PHONE], 1500)
    fitted = fit_temperatures(logits, both, pd.concat([rows, rows]), domains)
    for head in (*ATTRIBUTES, "scope"):
        assert fitted[STUDIO][head] == pytest.approx(1.0, rel=0.15)
        assert fitted[PHONE][head] == pytest.approx(2.0, rel=0.15)
    divided = divide({"item": logits["item"]}, fitted, domains)
    assert divided["item"][-1] == pytest.approx(logits["item"][-1] / fitted[PHONE]["item"])


def test_a_head_of_which_nothing_is_known_keeps_its_logits() -> None:
    rows = pd.DataFrame({f"true_{name}": [None] * 3 for name in ATTRIBUTES})
    rows = rows.assign(scope="in", annotated=False)
    unknown = {head: np.ones((3, 2, len(values))) for head, values in HEADS.items()}
    logits = {head: np.arange(3.0 * len(v)).reshape(3, -1) for head, v in HEADS.items()}
    fitted = fit_temperatures(logits, unknown, rows, np.array(["studio", "phone", "phone"]))
    assert fitted["phone"]["pattern"] == fitted["studio"]["pattern"] == 1.0


def test_a_domain_without_photos_takes_the_temperature_of_all() -> None:
    logits, targets, rows = overconfident(1500, 2.0)
    fitted = fit_temperatures(logits, targets, rows, np.repeat([STUDIO], 1500))
    for head in (*ATTRIBUTES, "scope"):
        assert fitted[PHONE][head] == pytest.approx(fitted[STUDIO][head], rel=0.05)


def test_the_scope_thresholds_spare_99_of_100_good_photos_of_either_domain_surely() -> None:
    random = np.random.default_rng(1)
    good = np.concatenate([random.normal(1, 1, 4000), random.normal(2, 1, 4000)])
    logits = {head: np.zeros((8000, len(values))) for head, values in HEADS.items()}
    logits["scope"] = np.stack([good, np.zeros(8000)], axis=1)
    photos = pd.DataFrame({"scope": "in"}, index=range(8000))
    domains = np.repeat([STUDIO, PHONE], 4000)
    chosen = scope_threshold(logits, photos, domains)
    for domain in DOMAINS:
        called_out = 1 / (1 + np.exp(-good[domains == domain])) < chosen[domain]
        assert 0.006 < called_out.mean() < 0.0085, "fewer, so that it is 95 % sure"
    assert chosen[STUDIO] < chosen[PHONE]


def test_few_good_photos_of_a_domain_take_the_threshold_of_all_and_at_most_even() -> None:
    logits = {head: np.zeros((300, len(values))) for head, values in HEADS.items()}
    logits["scope"][:, 0] = 4.0  # all surely in scope
    photos = pd.DataFrame({"scope": "in"}, index=range(300))
    sure = scope_threshold(logits, photos, np.repeat([STUDIO], 300))
    assert sure == {STUDIO: 0.5, PHONE: 0.5}
    logits["scope"][:150, 0] = -4.0
    unsure = scope_threshold(logits, photos, np.repeat([STUDIO, PHONE], 150))
    assert unsure[STUDIO] == unsure[PHONE] < 0.1
    logits["scope"][:, 0] = np.arange(-10, 290) / 10
    few = scope_threshold(logits, photos, np.repeat([STUDIO, PHONE], [100, 200]))
    assert few[PHONE] == few[STUDIO] == pytest.approx(1 / (1 + np.e), abs=1e-4)


def scope_and_wear(scope: np.ndarray, wear: np.ndarray) -> dict[str, np.ndarray]:
    nothing = np.zeros(len(scope))
    return {"scope": np.stack([scope, nothing], axis=1), "wear": np.stack([nothing, wear], axis=1)}


def test_the_scope_hears_of_a_clear_wear_type_where_that_tells_what_is_no_garment() -> None:
    random = np.random.default_rng(1)
    inside = np.arange(3000) % 2 == 0
    words = pd.Series(np.where(inside, "in", "out"))
    scope = np.where(inside, 1.0, -1.0) + random.normal(0, 1, 3000)  # two logits right for one
    clear = np.where(inside, 5.0, 3.0) + random.normal(0, 1, 3000)
    either = clear * random.choice([-1, 1], 3000)
    none = scope_and_wear(np.empty(0), np.empty(0))
    found = fit_clear_wear(scope_and_wear(scope, either), words, none)
    assert found["share"] == pytest.approx(1.0, rel=0.2)
    assert found["bias"] == pytest.approx(-4.0, rel=0.2)
    contrary = fit_clear_wear(scope_and_wear(scope, 8.0 - clear), words, none)
    assert contrary == NEUTRAL["clear_wear"]
    shop = scope_and_wear(scope[inside], clear[inside])
    world = scope_and_wear(scope[~inside], clear[~inside])
    told = fit_clear_wear(shop, words[inside], world)
    assert told == pytest.approx(found), "made pictures count as what is out of scope"
    assert fit_clear_wear(shop, words[inside], none) == NEUTRAL["clear_wear"], "nothing to tell"


def test_a_length_is_said_to_be_hidden_where_close_ups_tell_and_whole_photos_allow_it() -> None:
    random = np.random.default_rng(1)
    hidden = np.arange(400) % 2 == 0
    sure = np.where(hidden, -1.0, 1.0) * random.normal(2, 2, 400)
    near = np.stack([2 * sure, np.zeros(400)], axis=1)  # twice as sure as right
    clear = np.stack([random.normal(16, 1, 1000), np.zeros(1000)], axis=1)
    temperature, threshold = fit_shown(near, hidden, clear)
    assert temperature == pytest.approx(2.0, rel=0.4)
    assert threshold == 0.5
    doubtful = clear - [[14.0, 0.0]]
    temperature, threshold = fit_shown(near, hidden, doubtful)
    called = softmax(doubtful / temperature)[:, 0] < threshold
    assert 0 < called.mean() < 0.0075
    assert fit_shown(near[:0], hidden[:0], clear) == (1.0, 0.5)


def test_a_white_ground_makes_a_studio_photo() -> None:
    assert domain_of(np.full((256, 192, 3), 250, np.uint8)) == STUDIO
    assert domain_of(np.full((256, 192, 3), PADDING, np.uint8)) == PHONE
    assert {STUDIO, PHONE} == set(DOMAINS)


def test_perfect_calibration_measures_an_error_that_shrinks_with_more_photos() -> None:
    few, many = (np.random.default_rng(0).uniform(0.5, 1, n) for n in (60, 6000))
    assert calibration_floor(few) > 0.04 > 0.02 > calibration_floor(many)


@pytest.fixture
def asked(tmp_path: Path) -> pd.DataFrame:
    """Forty answers, a quarter of the items wrong, and one photo out of scope that slipped by."""
    (tmp_path / "a.jpg").write_bytes(photo(size=(240, 320)))
    rows = []
    for number in range(40):
        truth = {**SAID, "item": "kurta" if number % 4 == 0 else "shirt"}
        known = {f"true_{name}": value for name, value in truth.items()}
        said = {f"said_{name}": value for name, value in SAID.items()}
        sure = {f"sure_{name}": 0.5 + number / 100 for name in ATTRIBUTES}
        seller = {"group": f"seller-{number % 2}", "source": "seller_photos", "scope": "in"}
        rows.append({**known, **said, **sure, **seller, "image": str(tmp_path / "a.jpg")})
    shoe = dict(rows[0], scope="out", **dict.fromkeys(f"true_{n}" for n in ATTRIBUTES))
    frame = pd.DataFrame([*rows, shoe])
    frame = (
        frame.assign(gender=None, age_group=None, year=None, detail=None, title="", split="test")
        .assign(sure=np.where(frame["true_item"] == "kurta", 0.0, 1.0))
        .assign(in_scope=0.9, domain=np.where(frame.index % 4 == 0, STUDIO, PHONE))
    )
    return frame.astype(object).where(frame.notna(), None)


def test_photos_picked_for_annotation_are_measured_apart_from_those_drawn_at_random(
    asked: pd.DataFrame,
) -> None:
    picked = np.arange(len(asked)) < len(asked) // 4
    whole = figures(asked.assign(picked=False))
    apart = figures(asked.assign(picked=picked))
    label = f"{asked['source'].iloc[0]}, drawn at random"
    assert label not in whole
    assert apart.keys() - whole.keys() == {label}
    kept = asked[~picked]
    right = (kept["said_wear"] == kept["true_wear"])[kept["true_wear"].notna()]
    assert apart[label]["wear"]["n"] == len(right)
    assert apart[label]["wear"]["accuracy"] == pytest.approx(right.mean(), abs=1e-4)


def test_precision_and_recall_count_what_was_said_and_shown(asked: pd.DataFrame) -> None:
    table = value_table(asked, "item").loc["seller_photos"]
    assert table.loc["shirt", ["shown", "said", "precision", "recall"]].tolist() == [
        30,
        40,
        0.75,
        1,
    ]
    assert np.isnan(table.loc["kurta", "precision"])


def test_slices_hold_every_seller_and_put_the_small_ones_together(asked: pd.DataFrame) -> None:
    table = slice_table(asked).loc["seller_photos"]
    assert table.loc["seller: seller-0", "n"] == 20
    assert table.loc["seller: seller-1", "item"] == 1.0
    small = slice_table(asked[:12]).loc["seller_photos"]
    assert small.loc["seller: all smaller ones", "n"] == 12


def test_slices_tell_photos_that_the_annotator_was_sure_of(asked: pd.DataFrame) -> None:
    table = slice_table(pd.concat([asked] * 2)).loc["seller_photos"]
    assert table.loc["annotator: sure", ["n", "item"]].tolist() == [60, 1.0]
    assert table.loc["annotator: hesitated", ["n", "item"]].tolist() == [20, 0.0]


def test_the_worst_errors_are_the_surest_wrong_answers(asked: pd.DataFrame) -> None:
    rows = worst(asked, "item")
    assert set(rows["true_item"]) == {"kurta"}
    assert rows["sure_item"].is_monotonic_decreasing


@pytest.fixture
def closeups() -> pd.DataFrame:
    """Ten close-ups, half of them without an end of a sleeve; the branch is even, and right."""
    length = ["hidden", "half_sleeve"] * 5
    known = {"source": "seller_photos", "domain": PHONE, "length": length, "shown": 0.5}
    return pd.DataFrame(known, index=range(10))


def test_calibration_is_told_by_head_domain_and_source_beside_its_floor(
    asked: pd.DataFrame, closeups: pd.DataFrame
) -> None:
    table = calibration_table(confidences(asked, closeups))
    assert list(dict.fromkeys(table.index.get_level_values("head"))) == list(HEADS)
    everywhere = figures(asked.assign(picked=False))["seller_photos"]["item"]
    item = table.loc["item"].loc["seller_photos"]
    assert item["ECE"] == pytest.approx(everywhere["ece"], abs=1e-4)
    assert item["floor"] == pytest.approx(everywhere["ece_floor"], abs=1e-4)
    assert table.loc[("item", STUDIO), "ECE"] > 0.5, "all that are wrong lie there"
    assert table.loc[("item", STUDIO), "n"] == 10
    assert table.loc[("scope", PHONE), "ECE"] == pytest.approx(0.1)
    assert table.loc[("length_shown", PHONE), ["n", "ECE"]].tolist() == [10, 0]


def test_the_report_is_written_with_its_pictures(
    asked: pd.DataFrame, closeups: pd.DataFrame, tmp_path: Path
) -> None:
    text = write_report(asked, closeups, tmp_path / "report")
    assert "not noticed: 1" in text
    assert "Calibration error, and the floor" in text
    made = {path.name for path in (tmp_path / "report").iterdir()}
    assert {"report.txt", "item.png", "worst-item.png", "missed.png"} <= made
    assert {"scope.png", "length_shown.png"} <= made
    none = write_report(asked, closeups[:0], tmp_path / "without")
    assert "length_shown" not in none


@pytest.fixture(scope="module")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> ImageTagger:
    return ImageTagger.load(write_vision(tmp_path_factory.mktemp("tiny") / "vision"), threads=1)


def rows_of(tmp_path: Path, n: int) -> pd.DataFrame:
    paths = [tmp_path / f"{number}.jpg" for number in range(n)]
    for number, path in enumerate(paths):
        path.write_bytes(photo(size=(180 + 20 * number, 320)))
    known = {f"true_{name}": value for name, value in SAID.items()}
    frame = pd.DataFrame({"image": [str(path) for path in paths], **known})
    return frame.assign(source="seller_photos", group="seller-1", annotated=True)


def test_the_deletion_test_has_a_row_per_photo_and_attribute(
    tagger: ImageTagger, tmp_path: Path
) -> None:
    drops = deletion_drops(rows_of(tmp_path, 2), tagger)
    assert len(drops) == 2 * len(ATTRIBUTES)
    assert drops[["highlighted", "random"]].abs().to_numpy().max() <= 1


def test_erasing_turns_the_marked_places_gray_and_leaves_the_rest(tmp_path: Path) -> None:
    pixels, places = to_pixels(photo(size=(240, 320))), np.zeros((8, 6), bool)
    places[0, 0] = True
    erased = erase(pixels, places)
    assert (erased[:32, :32] == PADDING).all()
    assert np.array_equal(erased[32:], pixels[32:])


def test_every_photo_is_asked_for_its_answers_its_scope_and_its_domain(
    tagger: ImageTagger, tmp_path: Path
) -> None:
    photos = rows_of(tmp_path, 3).assign(split=["test", "test", "train"], scope="in")
    said = ask(photos, tagger)
    seen = tagger.predict([Path(path) for path in photos["image"][:2]])
    assert said["said_length"].tolist() == [one.attributes["length"].value for one in seen]
    assert said["in_scope"].tolist() == [one.in_scope for one in seen]
    assert said["domain"].tolist() == [PHONE, PHONE]


def test_a_close_up_is_asked_for_the_chance_that_it_shows_an_end(
    tagger: ImageTagger, tmp_path: Path
) -> None:
    closeups = rows_of(tmp_path, 2).assign(box=[(0.0, 0.0, 1.0, 0.5)] * 2, length="hidden")
    told = hidden.ask(closeups, tagger)
    assert told["shown"].tolist() == pytest.approx([1 / (1 + np.exp(-6))] * 2, rel=1e-3)
    folder = write_vision(tmp_path / "vision")
    save_manifest(folder, {**load_manifest(folder), "shown_threshold": 1.0})
    told = hidden.ask(closeups, ImageTagger.load(folder, threads=1))
    assert told["said"].tolist() == ["hidden"] * 2
    assert told["shown"].tolist() == pytest.approx([1 / (1 + np.exp(-6))] * 2, rel=1e-3)


def test_a_stranger_takes_the_place_of_a_listings_last_view(
    tagger: ImageTagger, tmp_path: Path
) -> None:
    photos = rows_of(tmp_path, 3)
    listings = look(photos, tagger)
    mixed = with_strangers(photos, listings)
    assert [len(seen) for seen, _ in mixed] == [VIEWS] * 3
    assert np.array_equal(mixed[1][1][-1], listings[0][1][-1])
    assert np.array_equal(mixed[1][1][:-1], listings[1][1][:-1])
    assert right(photos, listings).loc["wear", "all five"] == 1.0


def test_a_photo_of_the_same_product_is_no_stranger(tagger: ImageTagger, tmp_path: Path) -> None:
    of_sellers = rows_of(tmp_path, 3).assign(group=["a", "a", "b"])
    products = of_sellers.assign(source="catalogue")
    listings = look(products, tagger)
    strangers, theirs = with_strangers(products, listings), with_strangers(of_sellers, listings)
    first, last = listings[0][1][-1], listings[2][1][-1]
    assert [np.array_equal(pixels[-1], first) for _, pixels in theirs] == [False, True]
    assert len(theirs) == 2, "the second seller has one photo"
    assert np.array_equal(strangers[0][1][-1], last)
    assert len(strangers) == 2, "the product's other photo is none"


def test_made_negatives_are_alike_for_a_seed_and_differ_within(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(photo(size=(240, 320)))
    one, other = (negatives([str(path)], 3, seed=1) for _ in range(2))
    for kind, images in one.items():
        assert {image.size for image in images} == {(192, 256)}
        assert all(a.tobytes() == b.tobytes() for a, b in zip(images, other[kind], strict=True))
    assert one["screenshots"][0].tobytes() != one["screenshots"][1].tobytes()


def test_a_folder_of_pictures_is_read_and_what_is_none_is_named(tmp_path: Path, capsys) -> None:
    (tmp_path / "a.jpg").write_bytes(photo())
    (tmp_path / "license.txt").write_text("free")
    assert len(list(readable(tmp_path))) == 1
    assert "license.txt: The file is not a photo" in capsys.readouterr().err
    (tmp_path / "a.jpg").unlink()
    with pytest.raises(UnreadableImage, match=r"No file in .* is a picture"):
        list(readable(tmp_path))


def test_pictures_called_out_of_scope_are_counted_by_kind(tmp_path: Path) -> None:
    folder = write_vision(tmp_path / "vision")  # finds a garment in every picture, sure to 0.9975
    (tmp_path / "cat.jpg").write_bytes(photo())
    made = {"walls": [photo(), photo()], "cats": [tmp_path / "cat.jpg"]}
    assert caught(made, ImageTagger.load(folder)).to_dict("list") == {
        "n": [2, 1],
        "out of scope": [0.0, 0.0],
    }
    strict = {"scope_threshold": dict.fromkeys(DOMAINS, 0.999)}
    save_manifest(folder, {**load_manifest(folder), **strict})
    assert caught(made, ImageTagger.load(folder))["out of scope"].tolist() == [1.0, 1.0]
