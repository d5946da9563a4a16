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
    size: photos an epoch.
    """

    small: int = 20
    large: int = 10
    frozen: int = 14
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

    Writes a checkpoint an epoch and `log.csv` under `var/runs/vision`. Raises InvalidTable
    where an import is missing.
    """
    import keras

    from training.heads import fit_heads
    from training.photos import draw, load_photos
    from training.pixels import cached_pixels
    from training.targets import build_targets

    keras.utils.set_random_seed(recipe.seed)
    photos = load_photos(var)
    pixels = cached_pixels(list(photos["image"]), var / "cache")
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
    return model, photos, pixels


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
    from data.taxonomy import ATTRIBUTES, VALUES
    from vision.tagger import probabilities

    rows = photos.index[(photos["split"] == "validation") & photos["annotated"].astype(bool)]
    table = probabilities(model.predict(pixels[rows].astype("float32"), batch_size=64, verbose=0))
    said = []
    for head in ATTRIBUTES:
        best = np.array(VALUES[head])[table[head].argmax(1)]
        truth = photos.loc[rows, f"true_{head}"].to_numpy()
        known = photos.loc[rows, f"true_{head}"].notna().to_numpy()
        said.append(f"{head} {(best[known] == truth[known]).mean():.3f}")
    return "validation " + ", ".join(said)


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
    default=(20, 10),
    show_default=True,
    help="Epochs at three quarters of the size, then at full size.",
)
def command(var: Path, body: Path, out: Path, epochs: tuple[int, int]) -> None:
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    from training.release import release_vision

    recipe = Recipe(small=epochs[0], large=epochs[1])
    model, photos, pixels = train(var, body, recipe)
    release_vision(model, photos, pixels, out=out, recipe=asdict(recipe))
