"""Importing sellers' photos: what a class settles, and a sender is one group."""

from __future__ import annotations

import pytest

from data.errors import InvalidTable
from data.importing import save
from data.sellers import import_seller_photos
from tests.dumps import photo


def _dump(tmp_path, lines):
    for number, line in enumerate(lines):
        photo(tmp_path / "images" / f"{line.split(',')[0]}.jpg", (number * 20, 50, 50))
    text = "\n".join(["image,sender_id,label,kids", *lines])
    (tmp_path / "images.csv").write_text(text + "\n", encoding="utf-8-sig")
    return tmp_path


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("T-Shirt", ("in", "upper", "t_shirt", "half_sleeve", "derived")),
        ("Longsleeve", ("in", "upper", None, "full_sleeve", "field")),
        ("Shirt", ("in", "upper", "shirt", None, None)),
        ("Pants", ("in", "bottom", None, "full_length", "derived")),
        ("Shorts", ("in", "bottom", "shorts", None, None)),
        ("Dress", ("out", None, None, None, None)),
        ("Other", ("unknown", None, None, None, None)),
    ],
)
def test_a_class_gives_the_values_it_settles(tmp_path, label, expected):
    imported = import_seller_photos(_dump(tmp_path, [f"a,7,{label},False"]))
    row = imported.rows[0]
    found = tuple(row[name] for name in ("scope", "wear", "item", "length", "length_source"))
    assert found == expected
    assert [p.reason for p in imported.problems] == ["ambiguous_class"] * (label == "Other")


def test_a_sender_is_one_group_and_children_are_kept(tmp_path):
    folder = _dump(tmp_path, ["a,7,Polo,False", "b,7,Shoes,True", "c,8,Top,False"])
    frame = save(import_seller_photos(folder), tmp_path / "out")
    assert frame["group"].tolist() == ["seller-7", "seller-7", "seller-8"]
    assert frame["age_group"].fillna("").tolist() == ["", "kids", ""]
    assert frame["color"].isna().all()


def test_a_photo_given_twice_is_counted_once(tmp_path):
    imported = import_seller_photos(_dump(tmp_path, ["a,7,Polo,False", "a,8,Top,False"]))
    assert (imported.read, len(imported.rows)) == (2, 1)
    assert imported.problems[0].reason == "duplicate_id"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("image,label,kids\na,Top,False\n", "lacks the columns sender_id"),
        ("image,sender_id,label,kids\na,7,Top\n", "row 2: not as many cells"),
    ],
)
def test_a_wrong_index_is_told(tmp_path, text, message):
    (tmp_path / "images.csv").write_text(text)
    with pytest.raises(InvalidTable, match=message):
        import_seller_photos(tmp_path)


def test_a_missing_index_is_told(tmp_path):
    with pytest.raises(InvalidTable, match=r"images\.csv cannot be read"):
        import_seller_photos(tmp_path)
