"""The folder of a training run: what it learns from, and the networks it has saved so far."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import numpy as np

from data.files import write_whole

RECORD = "run.json"


def open_run(run: Path, source: dict[str, Any]) -> None:
    """Make the run's folder, moving aside one that holds another run than from this very source.

    source: all that decides the result, by name, fit for JSON; kept in the folder. Nine hours of
    training are not resumed, nor released, as if they came from another table or body.
    """
    record = run / RECORD
    wanted = json.loads(json.dumps(source))
    found = _read(record)
    if found == wanted:
        return
    if found is None:
        why = "what is there does not say what it learns from" if run.exists() else "no run there"
    else:
        differs = [name for name in wanted if found.get(name) != wanted[name]]
        why = f"the run there differs in {' and '.join(differs)}"
    kept = f"; it is kept as {_aside(run)}" if run.exists() else ""
    click.echo(f"starting anew in {run}: {why}{kept}")
    text = json.dumps(wanted, indent=1) + "\n"
    write_whole(record, lambda partial: partial.write_text(text, encoding="utf-8"))


def _aside(run: Path) -> Path:
    """Rename a run's folder to the first free name beside it: it may hold hours of training."""
    number = 1
    while (place := run.with_name(f"{run.name}-{number}")).exists():
        number += 1
    return run.rename(place)


def _read(record: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found


def save_whole(model: Any, path: Path) -> None:
    """Save a Keras network so that a kill leaves no half of one under the name to go on from."""
    # Not `data.files.write_whole`: Keras saves under names that end in .keras alone.
    partial = path.with_name(f".{path.name}")
    model.save(partial)
    partial.replace(path)


def log_shares(logs: Path, epoch: int, shares: dict[str, float]) -> None:
    """Add an epoch's shares right on validation, by head, to a course's TensorBoard logs.

    epoch: from 0, as Keras counts its losses there. What was not measured (NaN) is left out.
    """
    import tensorflow as tf

    writer = tf.summary.create_file_writer(str(logs / "validation"))
    with writer.as_default(step=epoch):
        for head, share in shares.items():
            if not np.isnan(share):
                tf.summary.scalar(f"accuracy/{head}", share)
    writer.close()


def checkpoints(folder: Path) -> list[Path]:
    """Return a course's networks saved, one an epoch, in the order learned."""
    return sorted(folder.glob("epoch-*.keras"))


def average(saved: list[Path]) -> Any:
    """Return a model with the mean of the weights of the models saved, alike but for those."""
    import keras

    model = keras.models.load_model(saved[0], compile=False)
    weights = [keras.models.load_model(path, compile=False).get_weights() for path in saved]
    model.set_weights([np.mean(same, axis=0) for same in zip(*weights, strict=True)])
    return model
