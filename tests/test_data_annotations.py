"""Importing annotations and measuring fields by them."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.agreement import annotation_report, wilson
from data.annotations import FILES, import_annotations
from data.errors import InvalidTable
from data.importing import Imported
from data.table import read_table, split_of

PHOTOS = """{id},wear,item,length,color,pattern,passes,sure
1,upper,shirt,full_sleeve,single,checked,2,1
2,upper,t_shirt,half_sleeve,multi,,1,0
3,out_of_scope,,,,,1,1
"""
STATES = {"wear": "upper", "item": "shirt", "color": "single", "pattern": "solid/printed"}


@pytest.fixture
def listings() -> pd.DataFrame:
    imported = Imported()
    for number, item in (("1", "shirt"), ("2", "top"), ("3", "jeans")):
        imported.add(
            listing_id=number,
            source="catalogue",
            group=f"group {number}",
            title=f"Title {number}",
            scope="in",
            wear="upper",
            item=item,
            length="half_sleeve",
            length_source="field",
        )
    return imported.frame()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "catalogue.csv").write_text(PHOTOS.format(id="id"))
    (tmp_path / "seller_photos.csv").write_text(PHOTOS.format(id="image"))
    (tmp_path / "natural_conflicts.csv").write_text(
        "id,field_length,text_length,photo_length,odd_one_out\n"
        "1,half_sleeve,full_sleeve,full_sleeve,field\n2,half_sleeve,sleeveless,,\n"
    )
    texts = [
        {"source": "catalogue", "id": "1", "title": "Title 1", "description": "Blue | Slim"},
        {"source": "catalogue", "id": "9", "title": "Title 2", "description": ""},
        {"source": "short", "id": "8", "title": "New", "description": "Blue"},
    ]
    lines = [json.dumps({**text, "passes": 1, "states": STATES | {"length": ""}}) for text in texts]
    (tmp_path / "texts.jsonl").write_text("\n".join(lines) + "\n")
    return tmp_path


def test_the_three_tables_are_written_and_read_back(folder, listings, tmp_path):
    import_annotations(folder, listings, tmp_path / "out")
    photos = read_table(tmp_path / "out" / FILES["photos"], "photos")
    assert photos["source"].tolist() == ["catalogue"] * 3 + ["seller_photos"] * 3
    assert photos["scope"].tolist() == ["in", "in", "out"] * 2
    assert photos["wear"].isna().tolist() == [False, False, True] * 2
    conflicts = read_table(tmp_path / "out" / FILES["conflicts"], "conflicts")
    assert conflicts["odd_one_out"].fillna("").tolist() == ["field", ""]
    texts = read_table(tmp_path / "out" / FILES["texts"], "texts")
    assert texts["description"].tolist() == ["Blue\nSlim", "", "Blue"]
    assert texts["pattern"].tolist() == ["solid/printed"] * 3
    assert texts["length"].isna().all()


def more(folder, first_id: int):
    """Write a second folder, its photos numbered from `first_id`, the first of each file picked."""
    folder.mkdir()
    for name, column in (("catalogue", "id"), ("seller_photos", "image")):
        head, *rows = PHOTOS.format(id=column).splitlines()
        lines = [f"{first_id + n}{row[1:]},{int(n == 0)}" for n, row in enumerate(rows)]
        (folder / f"{name}.csv").write_text("\n".join([f"{head},picked", *lines]) + "\n")
    return folder


def test_natural_conflicts_and_the_second_folders_own_are_marked_as_picked(
    folder, listings, tmp_path
):
    also = more(tmp_path / "more", 4)
    photos = import_annotations(folder, listings, tmp_path / "out", also=also)["photos"]
    assert photos["listing_id"].tolist() == ["1", "2", "3"] * 2 + ["4", "5", "6"] * 2
    picked = photos[photos["picked"]]
    assert picked["listing_id"].tolist() == ["1", "2", "4", "4"]
    assert picked["source"].tolist() == ["catalogue"] * 3 + ["seller_photos"]


def test_a_photo_annotated_in_both_folders_is_refused(folder, listings, tmp_path):
    also = more(tmp_path / "more", 3)
    with pytest.raises(InvalidTable, match=r"2 photos .* catalogue 3:"):
        import_annotations(folder, listings, tmp_path / "out", also=also)


def test_further_texts_take_their_words_from_the_tables(folder, listings, tmp_path):
    also = more(tmp_path / "more", 4)
    listings = listings.assign(description="Plain.")
    further = listings[~listings["listing_id"].isin(["1", "2"])].iloc[0]
    head = "source,id,wear,item,length,color,pattern"
    line = f"{further.source},{further.listing_id},upper,t_shirt/top,not_stated,single,"
    (also / "texts.csv").write_text(f"{head}\n{line}\n")
    texts = import_annotations(folder, listings, tmp_path / "out", also=also)["texts"]
    last = texts.iloc[-1]
    assert (last["title"], last["description"]) == (further.title, "Plain.")
    assert (last["item"], last["split"]) == ("t_shirt/top", further.split)
    assert pd.isna(last["pattern"])
    (also / "texts.csv").write_text(f"{head}\n{line.replace(further.listing_id, '99', 1)}\n")
    with pytest.raises(InvalidTable, match="1 of the 1 texts"):
        import_annotations(folder, listings, tmp_path / "out", also=also)


def test_a_text_is_in_the_split_of_its_product(folder, listings, tmp_path):
    texts = import_annotations(folder, listings, tmp_path / "out")["texts"]
    assert texts["group"].tolist() == ["group 1", "group 2", "|new"]
    assert texts["split"].tolist() == [split_of(group) for group in texts["group"]]


def test_fields_are_measured_against_the_eye(folder, listings, tmp_path):
    report = annotation_report(listings, **import_annotations(folder, listings, tmp_path / "out"))
    lines = {(row["source"], row["field"]): row for row in report["Fields against the eye"]}
    item = lines["catalogue", "item"]
    assert (item["n"], item["right"], item["most often wrong"]) == (2, 1, "1 top for t_shirt")
    assert lines["catalogue", "scope"]["right"] == 2
    # Products annotated for their known contradiction are told apart from the others.
    assert lines["catalogue", "length (field, conflicts)"]["n"] == 2
    assert ("catalogue", "length (field)") not in lines
    counts = {row["what"]: row["count"] for row in report["Counts"]}
    assert counts["photos not in the tables"] == 3
    assert counts["texts not in the tables (grouped by title)"] == 2


def test_a_field_is_not_measured_on_photos_picked_for_it(folder, listings, tmp_path):
    listings = pd.concat([listings, listings.assign(listing_id=["4", "5", "6"])])
    also = more(tmp_path / "more", 4)
    frames = import_annotations(folder, listings, tmp_path / "out", also=also)
    report = annotation_report(listings, **frames)
    lines = {(row["source"], row["field"]): row for row in report["Fields against the eye"]}
    assert lines["catalogue", "item"]["n"] == 3, "1 and 2 as before, 5, but not 4"


def test_an_unknown_value_is_refused(folder, listings, tmp_path):
    path = folder / "catalogue.csv"
    path.write_text(path.read_text().replace("checked", "wavy"))
    with pytest.raises(InvalidTable, match=r"column pattern .*wavy"):
        import_annotations(folder, listings, tmp_path / "out")


def test_a_missing_file_is_told(folder, listings, tmp_path):
    (folder / "texts.jsonl").unlink()
    with pytest.raises(InvalidTable, match=r"texts\.jsonl cannot be read"):
        import_annotations(folder, listings, tmp_path / "out")


def test_the_wilson_interval_matches_published_values():
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(90, 100) == pytest.approx((0.8256, 0.9448), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_wilson_interval_holds_the_share(right, more):
    low, high = wilson(right, right + more)
    assert 0 <= low <= right / (right + more) <= high <= 1


@pytest.mark.data
def test_real_annotations_share_the_split_of_their_products(listings_data, tmp_path):
    imported = Imported()
    imported.add(
        listing_id="12079",
        source="catalogue",
        group="w|w women printed yellow kurtas",
        title="W Women Printed Yellow Kurtas",
    )
    frames = import_annotations(listings_data / "annotations", imported.frame(), tmp_path)
    assert {kind: len(frame) for kind, frame in frames.items()} == {
        "photos": 2819,
        "texts": 500,
        "conflicts": 135,
    }
    texts = frames["texts"].set_index("listing_id")
    assert texts.loc["12079", "group"] == "w|w women printed yellow kurtas"
