"""Writing files that a reader never sees half of, and never over what was read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import click


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Call `write` with a path beside `path`, then rename: a reader never sees half a file.

    A link stays a link, to the new file; a pipe or a device is written straight.
    """
    if is_stream(path):
        write(path)
        return
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def is_stream(path: Path) -> bool:
    """Tell whether a path is a pipe or a device, which can be neither replaced nor read back."""
    return path.exists() and not path.is_file()


def refuse_overwriting(source: Path, out: Path) -> None:
    """Raise click.BadParameter where writing `out` would overwrite `source`, linked or not."""
    # A terminal may well be both.
    if source.is_file() and out.is_file() and out.samefile(source):
        raise click.BadParameter(
            f"{out} is what is read and would be overwritten; give another file.",
            param_hint="--out",
        )
