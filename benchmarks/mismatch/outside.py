"""Lines in, lines out: how a scorer of somebody else's takes part."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.mismatch.cases import Case
from benchmarks.mismatch.scorers import Answer, answer_of
from data.errors import InvalidTable
from data.files import write_whole
from data.jsonl import lines_of, to_line
from data.schema import parse_line


def write_lines(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    """Write one JSON object a line, whole or not at all."""
    write_whole(path, lambda partial: partial.write_bytes(b"".join(map(to_line, lines))))


def read_answers(path: Path, cases: Sequence[Case]) -> list[Answer]:
    """Read a scorer's reports, in any order, into the cases' order.

    Raises InvalidTable where a case or the score of a given field is missing or no number in
    [0, 1].
    """
    with path.open("rb") as source:
        lines = [parse_line(line.decode()) for line in lines_of(source)]
    by_id = {line.get("listing_id"): line for line in lines}
    answers = []
    for case in cases:
        line = by_id.get(case.listing_id)
        if line is None:
            raise InvalidTable(f"{path} has no report of listing {case.listing_id}.")
        answers.append(answer_of(line))
        for name, value in case.fields.items():
            score = answers[-1].scores.get(name)
            if value and (not isinstance(score, int | float) or not 0 <= score <= 1):
                raise InvalidTable(
                    f"{path}: the {name} of listing {case.listing_id} has the score "
                    f"{json.dumps(score)}; allowed: a number from 0 (wrong) to 1 (right)."
                )
    return answers
