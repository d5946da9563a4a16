"""The served network in eight-bit integers: half the size and less than half the time.

Weights and activations become int8 by channel, their ranges measured on training photos
(Jacob et al. 2018, arXiv 1712.05877). Released only where validation accuracy stays.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd

from data.errors import ArtifactError
from data.taxonomy import ATTRIBUTES

PHOTOS, BATCH = 96, 8  # training photos that the ranges are measured on, and at once
MOST_LOST = 0.003  # mean accuracy over the attributes that may be lost on validation
SEED = 0


def quantize(folder: Path, photos: pd.DataFrame, pixels: np.ndarray) -> dict[str, Any]:
    """Replace the float network of an artifact by its int8 form; returns both accuracies.

    photos, pixels: of `training.photos` and `training.pixels`. Temperatures must be fitted anew
    afterwards (training/calibrate.py). Raises ArtifactError where more than MOST_LOST is lost or
    the network is int8 already; the artifact then stays as it was.
    """
    import onnx

    from data.artifact import load_manifest, save_manifest

    manifest = load_manifest(folder)
    graph = onnx.load(folder / "model.onnx")
    if any(node.op_type == "QuantizeLinear" for node in graph.graph.node):
        raise ArtifactError(f"{folder} holds an int8 network already.")
    drawn = np.random.default_rng(SEED).choice(
        np.flatnonzero(photos["split"] == "train"), PHOTOS, replace=False
    )
    with tempfile.TemporaryDirectory() as work:
        small = Path(work) / "int8.onnx"
        convert(widen(graph), Path(work), small, [pixels[row] for row in np.sort(drawn)])
        was = accuracies(folder / "model.onnx", photos, pixels)
        now = accuracies(small, photos, pixels)
        lost = float(np.mean([was[name] - now[name] for name in ATTRIBUTES]))
        if lost > MOST_LOST:
            raise ArtifactError(f"int8 loses {lost:.1%} on validation; {MOST_LOST:.1%} may be.")
        (folder / "model.onnx").write_bytes(small.read_bytes())
    del manifest["files"]  # save_manifest names the new file's digest
    manifest["int8"] = {"photos": PHOTOS, "float_validation": was, "int8_validation": now}
    save_manifest(folder, manifest)
    return manifest["int8"]


def widen(graph: Any) -> Any:
    """Turn half-precision weights and their casts into plain float32 weights, in place."""
    from onnx import numpy_helper

    weights, kept = {w.name: w for w in graph.graph.initializer}, []
    for node in graph.graph.node:
        if node.op_type == "Cast" and node.input[0] in weights:
            weight = weights[node.input[0]]
            wide = numpy_helper.to_array(weight).astype(np.float32)
            weight.CopyFrom(numpy_helper.from_array(wide, node.output[0]))
        else:
            kept.append(node)
    del graph.graph.node[:]
    graph.graph.node.extend(kept)
    return graph


def convert(graph: Any, work: Path, out: Path, shown: list[np.ndarray]) -> None:
    """Write the int8 form of a float32 graph to `out`, its ranges measured on `shown`.

    shown: uint8 pixels (h, w, 3) of each photo; work: a folder for what is made on the way.
    """
    import onnx
    from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Shown(CalibrationDataReader):
        def __init__(self) -> None:
            self._batches: Iterator[np.ndarray] = iter(
                [np.stack(shown[start : start + BATCH]) for start in range(0, len(shown), BATCH)]
            )

        def get_next(self) -> dict[str, np.ndarray] | None:
            batch = next(self._batches, None)
            return None if batch is None else {"pixels": batch}

    wide, ready = work / "wide.onnx", work / "ready.onnx"
    onnx.save(graph, wide)
    quant_pre_process(str(wide), str(ready), skip_symbolic_shape=True)
    kinds = {"activation_type": QuantType.QUInt8, "weight_type": QuantType.QInt8}
    quantize_static(str(ready), str(out), Shown(), per_channel=True, **kinds)


def accuracies(model: Path, photos: pd.DataFrame, pixels: np.ndarray) -> dict[str, float]:
    """Return a served network's share right per attribute on the annotated validation photos."""
    from training.calibrate import NEUTRAL, served_logits
    from training.vision import accuracies as shares_right
    from training.vision import validation_rows
    from vision.tagger import ImageTagger, open_session

    rows = validation_rows(photos)
    tagger = ImageTagger(open_session(model), NEUTRAL)
    found = shares_right(served_logits(tagger, pixels, rows), photos.loc[rows])
    return {name: round(share, 4) for name, share in found.items()}


@click.command(help="Turn the released image network into int8, where its accuracy allows.")
@click.option("--var", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("vision/artifact"), show_default=True
)
def command(var: Path, out: Path) -> None:
    from training.pixels import photos_and_pixels

    found = quantize(out, *photos_and_pixels(var))
    for kind in ("float_validation", "int8_validation"):
        click.echo(f"{kind}: " + ", ".join(f"{n} {share:.3f}" for n, share in found[kind].items()))
    click.echo("Fit the calibration anew: python -m training calibrate")
