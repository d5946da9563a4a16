"""The deletion test: erase what the evidence map highlights; does the answer lose confidence?

Petsiuk et al. 2018 (arXiv 1806.07421): where a map tells the truth, erasing its strongest places
costs more than erasing as many at random.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np
import pandas as pd

from data.errors import InvalidTable
from training.metrics import group_interval
from vision.explain import evidence, strongest_tenth
from vision.preprocess import PADDING, to_pixels

if TYPE_CHECKING:
    from vision.tagger import ImageResult, ImageTagger

RANDOM = 3  # random tenths a photo; their mean is what the highlighted tenth is held against
SEED = 0


def deletion_drops(photos: pd.DataFrame, tagger: ImageTagger) -> pd.DataFrame:
    """Erase the highlighted and random tenths of every photo; one row per photo and attribute.

    photos: rows of `training.photos.load_photos`. Columns: source, group, attribute, highlighted
    and random: how far the probability of the first answer fell, in [-1, 1]. What gets no answer
    (a photo out of scope, a hidden length) is left out.
    """
    from tqdm import tqdm

    random, rows = np.random.default_rng(SEED), []
    for photo in tqdm(photos.to_dict("records"), desc="erasing", mininterval=5):
        pixels = to_pixels(Path(photo["image"]))
        [first] = tagger.predict_pixels([pixels])
        if first.attributes["wear"].value is None:
            continue
        for name, (highlighted, other) in _drops(pixels, first, tagger, random).items():
            known = {"source": photo["source"], "group": photo["group"], "attribute": name}
            rows.append(known | {"highlighted": highlighted, "random": other})
    return pd.DataFrame(rows)


def _drops(
    pixels: np.ndarray, first: ImageResult, tagger: ImageTagger, random: np.random.Generator
) -> dict[str, tuple[float, float]]:
    shape = first.maps["wear"].shape[:2]
    answers = {n: a.value for n, a in first.attributes.items() if a.value is not None}
    marked = []
    for name, value in answers.items():
        places = evidence(first.maps, name, value, first.attributes[name].probabilities)
        marked.append(strongest_tenth(places))
    marked += [_random_tenth(pixels, shape, random) for _ in range(RANDOM)]
    erased = tagger.predict_pixels([erase(pixels, places) for places in marked])
    found = {}
    for number, (name, value) in enumerate(answers.items()):
        was, *now = (
            result.attributes[name].probabilities[value]
            for result in (first, erased[number], *erased[len(answers) :])
        )
        found[name] = (was - now[0], was - float(np.mean(now[1:])))
    return found


def erase(pixels: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return a copy of (h, w, 3) pixels, gray where the coarser boolean map says so."""
    down, across = pixels.shape[0] // places.shape[0], pixels.shape[1] // places.shape[1]
    mask = np.kron(places, np.ones((down, across), bool))
    return np.where(mask[..., None], np.array(PADDING, np.uint8), pixels)


def _random_tenth(
    pixels: np.ndarray, shape: tuple[int, int], random: np.random.Generator
) -> np.ndarray:
    """Mark as many random places as `strongest_tenth` does, none in the gray padding."""
    padding = (pixels == PADDING).all(axis=2)
    inside = ~padding.reshape(shape[0], pixels.shape[0] // shape[0], shape[1], -1).all(axis=(1, 3))
    return strongest_tenth(np.where(inside, random.random(shape), -1.0))


def print_drops(drops: pd.DataFrame) -> None:
    """Print the mean drops a source and attribute, and over all, with the 95 % interval."""
    from rich.console import Console
    from rich.table import Table

    table = Table("set", "attribute", "n", "highlighted", "random", "more by", "95 %")
    parts = [
        (source, name, rows) for (source, name), rows in drops.groupby(["source", "attribute"])
    ]
    for source, name, rows in [*parts, ("all", "all", drops)]:
        more = (rows["highlighted"] - rows["random"]).to_numpy()
        low, high = group_interval(more, rows["group"].astype(str).to_numpy())
        means = f"{rows['highlighted'].mean():.3f}", f"{rows['random'].mean():.3f}"
        interval = f"{low:.3f} to {high:.3f}"
        table.add_row(source, name, str(len(rows)), *means, f"{more.mean():.3f}", interval)
    Console(width=100).print(table)


@click.command(help="Erase what the evidence highlights in held-out photos and print the effect.")
@click.option("--var", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
def command(var: Path) -> None:
    from training.evaluate import NOT_ANNOTATED
    from training.photos import load_photos
    from vision.tagger import ImageTagger

    photos = load_photos(var)
    held_out = (photos["split"] == "test") & (photos["true_scope"] == "in")
    if not held_out.any():
        raise InvalidTable(NOT_ANNOTATED.format(var))
    print_drops(deletion_drops(photos[held_out], ImageTagger.load()))
