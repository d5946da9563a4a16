"""The checker: photos and words of many listings in one go, each error with its own listing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from data.errors import ArtifactError, SelvedgeError
from data.schema import Listing, Report
from data.taxonomy import ATTRIBUTES
from fusion.checker import Checker, version_of
from tests.fusion_fakes import (
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


def test_what_a_seller_can_mend_about_each_photo_stands_in_the_report(photos, tmp_path) -> None:
    noise = np.random.default_rng(5).integers(0, 255, (700, 525, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "sharp.png")
    Image.fromarray(noise // 8).save(tmp_path / "dark.png")
    three = listing("1", tmp_path / "sharp.png", tmp_path / "dark.png", photos["full"])
    [report] = fake_checker().check([three])
    sharp, dark, small = report.remarks.quality
    assert "too_dark" in dark
    assert "too_small" in small
    assert not {"too_dark", "too_small"} & set(sharp)


class StripedHalfSleeves(FakeImages):
    """The blue photo shows another garment, not only other sleeves."""

    def _result(self, rgb: np.ndarray) -> FakeResult:
        result = super()._result(rgb)
        if rgb[0] > rgb[2]:
            return result
        other = {"item": "t_shirt", "color": "multi", "pattern": "striped"}
        other = {name: shows(name, value) for name, value in other.items()}
        return replace(result, attributes={**result.attributes, **other})


def test_the_photo_of_another_garment_is_named_by_its_number(photos) -> None:
    checker = Checker(StripedHalfSleeves(), FakeTexts(), parameters(), model_version="fake")
    [odd] = checker.check([listing("1", photos["full"], photos["full"], photos["half"])])
    [alike] = checker.check([listing("2", photos["full"], photos["full"])])
    assert (odd.remarks.odd_photo, alike.remarks.odd_photo) == (3, None)


@pytest.mark.parametrize("place", [1, 2])
def test_of_two_garments_the_one_that_words_and_fields_deny_is_named(photos, place) -> None:
    checker = Checker(StripedHalfSleeves(), FakeTexts(), parameters(), model_version="fake")
    of_it, other = photos["full"], photos["half"]
    two = (other, of_it) if place == 1 else (of_it, other)
    told = replace(listing("1", *two), fields={"pattern": "solid"})
    said = replace(listing("2", *two), fields={}, title="Shirt with full sleeves")
    reports = checker.check([told, said, replace(told, fields={})])
    assert [r.remarks.odd_photo for r in reports] == [place, place, 2]


def test_photos_that_show_no_garment_beside_others_are_named(photos) -> None:
    shirt, shoe = photos["full"], photos["out"]
    mixed = listing("1", shoe, shirt, shoe)
    reports = fake_checker().check([mixed, listing("2", shirt, shirt), listing("3", shoe, shoe)])
    assert [r.remarks.no_garment for r in reports] == [(1, 3), (), ()]


def test_no_listings_no_reports() -> None:
    assert fake_checker().check([]) == []


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
