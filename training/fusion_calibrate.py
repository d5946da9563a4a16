"""Scores that mean what they say, and thresholds that keep what they promise.

Both are fitted on scores of listings whose group the tables behind them have not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from data.taxonomy import ATTRIBUTES, VALUES
from fusion.agreement import judge_listing, judge_whole, logit, sigmoid
from fusion.evidence import blocks
from fusion.operating import LISTING, Flags, HeldOut, lowest_of
from fusion.parameters import SOURCES, Parameters, Vector
from training.fusion_fit import Example, Material, fit_tables
from training.fusion_world import draw

FOLDS = 10
TIMES = 20  # drawings of each listing
BELIEF = 50.0  # listings: with 10, curves of a few attributes cross and AUPRC falls by .01
# What a verdict promises: of ten conflicts eight are real, of a hundred fields that agree 98 are
# right, of ten suggestions nine; of five listings put up for review four hold an error.
CONFLICT, AGREE, CONTRADICTION, SUGGESTION, REVIEW = 0.80, 0.98, 0.80, 0.90, 0.80
# Words often name a second color that covers too little to count: even sure ones of two colors are
# of one in every second photo (of 113 validation listings none is surer than 0.77 to differ).
MEANT = 0.8
NONE = dict.fromkeys(ATTRIBUTES)


@dataclass(frozen=True, slots=True)
class Told:
    """What photo and words alone tell of one attribute: (n,) chances and whether they hold.

    best: of the likeliest value. apart: that photo and words mean different values, of listings
    where they name different ones; differ: that the words are wrong there.
    """

    best: Vector
    right: Flags
    apart: Vector
    differ: Flags


def calibrate(material: Material, *, seed: int) -> tuple[Parameters, HeldOut, dict[str, Told]]:
    """Fit tables, calibration and thresholds; also returns what they were measured on."""
    parts = _folds(material, seed)
    raw = _together([_score(part, tables, seed) for part, tables in parts])
    slopes = {name: platt(raw.scores[name], raw.right[name]) for name in raw.scores}
    scores = {name: _apply(raw.scores[name], *slopes[name]) for name in raw.scores}
    # As `fusion.agreement` does it: the whole is never likelier than one of its parts.
    scores[LISTING] = np.fmin(scores[LISTING], np.fmin.reduce([scores[n] for n in ATTRIBUTES]))
    held_out = replace(raw, scores=scores)
    told = {name: _told(name, parts) for name in ATTRIBUTES}
    tables = fit_tables(material)
    attributes = {
        name: replace(
            own,
            slope=slopes[name][0],
            intercept=slopes[name][1],
            **_thresholds(held_out, told[name], name),
        )
        for name, own in tables.attributes.items()
    }
    slope, intercept = slopes[LISTING]
    review = held_out.for_precision(REVIEW)
    fitted = replace(
        tables, attributes=attributes, slope=slope, intercept=intercept, review_below=review
    )
    return fitted, held_out, told


def platt(scores: Vector, right: Flags) -> tuple[float, float]:
    """Return slope and intercept in log-odds that make scores probabilities (Platt 1999).

    Drawn towards (1, 0), which is what they are if the tables are true, by BELIEF listings spread
    over the scale. Each listing counts once, however often it was drawn.
    """
    from sklearn.linear_model import LogisticRegression

    known = ~np.isnan(scores)
    anchors = np.linspace(0.05, 0.95, 10)
    chance = np.concatenate([scores[known], anchors, anchors])
    answer = np.concatenate([right[known], np.ones(10, bool), np.zeros(10, bool)])
    each = BELIEF / len(anchors)
    weight = np.concatenate([np.full(known.sum(), 1 / TIMES), each * anchors, each * (1 - anchors)])
    model = LogisticRegression(C=1e6)
    model.fit(_logits(chance)[:, None], answer, sample_weight=weight)
    return max(0.0, float(model.coef_[0, 0])), float(model.intercept_[0])


def _folds(material: Material, seed: int) -> list[tuple[list[Example], Parameters]]:
    """Return each fold's examples with the tables fitted on everything else."""
    groups = sorted({e.group for e in material.photographed})
    fold = dict(
        zip(groups, np.random.default_rng(seed).integers(0, FOLDS, len(groups)), strict=True)
    )
    parts = []
    for number in range(FOLDS):
        mine = [e for e in material.photographed if fold[e.group] == number]
        if mine:
            away = {e.group for e in mine}
            parts.append((mine, fit_tables(material.without(away))))
    return parts


def _score(examples: Sequence[Example], tables: Parameters, seed: int) -> HeldOut:
    """Draw listings of `examples` and score them by uncalibrated tables."""
    names = (LISTING, *ATTRIBUTES)
    groups = {group: n for n, group in enumerate(sorted({e.group for e in examples}))}
    scores: dict[str, list[float]] = {name: [] for name in names}
    right: dict[str, list[bool]] = {name: [] for name in names}
    owners = []
    for drawn in draw(examples, tables, times=TIMES, seed=seed):
        image, text = drawn.example.image, drawn.example.text
        report = judge_listing(
            "", drawn.fields, image, text, tables, in_scope=1.0, model_version=""
        )
        whole = judge_whole(blocks(drawn.fields, image, text, tables), tables)
        owners.append(groups[drawn.example.group])
        scores[LISTING].append(whole.right)
        right[LISTING].append(all(drawn.right(n) for n in ATTRIBUTES if drawn.fields[n]))
        for name in ATTRIBUTES:
            found = report.attributes[name].score
            scores[name].append(np.nan if found is None else found)
            right[name].append(drawn.right(name))
    return HeldOut(
        np.array(owners, np.int64),
        {name: np.array(found, np.float64) for name, found in scores.items()},
        {name: np.array(found, bool) for name, found in right.items()},
    )


def _together(parts: Sequence[HeldOut]) -> HeldOut:
    first = np.cumsum([0, *(part.groups.max() + 1 for part in parts)])
    return HeldOut(
        np.concatenate([p.groups + n for p, n in zip(parts, first[:-1], strict=True)]),
        {name: np.concatenate([p.scores[name] for p in parts]) for name in parts[0].scores},
        {name: np.concatenate([p.right[name] for p in parts]) for name in parts[0].right},
    )


def _told(name: str, parts: Sequence[tuple[list[Example], Parameters]]) -> Told:
    best, right, apart, differ = [], [], [], []
    for examples, tables in parts:
        for example in examples:
            true, image, text = example.truth[name], example.image[name], example.text[name]
            judged = blocks(NONE, example.image, example.text, tables)
            block = next(b for b in judged if name in b.values)
            if true is None or image.value is None:
                continue
            chances = block.chances(name, *SOURCES)
            best.append(float(chances.max()))
            right.append(VALUES[name][int(chances.argmax())] == true)
            if text.value is not None and text.value != image.value:
                apart.append(block.apart(name))
                differ.append(text.value != true)
    return Told(np.array(best), np.array(right, bool), np.array(apart), np.array(differ, bool))


def _thresholds(held_out: HeldOut, told: Told, name: str) -> dict[str, float]:
    known = ~np.isnan(held_out.scores[name])
    scores, right = held_out.scores[name][known], held_out.right[name][known]
    return {
        # Never higher: a field is not called wrong while it is probably right.
        "conflict_below": min(0.5, held_out.for_precision(CONFLICT, name)),
        "agree_from": _highest(scores, right, AGREE, least=0.8),
        "contradiction_from": _highest(told.apart, told.differ, CONTRADICTION, least=MEANT),
        "suggest_from": _highest(told.best, told.right, SUGGESTION, least=0.5),
    }


def _highest(chances: Vector, wanted: Flags, share: float, *, least: float) -> float:
    """Return the lowest threshold in [least, 1] such that `share` of what reaches it is wanted.

    `least` alone decides where nothing was seen; what keeps no promise gets 1.0.
    """
    if not len(chances):
        return least
    return min(1.0, max(least, -lowest_of(-chances, wanted, share) or 1.0))


def _apply(scores: Vector, slope: float, intercept: float) -> Vector:
    return np.array(
        [np.nan if np.isnan(s) else sigmoid(slope * logit(s) + intercept) for s in scores]
    )


def _logits(scores: Vector) -> Vector:
    return np.array([logit(s) for s in scores])
