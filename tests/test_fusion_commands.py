"""`python -m fusion check` as a person and as a script meet it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fusion.commands import check
from tests.conftest import ROOT
from tests.fusion_fakes import assert_report, fake_checker, photo

WIDE = {"COLUMNS": "140"}


def ask(*args: object) -> Result:
    return CliRunner().invoke(check, [str(a) for a in args], obj=fake_checker(), env=WIDE)


def fusion(*args: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fusion", *map(str, args)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def blue(tmp_path: Path) -> Path:
    return photo(tmp_path / "blue.png", "blue")


def test_one_listing_is_a_table_in_words(blue: Path) -> None:
    said = ask("--image", blue, "--title", "with half sleeves", "--field", "length=full sleeves")
    assert said.exit_code == 0, said.output
    for words in ("✗ conflict", "full sleeve", "97% sure", "“half sleeves”", "the field is off"):
        assert words in said.output, said.output


def test_markup_in_a_listing_is_shown_not_obeyed(blue: Path) -> None:
    said = ask("--image", blue, "--title", "[bold]half sleeves[/nonsense]")
    assert said.exit_code == 0, said.output


def test_one_listing_as_json_is_the_report(blue: Path) -> None:
    said = ask("--image", blue, "--image", blue, "--field", "item=tee", "--json")
    report = json.loads(said.output)
    assert_report(report)
    assert report["attributes"]["item"]["field"] == "t_shirt"


def test_a_file_is_checked(blue: Path) -> None:
    listings = blue.with_name("listings.jsonl")
    listings.write_text('{"listing_id": "A", "images": ["blue.png"]}\n')
    said = ask(listings, "--out", blue.with_name("reports.jsonl"))
    assert said.exit_code == 0
    assert "Listings checked: 1" in said.stderr
    assert_report(json.loads(blue.with_name("reports.jsonl").read_text()))


def test_reports_go_straight_into_a_pipe(blue: Path) -> None:
    listings, pipe = blue.with_name("listings.jsonl"), blue.with_name("pipe")
    listings.write_text('{"listing_id": "A", "images": ["blue.png"]}\n')
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as reader:
        found = reader.submit(pipe.read_bytes)
        assert ask(listings, "--out", pipe).exit_code == 0
        assert_report(json.loads(found.result()))
    assert pipe.is_fifo()


def test_a_full_device_is_one_sentence(tmp_path: Path) -> None:
    listings, full = tmp_path / "listings.jsonl", tmp_path / "full"
    listings.write_text('{"listing_id": "A"}\n')
    full.symlink_to("/dev/full")  # so that a mistake of ours replaces this link, not the device
    said = fusion("check", listings, "--out", full)
    assert said.returncode == 1
    assert said.stderr.splitlines()[-1] == "Error: No space left on device."
    assert full.is_symlink()


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ([], "Give a file of listings, or at least one --image"),
        (["--title", "x"], "at least one --image"),
        (["none.jsonl", "--out", "b.jsonl"], "File 'none.jsonl' does not exist"),
        ([".", "--out", "b.jsonl"], "File '.' is a directory"),
        (["a.jsonl"], "needs --out"),
        (["a.jsonl", "--out", "."], "File '.' is a directory"),
        (["a.jsonl", "--out", "b.jsonl", "--image", "x.jpg"], "--image describes one listing"),
        (["a.jsonl", "--out", "b.jsonl", "--json"], "--json describes one listing"),
        (["--image", "x.jpg"] * 9, "9 images given; a listing holds 1 to 8"),
        (["--image", "x.jpg", "--title", "x" * 50_001], "title has 50001 characters"),
        (["--image", "x.jpg", "--out", "b.jsonl"], "--out goes with a file"),
        (["--image", "x.jpg", "--field", "length"], "NAME=VALUE"),
        (["--image", "x.jpg", "--field", "length="], "NAME=VALUE"),
        (["--image", "x.jpg", "--field", "wear=upper", "--field", "wear=upper"], "given twice"),
        (["--image", "x.jpg", "--field", "length=huge"], "allowed: sleeveless"),
        (["--image", "x.jpg", "--field", "size=XL"], "allowed: wear, item"),
        (
            ["--image", "x.jpg", "--field", "item=jeans", "--field", "length=half_sleeve"],
            "does not go with",
        ),
    ],
)
def test_a_usage_error_is_one_sentence_and_exit_2(args, sentence, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").touch()
    said = ask(*args)
    assert said.exit_code == 2
    assert sentence in said.stderr
    assert not Path("b.jsonl").exists()


@pytest.mark.parametrize("out", ["listings.jsonl", "soft", "hard"])
def test_listings_are_never_overwritten(tmp_path: Path, out: str) -> None:
    listings = tmp_path / "listings.jsonl"
    listings.write_text('{"listing_id": "A"}\n')
    (tmp_path / "soft").symlink_to(listings)
    (tmp_path / "hard").hardlink_to(listings)
    said = ask(listings, "--out", tmp_path / out)
    assert said.exit_code == 2
    assert f"{out} is what is read and would be overwritten" in " ".join(said.stderr.split())
    assert listings.read_text() == '{"listing_id": "A"}\n'


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("absent.jpg", "absent.jpg cannot be read"), ("notes.txt", "not a photo we can read")],
)
def test_a_photo_that_cannot_be_read_is_one_sentence(tmp_path: Path, name, sentence) -> None:
    (tmp_path / "notes.txt").write_text("no photo")
    said = ask("--image", tmp_path / name)
    assert said.exit_code == 1
    assert sentence in said.exception.message


def test_help_starts_without_the_branches() -> None:
    code = (
        "import sys; from fusion.__main__ import cli\n"
        "try: cli(['check', '--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'tensorflow', 'onnxruntime', 'numpy', 'PIL', 'rich'} & set(sys.modules)))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines()[-1] == "[]"
    assert "--field NAME=VALUE" in said.stdout


@pytest.mark.parametrize("args", [["--help"], ["check", "--help"]])
def test_help_exits_0(args) -> None:
    assert fusion(*args).returncode == 0


def test_a_missing_file_of_listings_is_a_usage_error(tmp_path: Path) -> None:
    said = fusion("check", tmp_path / "none.jsonl", "--out", tmp_path / "out.jsonl")
    assert said.returncode == 2
    assert "none.jsonl" in said.stderr
    assert not (tmp_path / "out.jsonl").exists()


def test_a_usage_error_exits_2() -> None:
    assert fusion("check", "--field", "length").returncode == 2
