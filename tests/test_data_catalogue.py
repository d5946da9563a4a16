"""Importing a product dump: fields, words, duplicates, problems, on files made here."""

from __future__ import annotations

import shutil
import tarfile

import pytest

from data.catalogue import import_catalogue
from data.errors import InvalidTable
from data.importing import save
from data.table import LISTINGS, read_table
from tests.dumps import catalogue, photo, product


def _row(tmp_path, *args, **changes):
    imported = import_catalogue(catalogue(tmp_path, [product(1, *args, **changes)]))
    return imported.rows[0], imported.problems


def test_a_product_becomes_a_row_in_our_words(tmp_path):
    row, problems = _row(
        tmp_path,
        productDisplayName="Acme  Men Blue T-shirt",
        articleAttributes={"Sleeve Length": "Short Sleeves", "Pattern": "Printed"},
        productDescriptors={
            "materials_care_desc": {"value": "<p>Cotton<br />Machine wash</p>"},
            "style_note": {"value": "<p>Team it with jeans.</p>"},
            "description": {"value": "<ul><li>Blue T-shirt</li><li>Round neck</li></ul>"},
        },
    )
    assert problems == []
    assert row["title"] == "Acme Men Blue T-shirt"
    assert row["description"] == (
        "Blue T-shirt\nRound neck\nTeam it with jeans.\nCotton\nMachine wash"
    )
    assert (row["scope"], row["wear"], row["item"]) == ("in", "upper", "t_shirt")
    assert (row["length"], row["length_source"]) == ("half_sleeve", "field")
    assert (row["pattern"], row["color"], row["color_weak"]) == ("printed", None, "single")
    assert (row["brand"], row["gender"], row["year"]) == ("Acme", "Men", 2012)
    assert row["image"].endswith("1.jpg")
    assert row["detail"] == "full"


@pytest.mark.parametrize(
    ("article", "attributes", "length", "source"),
    [
        ("Jeans", {}, "full_length", "derived"),
        ("Jeans", {"Length": "Regular"}, "full_length", "derived"),
        ("Shorts", {"Length": "Knee Length"}, "knee_length", "field"),
        ("Skirts", {}, None, None),
        ("Skirts", {"Length": "Maxi"}, "full_length", "field"),
        ("Tops", {"Length": "Crop"}, None, None),
        ("Shirts", {"Sleeve Length": "NA"}, None, None),
    ],
)
def test_the_length_is_the_field_or_derived_and_says_which(
    tmp_path, article, attributes, length, source
):
    row, problems = _row(tmp_path, article, articleAttributes=attributes)
    assert (row["length"], row["length_source"], problems) == (length, source, [])


@pytest.mark.parametrize(
    ("article", "changes", "scope", "item"),
    [
        ("Dupatta", {}, "out", None),
        ("Casual Shoes", {"subCategory": {"typeName": "Shoes"}}, "out", None),
        ("Lounge Pants", {"subCategory": {"typeName": "Nightwear"}}, "in", "track_pants"),
        ("Salwar", {"ageGroup": "Adults-Women"}, "in", "salwar"),
    ],
)
def test_scope_follows_from_the_article_type(tmp_path, article, changes, scope, item):
    row, problems = _row(tmp_path, article, **changes)
    assert (row["scope"], row["item"], problems) == (scope, item, [])


@pytest.mark.parametrize(
    ("article", "changes", "reason", "words"),
    [
        (
            "Jeans",
            {"articleAttributes": {"Sleeve Length": "Long Sleeves"}},
            "contradictory_fields",
            'Sleeve length "Long Sleeves" does not go with jeans. The row is kept without it.',
        ),
        (
            "Tshirts",
            {"subCategory": {"typeName": "Bottomwear"}},
            "contradictory_fields",
            '"Tshirts" is upper wear but filed as Bottomwear. Its scope is unknown.',
        ),
        ("Salwar", {"ageGroup": "Kids-Girls"}, "ambiguous_article", "may be a set"),
        ("Toga", {}, "unknown_value", 'item "Toga" is not a value we know'),
        ("Tshirts", {"articleAttributes": {"Pattern": "Dyed"}}, "ambiguous_value", "solid or"),
        ("Tshirts", {"articleAttributes": {"Pattern": "Wavy"}}, "unknown_value", '"Wavy"'),
    ],
)
def test_what_does_not_fit_is_listed_with_its_reason_and_the_row_kept(
    tmp_path, article, changes, reason, words
):
    row, problems = _row(tmp_path, article, **changes)
    assert [(p.row_id, p.reason) for p in problems] == [("1", reason)]
    assert words in problems[0].sentence
    assert row["pattern"] is None


def test_color_words_are_only_a_hint(tmp_path):
    row, _ = _row(tmp_path, colour1="White")
    assert (row["color"], row["color_weak"]) == (None, "multi")


def test_rows_with_missing_or_broken_photos_are_kept_without_them(tmp_path):
    folder = catalogue(tmp_path, [product(1), product(2), product(3)])
    (folder / "images" / "1.jpg").unlink()
    whole = (folder / "images" / "2.jpg").read_bytes()
    (folder / "images" / "2.jpg").write_bytes(whole[: len(whole) // 2])
    imported = import_catalogue(folder)
    assert [row["image"] is None for row in imported.rows] == [True, True, False]
    assert [(p.row_id, p.reason) for p in imported.problems] == [
        ("1", "missing_image"),
        ("2", "unreadable_image"),
    ]


def test_small_photos_are_marked_as_thumbnails(tmp_path):
    folder = catalogue(tmp_path, [product(1)])
    photo(folder / "images" / "1.jpg", size=80)
    assert import_catalogue(folder).rows[0]["detail"] == "thumbnail"


def test_duplicates_by_photo_name_and_index_share_a_group(tmp_path):
    folder = catalogue(
        tmp_path,
        [product(n) for n in (1, 2, 3, 4)] + [product(5, productDisplayName="acme men NUMBER 4")],
    )
    shutil.copy(folder / "images" / "1.jpg", folder / "images" / "2.jpg")
    (folder / "index.csv").write_text("id,group\n2,a\n3,a\n4,b\n5,\n")
    groups = [row["group"] for row in import_catalogue(folder).rows]
    assert groups[0] == groups[1] == groups[2] != groups[3] == groups[4]


def test_files_that_are_no_products_are_counted_and_listed(tmp_path):
    folder = catalogue(tmp_path, [product(1)])
    (folder / "styles" / "2.json").write_text("{broken")
    (folder / "styles" / "3.json").write_text('{"data": {"title": "no id"}}')
    (folder / "styles" / "4.json").write_text("[1, 2]")
    (folder / "styles" / "5.json").write_text((folder / "styles" / "1.json").read_text())
    imported = import_catalogue(folder)
    assert (imported.read, len(imported.rows)) == (5, 1)
    assert [(p.row_id, p.reason) for p in imported.problems] == [
        ("2", "bad_json"),
        ("3", "bad_json"),
        ("4", "bad_json"),
        ("5", "duplicate_id"),
    ]


def test_empty_attributes_may_be_a_list(tmp_path):
    row, problems = _row(tmp_path, articleAttributes=[], productDescriptors=[])
    assert (row["description"], problems) == ("", [])


def test_the_archive_gives_the_same_rows_as_the_folder(tmp_path):
    folder = catalogue(tmp_path / "a", [product(n) for n in (1, 2, 30)])
    rows = import_catalogue(folder).rows
    with tarfile.open(folder / "styles.tar.gz", "w:gz") as tar:
        tar.add(folder / "styles", "styles")
    shutil.rmtree(folder / "styles")
    assert import_catalogue(folder).rows == rows


def test_a_folder_without_products_is_refused(tmp_path):
    with pytest.raises(InvalidTable, match="holds neither styles/"):
        import_catalogue(tmp_path)
    (tmp_path / "styles").mkdir()
    with pytest.raises(InvalidTable, match="No product could be read"):
        import_catalogue(tmp_path)
    (tmp_path / "styles").rmdir()
    (tmp_path / "styles.tar.gz").write_bytes(b"no archive")
    with pytest.raises(InvalidTable, match="is damaged"):
        import_catalogue(tmp_path)


def test_importing_again_gives_the_same_files(tmp_path):
    folder = catalogue(tmp_path / "dump", [product(n) for n in range(1, 6)])
    out = tmp_path / "out"
    save(import_catalogue(folder), out)
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    save(import_catalogue(folder), out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first
    assert first.keys() == {LISTINGS, "rejected.csv"}


def test_added_products_move_no_product_to_another_split(tmp_path):
    few = [product(n) for n in range(100, 140)]
    more = [product(n, productDisplayName=f"Acme Men Number {n + 20}") for n in range(1, 60)]
    save(import_catalogue(catalogue(tmp_path / "few", few, photos=False)), tmp_path / "a")
    save(import_catalogue(catalogue(tmp_path / "all", few + more, photos=False)), tmp_path / "b")
    before = read_table(tmp_path / "a" / LISTINGS).set_index("listing_id")["split"]
    after = read_table(tmp_path / "b" / LISTINGS).set_index("listing_id")["split"]
    assert after[before.index].equals(before)
    assert before.nunique() > 1


@pytest.mark.data
def test_two_hundred_real_products_import_cleanly(listings_data, tmp_path):
    dump = tmp_path / "dump"
    (dump / "styles").mkdir(parents=True)
    (dump / "images").symlink_to(listings_data / "catalogue" / "images")
    archive = listings_data / "catalogue" / "styles.tar.gz"
    with tarfile.open(archive) as tar:
        members = [m for _, m in zip(range(600), tar, strict=False) if m.name.endswith(".json")]
        for member in members[::3]:
            content = tar.extractfile(member).read()
            (dump / "styles" / member.name.rpartition("/")[2]).write_bytes(content)
    imported = import_catalogue(dump)
    frame = save(imported, tmp_path / "out")
    assert len(frame) == imported.read > 150
    assert frame["image"].notna().all()
    assert (frame["scope"] == "in").mean() > 0.7
    assert not frame["description"].str.contains("</?(?:p|br|li|span|strong)|&nbsp;").any()
    assert frame.groupby("group")["split"].nunique().max() == 1
