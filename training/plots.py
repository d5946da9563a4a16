"""Pictures of how good answers are: where they go wrong, and whether their confidence holds."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import binomtest
from sklearn.metrics import ConfusionMatrixDisplay

from data.taxonomy import VALUES
from fusion.calibration import reliability_bins
from vision.heads import HEADS

BINS = 10


def plot(asked: pd.DataFrame, name: str, path: Path) -> None:
    """Draw one attribute's confusion matrix and reliability curve per source as a PNG.

    asked: of `training.evaluate.ask`; rows without a truth are left out, and nothing is drawn where
    there is none.
    """
    known = asked[asked[f"true_{name}"].notna()]
    sources = list(known.groupby("source"))
    if not sources:
        return
    figure = Figure(figsize=(14, 7 * len(sources)), layout="constrained")
    grid = figure.subplots(len(sources), 2, squeeze=False, width_ratios=(3, 2))
    for (left, right), (source, rows) in zip(grid, sources, strict=True):
        _confusion(left, rows, name)
        left.set_title(f"{source}: {name}, n = {len(rows)}")
        _reliability(right, rows[f"sure_{name}"], rows[f"said_{name}"] == rows[f"true_{name}"])
    figure.savefig(path, dpi=80)


def plot_chances(told: pd.DataFrame, head: str, path: Path) -> None:
    """Draw the reliability curve of a head of two values per source as a PNG.

    told: of `training.reliability.confidences`; nothing is drawn where nothing is known.
    """
    sources = list(told[told["head"] == head].groupby("source"))
    if not sources:
        return
    figure = Figure(figsize=(6 * len(sources), 6), layout="constrained")
    grid = figure.subplots(1, len(sources), squeeze=False)
    for axes, (source, rows) in zip(grid[0], sources, strict=True):
        _reliability(axes, rows["sure"], rows["right"])
        axes.set_title(f"{source}: {head}, n = {len(rows)}")
        axes.set(xlabel=f'mean chance of "{HEADS[head][0]}"', ylabel="share that is")
    figure.savefig(path, dpi=80)


def _confusion(axes: Axes, rows: pd.DataFrame, name: str) -> None:
    truth, said = rows[f"true_{name}"].astype(str), rows[f"said_{name}"].astype(str)
    seen = set(truth) | set(said)
    labels = [value for value in VALUES[name] if value in seen] + sorted(seen - set(VALUES[name]))
    ConfusionMatrixDisplay.from_predictions(
        truth, said, labels=labels, xticks_rotation=60, cmap="Blues", colorbar=False, ax=axes
    )
    axes.set(xlabel="the photo branch says", ylabel="the annotator saw")


def _reliability(axes: Axes, sure: pd.Series, right: pd.Series) -> None:
    bins = reliability_bins(sure, right, bins=BINS)
    spans = [binomtest(round(b.accuracy * b.count), b.count).proportion_ci() for b in bins]
    below = [b.accuracy - span.low for b, span in zip(bins, spans, strict=True)]
    above = [span.high - b.accuracy for b, span in zip(bins, spans, strict=True)]
    places = [b.confidence for b in bins], [b.accuracy for b in bins]
    axes.plot([0, 1], [0, 1], color="gray", linestyle="--", label="perfectly calibrated")
    axes.errorbar(*places, yerr=[below, above], marker="o", capsize=3, label="ours, 95 %")
    for b in bins:
        axes.annotate(f"n={b.count}", (b.confidence, b.accuracy), textcoords="offset points",
                      xytext=(6, -12))  # fmt: skip
    axes.set(xlabel="mean confidence", ylabel="share right", xlim=(0, 1.02), ylim=(0, 1.02))
    axes.legend(loc="lower right")
