"""The released artifacts as a seller meets them: what must move a verdict, and what must not."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance

from data.schema import Listing, Report
from data.taxonomy import ATTRIBUTES, WEAR_OF
from fusion.checker import Checker

FIELDS = {"wear": "upper", "item": "t_shirt", "length": "half_sleeve", "color": "single",
          "pattern": "solid"}  # fmt: skip
TIED = {"wear", *WEAR_OF}  # by the vocabulary: one garment


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker.load()


@pytest.fixture(scope="module")
def photos(listings_data: Path) -> list[Path]:
    """Twelve photos of upper wear in the catalogue's full size."""
    import csv

    with (listings_data / "catalogue" / "index.csv").open(encoding="utf-8") as source:
        full = {row["id"] for row in csv.DictReader(source) if row["detail"] == "full"}
    with (listings_data / "annotations" / "catalogue.csv").open(encoding="utf-8") as source:
        shown = [r["id"] for r in csv.DictReader(source) if r["wear"] == "upper" and r["length"]]
    names = [name for name in shown if name in full][:12]
    return [listings_data / "catalogue" / "images" / f"{name}.jpg" for name in names]


def check(checker: Checker, photo: Path, title: str = "", **changes: str | None) -> Report:
    [report] = checker.check([Listing("a", (photo,), title=title, fields={**FIELDS, **changes})])
    assert isinstance(report, Report)
    return report


def scores(report: Report) -> Mapping[str, float | None]:
    return {name: report.attributes[name].score for name in ATTRIBUTES}


@pytest.mark.data
@pytest.mark.parametrize(
    ("attribute", "value", "may_move"),
    [
        ("pattern", "checked", {"pattern"}),
        ("color", "multi", {"color"}),
        ("length", "full_sleeve", TIED),
        ("item", "shirt", TIED),
    ],
)
def test_changing_one_field_moves_only_what_the_vocabulary_ties_to_it(
    checker, photos, attribute, value, may_move
) -> None:
    for photo in photos[:4]:
        before, after = check(checker, photo), check(checker, photo, **{attribute: value})
        moved = {n for n in ATTRIBUTES if scores(before)[n] != scores(after)[n]}
        assert attribute in moved <= may_move
        for branch in ("image", "text"):
            assert all(
                getattr(before.attributes[n], branch) == getattr(after.attributes[n], branch)
                for n in ATTRIBUTES
            )


@pytest.mark.data
def test_words_that_say_full_sleeves_raise_agreement_with_full_sleeves(checker, photos) -> None:
    for photo in photos:
        plain = check(checker, photo, "Cotton t-shirt", length="full_sleeve")
        said = check(checker, photo, "Cotton t-shirt with full sleeves", length="full_sleeve")
        assert said.attributes["length"].score > plain.attributes["length"].score
        assert said.attributes["length"].contributions["text"] > 0


@pytest.mark.data
def test_words_that_contradict_each_other_are_reported_with_both_places(checker, photos) -> None:
    report = check(checker, photos[0], "Half sleeve T-shirt with full sleeves")
    assert report.remarks is not None
    [found] = report.remarks.contradictions
    assert found.attribute == "length"
    assert {s.value for s in found.said} == {"half_sleeve", "full_sleeve"}
    assert all(s.evidence for s in found.said)


@pytest.mark.data
def test_a_brighter_or_newly_saved_photo_turns_no_verdict_around(
    checker, photos, tmp_path: Path
) -> None:
    for photo in photos:
        before = check(checker, photo, "Cotton t-shirt")
        for number, changed in enumerate((_brighter(photo), _saved_again(photo))):
            path = tmp_path / f"{photo.stem}-{number}.jpg"
            path.write_bytes(changed)
            after = check(checker, path, "Cotton t-shirt")
            for name in ATTRIBUTES:
                pair = {r.attributes[name].status for r in (before, after)}
                assert pair != {"agree", "conflict"}, f"{photo.name}: {name}"


def _brighter(photo: Path) -> bytes:
    with Image.open(photo) as picture:
        return _jpeg(ImageEnhance.Brightness(picture.convert("RGB")).enhance(1.15), 95)


def _saved_again(photo: Path) -> bytes:
    with Image.open(photo) as picture:
        return _jpeg(picture.convert("RGB"), 70)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


@pytest.mark.data
def test_the_order_of_a_batch_changes_nothing(checker, photos) -> None:
    listings = [
        Listing(photo.stem, (photo,), title="Full sleeves " * (n % 2), fields=FIELDS)
        for n, photo in enumerate(photos)
    ]
    forward = [r.to_json() for r in checker.check(listings)]
    assert forward == [r.to_json() for r in checker.check(listings[::-1])][::-1]
