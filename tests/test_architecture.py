"""The arrows between packages, and that importing any of them has no effect."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from tests.source import PACKAGES, ROOT, imports, modules, reached, top

MAY_IMPORT = {
    "data": set(),
    "vision": {"data"},
    "text": {"data"},
    "fusion": {"data", "vision", "text"},
    "training": {"data", "vision", "text", "fusion"},
    "web": {"data", "fusion"},
}
STANDARD_ONLY = ("data.taxonomy", "data.schema", "data.aliases", "data.errors")
HEAVY = {"tensorflow", "keras", "keras_nlp", "keras_hub", "torch", "transformers", "pandas"}
# What serves: the whole doors, and of each branch the door's way in.
SERVING = {*modules("web"), *modules("fusion"), "vision.tagger", "text.tagger"}

IMPORT_EACH = """
import contextlib, importlib, io, sys, threading
for name in sys.argv[1:]:
    before = threading.active_count()
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        importlib.import_module(name)
    assert not said.getvalue(), f"importing {name} prints {said.getvalue()!r}"
    assert threading.active_count() == before, f"importing {name} starts a thread"
"""


def in_subprocess(code: str, *args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run Python code with our packages importable; libraries write caches to a HOME apart."""
    home = cwd.parent / f"{cwd.name}-home"
    home.mkdir()
    environment = os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(home)}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-c", code, *args]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_follow_the_arrows(package: str) -> None:
    allowed = MAY_IMPORT[package] | {package}
    for name, path in modules(package).items():
        crossed = {top(found) for found in imports(path)} & {*PACKAGES, "tests", "benchmarks"}
        assert crossed <= allowed, f"{name} imports {sorted(crossed - allowed)}"


@pytest.mark.parametrize("name", STANDARD_ONLY)
def test_the_vocabulary_needs_the_standard_library_alone(name: str) -> None:
    for module, found in reached({name}).items():
        foreign = {top(other) for other in found} - sys.stdlib_module_names - {"data"}
        assert not foreign, f"{module} imports {sorted(foreign)}"


def test_serving_never_reaches_a_training_library() -> None:
    for name, found in reached(SERVING).items():
        heavy = {top(other) for other in found} & HEAVY
        assert not heavy, f"{name} imports {sorted(heavy)}"


def test_the_serving_set_installs_all_that_serving_imports() -> None:
    pinned = re.findall(r"(?m)^([\w.-]+)==", (ROOT / "requirements-serve.txt").read_text())
    distributions = metadata.packages_distributions()
    for name, found in reached(SERVING).items():
        foreign = {top(other) for other in found} - sys.stdlib_module_names - set(PACKAGES)
        for package in foreign:
            named = {re.sub(r"[_.]", "-", d).lower() for d in distributions.get(package, [])}
            assert named & set(pinned), f"{name} imports {package}, not in the serving set"


@pytest.mark.parametrize("package", PACKAGES)
def test_package_init_files_stay_empty(package: str) -> None:
    for path in (ROOT / package).rglob("__init__.py"):
        assert not path.read_text(encoding="utf-8").strip(), f"{path.relative_to(ROOT)} has code"


def test_importing_has_no_effect(tmp_path: Path) -> None:
    finished = in_subprocess(IMPORT_EACH, *modules(), cwd=tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert not list(tmp_path.iterdir()), "importing left files behind"


def test_the_serving_process_holds_no_training_library(tmp_path: Path) -> None:
    code = f"import sys, web.app, fusion.checker; print({HEAVY!r} & set(sys.modules))"
    finished = in_subprocess(code, cwd=tmp_path)
    assert finished.stdout.strip() == "set()", finished.stdout + finished.stderr
