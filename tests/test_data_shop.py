"""Importing a shop's own CSV: tolerant of spelling, exact about errors."""

from __future__ import annotations

import csv

import pytest

from data.errors import InvalidTable
from data.importing import save
from data.shop import import_listings
from tests.dumps import photo

HEADER = "listing_id,images,title,description,wear,item,length,color,pattern\n"


def _import(tmp_path, text, encoding="utf-8"):
    for number in range(3):
        photo(tmp_path / f"p{number}.jpg", (number * 80, 10, 10))
    (tmp_path / "shop.csv").write_bytes(text.encode(encoding))
    return import_listings(tmp_path / "shop.csv")


def test_a_row_becomes_a_listing_in_our_words(tmp_path):
    words = 'Blue tee,"<p>Soft</p><p>Half sleeves</p>"'
    line = f"A1,p0.jpg|p1.jpg,{words},,Tshirts,Half,Multi Color,Plain\n"
    imported = _import(tmp_path, HEADER + line)
    row = imported.rows[0]
    assert imported.problems == []
    assert [path.rpartition("/")[2] for path in row["images"]] == ["p0.jpg", "p1.jpg"]
    assert row["description"] == "Soft\nHalf sleeves"
    assert [row[a] for a in ("wear", "item", "length", "color", "pattern")] == [
        "upper",
        "t_shirt",
        "half_sleeve",
        "multi",
        "solid",
    ]
    assert (row["scope"], row["length_source"]) == ("in", "field")
    assert save(imported, tmp_path / "out")["source"].tolist() == ["listings"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Listing ID;Images;Item;Colour\r\nA1;p0.jpg|p1.jpg;Jeans;Multi\r\n\r\n", "utf-8-sig"),
        ("listing_id\timages\titem\tcolor\nA1\tp0.jpg;p1.jpg\tjeans\tmulti", "utf-8"),
    ],
)
def test_spreadsheet_dialects_are_read(tmp_path, text, encoding):
    imported = _import(tmp_path, text, encoding)
    row = imported.rows[0]
    assert imported.problems == []
    assert (row["item"], row["color"], len(row["images"])) == ("jeans", "multi", 2)
    assert (row["length"], row["length_source"]) == ("full_length", "derived")


@pytest.mark.parametrize(
    ("line", "reason", "words"),
    [
        ("A2,p0.jpg,,,,toga,,,", "unknown_value", 'item "toga" is not a value we know'),
        ("A2,p0.jpg,,,,jeans,half_sleeve,,", "contradictory_fields", "jeans does not go with"),
        (",p0.jpg,,,,,,,", "invalid_listing", "listing_id must be"),
        ("A1,p0.jpg,,,,,,,", "duplicate_id", "Id A1 was given before."),
        ("A2,,,,,,,,", "no_image", "No image given"),
        ("A2," + "p0.jpg;" * 9 + ",,,,,,,", "too_many_images", "9 images given"),
        ("A2,p0.jpg,,", "bad_row", "The row has 4 cells, the header 9."),
        ("A2,p0.jpg," + "x" * 200_000 + ",,,,,,", "invalid_listing", "title has 200000 characters"),
        ("A2,p0.jpg,," + "<p>" * 200_000 + ",,,,,", "invalid_listing", "at most 200000 are read"),
    ],
)
def test_a_wrong_row_is_left_out_and_told_by_its_number(tmp_path, line, reason, words):
    imported = _import(tmp_path, HEADER + "A1,p1.jpg,,,,,,,\n" + line + "\nA3,p2.jpg,,,,,,,\n")
    assert [row["listing_id"] for row in imported.rows] == ["A1", "A3"]
    assert imported.read == 3
    assert [(p.row_id, p.reason) for p in imported.problems] == [("row 3", reason)]
    assert words in imported.problems[0].sentence
    assert imported.problems[0].sentence.endswith("The row is left out.")


def test_a_photo_that_cannot_be_read_is_listed_and_the_row_kept(tmp_path):
    (tmp_path / "bad.jpg").write_text("no photo")
    imported = _import(tmp_path, HEADER + "A1,bad.jpg;gone.jpg;p0.jpg,,,,,,,\n")
    assert len(imported.rows[0]["images"]) == 1
    assert [p.reason for p in imported.problems] == ["unreadable_image", "missing_image"]
    assert {p.row_id for p in imported.problems} == {"row 2"}


def test_a_long_cell_that_is_not_read_costs_nothing(tmp_path):
    before = csv.field_size_limit()
    imported = _import(tmp_path, f"listing_id,images,notes\nA1,p0.jpg,{'x' * 1_000_000}\n")
    assert [row["listing_id"] for row in imported.rows] == ["A1"]
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ('A2,"p0.jpg\nA3,p0.jpg\n', "row 3, which starts on line 4, a quote is never closed."),
        ('A2,"p0.jpg\nA3,"p0.jpg"\n', "row 3, which starts on line 4, ',' expected after '\"'."),
        ('A2,p0.jpg\nA3,"p0.jpg', "row 4, which starts on line 5, a quote is never closed."),
    ],
)
def test_a_wrong_quote_names_its_row(tmp_path, line, where):
    with pytest.raises(InvalidTable) as caught:
        _import(tmp_path, 'listing_id,images\n"A\n1",p1.jpg\n' + line)
    assert caught.value.message.endswith(f"is not a CSV table: in {where}")


def test_columns_we_do_not_know_are_reported(tmp_path):
    imported = _import(tmp_path, "listing_id,images,price\nA1,p0.jpg,9\n")
    assert [(p.row_id, p.reason) for p in imported.problems] == [("row 1", "unknown_column")]
    assert '"price"' in imported.problems[0].sentence


def test_equal_titles_and_shared_photos_are_one_group(tmp_path):
    lines = ["A,p0.jpg,Red tee", "B,p1.jpg,RED TEE", "C,p2.jpg;p1.jpg,Other", "D,p2.jpg,"]
    imported = _import(tmp_path, "\n".join(["listing_id,images,title", *lines, "E,x.jpg,"]))
    groups = [row["group"] for row in imported.rows]
    assert len(set(groups[:4])) == 1
    assert groups[4] != groups[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"images,title\n", "lacks the column listing_id"),
        (b"listing_id,images,Title,title\n", "names the column title twice"),
        ("listing_id,images,title\nA,p.jpg,caf\u00e9".encode("latin-1"), "is not in UTF-8"),
        ("listing_id,images".encode("utf-16"), "is not in UTF-8"),
        (b'listing_id,images\n"A,p.jpg', "is not a CSV table"),
    ],
)
def test_a_file_that_is_no_such_table_is_told(tmp_path, content, message):
    path = tmp_path / "shop.csv"
    path.write_bytes(content)
    with pytest.raises(InvalidTable, match=message):
        import_listings(path)
