"""Measuring the image branch on groups that nothing was trained or tuned on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pandas as pd
from tqdm import tqdm

from data.taxonomy import ATTRIBUTES
from training.metrics import score
from vision.domain import domain_of
from vision.heads import SCOPE
from vision.preprocess import to_pixels

if TYPE_CHECKING:
    from vision.tagger import ImageTagger

Figures = dict[str, dict[str, dict[str, Any]]]  # set: {attribute or "scope": numbers}
NOT_VISIBLE = "not_visible"
NOT_ANNOTATED = "No photo of the test split under {} is annotated: there is no truth to tell by."


def ask(photos: pd.DataFrame, tagger: ImageTagger, split: str = "test") -> pd.DataFrame:
    """Ask the branch about every photo of a split whose table or annotation tells the scope.

    photos: of `training.photos.load_photos`. Returns its rows with `said_<attribute>` (the answer
    or "not_visible") and `sure_<attribute>` (its confidence) beside `true_<attribute>`, the chance
    `in_scope`, and each photo's `domain` (vision/domain.py).
    """
    from vision.tagger import BATCH

    photos = photos[(photos["split"] == split) & photos["scope"].isin(SCOPE)]
    paths, seen, domains = [Path(path) for path in photos["image"]], [], []
    for start in tqdm(range(0, len(paths), BATCH), desc="measuring", mininterval=5):
        pixels = [to_pixels(path) for path in paths[start : start + BATCH]]
        seen += tagger.predict_pixels(pixels)
        domains += [domain_of(photo) for photo in pixels]
    columns: dict[str, list[Any]] = {"domain": domains, "in_scope": [one.in_scope for one in seen]}
    for name in ATTRIBUTES:
        answers = [one.attributes[name] for one in seen]
        columns[f"said_{name}"] = [answer.value or NOT_VISIBLE for answer in answers]
        columns[f"sure_{name}"] = [answer.confidence for answer in answers]
    return photos.assign(**columns)


def figures(asked: pd.DataFrame) -> Figures:
    """Measure the answers of `ask`, a set per source.

    Where photos were picked for annotation by what was said of them (natural conflicts: a tenth of
    the catalogue's annotated test photos, less than a hundredth of the catalogue), the set without
    them stands beside the whole. Attributes are measured by annotation; a photo that the branch
    calls out of scope counts as wrong in all five, a length called hidden as a wrong one. What no
    photo of a set is annotated for is left out of it. Scope is measured on every photo asked about.
    """
    sets = {}
    for source, rows in asked.groupby("source"):
        sets[str(source)] = rows
        picked = rows["picked"].astype(bool)
        if picked.any():
            sets[f"{source}, drawn at random"] = rows[~picked]
    return {
        label: {
            **{
                name: _score(rows, name)
                for name in ATTRIBUTES
                if rows[f"true_{name}"].notna().any()
            },
            "scope": _scope(rows),
        }
        for label, rows in sets.items()
    }


def _score(asked: pd.DataFrame, name: str) -> dict[str, Any]:
    rows = asked[asked[f"true_{name}"].notna()]
    truth, said = rows[f"true_{name}"].astype(str), rows[f"said_{name}"]
    return score(truth, said, rows["group"].astype(str), rows[f"sure_{name}"]).to_json()


def _scope(asked: pd.DataFrame) -> dict[str, float | None]:
    """Return counts and shares of what is called out of scope; None of nothing."""
    called_out = asked["said_wear"] == NOT_VISIBLE
    out = asked["scope"] == "out"

    def share(rows: pd.Series) -> float | None:
        return round(float(called_out[rows].mean()), 4) if rows.any() else None

    return {
        "out": int(out.sum()),
        "caught": share(out),
        "in": int((~out).sum()),
        "false_alarms": share(~out),
    }


def print_figures(found: Figures) -> None:
    """Print the figures for a person."""
    from rich.console import Console
    from rich.table import Table

    columns = ("set", "attribute", "n", "groups", "accuracy", "95 %", "macro-F1", "majority")
    shown, console = Table(*columns, "ECE (floor)"), Console(width=110)
    for source, scores in found.items():
        known = [name for name in ATTRIBUTES if name in scores]
        for name in known:
            shown.add_row(source, name, *_cells(scores[name]))
        shown.add_section()
        scope = scores["scope"]
        console.print(
            f"{source}: {_percent(scope['caught'])} of {scope['out']} photos out of scope caught, "
            f"{_percent(scope['false_alarms'])} of {scope['in']} others called so by mistake"
        )
        if not known:
            console.print(f"{source}: no photo is annotated, so no attribute is measured")
    if shown.row_count:
        console.print(shown)


def _cells(s: dict[str, Any]) -> list[str]:
    interval = f"{s['low']:.3f}-{s['high']:.3f}"
    numbers = [f"{s[key]:.3f}" for key in ("macro_f1", "majority")]
    calibration = f"{s['ece']:.3f} ({s['ece_floor']:.3f})"
    counts = [str(s["n"]), str(s["groups"])]
    return [*counts, f"{s['accuracy']:.3f}", interval, *numbers, calibration]


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{share:.1%}"


@click.command(help="Measure the released image artifact on the held-out test split.")
@click.option("--var", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
def command(var: Path) -> None:
    from training.photos import load_photos
    from training.plots import plot
    from vision.tagger import ImageTagger

    asked = ask(load_photos(var), ImageTagger.load())
    found = figures(asked)
    print_figures(found)
    folder = var / "evaluation"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "figures.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    for name in ATTRIBUTES:
        plot(asked, name, folder / f"{name}.png")
    click.echo(f"figures.json and a plot per attribute measured are in {folder}")
