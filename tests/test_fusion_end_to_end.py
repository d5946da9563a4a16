"""The whole path with real loaders, networks and tokenizers, tiny ones, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from data.errors import ArtifactError
from data.schema import Listing
from data.taxonomy import ATTRIBUTES
from fusion.checker import Checker
from tests.conftest import ROOT
from tests.fusion_fakes import assert_report, parameters, photo
from tests.tiny_artifacts import write_text, write_vision

# `python -m fusion check` with artifacts that a test has written.
TINY = """
import sys
from pathlib import Path
from data.cli import run
from fusion.checker import Checker
from fusion.commands import check
folder = Path(sys.argv.pop(1))
check.context_settings["obj"] = Checker.load(folder / "vision", folder / "text", folder / "fusion")
run(check)
"""


@pytest.fixture(scope="module")
def artifacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("artifacts")
    write_vision(folder / "vision")
    write_text(folder / "text")
    parameters().save(folder / "fusion", {"made_by": "a test"})
    return folder


def check(artifacts: Path, *args: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", TINY, str(artifacts), *map(str, args)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_listing_goes_from_photo_and_words_to_a_verdict(artifacts: Path, tmp_path: Path) -> None:
    red = photo(tmp_path / "red.jpg", "red")
    args = ("--image", red, "--title", "Shirt, half sleeve", "--field", "length=half_sleeve")
    said = check(artifacts, *args, "--json")
    assert (said.returncode, said.stderr) == (0, "")
    report = json.loads(said.stdout)
    assert_report(report)
    length = report["attributes"]["length"]
    assert (length["image"]["value"], length["text"]["value"]) == ("full_sleeve", "half_sleeve")
    assert length["status"] == "conflict"
    [span] = length["text"]["evidence"]
    assert (span["in"], span["text"]) == ("title", "half")


def test_a_file_with_bad_lines_runs_to_its_end(artifacts: Path, tmp_path: Path) -> None:
    photo(tmp_path / "blue.png", "blue")
    (tmp_path / "text.png").write_text("no photo")
    lines = [{"listing_id": f"A-{n}", "images": ["blue.png"]} for n in range(40)]
    lines[7]["images"] = ["text.png"]
    listings, out = tmp_path / "listings.jsonl", tmp_path / "reports.jsonl"
    listings.write_text("\n".join([*map(json.dumps, lines), "{broken"]) + "\n")
    said = check(artifacts, listings, "--out", out)
    assert said.returncode == 0, said.stderr
    assert "1 with error bad_json, 1 with error unreadable_image" in said.stderr
    reports = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(reports) == 41
    assert reports[7]["error"]["code"] == "unreadable_image"
    for report in reports[:7] + reports[8:40]:
        assert_report(report)
    again = check(artifacts, listings, "--out", out)
    assert "Among them again: 2 that had an error." in again.stderr
    assert [json.loads(line) for line in out.read_text().splitlines()] == reports


def test_a_photo_that_cannot_be_read_exits_1_with_one_sentence(
    artifacts: Path, tmp_path: Path
) -> None:
    said = check(artifacts, "--image", tmp_path / "absent.jpg")
    assert said.returncode == 1
    assert said.stderr.startswith("Error: absent.jpg cannot be read")
    assert len(said.stderr.splitlines()) == 1


def test_the_order_of_a_batch_changes_no_answer(artifacts: Path, tmp_path: Path) -> None:
    checker = Checker.load(*(artifacts / name for name in ("vision", "text", "fusion")))
    listings = [
        Listing(str(n), (photo(tmp_path / f"{n}.png", color),), title="half " * (n % 2))
        for n, color in enumerate(["red", "blue", "purple", "green", "white"])
    ]
    forward = [r.to_json() for r in checker.check(listings)]
    assert forward == [r.to_json() for r in checker.check(listings[::-1])][::-1]


def test_an_artifact_of_another_vocabulary_is_refused(artifacts: Path, tmp_path: Path) -> None:
    parameters().save(tmp_path / "old", {"taxonomy": "0123456789abcdef"})
    with pytest.raises(ArtifactError, match="0123456789abcdef"):
        Checker.load(artifacts / "vision", artifacts / "text", tmp_path / "old")
    with pytest.raises(ArtifactError, match="No readable artifact"):
        Checker.load(artifacts / "vision", tmp_path / "none", artifacts / "fusion")


def test_checking_loads_no_training_library(artifacts: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from fusion.checker import Checker\n"
        "from data.schema import Listing\n"
        "folder = Path(sys.argv[1])\n"
        "checker = Checker.load(folder / 'vision', folder / 'text', folder / 'fusion')\n"
        "checker.check([Listing('a', (Path(sys.argv[2]),), title='half')])\n"
        # Not pandas: nltk brings it along where scikit-learn is installed, as it is for tests.
        "heavy = {'tensorflow', 'keras', 'torch', 'transformers', 'onnx'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    args = [str(artifacts), str(photo(tmp_path / "red.png", "red"))]
    said = subprocess.run(
        [sys.executable, "-c", code, *args], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"


def test_every_attribute_is_reported_for_a_listing_without_words_and_fields(
    artifacts: Path, tmp_path: Path
) -> None:
    checker = Checker.load(*(artifacts / name for name in ("vision", "text", "fusion")))
    [report] = checker.check([Listing("a", (photo(tmp_path / "red.png", "red"),))])
    assert_report(report.to_json())
    assert [report.attributes[name].status for name in ATTRIBUTES] == ["not_given"] * 5
    assert report.attributes["length"].suggestion == "full_sleeve"
