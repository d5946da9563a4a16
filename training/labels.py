"""What each way of learning from the labels is worth, and how far annotations have come.

Heads on the frozen, only ImageNet-pretrained body: minutes instead of hours, and no released weight
has seen what is measured on. A way that wins here is worth a whole training; the figures themselves
are those of a linear fit.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import pandas as pd

from data.taxonomy import ATTRIBUTES, VALUES
from training.targets import build_targets, sharp
from training.vision import BODY
from vision.heads import HEADS

SMOOTHED = 0.1  # of a smoothed label's mass goes to the other values
SURE = 0.9  # probability from which an answer becomes a pseudo-label
SHARES = (0.125, 0.25, 0.5)  # of the groups with annotations, for the learning curve
DRAWS = 16_384  # photos drawn, each learned from once; two epochs of `training vision`
SEED = 20261124

Targets = dict[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Bench:
    """Train and validation photos with the frozen body's features, rows alike."""

    photos: pd.DataFrame
    features: np.ndarray

    def logits(self, targets: Targets, learned: np.ndarray) -> dict[str, np.ndarray]:
        """Fit heads on the rows `learned` and return every row's logits, {head: (n, k)}.

        Equal rows and targets give equal logits: no way to learn is luckier than another.
        """
        import keras

        from training.heads import linear_heads
        from training.pixels import flat

        keras.utils.set_random_seed(SEED)
        labels = {head: flat(table[learned]) for head, table in targets.items()}
        heads = linear_heads(self.features[learned], labels)
        found: dict[str, np.ndarray] = heads.predict(self.features, batch_size=1024, verbose=0)
        return found

    @property
    def train(self) -> np.ndarray:
        return np.flatnonzero(self.photos["split"] == "train")


def ways(bench: Bench) -> Iterator[tuple[str, Targets]]:
    """Yield what to compare: a name and the targets to learn from."""
    photos = bench.photos
    ours = build_targets(photos)
    alone = build_targets(without_fields(photos))
    yield "annotations alone", alone
    yield "fields taken at their word", at_their_word(photos, alone, 0.0)
    yield "fields, labels smoothed", at_their_word(photos, alone, SMOOTHED)
    yield "fields, suspects left out (confident learning)", confident(bench, alone)
    yield "fields through their noise (released)", ours
    yield "the same and pseudo-labels", pseudo(bench, ours)
    for share in SHARES:
        yield f"released, {share:.1%} of the annotations", build_targets(fewer(photos, share))


def without_fields(photos: pd.DataFrame) -> pd.DataFrame:
    """Return the photos as if no shop and no class had told anything but the scope."""
    return photos.assign(**{f"seen_{name}": None for name in ATTRIBUTES})


def fewer(photos: pd.DataFrame, share: float) -> pd.DataFrame:
    """Return the photos with the annotations of only this share of the train groups."""
    groups = photos.loc[photos["annotated"].astype(bool) & (photos["split"] == "train"), "group"]
    groups = groups.drop_duplicates().sort_values()
    kept = set(groups.sample(frac=share, random_state=SEED))
    forgotten = (photos["split"] == "train") & ~photos["group"].isin(kept)
    photos = photos.copy()
    photos.loc[forgotten, [f"true_{name}" for name in ATTRIBUTES]] = None
    return photos


def at_their_word(photos: pd.DataFrame, alone: Targets, noise: float) -> Targets:
    """Return the targets with each field that is not annotated taken for the truth.

    noise: share of the mass that the other values get.
    """
    targets = {head: table.copy() for head, table in alone.items()}
    for head in ATTRIBUTES:
        for row, value in _told(photos, head):
            targets[head][row, 0] = sharp(value, VALUES[head], noise) * targets[head][row, 1]
    return targets


def _told(photos: pd.DataFrame, head: str) -> Iterator[tuple[int, str]]:
    """Yield row and value of the fields, a seller's class too, where no annotation is."""
    for row, photo in enumerate(photos.to_dict("records")):
        words = str(photo[f"seen_{head}"]).split("/")
        value = next((word for word in words if word in VALUES[head]), None)
        if value and photo[f"true_{head}"] is None and photo["scope"] == "in":
            yield row, value


def confident(bench: Bench, alone: Targets) -> Targets:
    """Return the fields at their word without those that cleanlab finds to be wrong.

    Northcutt et al. 2021, arXiv 1911.00068; the probabilities it needs come from heads that
    learned from the other half of the groups.
    """
    from cleanlab.filter import find_label_issues

    from vision.tagger import probabilities

    targets = at_their_word(bench.photos, alone, 0.0)
    half = pd.util.hash_array(bench.photos["group"].astype(str).to_numpy()) % 2
    train = bench.train
    logits = [bench.logits(targets, train[half[train] == side]) for side in (1, 0)]
    across = {h: np.where((half == 0)[:, None], logits[0][h], logits[1][h]) for h in HEADS}
    table = probabilities(across)
    for head in ATTRIBUTES:
        known = list(_told(bench.photos, head))
        if len({value for _, value in known}) < 2:
            continue
        rows = np.array([row for row, _ in known])
        labels = np.array([VALUES[head].index(value) for _, value in known])
        wrong = find_label_issues(labels, table[head][rows])
        targets[head][rows[wrong], 0] = targets[head][rows[wrong], 1]
    return targets


def pseudo(bench: Bench, ours: Targets) -> Targets:
    """Return the targets with what heads trained on them surely see where nothing is known."""
    from vision.tagger import probabilities

    table = probabilities(bench.logits(ours, bench.train))
    targets = {head: rows.copy() for head, rows in ours.items()}
    inside = (bench.photos["scope"] == "in").to_numpy()
    for head in ATTRIBUTES:
        likelihood, mask = ours[head][:, 0], ours[head][:, 1]
        sure = inside & (likelihood == mask).all(axis=1) & (table[head].max(axis=1) >= SURE)
        best = np.eye(len(VALUES[head]), dtype="float32")[table[head][sure].argmax(axis=1)]
        targets[head][sure, 0] = best * mask[sure]
    return targets


@click.command(help="Compare ways to learn from noisy fields, and numbers of annotations.")
@click.option("--var", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
@click.option(
    "--body", type=click.Path(path_type=Path, exists=True), default=BODY, show_default=True
)
def command(var: Path, body: Path) -> None:
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    bench = _bench(var, body)
    annotated = bench.photos["annotated"].astype(bool) & (bench.photos["split"] == "validation")
    click.echo("  ".join(("learned from", "source", "n", *ATTRIBUTES, "mean")))
    for name, targets in ways(bench):
        logits = bench.logits(targets, bench.train)
        for source, photos in bench.photos[annotated].groupby("source"):
            click.echo(_line(name, str(source), photos, logits))


def _line(name: str, source: str, photos: pd.DataFrame, logits: dict[str, np.ndarray]) -> str:
    from training.vision import accuracies

    rows = photos.index.to_numpy()
    shares = list(accuracies({h: v[rows] for h, v in logits.items()}, photos).values())
    cells = [f"{share:.3f}" for share in (*shares, float(np.mean(shares)))]
    return "  ".join((name, source, str(len(photos)), *cells))


def _bench(var: Path, body: Path) -> Bench:
    from training.body import load_body
    from training.heads import SMALL, pooled_features
    from training.photos import draw
    from training.pixels import photos_and_pixels
    from training.vision import validation_rows
    from vision.model import build_model

    photos, pixels = photos_and_pixels(var)
    drawn = np.unique(draw(photos, DRAWS, SEED))
    rows = np.concatenate([drawn, validation_rows(photos)])
    features = pooled_features(build_model(load_body(body)), pixels, rows, SMALL)
    return Bench(photos.loc[rows].reset_index(drop=True), features)
