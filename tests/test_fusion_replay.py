"""Replaying reports: what another artifact would say of the same photos and words."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from data.jsonl import to_line
from data.schema import Listing
from data.taxonomy import ATTRIBUTES
from fusion.replay import command
from tests.fusion_fakes import fake_checker, parameters, photo

FULL, HALF = "full_sleeve", "half_sleeve"


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    red = photo(tmp_path / "red.png", "red")
    dark = photo(tmp_path / "dark.png", "black")
    listings = [
        Listing("right", (red,), fields=dict.fromkeys(ATTRIBUTES) | {"length": FULL}),
        Listing("wrong", (red,), fields=dict.fromkeys(ATTRIBUTES) | {"length": HALF}),
        Listing("outside", (dark,), fields=dict.fromkeys(ATTRIBUTES) | {"length": HALF}),
    ]
    lines = [report.to_json() for report in fake_checker().check(listings)]
    lines.append({"listing_id": "broken", "error": {"code": "bad_json", "message": "..."}})
    out = tmp_path / "reports.jsonl"
    out.write_bytes(b"".join(map(to_line, lines)))
    return out


@pytest.fixture
def artifacts(tmp_path: Path) -> tuple[Path, Path]:
    """The fakes' numbers, and those of one who never calls a length wrong."""
    old, new = tmp_path / "old", tmp_path / "new"
    parameters().save(old, {})
    own = parameters().attributes
    shy = replace(own["length"], conflict_below=0.0)
    replace(parameters(), attributes={**own, "length": shy}).save(new, {})
    return old, new


def ask(reports: Path, *artifacts: Path) -> Result:
    options = [word for folder in artifacts for word in ("--artifact", str(folder))]
    return CliRunner().invoke(command, [str(reports), *options], env={"COLUMNS": "120"})


def test_verdicts_that_change_are_named_and_counted_by_attribute(reports, artifacts) -> None:
    said = ask(reports, *artifacts)
    assert said.exit_code == 0, said.output
    assert "wrong  listing: conflict -> unsure; length: conflict -> unsure" in said.output
    assert "right" not in said.output.split("\n")[0]
    assert "1 of 3 listings change, 1 with an error left out." in said.output
    table = [line for line in said.output.splitlines() if "│ length" in line]
    assert len(table) == 1
    assert "1" in table[0]


def test_the_same_artifact_changes_nothing(reports, artifacts) -> None:
    said = ask(reports, artifacts[0], artifacts[0])
    assert said.output.strip() == "0 of 3 listings change, 1 with an error left out."


def test_two_artifacts_are_asked_for(reports, artifacts) -> None:
    said = ask(reports, artifacts[0])
    assert said.exit_code == 2
    assert "--artifact is given 1 times; give OLD and NEW" in said.output


@pytest.mark.parametrize("line", ["{", "[1]", '{"listing_id": "a"}', '{"attributes": 3}'])
def test_what_is_no_report_is_one_sentence(tmp_path: Path, artifacts, line: str) -> None:
    path = tmp_path / "listings.jsonl"
    path.write_text(line + "\n")
    said = ask(path, *artifacts)
    assert "Line 1 is not a report" in said.exception.message


def test_a_report_that_lacks_a_value_is_one_sentence(reports, artifacts) -> None:
    line = json.loads(reports.read_bytes().splitlines()[0])
    del line["attributes"]["length"]["image"]["probabilities"][HALF]
    reports.write_bytes(to_line(line))
    assert "Line 1 is not a report" in ask(reports, *artifacts).exception.message


@pytest.mark.parametrize("sort_keys", [False, True])  # True: as `jq -S` leaves a report
def test_a_replayed_report_says_what_the_check_said(reports, artifacts, sort_keys) -> None:
    from fusion.parameters import Parameters
    from fusion.replay import replay

    old = Parameters.load(artifacts[0])
    found = [json.loads(line) for line in reports.read_bytes().splitlines()]
    lines = [json.dumps(line, sort_keys=sort_keys).encode() for line in found]
    for line, (_, pair) in zip(lines[:3], replay(iter(lines[:3]), old, old), strict=True):
        wanted, found = json.loads(line), pair[0].to_json()
        assert found["status"] == wanted["status"]
        assert found["score"] == pytest.approx(wanted["score"], abs=2e-3)
        for name in ATTRIBUTES:
            assert found["attributes"][name]["status"] == wanted["attributes"][name]["status"]
