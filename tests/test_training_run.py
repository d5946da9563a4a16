"""A training run's folder: whose run it holds, and what a kill may leave in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from data.errors import UnreadableImage  # noqa: E402
from tests.test_training_vision import tiny_material, tiny_start  # noqa: E402
from tests.tiny_artifacts import write_vision  # noqa: E402
from training.body import body_hash  # noqa: E402
from training.release import release_vision  # noqa: E402
from training.run import checkpoints, open_run, save_whole  # noqa: E402

SOURCE = {"recipe": {"rounds": (1, 2)}, "data": "0123", "body": "4567"}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run from SOURCE with its first network."""
    open_run(tmp_path / "run", SOURCE)
    (tmp_path / "run" / "start.keras").touch()
    return tmp_path / "run"


def test_a_run_goes_on_from_the_very_same_source(run: Path, capsys) -> None:
    capsys.readouterr()
    open_run(run, SOURCE)
    assert (run / "start.keras").exists()
    assert not capsys.readouterr().out


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"data": "9999"}, "the run there differs in data"),
        ({"body": "9999", "recipe": {"rounds": (1,)}}, "the run there differs in recipe and body"),
    ],
)
def test_a_run_from_another_source_starts_anew_and_says_what_differs(
    run: Path, capsys, other: dict[str, object], why: str
) -> None:
    capsys.readouterr()
    open_run(run, SOURCE | other)
    assert not (run / "start.keras").exists()
    kept = run.with_name("run-1")
    assert capsys.readouterr().out == f"starting anew in {run}: {why}; it is kept as {kept}\n"
    assert (kept / "start.keras").exists(), "it may hold hours of training"
    open_run(run, SOURCE)
    assert (run.with_name("run-2") / "run.json").exists()


def test_a_run_that_does_not_say_what_it_learns_from_starts_anew(run: Path, capsys) -> None:
    (run / "run.json").unlink()
    capsys.readouterr()
    open_run(run, SOURCE)
    assert not (run / "start.keras").exists()
    assert "what is there does not say what it learns from" in capsys.readouterr().out


class Killed:
    """A network whose saving is killed half way."""

    def save(self, path: Path) -> None:
        path.write_bytes(b"half of a netw")
        raise KeyboardInterrupt


def test_a_kill_while_saving_leaves_no_half_of_a_network_to_go_on_from(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        save_whole(Killed(), tmp_path / "epoch-02.keras")
    assert not (tmp_path / "epoch-02.keras").exists()
    assert checkpoints(tmp_path) == []
    save_whole(keras.Sequential([keras.Input((2,))]), tmp_path / "epoch-02.keras")
    assert list(tmp_path.iterdir()) == checkpoints(tmp_path) == [tmp_path / "epoch-02.keras"]


def test_a_release_that_fails_leaves_the_artifact_as_it_was(tmp_path: Path) -> None:
    out = write_vision(tmp_path / "artifact")
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    material = tiny_material(np.random.default_rng(1))
    lost = material.photos.assign(image=str(tmp_path / "lost.jpg"))  # calibration opens it
    model = keras.models.load_model(tiny_start(tmp_path), compile=False)
    with pytest.raises(UnreadableImage):
        release_vision(model, lost, material.pixels, out=out, recipe={})
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before
    assert {path.name for path in tmp_path.iterdir()} == {"artifact", "start.keras"}


def test_a_body_is_known_by_its_weights(tmp_path: Path) -> None:
    (tmp_path / "body.keras").write_bytes(b"one")
    one = body_hash(tmp_path / "body.keras")
    (tmp_path / "body.keras").write_bytes(b"another")
    assert len(one) == 64
    assert body_hash(tmp_path / "body.keras") != one
    assert len(body_hash(write_vision(tmp_path / "artifact"))) == 64
