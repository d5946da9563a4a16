"""Scorers: ours, and what others do with the same branch probabilities.

A scorer turns cases and what the branches say of them into `Answer`s; low is bad.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from benchmarks.mismatch.cases import Case
from data.schema import Prediction
from data.taxonomy import ATTRIBUTES, VALUES
from fusion.agreement import judge_listing
from fusion.evidence import blocks
from fusion.parameters import Parameters, Vector


@dataclass(frozen=True, slots=True)
class Said:
    """What the branches say of one case."""

    image: Mapping[str, Prediction]
    in_scope: float
    text: Mapping[str, Prediction]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a scorer says of one case: of the whole and of each field given, low is bad.

    odd: which of field, image and text is the odd one out, by attribute and under "listing";
    statuses likewise. A scorer may leave both out.
    """

    score: float
    scores: Mapping[str, float]
    odd: Mapping[str, str | None] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)


Scorer = Callable[[Sequence[Case], Sequence[Said]], list[Answer]]


def selvedge(parameters: Parameters) -> Scorer:
    """Return the released verdicts."""

    def score(cases: Sequence[Case], said: Sequence[Said]) -> list[Answer]:
        return [_ours(case, one, parameters) for case, one in zip(cases, said, strict=True)]

    return score


def _ours(case: Case, said: Said, parameters: Parameters) -> Answer:
    report = judge_listing(
        case.listing_id,
        case.fields,
        said.image,
        said.text,
        parameters,
        in_scope=said.in_scope,
        model_version="",
    )
    scores = {n: a.score for n, a in report.attributes.items() if a.score is not None}
    # The report's own numbers are rounded to four digits, too few to rank by.
    return replace(answer_of(report.to_json()), score=report.score or 0.0, scores=scores)


def answer_of(report: Mapping[str, Any]) -> Answer:
    """Read a report's object, or as much of it as an outsider's scorer gives."""
    found = report.get("attributes", {})
    scores = {n: a["score"] for n, a in found.items() if a.get("score") is not None}
    total = report.get("score")
    return Answer(
        score=min(scores.values(), default=1.0) if total is None else total,
        scores=scores,
        odd={n: a.get("odd_one_out") for n, a in found.items()}
        | {"listing": report.get("odd_one_out")},
        statuses={n: a.get("status", "") for n, a in found.items()}
        | {"listing": report.get("status", "")},
    )


def by_field(rule: Callable[[str, str, Said], float]) -> Scorer:
    """Return the scorer that judges each field by itself and a listing by its worst field."""

    def score(cases: Sequence[Case], said: Sequence[Said]) -> list[Answer]:
        answers = []
        for case, one in zip(cases, said, strict=True):
            scores = {n: rule(n, value, one) for n in ATTRIBUTES if (value := case.fields[n])}
            answers.append(Answer(min(scores.values(), default=1.0), scores))
        return answers

    return score


def least(name: str, value: str, said: Said) -> float:
    """The lower probability of photo and words, of those that say something."""
    return min(_support(name, value, said), default=0.5)


def mean(name: str, value: str, said: Said) -> float:
    """The mean probability of photo and words, of those that say something."""
    support = _support(name, value, said)
    return sum(support) / len(support) if support else 0.5


def _support(name: str, value: str, said: Said) -> list[float]:
    answers = (said.image[name], said.text[name])
    return [a.probabilities[value] for a in answers if a.value is not None]


def cleanlab(method: str, parameters: Parameters) -> Scorer:
    """Return cleanlab's label quality (Northcutt et al. 2021) on what photo and words tell.

    method: "self_confidence" or "normalized_margin". The probabilities are ours with the fields
    left out, so what differs is what is made of them.
    """
    from cleanlab.rank import get_label_quality_scores

    def score(cases: Sequence[Case], said: Sequence[Said]) -> list[Answer]:
        found: list[dict[str, float]] = [{} for _ in cases]
        told = [told_of(one, parameters) for one in said]
        for name in ATTRIBUTES:
            rows = [n for n, case in enumerate(cases) if case.fields[name]]
            labels = np.array([VALUES[name].index(str(cases[n].fields[name])) for n in rows])
            chances = np.stack([told[n][name] for n in rows])
            quality = get_label_quality_scores(labels, chances, method=method)
            for n, q in zip(rows, quality, strict=True):
                found[n][name] = float(q)
        return [Answer(min(scores.values(), default=1.0), scores) for scores in found]

    return score


def told_of(said: Said, parameters: Parameters) -> dict[str, Vector]:
    """Return P(value | photo, words) by attribute, no field looked at."""
    judged = blocks({}, said.image, said.text, parameters)
    return {n: b.chances(n, "image", "text") for b in judged for n in b.values}
