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

BODY = Path("../shared/weights/efficientnet_lite0_notop.keras")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides the result; kept in the artifact's manifest.

    small and large: epochs at 192x144 and at the full 256x192 (learning small first costs half).
    The heads are first fitted alone on the frozen body's features (training/heads.py), so that
    their random start does not wreck it; then all but the stem learns at `rate`, warmed up and on
    a cosine to zero.
    frozen: the body's first layers that keep their ImageNet weights; the edges and colors they
    find need no teaching, and a step without them takes two thirds of the time.
    averaged: the released weights are the mean of this many last epochs' (stochastic weight
    averaging, Izmailov et al. 2018, arXiv 1803.05407). The last epoch alone is surer than right;
    on validation the mean from the fourth epoch on keeps sellers' lengths best.
    size: photos an epoch.
    """

    small: int = 16
    large: int = 10
    frozen: int = 14
    averaged: int = 23
    size: int = 8192
    batch: int = 64
    rate: float = 2e-4
    decay: float = 0.02
    seed: int = 20261123

    @property
    def epochs(self) -> int:
        return self.small + self.large


def train(var: Path, body: Path, recipe: Recipe) -> tuple[object, pd.DataFrame, np.ndarray]:
    """Train, or go on where an interrupted run stopped; returns model, photo table and pixels.

    Writes a checkpoint an epoch and TensorBoard's logs under `var/runs/vision`. Raises
    InvalidTable where an import is missing.
    """
    import keras

    from training.heads import fit_heads
    from training.photos import draw
    from training.pixels import photos_and_pixels
    from training.targets import build_targets

    keras.utils.set_random_seed(recipe.seed)
    photos, pixels = photos_and_pixels(var)
    targets = build_targets(photos)
    run = var / "runs" / "vision"
    model, done = _resume(run, body, recipe)
    if not done:
        fit_heads(model, pixels, targets, np.unique(draw(photos, 2 * recipe.size, recipe.seed)))
        click.echo(f"heads alone: {_glance(model, photos, pixels)}")
    board = keras.callbacks.TensorBoard(str(run / "tensorboard"), write_graph=False)
    for epoch in range(done, recipe.epochs):
        if epoch == 0:
            compile_model(model, recipe)
        data = _epoch(photos, pixels, targets, recipe, epoch)
        model.fit(data, initial_epoch=epoch, epochs=epoch + 1, callbacks=[board], verbose=2)
        model.save(run / f"epoch-{epoch + 1:02d}.keras")
        click.echo(f"epoch {epoch + 1}: {_glance(model, photos, pixels)}")
    average(model, sorted(run.glob("epoch-*.keras"))[-recipe.averaged :])
    click.echo(f"average of {recipe.averaged} epochs: {_glance(model, photos, pixels)}")
    return model, photos, pixels


def average(model, checkpoints: list[Path]) -> None:
    """Give the model the mean of the checkpoints' weights, in place."""
    import keras

    saved = [keras.models.load_model(path, compile=False).get_weights() for path in checkpoints]
    model.set_weights([np.mean(same, axis=0) for same in zip(*saved, strict=True)])


def _epoch(photos, pixels, targets, recipe: Recipe, epoch: int):
    from training.photos import draw
    from training.pixels import training_batches
    from vision.preprocess import HEIGHT, WIDTH

    size = (HEIGHT * 3 // 4, WIDTH * 3 // 4) if epoch < recipe.small else (HEIGHT, WIDTH)
    seed = recipe.seed + epoch
    rows = draw(photos, recipe.size, seed)
    return training_batches(pixels, targets, rows, size=size, batch=recipe.batch, seed=seed)


def _resume(run: Path, body: Path, recipe: Recipe):
    """Return the model to train and the number of epochs it has already seen."""
    import keras

    import training.losses  # noqa: F401  registers the loss that a checkpoint names
    from training.body import load_body
    from vision.model import build_model

    run.mkdir(parents=True, exist_ok=True)
    settings = run / "recipe.json"
    wanted = json.dumps(asdict(recipe), sort_keys=True)
    checkpoints = sorted(run.glob("epoch-*.keras"))
    if checkpoints and settings.exists() and settings.read_text() == wanted:
        done = int(checkpoints[-1].stem.removeprefix("epoch-"))
        click.echo(f"going on after epoch {done} ({checkpoints[-1]})")
        return keras.models.load_model(checkpoints[-1]), done
    click.echo(f"starting anew in {run}: no run there with this recipe")
    shutil.rmtree(run)
    run.mkdir()
    settings.write_text(wanted)
    start = load_body(body)
    for layer in start.layers[: recipe.frozen]:
        layer.trainable = False
    return build_model(start), 0


def compile_model(model, recipe: Recipe) -> None:
    """Set a fresh optimizer, its cosine over all epochs, and the loss of every head."""
    import keras

    from training.losses import likelihood_loss
    from vision.heads import HEADS

    steps = recipe.epochs * (recipe.size // recipe.batch)
    warm = min(100, steps // 10)
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps - warm, warmup_target=recipe.rate, warmup_steps=warm
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
    """Return the share right per attribute, of the photos whose annotation names a value.

    logits: `{head: (n, k)}`, rows as in `photos`.
    """
    from data.taxonomy import ATTRIBUTES, VALUES
    from vision.tagger import probabilities

    table = probabilities(logits)
    right = {}
    for head in ATTRIBUTES:
        best = np.array(VALUES[head])[table[head].argmax(1)]
        known = photos[f"true_{head}"].notna().to_numpy()
        right[head] = float((best == photos[f"true_{head}"].to_numpy())[known].mean())
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
    default=(16, 10),
    show_default=True,
    help="Epochs at three quarters of the size, then at full size.",
)
def command(var: Path, body: Path, out: Path, epochs: tuple[int, int]) -> None:
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    from training.release import release_vision

    recipe = Recipe(small=epochs[0], large=epochs[1])
    model, photos, pixels = train(var, body, recipe)
    release_vision(model, photos, pixels, out=out, recipe=asdict(recipe))
