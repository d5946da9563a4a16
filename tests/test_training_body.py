"""Where a training starts: the body sees pixels as it was pretrained, also out of a release."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras")
onnx = pytest.importorskip("onnx")

from data.artifact import save_manifest  # noqa: E402
from data.errors import ArtifactError  # noqa: E402
from training.body import load_body, save_config  # noqa: E402
from training.quantize import convert  # noqa: E402
from training.release import export_onnx, round_to_half  # noqa: E402
from vision.model import body_of, build_model, feature_model  # noqa: E402
from vision.preprocess import HEIGHT, WIDTH  # noqa: E402


def small_body() -> keras.Model:
    keras.utils.set_random_seed(5)
    image = keras.Input((None, None, 3), name="image")
    # Trained biases differ; equal ones the export would fold into one nameless constant.
    bias = {"bias_initializer": "random_normal"}
    x = keras.layers.Conv2D(32, 5, strides=16, activation="relu", name="op1_conv", **bias)(image)
    x = keras.layers.DepthwiseConv2D(3, padding="same", name="op2_dw", **bias)(x)
    return keras.Model(image, x, name="small_body")


def test_the_body_sees_pixels_between_0_and_1() -> None:
    image = keras.Input((None, None, 3))
    as_seen = keras.Model(image, keras.layers.Identity()(image))
    white = np.full((1, 8, 8, 3), 255, "float32")
    assert np.asarray(feature_model(build_model(as_seen))(white)).max() == pytest.approx(1.0)


def test_training_can_start_from_the_body_of_a_release(tmp_path: Path) -> None:
    model = build_model(small_body())
    round_to_half(model)
    export_onnx(model, tmp_path / "model.onnx")
    save_config(model, tmp_path)
    save_manifest(tmp_path, {"kind": "vision"})
    pixels = np.random.default_rng(0).integers(0, 256, (2, 64, 48, 3)).astype("float32")
    again = build_model(load_body(tmp_path))
    np.testing.assert_allclose(
        np.asarray(feature_model(again)(pixels)),
        np.asarray(feature_model(model)(pixels)),
        atol=1e-4,
    )


def test_the_body_of_an_int8_release_is_the_half_precision_one(tmp_path: Path) -> None:
    model = build_model(small_body())
    round_to_half(model)
    export_onnx(model, tmp_path / "model.onnx")
    shown = list(np.random.default_rng(0).integers(0, 256, (4, HEIGHT, WIDTH, 3), np.uint8))
    small = convert(onnx.load(tmp_path / "model.onnx"), shown)
    assert any(node.op_type == "QuantizeLinear" for node in small.graph.node)
    onnx.save(small, tmp_path / "model.onnx")
    save_config(model, tmp_path)
    save_manifest(tmp_path, {"kind": "vision"})
    again = load_body(tmp_path)
    for layer, other in zip(body_of(model).layers, again.layers, strict=True):
        for one, two in zip(layer.get_weights(), other.get_weights(), strict=True):
            np.testing.assert_array_equal(one, two)


def test_a_release_without_its_layers_is_refused_in_one_sentence(tmp_path: Path) -> None:
    save_manifest(tmp_path, {"kind": "vision"})
    with pytest.raises(ArtifactError, match=r"has no body\.json"):
        load_body(tmp_path)
