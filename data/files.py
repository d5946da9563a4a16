"""Writing files that a reader never sees half of, and never over what was read."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

import click

from data.errors import SelvedgeError

T = TypeVar("T")

# What flock says on a file system that holds no files: NFS without its lock daemon, some FUSE.
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}


def write_whole(path: Path, write: Callable[[Path], T]) -> T:
    """Call `write` with a path beside `path`, then rename: a reader never sees half a file.

    A link stays a link, to the new file; a pipe or a device is written straight. Returns what
    `write` does.
    """
    if is_stream(path):
        return write(path)
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        written = write(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return written


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


@contextmanager
def locked(path: Path, busy: str) -> Iterator[BinaryIO]:
    """Open a file for appending and hold it. Raises SelvedgeError(busy) where another process does.

    A process that ends, however it ends, lets go of its files. Where the file system has no locks
    the file is open and not held.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SelvedgeError(busy) from None
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
        # The holder before us may have put a new file in this one's place.
        if not (path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat())):
            raise SelvedgeError(busy)
        yield file
