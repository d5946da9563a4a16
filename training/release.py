"""From a trained image network to its served artifact: exported, checked, in int8, calibrated."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import numpy as np
import pandas as pd

from data.artifact import MANIFEST, save_manifest
from data.errors import ArtifactError
from training.body import NETWORK, save_config
from training.calibrate import NEUTRAL, calibrate, served_logits
from training.evaluate import Figures, print_figures
from training.pixels import is_landscape, logits_of
from training.provenance import commit, learned_hash, versions
from training.quantize import quantize
from training.shift import as_they_come
from vision.heads import HEADS
from vision.preprocess import HEIGHT, WIDTH
from vision.tagger import ImageTagger, probabilities

PARITY = 1e-3  # largest difference of a probability between Keras and the served network
PARITY_PHOTOS = 256


def release_vision(
    model: Any,
    photos: pd.DataFrame,
    pixels: Sequence[np.ndarray],
    *,
    out: Path,
    recipe: dict[str, Any],
) -> None:
    """Write `model.onnx` and its manifest to `out`, calibrated on the validation split.

    In int8 where that costs little (training/quantize.py), and told where it does not. What `out`
    holds is replaced when all is done: a release that is refused or killed leaves it as it was.
    Raises ArtifactError where the exported network does not answer as the Keras one does.
    """
    place = out.resolve()
    place.mkdir(parents=True, exist_ok=True)
    # Beside it, so that moving it there is a rename.
    with TemporaryDirectory(dir=place.parent, prefix=f".{place.name}-") as made:
        built = Path(made)
        _export(model, built, photos, pixels, _origin(photos, recipe))
        metrics = _finish(built, photos, pixels)
        _move(built, place)
    print_figures(metrics)


def _origin(photos: pd.DataFrame, recipe: dict[str, Any]) -> dict[str, Any]:
    """Return what the manifest tells of where a network comes from."""
    return {
        "kind": "vision",
        "command": f"python -m {shlex.join(['training', *sys.argv[1:]])}",
        "recipe": recipe,
        "commit": commit(),
        "data": learned_hash(photos),
        "versions": versions("tensorflow", "keras", "onnx", "onnxruntime", "numpy"),
        "input": {"upright": [HEIGHT, WIDTH], "landscape": [WIDTH, HEIGHT]},
    }


def _export(
    model: Any,
    built: Path,
    photos: pd.DataFrame,
    pixels: Sequence[np.ndarray],
    manifest: dict[str, Any],
) -> None:
    """Write an artifact, in float32 and not calibrated, that answers as the Keras network does."""
    added = as_they_come(model, photos, pixels)
    round_to_half(model)
    export_onnx(model, built / NETWORK)
    save_config(model, built)
    manifest = {**manifest, "added_to_length": added, **NEUTRAL}
    save_manifest(built, manifest)
    rows = _some_of_both(photos, pixels)
    served = served_logits(ImageTagger.load(built), pixels, rows)
    parity = check_parity(logits_of(model, pixels, rows), served)
    save_manifest(built, manifest | {"parity": parity})


def _finish(built: Path, photos: pd.DataFrame, pixels: Sequence[np.ndarray]) -> Figures:
    """Bring an artifact to int8, if it may, and calibrate it; returns its figures."""
    try:
        quantize(built, photos, pixels)
    except ArtifactError as refused:
        click.echo(f"The network stays in float32: {refused}")
    found: Figures = calibrate(built, photos, pixels)["metrics"]
    return found


def _move(built: Path, out: Path) -> None:
    """Move an artifact's files over those in `out`, the manifest last.

    Between the first and the last, what is in `out` does not load: the old manifest's digests are
    not those of the new files. Other files there stay.
    """
    for file in sorted(built.iterdir(), key=lambda file: file.name == MANIFEST):
        file.replace(out / file.name)


def _some_of_both(photos: pd.DataFrame, pixels: Sequence[np.ndarray]) -> np.ndarray:
    """Return PARITY_PHOTOS validation rows, half of them landscape, or as many as there are."""
    rows = photos.index[photos["split"] == "validation"].to_numpy()
    landscape = np.array([is_landscape(pixels[row]) for row in rows], bool)
    some = rows[landscape][: PARITY_PHOTOS // 2]
    return np.concatenate([some, rows[~landscape][: PARITY_PHOTOS - len(some)]])


def round_to_half(model: Any) -> None:
    """Round every weight to the nearest half-precision number, in place.

    The artifact keeps weights in half precision; rounding first makes the Keras network the same
    network, so parity is exact up to float32 summation order.
    """
    model.set_weights([w.astype("float16").astype("float32") for w in model.get_weights()])


def export_onnx(model: Any, path: Path, size: tuple[int, int] = (HEIGHT, WIDTH)) -> None:
    """Export the class maps for ONNX Runtime: input `pixels` uint8 (n, *size, 3), a map per head.

    The network takes a landscape photo of that size as well. Weights are stored in half precision
    and cast up once at load, so the file is half as large and the arithmetic stays float32.
    """
    import keras
    import onnx

    from vision.model import map_model

    raw = keras.Input((*size, 3), dtype="uint8", name="pixels")
    maps = map_model(model)(keras.ops.cast(raw, "float32"))
    serving = keras.Model(raw, [keras.layers.Identity(name=head)(maps[head]) for head in HEADS])
    serving(np.zeros((1, *size, 3), "uint8"))  # Keras exports only a model once called
    serving.export(str(path), format="onnx", verbose=False)
    graph = onnx.load(path)
    _name_outputs(graph)
    _open_sides(graph)
    _halve(graph)
    onnx.checker.check_model(graph)
    onnx.save(graph, path)


def _name_outputs(graph: Any) -> None:
    """Give the outputs their heads' names and make sure that pixels are the only input."""
    if [i.name for i in graph.graph.input] != ["pixels"]:
        raise ArtifactError(f"The export has inputs {[i.name for i in graph.graph.input]}.")
    renamed = {out.name: head for out, head in zip(graph.graph.output, HEADS, strict=True)}
    for out in graph.graph.output:
        out.name = renamed[out.name]
    for node in graph.graph.node:
        node.input[:] = [renamed.get(name, name) for name in node.input]
        node.output[:] = [renamed.get(name, name) for name in node.output]


def _open_sides(graph: Any) -> None:
    """Leave height and width open: nothing but its declared shapes ties the graph to one of them.

    The padding of a strided convolution depends on its input's sides being even or odd; where it is
    not the same for both, the graph stays as it is.
    """
    settings = (setting for node in graph.graph.node for setting in node.attribute)
    pads = [tuple(setting.ints) for setting in settings if setting.name == "pads"]
    if any((top, bottom) != (left, right) for top, left, bottom, right in pads):
        return
    del graph.graph.value_info[:]
    sides = [(value, ("height", "width")) for value in graph.graph.input]
    sides += [(value, ("rows", "columns")) for value in graph.graph.output]
    for value, names in sides:
        for dim, name in zip(value.type.tensor_type.shape.dim[1:3], names, strict=True):
            dim.dim_param = name


def _halve(graph: Any) -> None:
    """Store every large float32 weight as float16 with a Cast behind it."""
    from onnx import TensorProto, helper, numpy_helper

    casts = []
    for weight in graph.graph.initializer:
        if weight.data_type != TensorProto.FLOAT or np.prod(weight.dims) < 64:
            continue
        half = numpy_helper.to_array(weight).astype(np.float16)
        name = weight.name
        weight.CopyFrom(numpy_helper.from_array(half, f"{name}:half"))
        casts.append(helper.make_node("Cast", [f"{name}:half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.graph.node]
    del graph.graph.node[:]
    graph.graph.node.extend(nodes)


def check_parity(
    logits: Mapping[str, np.ndarray], served: Mapping[str, np.ndarray]
) -> dict[str, float]:
    """Return the largest difference of any probability between two networks' `{head: (n, k)}`.

    Raises ArtifactError where it is too large.
    """
    keras_table = probabilities(logits)
    served_table = probabilities(served)
    gap = max(float(np.abs(keras_table[h] - served_table[h]).max()) for h in HEADS)
    if gap >= PARITY:
        raise ArtifactError(f"Keras and the export differ by {gap:.4f} in a probability.")
    return {"photos": len(logits["scope"]), "max_abs_difference": gap}
