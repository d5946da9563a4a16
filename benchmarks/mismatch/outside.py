"""Lines in, lines out: how a scorer of somebody else's takes part."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.mismatch.cases import Case
from benchmarks.mismatch.scorers import Answer, answer_of
from data.errors import InvalidTable, SelvedgeError
from data.files import write_whole
from data.jsonl import lines_of, to_line
from data.schema import listing_id_of, parse_line


def write_lines(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    """Write one JSON object a line, whole or not at all."""
    write_whole(path, lambda partial: partial.write_bytes(b"".join(map(to_line, lines))))


def read_answers(path: Path, cases: Sequence[Case]) -> list[Answer]:
    """Read a scorer's reports, in any order, into the cases' order.

    Raises InvalidTable where a line is no report, or a case or the score of a given field is
    missing or no number in [0, 1].
    """
    found = dict(_answers(path))
    answers = []
    for case in cases:
        if case.listing_id not in found:
            raise InvalidTable(f"{path} has no report of listing {case.listing_id}.")
        answers.append(found[case.listing_id])
        for name, value in case.fields.items():
            if value and name not in answers[-1].scores:
                raise InvalidTable(
                    f"{path} has no score for the {name} of listing {case.listing_id}."
                )
    return answers


def _answers(path: Path) -> Iterator[tuple[str, Answer]]:
    with path.open("rb") as source:
        for number, line in enumerate(lines_of(source), start=1):
            try:
                report = parse_line(line.decode())
                _check(report)
                yield listing_id_of(report), answer_of(report)
            except UnicodeDecodeError:
                raise InvalidTable(f"{path} line {number} is not UTF-8 text.") from None
            except SelvedgeError as error:
                raise InvalidTable(f"{path} line {number}: {error.message}") from None


def _check(report: Mapping[str, Any]) -> None:
    """Raise InvalidTable where a report has not the shape that `answer_of` reads."""
    found = report.get("attributes", {})
    if not isinstance(found, dict) or not all(isinstance(a, dict) for a in found.values()):
        raise InvalidTable('"attributes" must be an object of objects, such as {"item": {...}}.')
    scores = {"the listing": report.get("score")} | {n: a.get("score") for n, a in found.items()}
    for name, score in scores.items():
        number = isinstance(score, int | float) and not isinstance(score, bool)
        if score is not None and not (number and 0 <= score <= 1):
            raise InvalidTable(
                f"{name} has the score {json.dumps(score)[:60]}; "
                "allowed: a number from 0 (wrong) to 1 (right)."
            )
