"""From what crawls collected to the one table: fields, weak colors, duplicates, counts."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import InvalidTable
from data.importing import Imported
from data.table import read_table, split_of
from data.wrangle import Wrangled, command, wrangle
from data.wrangle_items import Reader, each_once, read_items
from data.wrangle_photos import near_pairs
from data.wrangle_words import Named, Vocabulary, count_colors, read_accepted
from tests.crawls import crawl, different_photos, item, stored
from tests.pictures import photo

WORDS = Vocabulary()


def _rows(folder: Path, *items: dict[str, Any] | str) -> list[dict[str, Any]]:
    return wrangle([crawl(folder, items)], {}).imported.rows


def _steps(wrangled: Wrangled) -> dict[str, tuple[int, int]]:
    return {step["what"]: (step["before"], step["after"]) for step in wrangled.steps}


def test_a_product_becomes_a_listing_in_our_words(tmp_path: Path) -> None:
    attributes = {"Sleeve": "Long Sleeves", "Print or Pattern Type": "Plaid", "Fabric": "Cotton"}
    images = different_photos(tmp_path, 2)
    described = item(1, attributes=attributes, images=images, description="<p>Soft</p><p>Warm</p>")
    (row,) = _rows(tmp_path, described)
    assert (row["wear"], row["item"], row["length"], row["pattern"]) == (
        *("upper", "shirt"),
        *("full_sleeve", "checked"),
    )
    assert (row["scope"], row["length_source"], row["source"]) == ("in", "field", "listings")
    assert (row["listing_id"], row["brand"], row["gender"]) == ("acme/1", "Acme", "men")
    assert row["description"] == "Soft\nWarm"
    assert [Path(path).is_file() for path in row["images"]] == [True, True]


@pytest.mark.parametrize(
    ("category", "title", "expected"),
    [
        ("Men > Clothing > T-Shirts", "Plain Thing", Named("t_shirt")),
        ("Men/Topwear/Shirts", "Thing", Named("shirt")),
        ("Topwear", "Roadster Men Striped Casual Shirt with Belt", Named("shirt")),
        ("Tops & T-shirts", "Women Sleeveless Top", Named("top")),
        ("", "Acme Women Blue Top, cap sleeves", Named("top")),
        ("", "U.S. Polo Assn. Men Navy Polo T-shirt", Named("t_shirt")),
        ("", "Biba Women Printed Kurta with Dupatta", Named(out=True)),
        ("", "Acme Women Shirt Dress", Named(out=True)),
        ("Shoes", "Running", Named(out=True)),
        ("New In", "Wonderful", Named()),
    ],
)
def test_wear_and_item_follow_from_the_category_then_the_title(
    tmp_path: Path, category: str, title: str, expected: Named
) -> None:
    (row,) = _rows(tmp_path, item(1, category=category) | {"title": title})
    scope = "out" if expected.out else "in" if expected.item else "unknown"
    assert (row["scope"], row["item"]) == (scope, expected.item)


def test_the_category_is_kept_where_the_title_says_otherwise_and_that_is_told(
    tmp_path: Path,
) -> None:
    done = wrangle([crawl(tmp_path, [item(1, "Blue Hoodie", category="Shirts")])], {})
    assert done.imported.rows[0]["item"] == "shirt"
    assert [p.reason for p in done.imported.problems] == ["contradictory_fields"]


def test_a_leg_length_is_derived_from_the_item_and_marked(tmp_path: Path) -> None:
    rows = _rows(
        tmp_path,
        item(1, category="Jeans"),
        item(2, category="Jeans", attributes={"Length": "Regular"}),
        item(3, category="Jeans", attributes={"Length": "Cropped"}),
        item(4, category="Shirts", attributes={"Length": "Regular"}),
    )
    assert [(row["length"], row["length_source"]) for row in rows] == [
        ("full_length", "derived"),
        ("full_length", "derived"),
        ("cropped", "field"),
        (None, None),
    ]


def test_an_unknown_value_is_counted_and_its_row_kept_without_it(tmp_path: Path) -> None:
    odd = {"Pattern": "Wavy", "Sleeve Length": "Bell"}
    done = wrangle([crawl(tmp_path, [item(1, attributes=odd), item(2, category="Ponchito")])], {})
    assert len(done.imported.rows) == 2
    assert done.imported.rows[0]["pattern"] is None
    found = done.unknown[["attribute", "word"]].to_records(index=False).tolist()
    assert sorted(found) == [("length", "Bell"), ("pattern", "Wavy")]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Navy Blue"], "single"),
        (["Red", "Maroon shirt"], "single"),
        (["White & Blue Striped"], "multi"),
        (["rust orange", "grey"], "multi"),
        (["Multicoloured"], "multi"),
        (["Striped"], None),
        ([], None),
    ],
)
def test_colors_are_counted_by_hue(texts: list[str], expected: str | None) -> None:
    assert count_colors(texts) == expected


def test_a_color_counted_from_words_is_weak_and_only_a_word_for_it_is_a_field(
    tmp_path: Path,
) -> None:
    rows = _rows(
        tmp_path,
        item(1, attributes={"Color": "Navy Blue", "Pattern": "Solid"}),
        item(2, attributes={"Color": "Multicoloured"}),
        item(3, attributes={"Color": "Navy Blue", "Pattern": "Checked"}),
        item(4, "Acme Red and White Shirt", attributes={"Pattern": "Checked"}),
        item(5, category="Shoes", colors=["Red", "White"]),
    )
    assert [(row["color"], row["color_weak"]) for row in rows] == [
        (None, "single"),
        ("multi", "multi"),
        (None, None),
        (None, "multi"),
        (None, None),
    ]


def test_a_product_collected_twice_is_kept_once_as_collected_last(tmp_path: Path) -> None:
    newer = item(1, "New Shirt", collected_at="2026-11-09T10:00:00+00:00")
    done = wrangle([crawl(tmp_path / "b", [newer]), crawl(tmp_path / "a", [item(1), item(2)])], {})
    assert [row["title"] for row in done.imported.rows] == ["New Shirt 1", "Acme Men Blue Shirt 2"]
    assert _steps(done)["products, each once, as collected last"] == (3, 2)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "bad_json"),
        ("[1]", "bad_json"),
        ('{"shop": "acme", "url": "u"}', "bad_item"),
        (json.dumps(item(9, title="x") | {"title": 5}), "bad_item"),
        (json.dumps(item(9) | {"images": ["a.jpg"]}), "bad_item"),
        (json.dumps(item(9) | {"attributes": ["Sleeve"]}), "bad_item"),
    ],
)
def test_a_line_that_is_no_product_is_told_and_the_others_kept(
    tmp_path: Path, line: str, reason: str
) -> None:
    done = wrangle([crawl(tmp_path, [item(1), line, item(2)])], {})
    assert len(done.imported.rows) == 2
    assert [(p.row_id, p.reason) for p in done.imported.problems] == [
        (f"{tmp_path.name} line 2", reason)
    ]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)


@settings(max_examples=40)
@given(ANYTHING, st.sampled_from(sorted(item(1))))
def test_whatever_a_line_holds_it_is_read_or_told(
    tmp_path_factory: pytest.TempPathFactory, value: Any, key: str
) -> None:
    imported = Imported()
    folder = crawl(tmp_path_factory.mktemp("crawl"), [item(1), item(2) | {key: value}])
    items, lines = read_items([folder], imported)
    assert lines == 2
    assert len(items) + len(imported.problems) == 2
    reader = Reader(imported, WORDS)
    for found in each_once(items).to_dict("records"):
        reader.add(found)


def test_a_folder_that_is_no_crawl_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidTable, match=r"holds no items\.jsonl"):
        wrangle([tmp_path], {})
    with pytest.raises(InvalidTable, match="No product could be read: 1 lines tried"):
        wrangle([crawl(tmp_path / "a", ["{"])], {})


def test_at_most_eight_photos_are_kept_each_once_in_order(tmp_path: Path) -> None:
    images = different_photos(tmp_path, 10)
    (row,) = _rows(tmp_path, item(1, images=[images[0], *images]))
    assert [Path(path).stem for path in row["images"]] == [i["sha256"] for i in images[:8]]


def test_a_photo_that_is_gone_or_broken_is_told_and_the_row_kept(tmp_path: Path) -> None:
    images = [*different_photos(tmp_path, 1), stored(tmp_path, b"no photo"), {"path": "gone.jpg"}]
    done = wrangle([crawl(tmp_path, [item(1, images=images)])], {})
    assert len(done.imported.rows[0]["images"]) == 1
    assert [p.reason for p in done.imported.problems] == ["unreadable_image", "missing_image"]


def test_a_photo_of_very_many_products_belongs_to_none(tmp_path: Path) -> None:
    chart, *own = different_photos(tmp_path, 22)
    items = [item(n, images=[own[n], chart]) for n in range(21)]
    done = wrangle([crawl(tmp_path, items)], {})
    assert {len(row["images"]) for row in done.imported.rows} == {1}
    assert len({row["group"] for row in done.imported.rows}) == 21
    assert _steps(done)["photos that are no size chart or placeholder"] == (42, 21)


def test_duplicates_are_one_group_across_shops_whatever_makes_them_alike(tmp_path: Path) -> None:
    one, two, three, other = different_photos(tmp_path / "b", 4)
    shared = stored(tmp_path / "a", photo(size=(60, 80)))  # the content of `one`
    assert shared["sha256"] == one["sha256"]
    far = "ffff0000ffff0000"
    first = crawl(
        tmp_path / "a",
        [
            item(1, "Red Shirt", images=[shared]),
            item(2, "Tee", variant="Blue", images=[]),
            item(2, "Tee sky", variant="Sky", images=[]),
        ],
    )
    second = crawl(
        tmp_path / "b",
        [
            item(3, "Shirt in Red", shop="bee", images=[one, two | {"phash": "00ff00ff00ff00ff"}]),
            item(4, "Copy", shop="bee", images=[three | {"phash": "00ff00ff00ff00fc"}]),
            item(2, "Tee", shop="bee"),
            item(5, "Alone", shop="bee", images=[other | {"phash": far}]),
        ],
    )
    groups = [row["group"] for row in wrangle([first, second], {}).imported.rows]
    assert groups[0] == groups[3] == groups[4]  # an identical photo, then a near-identical one
    assert groups[1] == groups[2] == groups[5]  # colors of one product, then brand and title
    assert len(set(groups)) == 3


@given(st.lists(st.integers(0, 2**64 - 1), min_size=2, max_size=12), st.integers(0, 3), st.data())
def test_near_hashes_are_all_found_and_no_others(
    values: list[int], most: int, data: st.DataObject
) -> None:
    flips = data.draw(st.lists(st.integers(0, 63), max_size=4))
    values = list(dict.fromkeys([*values, values[0] ^ sum(1 << bit for bit in set(flips))]))
    hashes = np.array(values, dtype=np.uint64)
    expected = {
        (i, j)
        for j in range(len(values))
        for i in range(j)
        if (values[i] ^ values[j]).bit_count() <= most
    }
    assert set(near_pairs(hashes, most)) == expected


def test_the_command_writes_table_rejected_unknown_and_report(tmp_path: Path) -> None:
    images = different_photos(tmp_path / "crawl", 3)
    items = [item(n, images=[images[n]], attributes={"Pattern": "Wavy"}) for n in range(3)]
    crawl(tmp_path / "crawl", [*items, "{"])
    out = tmp_path / "out"
    result = CliRunner().invoke(command, [str(tmp_path / "crawl"), "--out", str(out)])
    assert result.exit_code == 0, result.output
    frame = read_table(out / "listings.parquet")
    assert frame["split"].tolist() == [split_of(group) for group in frame["group"]]
    report = json.loads((out / "report.json").read_text())
    assert report["Steps"][0] == {"what": "lines that are a product", "before": 4, "after": 3}
    assert report["Shops"] == [{"shop": "acme", "products": 3, "photos": 3, "in scope": 3}]
    with (out / "rejected.csv").open(newline="") as lines:
        assert {row["reason"] for row in csv.DictReader(lines)} == {"bad_json", "unknown_value"}
    assert pd.read_csv(out / "unknown.csv")["word"].tolist() == ["Wavy"] * 3


def test_wrangling_again_gives_the_same_table_and_more_data_moves_no_split(tmp_path: Path) -> None:
    items = [item(n, f"Shirt of kind {n}") for n in range(30)]
    before = wrangle([crawl(tmp_path / "a", items)], {}).imported.frame()
    again = wrangle([crawl(tmp_path / "a", items)], {}).imported.frame()
    more = [item(n, f"Shirt of kind {n}") for n in range(60)]
    after = wrangle([crawl(tmp_path / "b", more)], {}).imported.frame()
    pd.testing.assert_frame_equal(before, again)
    assert before["split"].tolist() == after["split"].tolist()[:30]


ACCEPTED = "word,attribute,count,nearest,distance,proposed_value,examples,accept\n"


def test_accepted_words_are_understood_and_the_others_not(tmp_path: Path) -> None:
    path = tmp_path / "accepted.csv"
    rows = "wavy,pattern,3,x,0,printed,a,yes\nzigzag,pattern,3,x,0,printed,a,\n"
    path.write_text(
        f"{ACCEPTED}{rows}ponchito,item,1,x,0,sweater,a,Y\nsarong,item,1,,0,out_of_scope,a,yes\n"
    )
    items = [
        item(1, attributes={"Pattern": "WAVY"}),
        item(2, attributes={"Pattern": "zigzag"}),
        item(3, category="Ponchitos"),
        item(4, category="Sarongs"),
    ]
    rows = wrangle([crawl(tmp_path, items)], read_accepted(path)).imported.rows
    assert [row["pattern"] for row in rows] == ["printed", None, None, None]
    assert [(row["item"], row["scope"]) for row in rows[2:]] == [("sweater", "in"), (None, "out")]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("wavy,pattern,1,x,0,sleeveless,a,yes", 'row 2: pattern "sleeveless" is not allowed'),
        ("wavy,shape,1,x,0,solid,a,yes", 'row 2: shape "solid" is not allowed; allowed: wear'),
        ("wavy,pattern,1,x,0,solid,a,perhaps", 'accept is "perhaps"; allowed: yes, no or empty'),
    ],
)
def test_an_accepted_row_that_cannot_be_is_told_by_number(
    tmp_path: Path, row: str, message: str
) -> None:
    (tmp_path / "a.csv").write_text(f"{ACCEPTED}{row}\n")
    with pytest.raises(InvalidTable, match=message):
        read_accepted(tmp_path / "a.csv")


@given(st.text(max_size=60))
def test_any_words_are_read_without_an_error(words: str) -> None:
    named = [WORDS.garment_of_title(words), WORDS.garment_of_category(words), WORDS.garment(words)]
    assert all(isinstance(found, Named) for found in named)
    assert count_colors([words]) in ("single", "multi", None)
