"""The Dockerfile: what it copies exists, is enough to serve, and is no more than that."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.source import PACKAGES, ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
# COPY lines that read from our tree; those with --from read from another build stage.
COPIED = [words.split() for words in re.findall(r"(?m)^COPY (?!--from)(.+)$", DOCKERFILE)]
SERVE_PYTHON = ROOT / ".venv-serve" / "bin" / "python"


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds exactly what the image's /app would hold of our tree."""
    app = tmp_path_factory.mktemp("app")
    for *sources, target in COPIED:
        for source in sources:
            if (ROOT / source).is_dir():
                ignored = shutil.ignore_patterns("__pycache__", "*.md")
                shutil.copytree(ROOT / source, app / target, ignore=ignored)
    return app


def test_every_copied_path_exists() -> None:
    assert COPIED
    for *sources, _ in COPIED:
        for source in sources:
            assert (ROOT / source).exists(), f"Dockerfile copies {source}, which does not exist"


def test_only_what_serving_needs_is_copied() -> None:
    copied = {Path(source).parts[0] for *sources, _ in COPIED for source in sources}
    assert copied == {*PACKAGES, "requirements-serve.txt"} - {"training"}


def test_the_build_context_lets_through_exactly_what_is_copied() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line[1:] for line in lines if line.startswith("!")}
    assert "*" in lines
    assert allowed == {source.rstrip("/") for *sources, _ in COPIED for source in sources}


def test_the_base_image_is_pinned_and_the_user_is_not_root() -> None:
    assert re.search(r"(?m)^FROM python:3\.11\.\d+-slim-\w+ AS base$", DOCKERFILE)
    users = re.findall(r"(?m)^USER (\S+)$", DOCKERFILE)
    assert users
    assert users[-1] not in {"root", "0"}


def test_the_linter_finds_nothing() -> None:
    linter = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    assert linter, "hadolint is pinned in requirements.txt: run `make setup`"
    finished = subprocess.run(
        [linter, "--no-color", str(ROOT / "Dockerfile")], capture_output=True, text=True
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr


def in_image(name: str) -> list[str]:
    """Return the command of a Dockerfile instruction in JSON form, with a Python that is here."""
    unbroken = DOCKERFILE.replace("\\\n", "")
    python, *rest = json.loads(re.search(rf"(?m)^{name} .*?(\[.+\])$", unbroken)[1])
    assert python == "python"
    return [str(SERVE_PYTHON if SERVE_PYTHON.exists() else sys.executable), *rest]


def test_the_copied_files_are_enough_to_serve_and_to_be_found_healthy(image: Path) -> None:
    environment = {"PATH": os.defpath, "HOME": str(image), "PYTHONPATH": str(image)}
    server = subprocess.Popen(
        in_image("CMD"),
        cwd=image,
        env=environment | {"SELVEDGE_PORT": "0"},
        stderr=subprocess.PIPE,
        text=True,
    )
    with server:
        try:
            said = ""
            while server.poll() is None and "answers on" not in said:
                said += server.stderr.readline()
            assert "answers on" in said, said + server.stderr.read()
            environment["SELVEDGE_PORT"] = said.strip().rpartition(":")[2]
            healthy = subprocess.run(in_image("HEALTHCHECK"), env=environment, capture_output=True)
            assert healthy.returncode == 0, healthy.stderr
        finally:
            server.terminate()
