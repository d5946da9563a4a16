"""How every command ends: with one sentence for what a person can mend."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Callable

import click
import pytest

from data.cli import run
from tests.conftest import ROOT


def ended(does: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> object:
    """Run a command that calls `does`; returns its exit code."""
    monkeypatch.setattr(sys, "argv", ["test"])
    try:
        run(click.Command("test", callback=does))
    except SystemExit as end:
        return end.code


def test_a_package_of_the_full_set_that_is_missing_is_one_sentence(capsys, monkeypatch) -> None:
    assert ended(lambda: importlib.import_module("no_such_package.part"), monkeypatch) == 1
    said = capsys.readouterr().err
    assert said.startswith("Error: This command needs no_such_package, which is not installed")
    assert "make setup" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("name", ["data.no_such_module", "json.no_such_module"])
def test_a_missing_module_of_ours_or_of_python_is_no_users_mistake(name: str, monkeypatch) -> None:
    with pytest.raises(ModuleNotFoundError):
        ended(lambda: importlib.import_module(name), monkeypatch)


def test_a_terminal_that_lacks_a_character_gets_another() -> None:
    code = (
        "import click; from data.cli import run\n"
        "run(click.Command('test', callback=lambda: print('“é”')))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout.strip() == "?é?".encode("latin-1")
