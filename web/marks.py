"""Showing evidence inside a text: overlapping spans cut into stretches that nest nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from data.schema import Span


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of text; `attributes` are those it is evidence for, `ends` those ending with it."""

    text: str
    attributes: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()


def cut(text: str, spans: Mapping[str, Sequence[Span]]) -> list[Stretch]:
    """Cut `text` at every border of `spans` (attribute: spans in this text).

    The stretches joined give the text back, unmarked stretches included.
    """
    borders = {0, len(text)}
    for found in spans.values():
        for span in found:
            borders |= {span.start, span.end}
    cuts = sorted(border for border in borders if 0 <= border <= len(text))
    stretches = []
    for start, end in pairwise(cuts):
        inside = [
            (attribute, span.end)
            for attribute, found in spans.items()
            for span in found
            if span.start <= start and end <= span.end
        ]
        attributes = tuple(dict.fromkeys(attribute for attribute, _ in inside))
        ends = tuple(dict.fromkeys(attribute for attribute, last in inside if last == end))
        stretches.append(Stretch(text[start:end], attributes, ends))
    return stretches
