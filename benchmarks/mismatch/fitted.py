"""Baselines that are fitted: on the benchmark's own kind of cases, made of validation listings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.mismatch.cases import Case
from benchmarks.mismatch.scorers import Answer, Said, Scorer, told_of
from data.schema import Prediction
from data.taxonomy import ATTRIBUTES, VALUES
from fusion.parameters import Parameters

LEAST = 1e-4
# Every value of every attribute, for one-hot features.
ALL = [(name, value) for name in ATTRIBUTES for value in VALUES[name]]


def stacked(model: str, cases: Sequence[Case], said: Sequence[Said]) -> Scorer:
    """Fit a classifier of right and wrong fields on stacked branch features.

    model: "logistic" or "boosting". Right fields come from clean cases, wrong ones from cases of
    one wrong field; weights set wrong fields to 5 %.
    """
    features, right = [], []
    for case, one in zip(cases, said, strict=True):
        for name in _judged(case):
            features.append(_features(name, str(case.fields[name]), one))
            right.append(name not in case.wrong)
    answers = np.array(right)
    weights = np.where(answers, 0.95 / answers.sum(), 0.05 / (~answers).sum()) * len(answers)
    classifier = _classifier(model).fit(np.array(features), answers, sample_weight=weights)

    def score(asked: Sequence[Case], told: Sequence[Said]) -> list[Answer]:
        rows = [
            (n, name, _features(name, str(case.fields[name]), told[n]))
            for n, case in enumerate(asked)
            for name in ATTRIBUTES
            if case.fields[name]
        ]
        chances = classifier.predict_proba(np.array([row for *_, row in rows]))[:, 1]
        found: list[dict[str, float]] = [{} for _ in asked]
        for (n, name, _), chance in zip(rows, chances, strict=True):
            found[n][name] = float(chance)
        return [Answer(min(scores.values(), default=1.0), scores) for scores in found]

    return score


def conformal(cases: Sequence[Case], said: Sequence[Said], parameters: Parameters) -> Scorer:
    """Return the field's conformal p-value: how many true values looked as odd as it does.

    Split conformal sets per attribute (Vovk et al. 2005): the set at level e holds the values
    whose p-value is above e.
    """
    usual: dict[str, list[float]] = {name: [] for name in ATTRIBUTES}
    for case, one in zip(cases, said, strict=True):
        if case.kind == "clean":
            for name, chances in told_of(one, parameters).items():
                if value := case.fields[name]:
                    usual[name].append(float(chances[VALUES[name].index(value)]))
    ranked = {name: np.sort(found) for name, found in usual.items()}

    def score(asked: Sequence[Case], told: Sequence[Said]) -> list[Answer]:
        answers = []
        for case, one in zip(asked, told, strict=True):
            chances = told_of(one, parameters)
            scores = {
                name: _p_value(float(chances[name][VALUES[name].index(value)]), ranked[name])
                for name in ATTRIBUTES
                if (value := case.fields[name])
            }
            answers.append(Answer(min(scores.values(), default=1.0), scores))
        return answers

    return score


def _p_value(chance: float, usual: np.ndarray) -> float:
    below = int(np.searchsorted(usual, chance, side="right"))
    # Ties are many where both branches are sure: the chance itself parts them.
    return (below + chance) / (len(usual) + 1)


def _classifier(model: str) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    if model == "logistic":
        return LogisticRegression(max_iter=5000)
    return HistGradientBoostingClassifier(random_state=0)


def _judged(case: Case) -> list[str]:
    """Return the fields a case teaches: all of a clean one, the wrong one of another."""
    if case.kind == "clean":
        return [name for name in ATTRIBUTES if case.fields[name]]
    return list(case.wrong) if case.kind == "field" else []


def _features(name: str, value: str, said: Said) -> list[float]:
    """Return each branch's log-odds for the field, against its best other value, whether it
    says anything, and which attribute and value this is."""
    numbers = [
        number
        for answer in (said.image[name], said.text[name])
        for number in _branch_features(answer, value)
    ]
    return [*numbers, *(float(pair == (name, value)) for pair in ALL)]


def _branch_features(answer: Prediction, value: str) -> tuple[float, float, float]:
    if answer.value is None:
        return 0.0, 0.0, 0.0
    mine = answer.probabilities[value]
    best = max(p for v, p in answer.probabilities.items() if v != value)
    odds = np.log((mine + LEAST) / (1 - mine + LEAST))
    return float(odds), float(np.log((mine + LEAST) / (best + LEAST))), 1.0
