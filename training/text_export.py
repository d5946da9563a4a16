"""Writing the text artifact: ONNX with half-precision weights, tokenizer, manifest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import keras

SMALL = 256  # tensors up to this many numbers stay in single precision


def export_onnx(scorer: keras.Model, path: Path) -> None:
    """Write the scorer as ONNX, input `ids` (n, WINDOW) int32, output scores float32.

    Large weights are stored as float16 and widened when the session starts: half the file at the
    same speed; the scores move by less than 0.01.
    """
    import onnx

    scorer.export(str(path), format="onnx", verbose=False)
    model = onnx.load(str(path))
    names = [value.name for value in model.graph.input]
    if names != ["ids"]:
        raise RuntimeError(f"The exported network asks for {names}, not for ids alone.")
    _halve(model)
    onnx.save(model, str(path))


def _halve(model: object) -> None:
    from onnx import TensorProto, helper, numpy_helper

    graph = model.graph  # type: ignore[attr-defined]
    casts, kept = [], []
    for tensor in graph.initializer:
        array = numpy_helper.to_array(tensor)
        if tensor.data_type == TensorProto.FLOAT and array.size > SMALL:
            half = numpy_helper.from_array(array.astype(np.float16), f"{tensor.name}__half")
            casts.append(helper.make_node("Cast", [half.name], [tensor.name], to=TensorProto.FLOAT))
            kept.append(half)
        else:
            kept.append(tensor)
    del graph.initializer[:]
    graph.initializer.extend(kept)
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
