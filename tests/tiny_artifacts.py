"""Real artifact folders with the smallest networks that answer: what the branches load, in 2 kB.

The photo's red against its blue tells full from half sleeves of a shirt; the word "half" states
half sleeves.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from data.artifact import save_manifest
from text.encode import SPECIAL
from text.lexicon import LABELS
from text.pooling import BIASES
from text.pooling import HEADS as TEXT_HEADS
from text.tagger import MODEL, TOKENIZER
from training.calibrate import NEUTRAL
from vision.heads import HEADS

# What every photo shows, beside its sleeve.
SHOWN = ("upper", "shirt", "single", "solid", "in", "shown")
OPSET = 17


def write_vision(folder: Path) -> Path:
    """Write an image artifact: per head a class map of one position, linear in the mean color."""
    folder.mkdir()
    nodes = [
        helper.make_node("Cast", ["pixels"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["float"], ["mean"], axes=[1, 2], keepdims=1),
    ]
    weights, outputs = [], []
    for head, values in HEADS.items():
        slope = np.zeros((3, len(values)), np.float32)
        if head == "length":
            slope[0, values.index("full_sleeve")] = slope[2, values.index("half_sleeve")] = 0.05
        level = np.array([6.0 * (v in SHOWN) for v in values], np.float32)
        weights += [numpy_helper.from_array(slope, f"slope_{head}")]
        weights += [numpy_helper.from_array(level, f"level_{head}")]
        nodes += [
            helper.make_node("MatMul", ["mean", f"slope_{head}"], [f"raw_{head}"]),
            helper.make_node("Add", [f"raw_{head}", f"level_{head}"], [head]),
        ]
        shape = ["n", 1, 1, len(values)]
        outputs.append(helper.make_tensor_value_info(head, TensorProto.FLOAT, shape))
    pixels = helper.make_tensor_value_info("pixels", TensorProto.UINT8, ["n", "h", "w", 3])
    _save(helper.make_graph(nodes, "vision", [pixels], outputs, weights), folder / "model.onnx")
    save_manifest(folder, NEUTRAL)
    return folder


def write_text(folder: Path) -> Path:
    """Write a text artifact: a table of every word's scores."""
    folder.mkdir()
    words = [*SPECIAL, "half"]
    tokenizer = Tokenizer(
        models.WordLevel({word: i for i, word in enumerate(words)}, unk_token=SPECIAL[1])
    )
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / TOKENIZER))
    table = np.full((len(words), len(LABELS)), -10, np.float32)
    table[words.index("half"), LABELS.index("length:half_sleeve")] = 10
    scores = helper.make_graph(
        [helper.make_node("Gather", ["table", "ids"], ["scores"])],
        "text",
        [helper.make_tensor_value_info("ids", TensorProto.INT32, ["n", "t"])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", "t", len(LABELS)])],
        [numpy_helper.from_array(table, "table")],
    )
    _save(scores, folder / MODEL)
    save_manifest(
        folder,
        {
            "not_stated_bias": dict.fromkeys(BIASES, 0.0),
            "temperature": dict.fromkeys(TEXT_HEADS, 1.0),
            "version": "tiny",
            "labels": list(LABELS),
        },
    )
    return folder


def _save(graph: onnx.GraphProto, path: Path) -> None:
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
