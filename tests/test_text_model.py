"""Contracts of the text network on a tiny copy: shapes, learning, export and parity."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from data.taxonomy import VALUES
from text.lexicon import LABELS
from text.pooling import HEADS, answers

keras = pytest.importorskip("keras", reason="needs the full set of requirements (make setup)")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tiny() -> tuple[keras.Model, keras.Model]:
    from text.model import build_scorer, build_trainer

    keras.utils.set_random_seed(3)
    scorer = build_scorer(40, width=8, dropout=0.0)
    return scorer, build_trainer(scorer)


def inputs(n: int = 6, length: int = 16) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    ids = rng.integers(4, 40, (n, length)).astype(np.int32)
    ids[:, 12:] = 0
    places = np.where(np.arange(length) < 4, 0, 1) * np.ones((n, 1), np.int32)
    return {"ids": ids, "places": np.where(ids == 0, -1, places).astype(np.int32)}


def test_outputs_are_token_scores_and_an_answer_per_attribute(tiny: tuple) -> None:
    out = tiny[1].predict_on_batch(inputs())
    assert out["tokens"].shape == (6, 16, len(LABELS))
    for name, values in VALUES.items():
        assert out[name].shape == (6, 1 + len(values))
        np.testing.assert_allclose(out[name].sum(axis=1), 1.0, atol=1e-5)


def test_padding_changes_no_score(tiny: tuple) -> None:
    ids = inputs()["ids"]
    short, padded = tiny[0].predict_on_batch(ids[:, :12]), tiny[0].predict_on_batch(ids)
    np.testing.assert_allclose(short, padded[:, :12], atol=1e-4)


def test_it_learns_one_batch_by_heart(tiny: tuple) -> None:
    from text.model import answer_loss, build_scorer, build_trainer, token_loss

    keras.utils.set_random_seed(3)
    trainer = build_trainer(build_scorer(40, width=16, dropout=0.0))
    loss = {"tokens": token_loss, **dict.fromkeys(VALUES, answer_loss)}
    trainer.compile(keras.optimizers.Adam(1e-2), loss=loss)
    given = inputs()
    wanted = {"tokens": np.full((6, 16, len(LABELS)), -1, np.float32)}
    for name, values in VALUES.items():
        wanted[name] = np.eye(1 + len(values), dtype=np.float32)[np.zeros(6, int)]
    item = 1 + VALUES["item"].index("jeans")
    wanted["item"][:3] = np.eye(16, dtype=np.float32)[item]
    wanted["wear"][:3] = [0, 0, 1]
    first = float(trainer.train_on_batch(given, wanted, return_dict=True)["loss"])
    for _ in range(60):
        last = float(trainer.train_on_batch(given, wanted, return_dict=True)["loss"])
    assert last < first / 5
    assert (trainer.predict_on_batch(given)["item"].argmax(axis=1) == [item] * 3 + [0] * 3).all()


def test_the_exported_file_answers_as_the_network_does(tiny: tuple, tmp_path: Path) -> None:
    from onnxruntime import InferenceSession

    from training.text_export import export_onnx

    scorer, trainer = tiny
    export_onnx(scorer, tmp_path / "model.onnx")
    session = InferenceSession(str(tmp_path / "model.onnx"), providers=["CPUExecutionProvider"])
    given = inputs()
    expected = trainer.predict_on_batch(given)
    scores = session.run(None, {"ids": given["ids"]})[0]
    masked = [
        np.where((given["places"] == p)[:, :, None], scores, -20.0).max(axis=1) for p in (0, 1)
    ]
    bias = np.asarray(trainer.get_layer("answer").bias)
    found = answers(np.stack(masked, axis=1), bias, dict.fromkeys(HEADS, 1.0))
    for name in VALUES:
        assert np.abs(found[name] - expected[name]).max() < 1e-3


def test_the_distance_to_the_exported_file_is_that_of_half_precision(
    tiny: tuple, tmp_path: Path
) -> None:
    from training.text_export import export_onnx, furthest

    export_onnx(tiny[0], tmp_path / "model.onnx")
    assert furthest(tiny[0], tmp_path / "model.onnx") < 0.02


def test_an_unknown_answer_costs_nothing() -> None:
    from text.model import answer_loss

    probabilities = np.array([[0.2, 0.3, 0.5], [0.9, 0.05, 0.05]], np.float32)
    open_ = np.array([[1, 1, 1], [1, 0, 0]], np.float32)
    assert float(answer_loss(open_, probabilities)) == pytest.approx(-np.log(0.9) / 2, abs=1e-5)


def test_tokens_not_judged_cost_nothing() -> None:
    from text.model import token_loss

    scores = np.array([[[3.0, -3.0]]], np.float32)
    assert float(token_loss(-np.ones((1, 1, 2), np.float32), scores)) == pytest.approx(0.0)
