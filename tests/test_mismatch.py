"""The benchmark: its cases are what they claim, its figures are right where the answer is known."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.mismatch.cases import Case, build, confusions_of
from benchmarks.mismatch.measure import Units, ahead, fields_of, figures, measure, odd_figures
from benchmarks.mismatch.outside import read_answers, write_lines
from benchmarks.mismatch.phrases import edited
from benchmarks.mismatch.scorers import Answer, Said, answer_of, by_field, least, mean, selvedge
from data.errors import InvalidTable
from data.schema import Listing
from data.taxonomy import ATTRIBUTES, check_together
from tests.fusion_fakes import SHIRT, parameters, says, shows

FULL = {**SHIRT, "length": "full_sleeve"}
JEANS = {"wear": "bottom", "item": "jeans", "length": "full_length", "color": "multi",
         "pattern": "solid"}  # fmt: skip


def row(number: int, truth: dict[str, str], words: str) -> dict[str, object]:
    known = {f"true_{n}": v for n, v in truth.items()} | {f"field_{n}": None for n in ATTRIBUTES}
    return known | {
        "source": "catalogue",
        "listing_id": str(number),
        "group": str(number),
        "split": "test",
        "image": f"{number}.jpg",
        "title": "A garment",
        "description": words,
    }


@pytest.fixture
def cases() -> list[Case]:
    rows = [row(1, FULL, "Solid shirt with full sleeves."), row(2, JEANS, "Blue jeans.")]
    table = pd.DataFrame(rows)
    return build(table, confusions_of(table), seed=1)


def test_every_kind_of_error_is_made_once_where_it_can_be(cases) -> None:
    mine = [case for case in cases if case.base == "catalogue-1"]
    kinds = [case.kind for case in mine]
    assert kinds == ["clean", *["field"] * 5, "photo", "description", "phrase", "phrase"]
    assert len({case.listing_id for case in cases}) == len(cases)


def test_one_wrong_field_is_the_only_thing_wrong_and_no_vocabulary_refuses_it(cases) -> None:
    for case in cases:
        check_together(case.fields)
        if case.kind == "field":
            right = {"catalogue-1": FULL, "catalogue-2": JEANS}[case.base]
            given = {n: v for n, v in case.fields.items() if v}
            assert [n for n in given if given[n] != right[n]] == list(case.wrong)
            assert case.odd_one_out == "field"


def test_a_swapped_photo_makes_wrong_what_it_does_not_show(cases) -> None:
    [case] = [c for c in cases if c.kind == "photo" and c.base == "catalogue-1"]
    assert case.image == "2.jpg"
    assert case.wrong == ("wear", "item", "length", "color")
    assert case.odd_one_out == "image"


def test_a_case_is_a_listing_of_the_contract(cases) -> None:
    for case in cases:
        found = Listing.from_json(json.loads(json.dumps(case.listing())))
        assert dict(found.fields) == dict(case.fields)


def test_the_same_seed_builds_the_same_cases() -> None:
    table = pd.DataFrame([row(1, FULL, "full sleeves"), row(2, JEANS, "jeans")])
    confusions = confusions_of(table)
    assert build(table, confusions, seed=4) == build(table[::-1], confusions, seed=4)


def test_an_edited_phrase_states_another_value_everywhere() -> None:
    random = np.random.default_rng(0)
    title, text = edited("length", ("Full Sleeve Tee", "It has full sleeves."),
                         "full_sleeve", random)  # fmt: skip
    assert "full" not in f"{title} {text}".lower()
    assert edited("length", ("Tee", "cotton"), "full_sleeve", random) is None
    assert edited("length", ("Tee", "half sleeves"), "full_sleeve", random) is None
    assert edited("pattern", ("Tee", "striped, checked"), "striped", random) is None


def units(scores: list[float], wrong: list[bool]) -> Units:
    groups = np.array([str(n) for n in range(len(scores))])
    return Units(1 - np.array(scores), np.array(wrong), groups)


def test_a_perfect_scorer_is_perfect_and_a_blind_one_is_not() -> None:
    wrong = [False] * 20 + [True] * 20
    perfect = figures(units([0.9] * 20 + [0.1] * 20, wrong))
    assert perfect["auroc"] == perfect["auprc"] == perfect["recall_at_95"] == [1.0, 1.0, 1.0]
    blind = units([0.5] * 40, wrong)
    found = measure(blind, blind.weights(0.1))
    assert found["auroc"] == 0.5
    assert found["auprc"] == pytest.approx(0.1)
    assert found["top_1%"] == pytest.approx(0.1)
    assert found["recall_at_95"] == 0.0
    assert ahead(perfect["draws"], figures(blind)["draws"])[1] > 0.5


def test_prevalence_decides_precision_and_calibration() -> None:
    one = units([0.2] * 10 + [0.8] * 10, [True] * 5 + [False] * 5 + [True] * 2 + [False] * 8)
    rare, common = (measure(one, one.weights(p)) for p in (0.01, 0.5))
    assert rare["auroc"] == pytest.approx(common["auroc"])
    assert rare["auprc"] < common["auprc"]
    exact = units([0.95] * 20, [False] * 19 + [True])
    assert measure(exact, exact.weights(0.05))["ece"] == pytest.approx(0.0, abs=1e-9)
    assert measure(exact, exact.weights(0.10))["ece"] == pytest.approx(0.05)


def test_odd_ones_out_are_counted_among_those_answered() -> None:
    found = odd_figures(["field", None, "text", "field"], ["field"] * 4, ["a", "b", "c", "d"])
    assert (found["n"], found["answered"][0]) == (4, 0.75)
    assert found["right"][0] == pytest.approx(2 / 3, abs=1e-3)


def said(case: Case) -> Said:
    return Said(
        {n: shows(n, v) for n, v in FULL.items()}, 1.0, {n: says(n, None) for n in ATTRIBUTES}
    )


def test_scorers_find_the_wrong_field_and_lay_it_to_the_field(cases) -> None:
    mine = [c for c in cases if c.base == "catalogue-1" and c.kind in ("clean", "field")]
    told = [said(case) for case in mine]
    for scorer in (selvedge(parameters()), by_field(mean), by_field(least)):
        answers = scorer(mine, told)
        found = fields_of(mine, answers)
        assert measure(found, found.weights(0.5))["auroc"] == 1.0
    ours = selvedge(parameters())(mine, told)
    for case, answer in zip(mine[1:], ours[1:], strict=True):
        assert answer.odd[case.attribute] == "field", case.listing_id


def test_an_outsiders_scores_are_read_in_any_order(cases, tmp_path: Path) -> None:
    lines = [
        {
            "listing_id": c.listing_id,
            "attributes": {n: {"score": 0.25} for n, v in c.fields.items() if v},
        }
        for c in reversed(cases)
    ]
    write_lines(tmp_path / "mine.jsonl", lines)
    answers = read_answers(tmp_path / "mine.jsonl", cases)
    assert {a.score for a in answers} == {0.25}
    write_lines(tmp_path / "short.jsonl", lines[1:])
    with pytest.raises(InvalidTable, match="no report of listing"):
        read_answers(tmp_path / "short.jsonl", cases)
    lines[0]["attributes"]["color"]["score"] = 7
    write_lines(tmp_path / "odd.jsonl", lines)
    with pytest.raises(InvalidTable, match="allowed: a number from 0"):
        read_answers(tmp_path / "odd.jsonl", cases)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"\xe9\n", "line 1 is not UTF-8 text"),
        (b"[1]\n", "line 1: A line must be a JSON object"),
        (b'{"listing_id": ["a"]}', "line 1: listing_id must be"),
        (b'{"listing_id": "a", "attributes": [1]}', '"attributes" must be an object of objects'),
        (b'{"listing_id": "a", "attributes": {"item": 0.5}}', "must be an object of objects"),
        (b'{"listing_id": "a", "attributes": {"item": {"score": "high"}}}', 'has the score "high"'),
        (b'{"listing_id": "a", "score": NaN}', "the listing has the score NaN; allowed"),
        (b'{"listing_id": "a", "score": true}', "the listing has the score true; allowed"),
    ],
)
def test_what_is_no_report_of_a_scorer_is_one_sentence(cases, tmp_path, line, sentence) -> None:
    (tmp_path / "mine.jsonl").write_bytes(line)
    with pytest.raises(InvalidTable, match=re.escape(sentence)):
        read_answers(tmp_path / "mine.jsonl", cases)


def test_a_given_fields_score_may_not_be_missing(cases, tmp_path: Path) -> None:
    write_lines(tmp_path / "mine.jsonl", [{"listing_id": c.listing_id, "score": 1} for c in cases])
    with pytest.raises(InvalidTable, match=r"no score for the \w+ of listing"):
        read_answers(tmp_path / "mine.jsonl", cases)


def test_a_report_without_a_total_is_as_good_as_its_worst_field() -> None:
    raw = {"attributes": {"color": {"score": 0.4}, "item": {"score": 0.9, "odd_one_out": "text"}}}
    assert answer_of(raw) == Answer(
        0.4,
        {"color": 0.4, "item": 0.9},
        {"color": None, "item": "text", "listing": None},
        {"color": "", "item": "", "listing": ""},
    )
