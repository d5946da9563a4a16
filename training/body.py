"""The convolutional body a training starts from: a Keras file, or the one in a release."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from data.artifact import load_manifest, sha256
from data.errors import ArtifactError

if TYPE_CHECKING:
    import keras

NETWORK = "model.onnx"  # of a released artifact
CONFIG = "body.json"  # layers without weights, beside the released network
ROUNDED = "_DequantizeLinear_Output"  # behind the name of a kernel that is rounded when opened


def load_body(path: Path) -> keras.Model:
    """Load a body that maps float pixels 0..1 (n, h, w, 3) to features (n, h', w', c).

    path: a `.keras` file, or a vision artifact's folder, whose body has already learned garments:
    what a shop without the pretrained file goes on from. Raises ArtifactError.
    """
    import keras

    if path.is_dir():
        return _released(path)
    return keras.models.load_model(path, compile=False)


def body_hash(path: Path) -> str:
    """Return the SHA-256 of the file that holds a body's weights, 64 hex digits.

    path: as in `load_body`. Raises ArtifactError.
    """
    return sha256(path) if path.is_file() else str(load_manifest(path)["files"][NETWORK])


def save_config(model: keras.Model, folder: Path) -> None:
    """Write the layers of a built network's body; its weights are those of `model.onnx`."""
    from vision.model import body_of

    (folder / CONFIG).write_text(body_of(model).to_json() + "\n", encoding="utf-8")


def _released(folder: Path) -> keras.Model:
    import keras
    import onnx

    load_manifest(folder)
    if not (folder / CONFIG).is_file():
        raise ArtifactError(f"{folder} has no {CONFIG}, so its body cannot be trained further.")
    body = keras.models.model_from_json((folder / CONFIG).read_text(encoding="utf-8"))
    graph = onnx.load(folder / NETWORK).graph
    weights = {weight.name.removesuffix(":half"): weight for weight in graph.initializer}
    # (input, kernel, bias); a head whose biases are all zero has none, and is not of the body.
    biased = [node for node in graph.node if node.op_type == "Conv" and len(node.input) == 3]
    convolutions = {_scope(node): node for node in biased}
    for layer in body.layers:
        if layer.weights:
            names = (name.removesuffix(ROUNDED) for name in convolutions[layer.name].input[1:])
            kernel, bias = (_array(weights[name]) for name in names)
            # ONNX keeps kernels as (out, in / groups, height, width).
            depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
            layer.set_weights([kernel.transpose((2, 3, 0, 1) if depthwise else (2, 3, 1, 0)), bias])
    return body


def _scope(convolution: Any) -> str:
    """Return the name of the Keras layer a convolution came from, as its bias spells it."""
    # A second call of a layer, as the export makes, gets its number behind the name.
    return re.sub(r"_\d+$", "", convolution.input[2].split("/")[-2])


def _array(weight: Any) -> np.ndarray:
    from onnx import numpy_helper

    return numpy_helper.to_array(weight).astype("float32")
