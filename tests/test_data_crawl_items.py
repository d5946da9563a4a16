"""items.jsonl: each product once, whole lines only."""

from __future__ import annotations

import time

import pytest

from data.crawl_items import ItemFile, read_items
from data.errors import InvalidTable
from data.spiders.items import make_item

RUN = 1_000.0  # seconds since 1970: everything written now belongs to this run


def item(number: int, **changes):
    record = {"title": f"Tee {number}", "product_id": str(number), "colors": ["Red"], **changes}
    return make_item("shop", f"https://shop.example/p/{number}", record) | {"images": []}


def titles(path):
    return [line["title"] for line in read_items(path)]


def test_a_product_met_again_is_written_once(tmp_path):
    items = ItemFile(tmp_path / "items.jsonl", RUN)
    seen = [items.add(item(1)), items.add(item(2)), items.add(item(1, title="Tee 1 again"))]
    items.close()
    assert seen == ["new", "new", "again"]
    assert titles(tmp_path / "items.jsonl") == ["Tee 1", "Tee 2"]


def test_another_color_is_another_item_and_another_spelling_of_it_is_not(tmp_path):
    items = ItemFile(tmp_path / "items.jsonl", RUN)
    colors = (["Red"], ["Blue"], ["BLUE "])
    assert [items.add(item(1, colors=c)) for c in colors] == ["new", "new", "again"]


def test_products_without_a_number_are_told_apart_by_their_address(tmp_path):
    items = ItemFile(tmp_path / "items.jsonl", RUN)
    seen = [items.add(item(n, product_id="N/A")) for n in (1, 2, 1)]
    assert seen == ["new", "new", "again"]


@pytest.mark.parametrize("tail", ['{"shop": "x", "tit', "x" * 200_000, ""])
def test_a_line_cut_short_by_a_kill_is_written_again(tmp_path, tail):
    path = tmp_path / "items.jsonl"
    first = ItemFile(path, RUN)
    first.add(item(1))
    with path.open("a") as file:
        file.write(tail)
    items = ItemFile(path, RUN)
    assert [items.add(item(1)), items.add(item(2))] == ["again", "new"]
    items.close()
    assert titles(path) == ["Tee 1", "Tee 2"]


def test_a_later_run_replaces_what_changed_and_keeps_the_rest(tmp_path):
    path = tmp_path / "items.jsonl"
    first = ItemFile(path, RUN)
    for number in (1, 2, 3):
        first.add(item(number))
    first.close()
    before = list(read_items(path))
    later = ItemFile(path, time.time() + 60)
    seen = [later.add(item(1)), later.add(item(2, price=5)), later.add(item(2, price=5))]
    later.close()
    assert seen == ["unchanged", "changed", "again"]
    after = list(read_items(path))
    assert after[:2] == [before[0], before[2]]
    assert (len(after), after[2]["price"]) == (3, 5.0)


def test_a_line_that_is_no_json_is_told_by_its_number(tmp_path):
    (tmp_path / "items.jsonl").write_text("{}\nno\n")
    with pytest.raises(InvalidTable, match="line 2"):
        list(read_items(tmp_path / "items.jsonl"))
