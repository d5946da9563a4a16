"""Marking evidence: the text stays whole, and every character knows what it is evidence for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from data.schema import Span
from data.taxonomy import ATTRIBUTES
from web.marks import Stretch, cut


def span(text: str, start: int, end: int) -> Span:
    return Span(start, end, text[start:end], "title")


def test_overlapping_evidence_is_cut_at_every_border() -> None:
    text = "striped half shirt"
    found = cut(text, {"pattern": [span(text, 0, 12)], "length": [span(text, 8, 18)]})
    assert found == [
        Stretch("striped ", ("pattern",)),
        Stretch("half", ("pattern", "length"), ("pattern",)),
        Stretch(" shirt", ("length",), ("length",)),
    ]


def test_text_without_evidence_is_one_stretch_and_empty_text_none() -> None:
    assert cut("plain words", {}) == [Stretch("plain words")]
    assert cut("", {"item": []}) == []


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, dict[str, list[Span]]]:
    text = draw(st.text(max_size=40))
    border = st.integers(0, len(text))
    pairs = st.lists(st.tuples(border, border).map(sorted), max_size=3)
    return text, {a: [span(text, *pair) for pair in draw(pairs)] for a in ATTRIBUTES}


@given(marked_texts())
def test_stretches_give_the_text_back_with_every_mark(
    case: tuple[str, dict[str, list[Span]]],
) -> None:
    text, spans = case
    found = cut(text, spans)
    assert "".join(part.text for part in found) == text
    place = 0
    for part in found:
        for attribute in ATTRIBUTES:
            covered = any(s.start <= place < s.end for s in spans[attribute])
            assert (attribute in part.attributes) == covered
        place += len(part.text)
