"""Evidence is what a person can read: whole words of the seller's own text."""

from __future__ import annotations

import pytest

from text.evidence import whole_words


@pytest.mark.parametrize(
    ("text", "cut", "whole"),
    [
        ("Womens 3/4th sleeve kurti", "s 3/4th sleeve", "3/4th sleeve"),
        ("Vestido azul", "Vest", "Vestido"),
        ("full sleeves here", "full sleeve", "full sleeves"),
        ("a blue-white top", "blue", "blue"),
        ("(polka dot)", "polka dot", "polka dot"),
        ("- !", "-", "-"),
    ],
)
def test_evidence_never_cuts_a_word_in_half(text: str, cut: str, whole: str) -> None:
    start = text.index(cut)
    begins, ends = whole_words(text, start, start + len(cut))
    assert text[begins:ends] == whole
