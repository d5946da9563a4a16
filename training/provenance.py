"""Where an artifact comes from: the data, the code and the versions that made it."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from importlib.metadata import version

import pandas as pd


def data_hash(table: pd.DataFrame) -> str:
    """Return 16 hex digits of a table's content, independent of where its photos lie."""
    content = table.drop(columns=["image", "images"], errors="ignore").astype(str)
    rows = pd.util.hash_pandas_object(content, index=False).to_numpy()
    return hashlib.sha256(rows.tobytes()).hexdigest()[:16]


def learned_hash(photos: pd.DataFrame) -> str:
    """Return the data hash of what a network learns from or is tuned on: all but the test split.

    photos: of `training.photos.load_photos`.
    """
    return data_hash(photos[photos["split"] != "test"])


def versions(*names: str) -> dict[str, str]:
    """Return the versions that decide a training result, Python's included."""
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


def commit() -> str | None:
    """Return the checked-out commit, None outside a repository."""
    found = subprocess.run(
        ["git", "rev-parse", "HEAD"],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip() or None
