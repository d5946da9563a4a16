"""The checker: photos and words of many listings in one go, each error with its own listing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from data.errors import ArtifactError, SelvedgeError
from data.schema import Listing, Report
from data.taxonomy import ATTRIBUTES, values_for
from fusion.checker import Checker, version_of
from tests.fusion_fakes import (
    SHIRT,
    FakeImages,
    FakeResult,
    FakeTexts,
    assert_report,
    fake_checker,
    parameters,
    photo,
    shows,
)
from vision.preprocess import to_pixels

FULL, HALF = "full_sleeve", "half_sleeve"


def listing(name: str, *photos: Path, length: str | None = FULL, title: str = "") -> Listing:
    fields = dict.fromkeys(ATTRIBUTES) | {"length": length}
    return Listing(name, photos, title=title, fields=fields)


@pytest.fixture
def photos(tmp_path: Path) -> dict[str, Path]:
    (tmp_path / "broken").write_bytes(b"\xff\xd8\xff not a photo")
    return {
        "full": photo(tmp_path / "full.png", "red"),
        "half": photo(tmp_path / "half.jpg", "blue"),
        "out": photo(tmp_path / "out.png", "black"),
        "broken": tmp_path / "broken",
        "missing": tmp_path / "missing.jpg",
    }


def test_photo_words_and_field_meet(photos) -> None:
    agreeing, wrong, words = fake_checker().check(
        [
            listing("1", photos["full"], title="Shirt with full sleeves"),
            listing("2", photos["half"]),
            listing("3", photos["full"], title="Shirt with half sleeves"),
        ]
    )
    found = [r.attributes["length"] for r in (agreeing, wrong, words)]
    assert [a.status for a in found] == ["agree", "conflict", "conflict"]
    assert [a.odd_one_out for a in found] == [None, "field", "text"]
    assert found[1].suggestion == HALF
    assert found[0].text.evidence[0].text == "full sleeves"
    for report in (agreeing, wrong, words):
        assert_report(json.loads(json.dumps(report.to_json())))


def test_an_unreadable_photo_spoils_only_its_listing(photos) -> None:
    results = fake_checker().check(
        [
            listing("1", photos["full"]),
            listing("2", photos["full"], photos["broken"]),
            listing("3", photos["missing"]),
            listing("4"),
            listing("5", photos["half"]),
        ]
    )
    kinds = ["ok" if isinstance(r, Report) else r.code for r in results]
    assert kinds == ["ok", "unreadable_image", "missing_image", "no_image", "ok"]
    assert results[1].message.startswith("Photo 2 of 2: ")
    assert [r.listing_id for r in results if isinstance(r, Report)] == ["1", "5"]
    assert results[4].attributes["length"].image.value == HALF


def test_a_listing_gets_the_same_report_alone_and_among_others_in_any_order(photos) -> None:
    listings = [
        listing("1", photos["full"], photos["half"]),
        listing("2", photos["broken"]),
        listing("3", photos["half"], title="half sleeves"),
        listing("4", photos["out"]),
    ]
    checker = fake_checker()
    together, backwards = checker.check(listings), checker.check(listings[::-1])[::-1]
    alone = [checker.check([one])[0] for one in listings]
    for one, other, third in zip(together, backwards, alone, strict=True):
        if isinstance(one, SelvedgeError):
            assert one.message == other.message == third.message
        else:
            assert one == other == third


def test_all_photos_of_a_chunk_go_through_one_call(photos) -> None:
    images = FakeImages()
    checker = Checker(images, FakeTexts(), parameters(), model_version="v")
    checker.check([listing("1", photos["full"], photos["half"]), listing("2", photos["full"])])
    assert images.calls == [3]


def test_the_network_gets_the_very_pixels_it_would_make_of_the_file(tmp_path: Path) -> None:
    noise = np.random.default_rng(5).integers(0, 255, (700, 900, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.jpg")
    given = []

    class Watching(FakeImages):
        def predict(self, images):
            given.extend(images)
            return super().predict(images)

    checker = Checker(Watching(), FakeTexts(), parameters(), model_version="v")
    checker.check([listing("1", tmp_path / "noise.jpg")])
    assert (to_pixels(given[0]) == to_pixels(tmp_path / "noise.jpg")).all()


def test_no_listings_no_reports() -> None:
    assert fake_checker().check([]) == []


def seen(length: str | None, p: float = 0.9, in_scope: float = 1.0) -> FakeResult:
    values = {**SHIRT, "length": length} if length else {}
    shown = {name: shows(name, values.get(name), p) for name in ATTRIBUTES}
    return FakeResult(shown, in_scope)


def test_photos_of_one_listing_are_combined_by_the_mean_of_their_log_probabilities() -> None:
    both, _ = combine([seen(FULL, 0.9), seen(HALF, 0.6)])
    assert both["length"].value == FULL
    assert sum(both["length"].probabilities.values()) == pytest.approx(1)
    p = [seen(FULL, 0.9), seen(HALF, 0.6)]
    raw = [r.attributes["length"].probabilities for r in p]
    odds = (raw[0][FULL] * raw[1][FULL] / (raw[0][HALF] * raw[1][HALF])) ** 0.5
    found = both["length"].probabilities
    assert found[FULL] / found[HALF] == pytest.approx(odds)


def test_the_order_of_photos_changes_nothing() -> None:
    photos = [seen(FULL, 0.9), seen(HALF, 0.6), seen(None, 0.9, 0.1)]
    one, other = combine(photos)[0]["length"], combine(photos[::-1])[0]["length"]
    assert one.value == other.value
    assert one.probabilities == pytest.approx(other.probabilities)


def test_a_photo_out_of_scope_counts_only_where_there_are_no_others() -> None:
    mixed, in_scope = combine([seen(None, 0.9, 0.1), seen(FULL)])
    assert (mixed["length"].value, in_scope) == (FULL, 1.0)
    outside, in_scope = combine([seen(None, 0.9, 0.1), seen(None, 0.8, 0.2)])
    assert {answer.value for answer in outside.values()} == {None}
    assert in_scope == 0.2
    assert outside["wear"].confidence == pytest.approx(0.8)


def test_item_and_length_of_several_photos_go_with_their_wear_type() -> None:
    leg = seen(FULL, 0.51)
    leg.attributes["length"] = shows("length", "full_length", 0.9)
    combined, _ = combine([leg, leg])
    assert combined["wear"].value == "upper"
    assert combined["length"].value in values_for("length", "upper")


def test_the_model_version_changes_with_any_artifact(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("vision", "text", "fusion")]
    for folder in folders:
        parameters().save(folder, {})
    before = version_of(*folders)
    parameters().save(folders[1], {"made_by": "another run"})
    assert len(before) == 12
    assert version_of(*folders) != before
    with pytest.raises(ArtifactError, match="No readable artifact"):
        version_of(tmp_path / "nowhere")
