"""No page takes longer to read than its bound."""

from __future__ import annotations

import signal

import pytest

from data.spiders.limit import TooSlow, time_limit


def _busy() -> None:
    while True:
        pass


def _swallowing() -> None:
    while True:
        try:
            _busy()
        except TooSlow:  # as a library with a bare except does, once
            _busy()


@pytest.mark.parametrize("work", [_busy, _swallowing])
def test_endless_work_is_ended(work):
    with pytest.raises(TooSlow), time_limit(0.05):
        work()


def test_afterwards_nothing_is_left_of_the_bound():
    before = signal.getsignal(signal.SIGVTALRM)
    with time_limit(5):
        pass
    assert signal.getsignal(signal.SIGVTALRM) == before
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)
