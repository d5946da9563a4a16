"""The phrase rules alone, asked as the networks are."""

from __future__ import annotations

from collections.abc import Sequence

from data.remarks import Contradiction, NamedColor, Statement
from data.schema import Prediction, Span
from text.language import foreign
from text.reading import CONTRADICTED, Reading
from text.rules import find
from text.verdicts import stated


class Rules:
    """Reads titles and descriptions by `text.rules`; they are not told the brand."""

    def predict(self, texts: Sequence[tuple[str, str]]) -> list[dict[str, Prediction]]:
        """Return what each (title, description) states, by attribute; every answer is certain."""
        return [reading.answers for reading in self.read(texts)]

    def read(self, texts: Sequence[tuple[str, str]]) -> list[Reading]:
        """Return the answers with the contradictions, named colors and language."""
        return [_reading(*text) for text in texts]


def _reading(title: str, description: str) -> Reading:
    """Read what is English; a second value of one garment is a contradiction."""
    other = foreign(title, description)
    texts = {
        "title": "" if "title" in other else title,
        "description": "" if "description" in other else description,
    }
    hits = find(**texts)
    found = stated(hits)
    together = any(hit.label == "wear:set" for hit in hits)
    return Reading(
        {name: Prediction(next(iter(v), None), 1.0, {}, ()) for name, v in found.items()},
        tuple(
            Contradiction(name, tuple(Statement(value, ()) for value in found[name]))
            for name in CONTRADICTED
            if len(found[name]) > 1 and not together
        ),
        tuple(
            NamedColor(h.label[4:], Span(h.start, h.end, texts[h.where][h.start : h.end], h.where))
            for h in hits
            if h.label.startswith("hue:")
        ),
        other,
    )
