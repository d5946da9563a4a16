"""The network's contracts on a tiny body, through Keras, the export and the tagger."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

keras = pytest.importorskip("keras")
onnx = pytest.importorskip("onnx")

from data.artifact import save_manifest  # noqa: E402
from data.errors import ArtifactError  # noqa: E402
from data.taxonomy import ATTRIBUTES  # noqa: E402
from training.calibrate import NEUTRAL, served_logits  # noqa: E402
from training.losses import likelihood_loss  # noqa: E402
from training.pixels import logits_of  # noqa: E402
from training.quantize import convert, quantize  # noqa: E402
from training.release import PARITY, check_parity, export_onnx, round_to_half  # noqa: E402
from vision.heads import HEADS  # noqa: E402
from vision.model import build_model, map_model  # noqa: E402
from vision.preprocess import HEIGHT, WIDTH  # noqa: E402
from vision.tagger import ImageTagger, open_session  # noqa: E402


def tiny_model() -> keras.Model:
    keras.utils.set_random_seed(3)
    body = keras.Sequential(
        [
            keras.Input((None, None, 3)),
            keras.layers.Conv2D(32, 5, strides=32, activation="relu"),
        ],
        name="tiny_body",
    )
    return build_model(body)


def export(folder: Path) -> keras.Model:
    """Release the tiny network, not calibrated, into `folder`; returns it as released."""
    model = tiny_model()
    round_to_half(model)
    export_onnx(model, folder / "model.onnx")
    save_manifest(folder, NEUTRAL)
    return model


@pytest.fixture(scope="module")
def model() -> keras.Model:
    return tiny_model()


@pytest.fixture(scope="module")
def pixels() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (5, HEIGHT, WIDTH, 3), np.uint8)


def test_every_head_answers_for_every_value(model: keras.Model, pixels: np.ndarray) -> None:
    logits = model(pixels.astype("float32"))
    assert {head: out.shape[1] for head, out in logits.items()} == {
        head: len(values) for head, values in HEADS.items()
    }


def test_the_class_map_is_the_evidence_exactly(model: keras.Model, pixels: np.ndarray) -> None:
    logits, maps = model(pixels.astype("float32")), map_model(model)(pixels.astype("float32"))
    for head in HEADS:
        mean = np.asarray(maps[head]).mean(axis=(1, 2))
        np.testing.assert_allclose(mean, np.asarray(logits[head]), atol=1e-5)


def test_one_batch_can_be_learned_by_heart(pixels: np.ndarray) -> None:
    model = tiny_model()
    model.compile(keras.optimizers.Adam(0.05), dict.fromkeys(HEADS, likelihood_loss))
    targets = {}
    for head, values in HEADS.items():
        row = np.eye(len(values), dtype="float32")[np.arange(5) % len(values)]
        targets[head] = np.concatenate([row, np.ones_like(row)], axis=1)
    colors = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0], [0, 255, 255]])
    plain = np.broadcast_to(colors[:, None, None], pixels.shape).astype("float32")
    model.fit(plain, targets, epochs=100, verbose=0)
    for head, out in model(plain).items():
        assert np.argmax(out, axis=1).tolist() == np.argmax(targets[head], axis=1).tolist()


def test_saving_and_loading_keeps_every_answer(
    model: keras.Model, pixels: np.ndarray, tmp_path: Path
) -> None:
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", compile=False)
    for head, out in again(pixels.astype("float32")).items():
        np.testing.assert_array_equal(out, model(pixels.astype("float32"))[head])


def test_the_served_network_answers_as_keras_does(pixels: np.ndarray, tmp_path: Path) -> None:
    model = export(tmp_path)
    tagger = ImageTagger.load(tmp_path, threads=1)
    served = {head: m.mean(axis=(1, 2)) for head, m in tagger.maps(pixels).items()}
    logits = logits_of(model, pixels, np.arange(5))
    assert check_parity(logits, served)["max_abs_difference"] < PARITY
    with pytest.raises(ArtifactError, match="differ"):
        check_parity(logits_of(model, pixels, np.arange(5)[::-1]), served)
    lying = list(pixels.transpose(0, 2, 1, 3))
    served = served_logits(tagger, lying, np.arange(5))
    assert check_parity(logits_of(model, lying, np.arange(5)), served)["photos"] == 5


def test_the_int8_network_answers_nearly_as_the_float_one(
    pixels: np.ndarray, tmp_path: Path
) -> None:
    export(tmp_path)
    small = convert(onnx.load(tmp_path / "model.onnx"), list(pixels))
    assert {"QuantizeLinear", "DequantizeLinear"} <= {node.op_type for node in small.graph.node}
    served, rounded = (
        open_session(network, threads=1).run(list(HEADS), {"pixels": pixels})
        for network in (tmp_path / "model.onnx", small.SerializeToString())
    )
    for one, other in zip(served, rounded, strict=True):
        assert 0 < np.abs(one - other).max() < 0.1 * np.abs(one).max()


def test_int8_is_refused_where_what_it_loses_cannot_be_told_and_the_artifact_stays(
    pixels: np.ndarray, tmp_path: Path
) -> None:
    export(tmp_path)
    before = (tmp_path / "model.onnx").read_bytes()
    unknown = {f"true_{name}": None for name in ATTRIBUTES}
    photos = pd.DataFrame({"split": ["train"] * 4 + ["validation"], "annotated": False, **unknown})
    with pytest.raises(ArtifactError, match="no validation photo is annotated"):
        quantize(tmp_path, photos, pixels)
    assert (tmp_path / "model.onnx").read_bytes() == before


def test_an_artifact_whose_file_was_changed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"a network")
    save_manifest(tmp_path, {})
    (tmp_path / "model.onnx").write_bytes(b"another network")
    with pytest.raises(ArtifactError, match="damaged"):
        ImageTagger.load(tmp_path)
