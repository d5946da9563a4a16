"""How every command line of ours behaves: exit 0, 2 on a usage error, 1 on any other failure."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from data.errors import SelvedgeError

ROOT = Path(__file__).resolve().parent.parent


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, so that `--help` starts at once.

    `commands_at` maps a command's name to `"module:attribute"` and its one-line help.
    """

    def __init__(self, *args: object, commands_at: Mapping[str, tuple[str, str]], **kwargs: object):
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._commands_at = commands_at

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._commands_at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._commands_at:
            return None
        module, _, attribute = self._commands_at[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self._commands_at.items()])


def run(cli: click.Command) -> None:
    """Run a command and exit; an error a person can mend is one sentence on standard error."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # some terminals lack characters of our tables
        sys.stdout.reconfigure(errors="replace")
    try:
        cli(prog_name=f"python -m {cli.name}")
    except SelvedgeError as error:
        click.echo(f"Error: {error.message}", err=True)
        sys.exit(1)
    except ModuleNotFoundError as error:
        if error.name is None or not _is_foreign(error.name):
            raise
        click.echo(
            f"Error: This command needs {error.name.partition('.')[0]}, which is not installed: "
            "install the full set by `make setup` and use its .venv.",
            err=True,
        )
        sys.exit(1)
    except BrokenPipeError:  # `... | head` closed our output: not an error worth a traceback
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        place = "" if error.filename is None else f" ({error.filename})"
        click.echo(f"Error: {error.strerror or error}{place}.", err=True)
        sys.exit(1)


def _is_foreign(module: str) -> bool:
    """Tell whether a module is neither ours nor Python's: the lack of such a one is our mistake."""
    top = module.partition(".")[0]
    return top not in sys.stdlib_module_names and not (ROOT / top).exists()
