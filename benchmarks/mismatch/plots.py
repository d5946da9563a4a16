"""Pictures of the benchmark: ranking, calibration, and what abstaining is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve

from benchmarks.mismatch.cases import Case
from benchmarks.mismatch.measure import Units, fields_of
from benchmarks.mismatch.scorers import Answer

PREVALENCE = 0.05
BINS = 10


def plot(cases: Sequence[Case], answers: Mapping[str, Sequence[Answer]], out: Path) -> None:
    """Draw one PNG per source: ranking of all scorers, calibration and abstention of the first."""
    for source in dict.fromkeys(case.source for case in cases):
        rows = [n for n, case in enumerate(cases) if case.source == source]
        mine = [cases[n] for n in rows]
        units = {name: fields_of(mine, [them[n] for n in rows]) for name, them in answers.items()}
        ours = next(iter(units.values()))
        figure = Figure(figsize=(18, 5.5), layout="constrained")
        ranking, calibration, abstention = figure.subplots(1, 3)
        _ranking(ranking, units)
        _calibration(calibration, ours)
        _abstention(abstention, ours)
        figure.suptitle(f"{source}: fields, {PREVALENCE:.0%} of them wrong")
        figure.savefig(out / f"{source}.png", dpi=80)


def _ranking(axes: Axes, units: Mapping[str, Units]) -> None:
    for name, one in units.items():
        precision, recall, _ = precision_recall_curve(
            one.wrong, one.suspicion, sample_weight=one.weights(PREVALENCE)
        )
        axes.plot(recall, precision, label=name)
    axes.set(xlabel="recall of wrong fields", ylabel="precision", ylim=(0, 1.02))
    axes.legend(fontsize="small")


def _calibration(axes: Axes, ours: Units) -> None:
    scores, weights = 1 - ours.suspicion, ours.weights(PREVALENCE)
    place = np.minimum((scores * BINS).astype(int), BINS - 1)
    total = np.bincount(place, weights, BINS)
    here = total > 0
    said = np.bincount(place, weights * scores, BINS)[here] / total[here]
    right = np.bincount(place, weights * ~ours.wrong, BINS)[here] / total[here]
    axes.plot([0, 1], [0, 1], color="gray", linestyle="--", label="perfectly calibrated")
    axes.plot(said, right, marker="o", label="Selvedge")
    axes.set(xlabel="score", ylabel="share of fields right")
    axes.legend()


def _abstention(axes: Axes, ours: Units) -> None:
    """Draw the share of wrong decisions (right or wrong, at 0.5) among the surest ones."""
    weights = ours.weights(PREVALENCE)
    order = np.argsort(-np.abs(ours.suspicion - 0.5), kind="stable")
    missed = ((ours.suspicion > 0.5) != ours.wrong)[order]
    decided = np.cumsum(weights[order])
    axes.plot(decided / decided[-1], np.cumsum(weights[order] * missed) / decided)
    axes.set(xlabel="coverage: share of fields decided", ylabel="risk: share decided wrongly")
    axes.set_ylim(bottom=0)
