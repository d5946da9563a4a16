"""What a scorer is worth: ranking, calibration and odd ones out, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sklearn
from sklearn.metrics import precision_recall_curve, roc_auc_score

from benchmarks.mismatch.cases import Case
from benchmarks.mismatch.scorers import Answer
from data.taxonomy import ATTRIBUTES
from fusion import bootstrap

PREVALENCES = (0.03, 0.05, 0.10)
MAIN = 0.05
TOPS = (0.01, 0.05, 0.10)
PRECISION = 0.95
DRAWS = 200  # resamples of whole product groups
BINS = 15


@dataclass(frozen=True, slots=True)
class Units:
    """What is ranked, a row each: suspicion (n,), higher is worse; wrong (n,); groups (n,)."""

    suspicion: np.ndarray
    wrong: np.ndarray
    groups: np.ndarray

    def weights(self, prevalence: float, counts: np.ndarray | None = None) -> np.ndarray:
        """Return weights (n,) that make `prevalence` of all wrong; counts (n,): resampled."""
        counts = np.ones(len(self.wrong)) if counts is None else counts
        wrong, right = counts * self.wrong, counts * ~self.wrong
        weights: np.ndarray = (
            prevalence * wrong / wrong.sum() + (1 - prevalence) * right / right.sum()
        )
        return weights


def fields_of(
    cases: Sequence[Case], answers: Sequence[Answer], attribute: str | None = None
) -> Units:
    """Return the fields of clean cases, right, and the wrong fields of cases with one."""
    rows = [
        (1.0 - answer.scores[name], name in case.wrong, case.group)
        for case, answer in zip(cases, answers, strict=True)
        if case.kind in ("clean", "field")
        for name in (ATTRIBUTES if attribute is None else (attribute,))
        if case.fields[name] and (case.kind == "clean" or name in case.wrong)
    ]
    return units_of(rows)


def listings_of(cases: Sequence[Case], answers: Sequence[Answer], kinds: Sequence[str]) -> Units:
    """Return the listings of the clean kind and of `kinds`, wrong as a whole."""
    rows = [
        (1.0 - answer.score, case.kind != "clean", case.group)
        for case, answer in zip(cases, answers, strict=True)
        if case.kind == "clean" or case.kind in kinds
    ]
    return units_of(rows)


def units_of(rows: Sequence[tuple[float, bool, str]]) -> Units:
    """Return rows of (suspicion, whether wrong, group)."""
    suspicion, wrong, groups = zip(*rows, strict=True)
    return Units(np.array(suspicion), np.array(wrong, bool), np.array(groups))


def figures(units: Units) -> dict[str, Any]:
    """Return every figure: [value, low, high] at 5 % prevalence, by prevalence the plain values.

    `draws`: the AUPRC of every resample, for comparing two scorers of the same units.
    """
    drawn = [measure(units, units.weights(MAIN, c)) for c in resamples(units.groups)]
    found: dict[str, Any] = {
        name: _with_interval([one[name] for one in drawn]) for name in drawn[0]
    }
    found |= {
        f"{prevalence:.0%}": {
            name: round(value, 4)
            for name, value in measure(units, units.weights(prevalence)).items()
        }
        for prevalence in PREVALENCES
    }
    right, wrong = int((~units.wrong).sum()), int(units.wrong.sum())
    draws = np.array([one["auprc"] for one in drawn])
    return {"n_right": right, "n_wrong": wrong, **found, "draws": draws}


def measure(units: Units, weights: np.ndarray) -> dict[str, float]:
    """Return all figures of weighted units."""
    # Half of the time of 200 resamples would go into looking for NaN again and again.
    with sklearn.config_context(assume_finite=True, skip_parameter_validation=True):
        precision, recall, _ = precision_recall_curve(
            units.wrong, units.suspicion, sample_weight=weights
        )
        auroc = roc_auc_score(units.wrong, units.suspicion, sample_weight=weights)
    return {
        "auroc": float(auroc),
        # average_precision_score's own sum, without sorting a second time
        "auprc": float(-np.sum(np.diff(recall) * precision[:-1])),
        "recall_at_95": float(recall[precision >= PRECISION].max()),
        **{f"top_{share:.0%}": _top(units, weights, share) for share in TOPS},
        "ece": _ece(units, weights),
    }


def interval(units: Units, metric: Callable[[np.ndarray], float]) -> list[float]:
    """Return the metric and its 95 % interval over resampled groups; `metric` takes counts."""
    return _with_interval([metric(counts) for counts in resamples(units.groups)])


def ahead(ours: np.ndarray, theirs: np.ndarray) -> list[float]:
    """Return by how much our AUPRC is higher than theirs, with its paired interval."""
    return _with_interval(list(ours - theirs))


def resamples(groups: np.ndarray) -> list[np.ndarray]:
    """Return how often each row counts: once each first, then in DRAWS resamples of groups."""
    _, index = np.unique(groups, return_inverse=True)
    size = index.max() + 1
    random = np.random.default_rng(0)
    drawn = [np.bincount(random.integers(0, size, size), minlength=size) for _ in range(DRAWS)]
    return [np.ones(len(index)), *(counts[index].astype(float) for counts in drawn)]


def _with_interval(values: Sequence[float]) -> list[float]:
    return [round(float(v), 4) for v in (values[0], *bootstrap.interval(values[1:]))]


def _top(units: Units, weights: np.ndarray, share: float) -> float:
    """Return the precision among the `share` most suspicious; of equal ones a part counts."""
    order = np.argsort(-units.suspicion, kind="stable")
    weight, wrong = weights[order], units.wrong[order]
    # Equal suspicion: every one of them counts as the mean of its fellows.
    _, tied = np.unique(-units.suspicion[order], return_inverse=True)
    mean = np.bincount(tied, weight * wrong) / np.maximum(np.bincount(tied, weight), 1e-12)
    before = np.cumsum(weight) - weight
    taken = np.clip(share * weight.sum() - before, 0.0, weight)
    return float((taken * mean[tied]).sum() / taken.sum())


def _ece(units: Units, weights: np.ndarray) -> float:
    """Return the mean gap between score and share right over 15 equal bins of the score."""
    scores, right = 1.0 - units.suspicion, (~units.wrong).astype(float)
    place = np.minimum((scores * BINS).astype(int), BINS - 1)
    gaps = np.bincount(place, weights * (scores - right), minlength=BINS)
    return float(np.abs(gaps).sum() / weights.sum())


def odd_ones(cases: Sequence[Case], answers: Sequence[Answer]) -> dict[str, dict[str, Any]]:
    """Return per kind how often the odd one out was named, and rightly, with n.

    One wrong field or phrase is asked of its attribute, another product's photo or description of
    the listing as a whole.
    """
    found = {}
    for kind in ("field", "photo", "description", "phrase"):
        mine = [
            (a.odd.get(c.attribute or "listing"), c.odd_one_out, c.group)
            for c, a in zip(cases, answers, strict=True)
            if c.kind == kind and (kind != "photo" or c.wrong)
        ]
        if mine:
            found[kind] = odd_figures(*zip(*mine, strict=True))
    return found


def odd_figures(
    named: Sequence[str | None], truth: Sequence[str | None], groups: Sequence[str]
) -> dict[str, Any]:
    """Return n, the share answered and, of those, the share right, with intervals."""
    from training.metrics import group_interval

    answered = np.array([name is not None for name in named])
    right = np.array([n == t for n, t in zip(named, truth, strict=True)])
    owner = np.array(groups)
    found: dict[str, Any] = {
        "n": len(answered),
        "answered": _share(answered, owner, group_interval),
    }
    if answered.any():
        found["right"] = _share(right[answered], owner[answered], group_interval)
    return found


def _share(hits: np.ndarray, groups: np.ndarray, between: Callable[..., Any]) -> list[float]:
    return [round(float(v), 4) for v in (hits.mean(), *between(hits, groups))]


def statuses(cases: Sequence[Case], answers: Sequence[Answer]) -> dict[str, dict[str, float]]:
    """Return per kind the share of listings by the status reported."""
    found: dict[str, dict[str, float]] = {}
    for kind in dict.fromkeys(case.kind for case in cases):
        said = [
            a.statuses.get("listing", "")
            for c, a in zip(cases, answers, strict=True)
            if c.kind == kind
        ]
        found[kind] = {"n": len(said)} | {
            status: round(said.count(status) / len(said), 4) for status in sorted(set(said))
        }
    return found
