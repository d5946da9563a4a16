"""A labelled text as pieces that can be rewritten without losing where each label is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from text.hits import Hit


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and the labels its characters carry."""

    text: str
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sample:
    """A listing's words as pieces. `answers` holds the allowed values per attribute where a person
    judged them ("not_stated" among them); elsewhere the labels give the answer."""

    title: tuple[Piece, ...]
    description: tuple[Piece, ...]
    brand: str = ""
    answers: dict[str, frozenset[str]] = field(default_factory=dict)

    def map(self, change: object) -> Sample:
        """Return the sample with `change(piece)` in the place of every piece."""
        return replace(
            self,
            title=tuple(change(p) for p in self.title),  # type: ignore[operator]
            description=tuple(change(p) for p in self.description),  # type: ignore[operator]
        )

    def labels(self) -> set[str]:
        """Return every label carried somewhere."""
        return {label for p in (*self.title, *self.description) for label in p.labels}


def pieces(text: str, hits: Iterable[Hit]) -> tuple[Piece, ...]:
    """Cut `text` where its labelled spans begin and end."""
    spans = [(h.start, h.end, h.label) for h in hits]
    cuts = sorted({0, len(text), *(at for start, end, _ in spans for at in (start, end))})
    return tuple(
        Piece(text[a:b], frozenset(label for s, e, label in spans if s <= a and b <= e))
        for a, b in pairwise(cuts)
    )


def joined(parts: Sequence[Piece], where: str) -> tuple[str, list[Hit]]:
    """Return the text of the pieces and its labelled spans (neighbors of one label are merged)."""
    text, hits, open_hits = "", [], {}
    for number, part in enumerate(parts):
        for label in part.labels:
            start = open_hits[label].start if label in open_hits else len(text)
            end = len(text) + len(part.text)
            open_hits[label] = Hit(label, start, end, where, 0, number, number)
        for label in [k for k in open_hits if k not in part.labels]:
            hits.append(open_hits.pop(label))
        text += part.text
    hits.extend(open_hits.values())
    return text, sorted(hits, key=lambda hit: hit.start)
