"""The image branch's recipe: from the imported tables to a trained network, resumable by epoch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click
import numpy as np
import pandas as pd

from training.closeups import Closeups, cut
from training.photos import draw, require
from training.provenance import learned_hash
from training.recipe import Course, Recipe
from training.run import average, checkpoints, log_shares, open_run, save_whole
from vision.heads import SCOPE

BODY = Path("../shared/weights/efficientnet_lite0_notop.keras")


def train(
    var: Path, body: Path, recipe: Recipe
) -> tuple[object, pd.DataFrame, Sequence[np.ndarray]]:
    """Train, or go on where an interrupted run stopped; returns model, photo table and pixels.

    Writes a checkpoint an epoch and TensorBoard's logs under `var/runs/vision`. Raises
    InvalidTable where photos are missing, ArtifactError where the body is a damaged artifact.
    """
    from training.body import body_hash
    from training.cutouts import cached_cutouts
    from training.pixels import photos_and_pixels
    from training.targets import build_targets

    photos, pixels = photos_and_pixels(var)
    sources = ", ".join(f"{n} of {name}" for name, n in photos["source"].value_counts().items())
    click.echo(f"{len(photos)} photos under {var}: {sources}")
    require(photos, var, "train", "validation")
    cutouts = cached_cutouts(photos, pixels, var / "cache")
    closeups = cut(photos, pixels, cutouts, recipe.seed)
    material = Material(photos, pixels, build_targets(photos), cutouts, closeups)
    run = var / "runs" / "vision"
    source = {"recipe": asdict(recipe), "data": learned_hash(photos), "body": body_hash(body)}
    open_run(run, source)
    if _mean_of(run, len(recipe.rounds)).exists():
        click.echo("this run is finished; releasing what it gave")
    return learn(run, _start(run, body, material, recipe), material, recipe), photos, pixels


@dataclass(frozen=True, slots=True)
class Material:
    """What is learned from: the photo table, its pixels, targets and cutouts, by row number.

    closeups: parts of photos, which follow the table's rows in number.
    doubt: as in `training.photos.draw`; None before anything is learned.
    """

    photos: pd.DataFrame
    pixels: Sequence[np.ndarray]
    targets: dict[str, np.ndarray]
    cutouts: dict[int, np.ndarray]
    closeups: Closeups
    doubt: np.ndarray | None = None


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
        click.echo(f"heads alone: {_told(_glance(model, material))}")
        save_whole(model, path)
    return path


def learn(run: Path, start: Path, material: Material, recipe: Recipe):
    """Learn every round, or what is left of it, from the network kept at `start`.

    Checkpoints and logs go to `run`, a folder a course. Returns the mean of what the last rounds
    give.
    """
    given = []
    for number in range(len(recipe.rounds)):
        start = _round(run, start, material, recipe, number)
        given.append(start)
    return average(given[-recipe.released :])


def _round(run: Path, start: Path, material: Material, recipe: Recipe, number: int) -> Path:
    """Learn a round's courses, or what is left of them, and return where their mean is kept."""
    path, given = _mean_of(run, number + 1), []
    if path.exists():
        return path
    if number:
        material = _reviewed(material, start)
    for place, (its, stage, _) in enumerate(recipe.lessons):
        if its == number:
            folder = run / f"course-{place + 1}"
            _course(folder, start, material, recipe, place)
            given += checkpoints(folder)[-stage.averaged :]
    model = average(given)
    told = _told(_glance(model, material))
    click.echo(f"round {number + 1}, mean of {len(given)} epochs: {told}")
    save_whole(model, path)
    return path


def _mean_of(run: Path, number: int) -> Path:
    """Return where the mean that a round gives is kept; number: from 1."""
    return run / f"round-{number}.keras"


def _reviewed(material: Material, network: Path) -> Material:
    """Look at what the next round teaches with the network it starts from.

    Cutouts that it no longer knows for what they are are left out; photos out of scope get the
    chance that it gives them to be garments.
    """
    import keras

    from data.taxonomy import ATTRIBUTES
    from training.cutouts import whole
    from training.pixels import logits_of
    from vision.tagger import probabilities

    model = keras.models.load_model(network, compile=False)

    def answers(pixels: np.ndarray) -> np.ndarray:
        table = probabilities(model.predict(pixels, verbose=0))
        return np.stack([table[name].argmax(axis=1) for name in ATTRIBUTES], axis=1)

    found = whole(material.cutouts, material.pixels, answers)
    photos = material.photos
    rows = photos.index[(photos["split"] == "train") & (photos["scope"] == "out")].to_numpy()
    doubt = np.zeros(len(photos))
    if len(rows):
        logits = logits_of(model, material.pixels, rows)
        doubt[rows] = probabilities(logits)["scope"][:, SCOPE.index("in")]
    click.echo(
        f"{len(found)} of {len(material.cutouts)} cutouts are whole; {(doubt > 0.5).sum()} of "
        f"{len(rows)} photos out of scope pass for garments"
    )
    return replace(material, cutouts=found, doubt=doubt)


def _course(folder: Path, start: Path, material: Material, recipe: Recipe, place: int) -> None:
    """Learn one course, or what is left of it."""
    import keras

    import training.losses  # noqa: F401  registers the loss that a checkpoint names

    folder.mkdir(exist_ok=True)
    seen = checkpoints(folder)
    _, stage, course = recipe.lessons[place]
    seed = recipe.seed + 1000 * place
    keras.utils.set_random_seed(seed)
    model = keras.models.load_model(seen[-1] if seen else start)
    if not seen:
        compile_model(model, recipe, stage.epochs, course.rate)
    logs = folder / "tensorboard"
    board = keras.callbacks.TensorBoard(str(logs), write_graph=False)
    for epoch in range(len(seen), stage.epochs):
        data = _epoch(material, recipe, course, small=epoch < stage.small, seed=seed + epoch)
        model.fit(data, initial_epoch=epoch, epochs=epoch + 1, callbacks=[board], verbose=2)
        save_whole(model, folder / f"epoch-{epoch + 1:02d}.keras")
        shares = _glance(model, material)
        log_shares(logs, epoch, shares)
        click.echo(f"course {place + 1}, epoch {epoch + 1}: {_told(shares)}")


def _epoch(material: Material, recipe: Recipe, course: Course, *, small: bool, seed: int):
    from training.compose import Composer
    from training.heads import SMALL
    from training.pixels import is_landscape, training_batches

    doubt = material.doubt if course.shares.hard > 1 else None
    rows = draw(material.photos, recipe.size, seed, course.shares, doubt)
    cutouts = material.cutouts if course.moved else {}
    whole = Composer(material.photos, material.pixels, course.composed, seed, cutouts, doubt)
    near = material.closeups
    rows = near.mixed_in(rows, course.closeups, first=len(material.photos), seed=seed)
    look, targets = near.beside(whole, len(material.photos)), near.after(material.targets)
    landscape = np.array([is_landscape(photo) for photo in (*material.pixels, *near.pixels)])
    return training_batches(
        look,
        targets,
        rows,
        landscape=landscape,
        scale=SMALL if small else 1.0,
        batch=recipe.batch,
        seed=seed,
    )


def compile_model(model, recipe: Recipe, epochs: int, rate: float) -> None:
    """Set a fresh optimizer, its cosine over a course's epochs, and the loss of every head."""
    import keras

    from training.losses import likelihood_loss
    from vision.heads import HEADS

    steps = epochs * (recipe.size // recipe.batch)
    warm = min(100, steps // 10)
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps - warm, warmup_target=rate, warmup_steps=warm
    )
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=recipe.decay, global_clipnorm=1.0)
    model.compile(optimizer, dict.fromkeys(HEADS, likelihood_loss))


def _glance(model, material: Material) -> dict[str, float]:
    """Return the share right per attribute of the annotated validation photos."""
    from training.pixels import logits_of

    rows = validation_rows(material.photos)
    return accuracies(logits_of(model, material.pixels, rows), material.photos.loc[rows])


def _told(shares: dict[str, float]) -> str:
    """Say the shares right on validation, for a person watching."""
    if np.isnan(list(shares.values())).all():
        return "no validation photo is annotated"
    return "validation " + ", ".join(f"{head} {share:.3f}" for head, share in shares.items())


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


@click.command(help="Train the image branch from every table with photos under VAR and release it.")
@click.option("--var", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
@click.option(
    "--body",
    type=click.Path(path_type=Path, exists=True),
    default=BODY,
    show_default=True,
    help="Pretrained body: a Keras file from pixels 0..1 to features, or a vision artifact.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("vision/artifact"), show_default=True
)
def command(var: Path, body: Path, out: Path) -> None:
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    from training.release import release_vision

    recipe = Recipe()
    model, photos, pixels = train(var, body, recipe)
    release_vision(model, photos, pixels, out=out, recipe=asdict(recipe))
