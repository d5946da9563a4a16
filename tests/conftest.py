"""Shared fixtures: where the raw data is, and why a test that needs it is skipped."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A loaded machine is slow, not wrong: no test of ours asserts a time.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parent.parent
LAST = ("browser", "slow")


@pytest.fixture(scope="session")
def listings_data() -> Path:
    """The raw data folder (LISTINGS_DATA, default ../shared/data); skips where it is absent."""
    folder = Path(os.environ.get("LISTINGS_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "annotations" / "catalogue.csv").is_file():
        pytest.skip(f"needs the catalogue and its annotations: no {folder} (set LISTINGS_DATA)")
    return folder


def piped(path: Path, content: bytes) -> Path:
    """Make a pipe at `path` that somebody writes `content` into."""
    os.mkfifo(path)
    threading.Thread(target=path.write_bytes, args=(content,), daemon=True).start()
    return path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run fast tests first, so that a plain mistake shows within seconds.

    `pytest -n` keeps together what shares a shop or a server, and all that drives a browser: one
    Chromium at a time is enough for two cores.
    """
    items.sort(key=lambda item: bool(_late(item)))
    for item in items:
        late = _late(item)
        group = f"{item.path.stem}-late" if late else item.path.stem
        group = "browser" if late == ["browser"] else group
        item.add_marker(pytest.mark.xdist_group(group))


def _late(item: pytest.Item) -> list[str]:
    return [name for name in LAST if item.get_closest_marker(name)]
