"""Proposed aliases: the frequent and near ones first, nothing taken over without a person."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import InvalidTable
from data.taxonomy import VALUES
from data.words import collect, command, propose
from data.wrangle import command as wrangle_command
from data.wrangle import wrangle
from data.wrangle_words import read_accepted
from tests.crawls import crawl, item


def _unknown(*words: tuple[str, str]) -> pd.DataFrame:
    rows = [(attribute, word, f"acme/{at}") for at, (attribute, word) in enumerate(words)]
    return pd.DataFrame(rows, columns=["attribute", "word", "listing_id"])


@pytest.mark.parametrize(
    ("attribute", "word", "value"),
    [
        ("pattern", "Horizontal Stripes", "striped"),
        ("pattern", "Stripd", "striped"),
        ("pattern", "Tartan Checks", "checked"),
        ("pattern", "Abstract", "printed"),  # a part of "abstract print"
        ("item", "Cardigens", "sweater"),
        ("length", "Long Sleevs", "full_sleeve"),
        ("pattern", "Conversational", ""),  # near nothing
        ("pattern", "Embellished", ""),  # listed under two values
        ("length", "Sleeve", ""),  # part of aliases of every sleeve
    ],
)
def test_the_value_of_the_nearest_alias_is_proposed_where_it_is_near(
    attribute: str, word: str, value: str
) -> None:
    assert propose(_unknown((attribute, word)))["proposed_value"].tolist() == [value]


def test_frequent_words_come_first_with_their_count_and_examples() -> None:
    rows = propose(_unknown(*[("pattern", "Wavy")] * 2, *[("pattern", "Dotty")] * 5))
    assert rows[["word", "count"]].to_records(index=False).tolist() == [("dotty", 5), ("wavy", 2)]
    assert rows["examples"][0] == "acme/2; acme/3; acme/4"
    assert rows["accept"].tolist() == ["", ""]


@settings(max_examples=40)
@given(st.sampled_from(["wear", "item", "length", "color", "pattern"]), st.text(max_size=20))
def test_any_word_gets_a_value_of_its_attribute_or_none(attribute: str, word: str) -> None:
    proposed = propose(_unknown((attribute, word)))["proposed_value"].tolist()
    assert set(proposed) <= {*VALUES[attribute], ""}


def test_words_come_from_a_crawl_and_from_its_table_alike(tmp_path: Path) -> None:
    items = [item(n, attributes={"Pattern": "Wavy"}) for n in range(3)]
    folder = crawl(tmp_path / "crawl", [*items, item(9, "Thing", category="Men > Ponchito")])
    CliRunner().invoke(wrangle_command, [str(folder), "--out", str(tmp_path / "out")])
    from_crawl, from_table = collect([folder]), collect([tmp_path / "out" / "listings.parquet"])
    pd.testing.assert_frame_equal(from_crawl, from_table, check_dtype=False)
    assert sorted(set(from_crawl["word"])) == ["Ponchito", "Wavy"]


def test_a_folder_that_is_neither_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidTable, match="neither a crawl"):
        collect([tmp_path])


def test_what_a_person_accepts_is_understood_at_the_next_wrangling(tmp_path: Path) -> None:
    folder = crawl(tmp_path / "crawl", [item(1, attributes={"Pattern": "Horizontal Stripes"})])
    file = tmp_path / "words.csv"
    result = CliRunner().invoke(command, [str(folder), "--out", str(file)])
    assert result.exit_code == 0, result.output
    assert "1 unknown words, 1 with a proposed value" in result.output
    assert read_accepted(file) == {}  # nothing is taken over unread
    rows = pd.read_csv(file, dtype=str, keep_default_na=False).assign(accept="yes")
    rows.to_csv(file, index=False)
    again = wrangle([folder], read_accepted(file))
    assert again.imported.rows[0]["pattern"] == "striped"
    assert again.unknown.empty
