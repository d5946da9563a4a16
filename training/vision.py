"""The image branch's recipe: from the imported tables to a trained network, resumable by epoch."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import numpy as np
import pandas as pd

from training.photos import SHARES, Shares, draw

BODY = Path("../shared/weights/efficientnet_lite0_notop.keras")


@dataclass(frozen=True, slots=True)
class Course:
    """One way to learn from the start: what is drawn, how it is shown, how fast it is learned.

    shares: how often each kind of photo is drawn. composed: share of the catalogue photos laid
    over a private seller's floor, and of the photos out of scope replaced by a bare floor or a
    screenshot (training/compose.py). rate: of learning, warmed up and on a cosine to zero.
    """

    shares: Shares = SHARES
    composed: float = 0.3
    rate: float = 2e-4


# The first know rare lengths best; the others see more garments, if smaller, and more floors.
RARE_LENGTHS = Course()
MANY_GARMENTS = Course(Shares(full=2.0, seller=0.8, out=1.0, balanced=("item",)), 0.5, 3e-4)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides the result; kept in the artifact's manifest.

    The heads are first fitted alone on the frozen body's features (training/heads.py), so that
    their random start does not wreck it; then all but the stem learns.
    courses: the ways in which the network learns anew from there, each with other photos drawn,
    other pictures made of them and other channels dropped; the released weights are the mean of
    all (model soup, Wortsman et al. 2022, arXiv 2203.05482). On the annotated validation photos
    the mean of two earlier trainings was better than either, most of all on phones.
    small and large: epochs of a course at 192x144 and at the full 256x192 (learning small first
    costs half).
    frozen: the body's first layers that keep their ImageNet weights; the edges and colors they
    find need no teaching, and a step without them takes two thirds of the time.
    averaged: each course gives the mean of this many last epochs' weights (stochastic weight
    averaging, Izmailov et al. 2018, arXiv 1803.05407). The last epochs alone know the sellers
    they were shown, and are surer than right of others.
    size: photos an epoch.
    """

    courses: tuple[Course, ...] = (RARE_LENGTHS,) * 3 + (MANY_GARMENTS,) * 3
    small: int = 8
    large: int = 5
    frozen: int = 14
    averaged: int = 7
    size: int = 8192
    batch: int = 64
    decay: float = 0.02
    seed: int = 20261124

    @property
    def epochs(self) -> int:
        return self.small + self.large


def train(var: Path, body: Path, recipe: Recipe) -> tuple[object, pd.DataFrame, np.ndarray]:
    """Train, or go on where an interrupted run stopped; returns model, photo table and pixels.

    Writes a checkpoint an epoch and TensorBoard's logs under `var/runs/vision`. Raises
    InvalidTable where an import is missing.
    """
    from training.pixels import photos_and_pixels
    from training.targets import build_targets

    photos, pixels = photos_and_pixels(var)
    material = Material(photos, pixels, build_targets(photos))
    run = var / "runs" / "vision"
    _open(run, recipe)
    start = _start(run, body, material, recipe)
    released: list[Path] = []
    for number in range(len(recipe.courses)):
        model = _course(run / f"course-{number + 1}", start, material, recipe, number)
        released += _checkpoints(run / f"course-{number + 1}")[-recipe.averaged :]
    average(model, released)
    click.echo(f"mean of {len(released)} epochs: {_glance(model, photos, pixels)}")
    return model, photos, pixels


@dataclass(frozen=True, slots=True)
class Material:
    """What is learned from: the photo table, its pixels and its targets, row by row."""

    photos: pd.DataFrame
    pixels: np.ndarray
    targets: dict[str, np.ndarray]


def _open(run: Path, recipe: Recipe) -> None:
    """Empty the run's folder unless it holds a run of this very recipe."""
    settings = run / "recipe.json"
    wanted = json.dumps(asdict(recipe), sort_keys=True)
    if settings.exists() and settings.read_text() == wanted:
        return
    click.echo(f"starting anew in {run}: no run there with this recipe")
    shutil.rmtree(run, ignore_errors=True)
    run.mkdir(parents=True)
    settings.write_text(wanted)


def _start(run: Path, body: Path, material: Material, recipe: Recipe) -> Path:
    """Return where every course starts: the body with heads fitted to it."""
    import keras

    from training.body import load_body
    from training.heads import fit_heads
    from vision.model import build_model

    path = run / "start.keras"
    if not path.exists():
        keras.utils.set_random_seed(recipe.seed)
        pretrained = load_body(body)
        for layer in pretrained.layers[: recipe.frozen]:
            layer.trainable = False
        model = build_model(pretrained)
        rows = np.unique(draw(material.photos, 2 * recipe.size, recipe.seed))
        fit_heads(model, material.pixels, material.targets, rows)
        click.echo(f"heads alone: {_glance(model, material.photos, material.pixels)}")
        model.save(path)
    return path


def _course(folder: Path, start: Path, material: Material, recipe: Recipe, number: int):
    """Learn one course, or what is left of it, and return the model after its last epoch."""
    import keras

    import training.losses  # noqa: F401  registers the loss that a checkpoint names

    folder.mkdir(exist_ok=True)
    seen = _checkpoints(folder)
    course = recipe.courses[number]
    seed = recipe.seed + 1000 * number
    keras.utils.set_random_seed(seed)
    model = keras.models.load_model(seen[-1] if seen else start)
    if not seen:
        compile_model(model, recipe, course.rate)
    board = keras.callbacks.TensorBoard(str(folder / "tensorboard"), write_graph=False)
    for epoch in range(len(seen), recipe.epochs):
        data = _epoch(material, recipe, course, epoch, seed + epoch)
        model.fit(data, initial_epoch=epoch, epochs=epoch + 1, callbacks=[board], verbose=2)
        model.save(folder / f"epoch-{epoch + 1:02d}.keras")
        told = _glance(model, material.photos, material.pixels)
        click.echo(f"course {number + 1}, epoch {epoch + 1}: {told}")
    return model


def _checkpoints(folder: Path) -> list[Path]:
    return sorted(folder.glob("epoch-*.keras"))


def average(model, checkpoints: list[Path]) -> None:
    """Give the model the mean of the checkpoints' weights, in place."""
    import keras

    saved = [keras.models.load_model(path, compile=False).get_weights() for path in checkpoints]
    model.set_weights([np.mean(same, axis=0) for same in zip(*saved, strict=True)])


def _epoch(material: Material, recipe: Recipe, course: Course, epoch: int, seed: int):
    from training.compose import Composer
    from training.pixels import training_batches
    from vision.preprocess import HEIGHT, WIDTH

    size = (HEIGHT * 3 // 4, WIDTH * 3 // 4) if epoch < recipe.small else (HEIGHT, WIDTH)
    rows = draw(material.photos, recipe.size, seed, course.shares)
    look = Composer(material.photos, material.pixels, share=course.composed, seed=seed)
    return training_batches(look, material.targets, rows, size=size, batch=recipe.batch, seed=seed)


def compile_model(model, recipe: Recipe, rate: float) -> None:
    """Set a fresh optimizer, its cosine over all epochs, and the loss of every head."""
    import keras

    from training.losses import likelihood_loss
    from vision.heads import HEADS

    steps = recipe.epochs * (recipe.size // recipe.batch)
    warm = min(100, steps // 10)
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps - warm, warmup_target=rate, warmup_steps=warm
    )
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=recipe.decay, global_clipnorm=1.0)
    model.compile(optimizer, dict.fromkeys(HEADS, likelihood_loss))


def _glance(model, photos: pd.DataFrame, pixels: np.ndarray) -> str:
    """Say the accuracy on the annotated validation photos, for a person watching."""
    rows = validation_rows(photos)
    logits = model.predict(pixels[rows].astype("float32"), batch_size=64, verbose=0)
    right = accuracies(logits, photos.loc[rows])
    return "validation " + ", ".join(f"{head} {share:.3f}" for head, share in right.items())


def validation_rows(photos: pd.DataFrame) -> np.ndarray:
    """Return the row numbers of the annotated validation photos."""
    chosen = (photos["split"] == "validation") & photos["annotated"].astype(bool)
    return photos.index[chosen].to_numpy()


def accuracies(logits: dict[str, np.ndarray], photos: pd.DataFrame) -> dict[str, float]:
    """Return the share right per attribute, of the photos whose annotation names a value (or NaN).

    logits: `{head: (n, k)}`, rows as in `photos`.
    """
    from data.taxonomy import ATTRIBUTES, VALUES
    from vision.tagger import probabilities

    table = probabilities(logits)
    right = {}
    for head in ATTRIBUTES:
        best = np.array(VALUES[head])[table[head].argmax(1)]
        known = photos[f"true_{head}"].notna().to_numpy()
        hits = (best == photos[f"true_{head}"].to_numpy())[known]
        right[head] = float(hits.mean()) if len(hits) else float("nan")
    return right


@click.command(help="Train the image branch from the tables under VAR and release its artifact.")
@click.option("--var", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
@click.option(
    "--body",
    type=click.Path(path_type=Path, exists=True),
    default=BODY,
    show_default=True,
    help="Pretrained body: a Keras file from pixels 0..1 to features, or a vision artifact.",
)
@click.option("--out", type=click.Path(path_type=Path), default=Path("vision/artifact"))
@click.option(
    "--epochs",
    type=(int, int),
    default=(Recipe().small, Recipe().large),
    show_default=True,
    help="A course's epochs at three quarters of the size, then at full size.",
)
def command(var: Path, body: Path, out: Path, epochs: tuple[int, int]) -> None:
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    from training.release import release_vision

    recipe = Recipe(small=epochs[0], large=epochs[1])
    model, photos, pixels = train(var, body, recipe)
    release_vision(model, photos, pixels, out=out, recipe=asdict(recipe))
