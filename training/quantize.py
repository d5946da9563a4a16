"""The released network's later convolutions in eight-bit integers: a third less time a photo.

Activations and weights become integers by channel, their ranges measured on training photos
(Jacob et al. 2018, arXiv 1712.05877). The file keeps the weights in half precision, and the runtime
rounds them when it opens the network: a training can go on from the very file that is served.
Released only where validation accuracy stays.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd

from data.errors import ArtifactError
from data.taxonomy import ATTRIBUTES
from training.batches import batches
from training.photos import require

PHOTOS, BATCH = 192, 8  # training photos that the ranges are measured on, and at once
# The first third of the convolutions stays float: on one network all of them cost 0.0128 nats of
# Kullback-Leibler divergence from the float answers, all but these 0.0005.
FLOAT = 1 / 3
MOST_LOST = 0.003  # mean accuracy over the attributes that may be lost on validation
SEED = 0


def quantize(folder: Path, photos: pd.DataFrame, pixels: Sequence[np.ndarray]) -> dict[str, Any]:
    """Replace the float network of an artifact by its int8 form; returns both accuracies.

    photos, pixels: of `training.photos` and `training.pixels`. Temperatures must be fitted anew
    afterwards (training/calibrate.py). Raises ArtifactError where more than MOST_LOST is lost,
    where that cannot be told, or where the network is int8 already; the artifact then stays as it
    was.
    """
    import onnx

    from data.artifact import load_manifest, save_manifest

    manifest = load_manifest(folder)
    graph = onnx.load(folder / "model.onnx")
    if any(node.op_type == "QuantizeLinear" for node in graph.graph.node):
        raise ArtifactError(f"{folder} holds an int8 network already.")
    train = np.random.default_rng(SEED).permutation(np.flatnonzero(photos["split"] == "train"))
    shown = [pixels[row] for row in np.sort(train[:PHOTOS])]
    small = convert(graph, shown).SerializeToString()
    was = accuracies(folder / "model.onnx", photos, pixels)
    now = accuracies(small, photos, pixels)
    lost = float(np.mean([was[name] - now[name] for name in ATTRIBUTES]))
    if np.isnan(lost):
        raise ArtifactError("What int8 loses is unknown: no validation photo is annotated.")
    if lost > MOST_LOST:
        raise ArtifactError(f"int8 loses {lost:.1%} on validation; {MOST_LOST:.1%} may be.")
    (folder / "model.onnx").write_bytes(small)
    del manifest["files"]  # save_manifest names the new file's digest
    manifest["int8"] = {"photos": len(shown), "float_validation": was, "int8_validation": now}
    save_manifest(folder, manifest)
    return manifest["int8"]


def convert(graph: Any, shown: list[np.ndarray]) -> Any:
    """Return the int8 form of an exported graph, its ranges measured on `shown`.

    shown: uint8 pixels (h, w, 3) of each photo. A weight takes seven bits: two products of eight
    overflow the sum of processors without VNNI, and the answer would depend on the machine (ONNX
    Runtime, "Quantize ONNX Models"); seven were nearer to float even with it.
    """
    import onnx
    from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Shown(CalibrationDataReader):
        def __init__(self) -> None:
            alike = batches(shown, range(len(shown)), BATCH)
            self._batches: Iterator[np.ndarray] = (batch for _, batch in alike)

        def get_next(self) -> dict[str, np.ndarray] | None:
            batch = next(self._batches, None)
            return None if batch is None else {"pixels": batch}

    with tempfile.TemporaryDirectory() as work:
        half, ready, small = (Path(work) / name for name in ("half", "ready", "small"))
        onnx.save(graph, half)
        quant_pre_process(str(half), str(ready), skip_symbolic_shape=True)
        quantize_static(
            str(ready),
            str(small),
            Shown(),
            op_types_to_quantize=["Conv", "Clip", "Relu", "Add"],
            nodes_to_exclude=_float_nodes(onnx.load(ready).graph),
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )
        return _with_half_weights(onnx.load(small), graph)


def _float_nodes(graph: Any) -> list[str]:
    """Name the nodes that stay float: all up to the first third of the convolutions, the heads'."""
    outputs = {out.name for out in graph.output}
    heads = {node.name for node in graph.node if _leads_to(node, graph, outputs)}
    body = [n.name for n in graph.node if n.op_type == "Conv" and n.name not in heads]
    names = [node.name for node in graph.node]
    first = int(len(body) * FLOAT)
    early = names[: names.index(body[first - 1]) + 1] if first else []
    return [*early, *sorted(heads)]


def _leads_to(node: Any, graph: Any, outputs: set[str]) -> bool:
    """Tell if a node's result is an output, at most transposed."""
    if outputs & set(node.output):
        return True
    after = [n for n in graph.node if set(node.output) & set(n.input)]
    return any(n.op_type == "Transpose" and outputs & set(n.output) for n in after)


def _with_half_weights(small: Any, released: Any) -> Any:
    """Put the released half-precision weights back into an int8 graph, rounded when opened."""
    from onnx import TensorProto, helper

    graph, stored = small.graph, {weight.name for weight in released.graph.initializer}
    made = {weight.name: weight for weight in graph.initializer}
    wide = [node for node in released.graph.node if stored & set(node.input[:1])]
    opened = [node for node in wide if node.op_type == "Cast"]
    rest = []
    for node in graph.node:
        weight = made.get(node.input[0]) if node.op_type == "DequantizeLinear" else None
        if weight is None:
            rest.append(node)
        elif weight.data_type == TensorProto.INT8:
            name = weight.name.removesuffix("_quantized")
            rounded = [name, *node.input[1:]], [weight.name]
            opened.append(helper.make_node("QuantizeLinear", *rounded, axis=0))
            rest.append(node)
        # else a bias: the runtime rounds it itself, finer than it needs.
    del graph.node[:]
    graph.node.extend(opened + rest)
    _keep_used(graph, [*released.graph.initializer, *made.values()])
    return small


def _keep_used(graph: Any, weights: list[Any]) -> None:
    """Give the graph those weights that its nodes read and no node makes, each name once."""
    read = {name for node in graph.node for name in node.input}
    made = {name for node in graph.node for name in node.output}
    kept = {w.name: w for w in reversed(weights) if w.name in read - made}
    del graph.initializer[:]
    graph.initializer.extend(kept.values())


def accuracies(
    model: Path | bytes, photos: pd.DataFrame, pixels: Sequence[np.ndarray]
) -> dict[str, float]:
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

    photos, pixels = photos_and_pixels(var)
    require(photos, var, "validation")
    found = quantize(out, photos, pixels)
    for kind in ("float_validation", "int8_validation"):
        click.echo(f"{kind}: " + ", ".join(f"{n} {share:.3f}" for n, share in found[kind].items()))
    click.echo("Fit the calibration anew: python -m training calibrate")
