"""The work on a text grows with its length and no faster, whatever it repeats.

One seller's text must not hold the server. Work is counted, not timed: calls made while reading,
stretches found, characters copied.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from text.beside import readable
from text.denied import denied
from text.names import INTRODUCED, OPENING, names
from text.tagger import TextTagger

SHORT, TIMES = 1000, 8
SLACK = 2  # times what linear work would grow by; quadratic work grows TIMES times too much
UNITS = [
    "no ", "no red ", "without ", "solid no ", "not not ", "no, no,", "nor ", "neither nor ",
    "no or ", "no red or ", "sans ", "red ", "striped, ", "half sleeves ", "sleeves ", "<b>",
    "&amp;", "\n", "\r\n", "👕", "a-b-", "red'", "red_", "red/", "Aa Bb. ", "By Half Moon. ",
    "over a ", "jeans in ", "Striped: No. ", "Pattern: no print, ", "unpatterned ", "3/4 ",
    "sleeve ", "Sleeve Length : No, ", "half  ", "printed   ", "Printed? No print ", ":  ",
]  # fmt: skip
WORDS = st.sampled_from(
    [*UNITS, "not ", "any ", "of ", "prints ", "shirt ", "lacks ", "it is ", ","]
)


@pytest.fixture(scope="module")
def tagger() -> TextTagger:
    return TextTagger.load()


def repeated(unit: str, size: int) -> str:
    return (unit * size)[:size]


def calls(work: Callable[[], object]) -> int:
    """Return how many functions were called, Python's own among them."""
    count = 0

    def seen(_frame: FrameType, event: str, _what: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def assert_linear(read: Callable[[str], object], unit: str) -> None:
    read("A red shirt, no print.")  # fills what is made once
    short, long = (repeated(unit, size) for size in (SHORT, SHORT * TIMES))
    assert calls(lambda: read(long)) <= SLACK * TIMES * calls(lambda: read(short))


@pytest.mark.parametrize("unit", UNITS)
def test_reading_takes_calls_in_proportion_to_the_text(tagger: TextTagger, unit: str) -> None:
    assert_linear(lambda text: tagger.read([("Men shirt", text)]), unit)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=4).map("".join))
def test_so_does_what_is_blanked_before_whatever_words_repeat(unit: str) -> None:
    assert_linear(lambda text: readable("Men shirt", text), unit)


@given(st.lists(WORDS, min_size=1, max_size=4).map("".join))
def test_what_is_denied_is_found_once_not_by_every_negation_before_it(unit: str) -> None:
    text = repeated(unit, SHORT * TIMES)
    assert len(list(denied(text, frozenset()))) <= len(text)


@pytest.mark.parametrize("pattern", [INTRODUCED, OPENING], ids=["introduced", "opening"])
def test_a_line_break_does_not_look_over_those_after_it(pattern: re.Pattern[str]) -> None:
    found = pattern.search("\n" * 100 + "By Half Moon")
    assert found is not None
    assert found.start() == 99


def test_a_name_is_compared_with_the_word_after_it_not_with_the_rest_of_the_text() -> None:
    class Sliced(str):
        taken = 0

        def __getitem__(self, key: object) -> str:
            part = super().__getitem__(key)  # type: ignore[index]
            Sliced.taken += len(part)
            return part

    text = repeated("Aa Bb. ", 20_000)
    names("Men shirt", Sliced(text))
    assert Sliced.taken <= 100 * len(text)
