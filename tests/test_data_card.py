"""The data card: what a table holds and lacks, in numbers that add up and pictures that open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from data.card import card_tables, command, draw, photo_sizes, write_card
from data.errors import InvalidTable, UnreadableImage
from data.table import read_table
from data.wrangle import command as wrangle_command
from tests.crawls import crawl, different_photos, item


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of 20 shirts with two photos each, 10 jeans without and 5 shoes."""
    folder = tmp_path_factory.mktemp("crawl")
    images = different_photos(folder, 40)
    solid = {"Pattern": "Solid", "Color": "Navy"}
    shirts = [
        item(n, f"Kind {n}", images=images[2 * n : 2 * n + 2], attributes=solid) for n in range(20)
    ]
    jeans = [item(n, "Same jeans", category="Jeans") | {"title": "Same"} for n in range(20, 30)]
    shoes = [item(n, f"Shoe {n}", category="Shoes") for n in range(30, 35)]
    crawl(folder, [*shirts, *jeans, *shoes])
    out = folder / "out"
    result = CliRunner().invoke(wrangle_command, [str(folder), "--out", str(out)])
    assert result.exit_code == 0, result.output
    return out / "listings.parquet"


def test_the_tables_add_up(table: Path) -> None:
    frame = read_table(table)
    tables = card_tables(frame, photo_sizes(frame))
    fields = {(r["attribute"], r["wear"]): r for r in tables["Fields, of the rows in scope"]}
    assert (fields["color", "upper"]["given"], fields["color", "upper"]["weak"]) == (0, 20)
    assert (fields["length", "bottom"]["derived"], fields["length", "bottom"]["weak"]) == (10, 0)
    assert tables["Photos of a listing"] == [
        {"photos": 0, "listings": 15},
        {"photos": 2, "listings": 20},
    ]
    assert sum(row["photos"] for row in tables["Sizes of photos"]) == 40
    assert tables["Sources"] == [{"source": "listings", "in": 30, "out": 5}]
    groups = {r["listings in the group"]: r["groups"] for r in tables["Groups by size"]}
    assert groups == {1: 25, 10: 1}


def test_the_card_shows_before_and_after_and_every_picture_opens(
    table: Path, tmp_path: Path
) -> None:
    result = CliRunner().invoke(command, [str(table.parent), "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    text = (tmp_path / "report.md").read_text()
    assert "35 listings, 30 of them upper or bottom wear, 5 out of scope" in text
    assert "| products, each once, as collected last | 35 | 35 |" in text
    for name in ("steps", "missing", "values", "photos", "groups"):
        assert f"]({name}.png)" in text
        with Image.open(tmp_path / f"{name}.png") as picture:
            assert min(picture.size) > 200


def test_a_table_without_an_import_report_has_a_card_without_steps(table: Path) -> None:
    frame = read_table(table)
    sizes = photo_sizes(frame)
    assert set(draw(frame, card_tables(frame, sizes), sizes)) == {
        *("missing", "values"),
        *("photos", "groups"),
    }


def test_a_photo_that_is_gone_is_told(table: Path) -> None:
    frame = read_table(table)
    frame["images"] = [["/nowhere.jpg"]] * len(frame)
    with pytest.raises(UnreadableImage, match=r"/nowhere\.jpg cannot be read"):
        photo_sizes(frame)


def test_a_table_with_nothing_in_scope_is_told(tmp_path: Path) -> None:
    folder = crawl(tmp_path, [item(1, category="Shoes")])
    CliRunner().invoke(wrangle_command, [str(folder), "--out", str(tmp_path / "out")])
    assert json.loads((tmp_path / "out" / "report.json").read_text())["Counts"]
    with pytest.raises(InvalidTable, match="no listing in scope"):
        write_card(tmp_path / "out" / "listings.parquet", tmp_path / "card")
