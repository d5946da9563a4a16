"""Measuring the image branch on groups that nothing was trained or tuned on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pandas as pd
from tqdm import tqdm

from data.schema import Prediction
from data.taxonomy import ATTRIBUTES
from training.metrics import Score, score
from vision.heads import SCOPE

if TYPE_CHECKING:
    from vision.tagger import ImageTagger

Answers = dict[str, Prediction]
Figures = dict[str, dict[str, dict[str, Any]]]  # set: {attribute or scope: numbers}


def measure_images(photos: pd.DataFrame, tagger: ImageTagger, split: str = "test") -> Figures:
    """Measure an image artifact on a split of `training.photos.load_photos`, a set per source.

    Attributes are measured by annotation; a photo that the branch calls out of scope counts as
    wrong in all five. Scope is measured on every photo whose table or annotation tells it.
    """
    photos = photos[(photos["split"] == split) & photos["scope"].isin(SCOPE)]
    photos = photos.reset_index(drop=True)
    paths = [Path(path) for path in photos["image"]]
    seen = [
        {name: result.attributes[name] for name in ATTRIBUTES}
        for start in tqdm(range(0, len(paths), 64), desc="measuring", mininterval=5)
        for result in tagger.predict(paths[start : start + 64])
    ]
    return {
        str(source): {
            **{name: _score(rows, seen, name).to_json() for name in ATTRIBUTES},
            "scope": _scope(rows, seen),
        }
        for source, rows in photos.groupby("source")
    }


def _score(photos: pd.DataFrame, seen: list[Answers], name: str) -> Score:
    rows = photos[photos[f"true_{name}"].notna()]
    answers = [seen[row][name] for row in rows.index]
    said = [answer.value or "not_visible" for answer in answers]
    sure = [answer.confidence for answer in answers]
    return score(rows[f"true_{name}"].astype(str), said, rows["group"].astype(str), sure)


def _scope(photos: pd.DataFrame, seen: list[Answers]) -> dict[str, float]:
    called_out = pd.Series([seen[row]["wear"].value is None for row in photos.index], photos.index)
    out = photos["scope"] == "out"
    return {
        "out": int(out.sum()),
        "caught": round(float(called_out[out].mean()), 4),
        "in": int((~out).sum()),
        "false_alarms": round(float(called_out[~out].mean()), 4),
    }


def print_figures(figures: Figures) -> None:
    """Print the figures for a person."""
    from rich.console import Console
    from rich.table import Table

    columns = ("set", "attribute", "n", "groups", "accuracy", "95 %", "macro-F1", "majority", "ECE")
    shown = Table(*columns)
    for source, scores in figures.items():
        for name in ATTRIBUTES:
            s = scores[name]
            numbers = (f"{s[key]:.3f}" for key in ("macro_f1", "majority", "ece"))
            interval = f"{s['low']:.3f}-{s['high']:.3f}"
            counts = (str(s["n"]), str(s["groups"]), f"{s['accuracy']:.3f}", interval)
            shown.add_row(source, name, *counts, *numbers)
        found = scores["scope"]
        shown.add_section()
        Console().print(
            f"{source}: {found['caught']:.1%} of {found['out']} photos out of scope caught, "
            f"{found['false_alarms']:.1%} of {found['in']} others called so by mistake"
        )
    Console().print(shown)


@click.command(help="Measure the released image artifact on the held-out test split.")
@click.option("--var", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
def command(var: Path) -> None:
    from training.photos import load_photos
    from vision.tagger import ImageTagger

    figures = measure_images(load_photos(var), ImageTagger.load())
    print_figures(figures)
    out = var / "evaluation.json"
    out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    click.echo(f"written to {out}")
