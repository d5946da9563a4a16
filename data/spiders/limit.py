"""A bound on the time that one page may take to read, whatever it does to the libraries."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

PAGE_SECONDS = 5.0  # of the processor; the largest product pages take a tenth of one
_AGAIN = 0.5  # seconds: a library that swallows the first error meets the next


class TooSlow(Exception):
    """A page took longer to read than any honest one."""


@contextmanager
def time_limit(seconds: float = PAGE_SECONDS) -> Iterator[None]:
    """Raise TooSlow in the block once it has used so much processor time; main thread only."""
    before = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _stop(number: int, frame: FrameType | None) -> None:
    raise TooSlow("The page took too long to read.")
