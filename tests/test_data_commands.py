"""`python -m data` as a person calls it: tables, reports, exports, one sentence on failure."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from data.__main__ import cli
from data.schema import Listing
from data.table import read_table
from tests.conftest import ROOT
from tests.dumps import catalogue, product


def _call(*arguments: object) -> str:
    result = CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def _fails(*arguments: object) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "data", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.fixture(scope="module")
def imported(tmp_path_factory) -> Path:
    """An imported catalogue of 40 shirts and jeans, one photo of which is missing."""
    folder = tmp_path_factory.mktemp("dump")
    attributes = {"Sleeve Length": "Long Sleeves", "Pattern": "Dyed"}
    shirts = [product(n, "Shirts", articleAttributes=attributes) for n in range(1, 21)]
    catalogue(folder, [*shirts, *(product(n, "Jeans") for n in range(21, 41))])
    (folder / "images" / "1.jpg").unlink()
    _call("import-catalogue", folder, "--out", folder / "out")
    return folder / "out"


def test_an_import_writes_table_problems_and_report(imported):
    frame = read_table(imported / "listings.parquet")
    report = json.loads((imported / "report.json").read_text())
    counts = {row["what"]: row["count"] for row in report["Counts"]}
    assert (counts["read"], counts["kept"], counts["no photo"]) == (40, 40, 1)
    assert sum(row["rows"] for row in report["Splits"]) == len(frame) == 40
    lengths = {
        r["wear"]: r for r in report["Fields, of the rows in scope"] if r["attribute"] == "length"
    }
    assert (lengths["upper"]["given"], lengths["bottom"]["derived"]) == (20, 20)
    with (imported / "rejected.csv").open(newline="") as lines:
        problems = list(csv.DictReader(lines))
    told = {row["reason"]: row["rows"] for row in report["Problems"]}
    assert told == {"ambiguous_value": 20, "missing_image": 1}
    assert len(problems) == 21
    assert "missing share" in (imported / "report.txt").read_text()


def test_exported_listings_are_contract_listings_with_readable_photos(imported, tmp_path):
    out = tmp_path / "listings.jsonl"
    table = imported / "listings.parquet"
    assert "Wrote 10 listings" in _call(
        "export-listings", "--table", table, "--limit", 10, "--out", out
    )
    listings = [Listing.from_json(json.loads(line)) for line in out.read_text().splitlines()]
    assert len(listings) == 10
    assert all(path.is_file() for listing in listings for path in listing.images)
    for listing in listings:  # a derived leg length is not the seller's word
        assert listing.fields["length"] == (
            "full_sleeve" if listing.fields["wear"] == "upper" else None
        )


def test_a_larger_export_starts_with_the_smaller_one(imported, tmp_path):
    texts = []
    for limit in (5, 5, 39):
        out = tmp_path / "listings.jsonl"
        _call(
            *("export-listings", "--table", imported / "listings.parquet"),
            *("--limit", limit, "--out", out),
        )
        texts.append(out.read_text())
    assert texts[0] == texts[1]
    assert texts[2].startswith(texts[0])
    assert '"listing_id": "1",' not in texts[2]


def test_an_export_keeps_to_its_split(imported, tmp_path):
    table = imported / "listings.parquet"
    splits = read_table(table).set_index("listing_id")["split"]
    _call("export-listings", "--table", table, "--split", "train", "--out", tmp_path / "a.jsonl")
    chosen = [json.loads(line)["listing_id"] for line in (tmp_path / "a.jsonl").open()]
    assert set(splits[chosen]) == {"train"}


def test_a_shop_table_is_imported(tmp_path):
    (tmp_path / "shop.csv").write_text("listing_id,images,item\nA,none.jpg,shirt\nB,,shirt\n")
    output = _call("import-listings", tmp_path / "shop.csv", "--out", tmp_path / "out")
    assert "1 of 2 rows read" in output
    assert "No image given" in output


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("import-catalogue", "tests", "--out", "OUT"), 1, "Error: tests holds neither styles/"),
        (("export-listings", "--table", "no.parquet", "--out", "OUT"), 1, "run the import"),
        (("import-annotations", "tests", "--out", "OUT", "--table", "no"), 1, "No table at no"),
        (("import-catalogue", "nowhere", "--out", "OUT"), 2, "does not exist"),
        (("import-catalogue", "tests"), 2, "Missing option '--out'"),
        (("import-everything",), 2, "No such command"),
    ],
)
def test_a_failure_is_one_sentence_and_an_exit_code(tmp_path, arguments, code, sentence):
    found, stderr = _fails(*(str(tmp_path / "x") if a == "OUT" else a for a in arguments))
    assert (found, "Traceback" in stderr) == (code, False)
    assert sentence in stderr


def test_help_names_every_command_and_the_columns_of_a_shop_table():
    output = _call("--help")
    for command in cli.list_commands(None):
        assert command in output
        assert _call(command, "--help")
    shown = _call("import-listings", "--help")
    for column in ("listing_id", "images", "wear, item, length, color, pattern"):
        assert column in shown


@pytest.mark.data
@pytest.mark.slow
def test_the_real_dump_imports_whole_and_no_group_crosses_splits(listings_data, tmp_path):
    _call("import-catalogue", listings_data / "catalogue", "--out", tmp_path)
    frame = read_table(tmp_path / "listings.parquet")
    assert len(frame) == sum(1 for _ in (listings_data / "catalogue" / "images").iterdir())
    assert frame.groupby("group")["split"].nunique().max() == 1
    names = frame["brand"].str.casefold() + "|" + frame["title"].str.casefold()
    assert frame.groupby(names)["split"].nunique().max() == 1
    content = frame["image"].map(lambda path: Path(path).read_bytes())
    assert frame.groupby(content)["split"].nunique().max() == 1
    scoped = frame[frame["scope"] == "in"]
    assert 15_000 < len(scoped) < 16_500
    assert scoped[["wear", "item"]].notna().all(axis=None)
    uppers = scoped[scoped["wear"] == "upper"]
    assert uppers["length"].notna().mean() == pytest.approx(0.80, abs=0.03)
    assert uppers["pattern"].notna().mean() == pytest.approx(0.75, abs=0.03)
