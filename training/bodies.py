"""Which body at which input size: accuracy of a linear fit on frozen features, and its price."""

from __future__ import annotations

import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import numpy as np

from vision.preprocess import HEIGHT, WIDTH

WEIGHTS = Path("../shared/weights")
# The number range each body was pretrained on; our networks hand them pixels 0..1.
BODIES = {
    "efficientnet_lite0_notop.keras": (0.0, 1.0),
    "mobilenet_edgetpu_1.0_notop.keras": (-1.0, 1.0),
}
SCALES = (0.625, 0.75, 1.0)  # of each side of the input
PHOTOS = 6000  # drawn from the train split as an epoch draws them
RUNS = 40


@click.command(help="Compare the pretrained bodies under WEIGHTS at several input sizes.")
@click.option("--var", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
@click.option(
    "--weights",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=WEIGHTS,
    show_default=True,
)
def command(var: Path, weights: Path) -> None:
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    from data.taxonomy import ATTRIBUTES
    from training.pixels import photos_and_pixels
    from training.targets import build_targets

    photos, pixels = photos_and_pixels(var)
    targets = build_targets(photos)
    click.echo("  ".join(("body", "size", *ATTRIBUTES, "mean", "ms a photo on one thread")))
    for name, bounds in BODIES.items():
        for scale in SCALES:
            size = round(HEIGHT * scale), round(WIDTH * scale)
            model = _network(weights / name, bounds)
            shares = _probe(model, photos, pixels, targets, scale)
            cells = [f"{share:.3f}" for share in (*shares, float(np.mean(shares)))]
            took = f"{_milliseconds(model, size):.1f}"
            click.echo("  ".join((name, f"{size[0]}x{size[1]}", *cells, took)))


def _network(file: Path, bounds: tuple[float, float]) -> Any:
    import keras

    from training.body import load_body
    from vision.model import build_model

    low, high = bounds
    body = load_body(file)
    image = keras.Input((None, None, 3))
    scaled = keras.layers.Rescaling(high - low, low)(image)
    return build_model(keras.Model(image, body(scaled), name="body"))


def _probe(model: Any, photos: Any, pixels: Any, targets: Any, scale: float) -> list[float]:
    """Fit the heads on the frozen body; return the accuracy per attribute on validation."""
    from training.heads import fit_heads
    from training.photos import draw
    from training.pixels import logits_of
    from training.vision import accuracies, validation_rows

    fit_heads(model, pixels, targets, np.unique(draw(photos, PHOTOS, seed=1)), scale=scale)
    rows = validation_rows(photos)
    logits = logits_of(model, pixels, rows, scale)
    return list(accuracies(logits, photos.loc[rows]).values())


def _milliseconds(model: Any, size: tuple[int, int]) -> float:
    """Return the median time of one ready photo in the serving runtime, on one thread."""
    from training.release import export_onnx
    from vision.tagger import open_session

    with TemporaryDirectory() as folder:
        export_onnx(model, Path(folder) / "model.onnx", size)
        session = open_session(Path(folder) / "model.onnx", threads=1)
    photo = np.random.default_rng(0).integers(0, 256, (1, *size, 3), np.uint8)
    times = []
    for _run in range(RUNS):
        start = time.perf_counter()
        session.run(None, {"pixels": photo})
        times.append(time.perf_counter() - start)
    return 1000 * float(np.median(times))
