"""The pictures of a data card: each takes plain tables and returns a matplotlib figure."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter, StrMethodFormatter

from data.schema import MAX_IMAGES
from data.table import SPLITS
from data.taxonomy import ATTRIBUTES, VALUES

_SPLIT_COLORS = dict(zip(SPLITS, ("#4477aa", "#ccbb44", "#ee6677"), strict=True))
_GIVEN, _DERIVED, _WEAK, _MISSING = "#4477aa", "#66ccee", "#ccbb44", "#dddddd"
_THOUSANDS = StrMethodFormatter("{x:,.0f}")
_BAR = 0.32  # inches a bar takes


def missing(fields: pd.DataFrame) -> Figure:
    """Draw the share given, derived, only weakly labeled and missing, a bar per attribute and wear.

    fields: attribute, wear, rows, given, derived, weak (counts).
    """
    labels = [f"{a}, {w} (n = {n:,})" for a, w, n in fields[["attribute", "wear", "rows"]].values]
    figure = Figure(figsize=(9, 1.4 + _BAR * len(labels)), layout="constrained")
    axes = figure.subplots()
    left = pd.Series(0.0, index=fields.index)
    for name, color in (("given", _GIVEN), ("derived", _DERIVED), ("weak", _WEAK)):
        share = fields[name] / fields["rows"]
        axes.barh(labels, share, left=left, color=color, label=name)
        left += share
    axes.barh(labels, 1 - left, left=left, color=_MISSING, label="missing")
    for at, share in enumerate(1 - left):
        axes.annotate(f"{share:.0%}", (1.01, at), va="center", annotation_clip=False)
    axes.set(title="Fields of the listings in scope; at the right, the share missing", xlim=(0, 1))
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    _as_list(axes)
    figure.legend(loc="outside lower center", ncols=4)
    return figure


def values(counts: pd.DataFrame) -> Figure:
    """Draw how often each value occurs, by split.

    counts: attribute, value, and a column per split; weak labels are not counted.
    """
    sizes = [len(VALUES[name]) + 1.5 for name in ATTRIBUTES]
    figure = Figure(figsize=(9, 1 + _BAR * sum(sizes)), layout="constrained")
    panels = figure.subplots(len(ATTRIBUTES), 1, height_ratios=sizes)
    for axes, name in zip(panels, ATTRIBUTES, strict=True):
        rows = counts[counts["attribute"] == name].set_index("value").reindex(VALUES[name])
        _stack(axes, rows[list(SPLITS)].fillna(0).astype(int))
        axes.set(title=name)
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure


def photos(per_listing: pd.Series, sizes: pd.DataFrame) -> Figure:
    """Draw how many photos listings have and how large photos are (width, height in pixels)."""
    figure = Figure(figsize=(11, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    counts = per_listing.value_counts().reindex(range(MAX_IMAGES + 1), fill_value=0)
    left.bar(counts.index, counts, color=_GIVEN)
    for number, count in counts.items():
        left.annotate(f"{count:,}", (number, count), ha="center", va="bottom")
    left.set(title="Photos of a listing", xlabel="photos", ylabel="listings")
    left.set_xticks(range(MAX_IMAGES + 1))
    left.yaxis.set_major_formatter(_THOUSANDS)
    left.margins(y=0.12)
    met = sizes.value_counts().rename("photos").reset_index()
    area = 20 + 600 * met["photos"] / max(1, met["photos"].max())
    right.scatter(met["width"], met["height"], s=area, alpha=0.5, color=_GIVEN)
    right.set(title="Sizes of photos (area = how many)", xlabel="width, pixels")
    right.set(ylabel="height, pixels")
    wide, high = max(1, met["width"].max()), max(1, met["height"].max())
    right.set(xlim=(0, 1.2 * wide), ylim=(0, 1.2 * high))
    return figure


def groups(by_source: pd.DataFrame, group_sizes: pd.Series) -> Figure:
    """Draw the splits of each source, and how many listings the groups of duplicates hold."""
    figure = Figure(figsize=(11, max(3.6, 2 + _BAR * len(by_source))), layout="constrained")
    left, right = figure.subplots(1, 2)
    _stack(left, by_source[list(SPLITS)])
    left.set(title="Listings by source and split", xlabel="listings")
    spare = max(0, 3 - len(by_source)) / 2  # a single bar would fill the panel
    left.set_ylim(len(by_source) - 0.5 + spare, -0.5 - spare)
    left.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=3)
    edges = (1, 2, 3, 5, 10, 20, 50, 10**9)
    names = ("1", "2", "3-4", "5-9", "10-19", "20-49", "50+")
    bins = pd.cut(group_sizes, edges, right=False, labels=names).value_counts().reindex(names)
    right.bar(names, bins, color=_GIVEN)
    for at, count in enumerate(bins):
        right.annotate(f"{count:,}", (at, count), ha="center", va="bottom")
    right.set(title="Groups that must share a split", xlabel="listings in the group")
    right.set(ylabel="groups, log scale", yscale="symlog", ylim=(0, bins.max() * 3))
    return figure


def steps(taken: pd.DataFrame) -> Figure:
    """Draw what each step of an import left: what, before, after."""
    figure = Figure(figsize=(10, 1.2 + 1.3 * _BAR * len(taken)), layout="constrained")
    axes = figure.subplots()
    kept = taken["after"] / taken["before"].where(taken["before"] > 0)
    axes.barh(taken["what"], kept.clip(upper=1), color=_GIVEN)
    for at, (before, after) in enumerate(taken[["before", "after"]].values):
        axes.annotate(f"{before:,} to {after:,}", (1.02, at), va="center", annotation_clip=False)
    axes.set(title="Before and after each step", xlim=(0, 1))
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    _as_list(axes)
    return figure


def _stack(axes: Axes, counts: pd.DataFrame) -> None:
    """Draw a bar per row, its splits side by side, its sum at the end."""
    left = pd.Series(0, index=counts.index)
    for split in SPLITS:
        axes.barh(list(counts.index), counts[split], left=left, color=_SPLIT_COLORS[split],
                  label=split)  # fmt: skip
        left += counts[split]
    for at, total in enumerate(left):
        axes.annotate(f" {total:,}", (total, at), va="center")
    axes.margins(y=0.02)
    axes.set_xlim(0, 1.12 * max(1, left.max()))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=7, integer=True))
    axes.xaxis.set_major_formatter(_THOUSANDS)
    _as_list(axes)


def _as_list(axes: Axes) -> None:
    axes.invert_yaxis()  # the first row at the top, as it is read
    axes.spines[["top", "right"]].set_visible(False)
