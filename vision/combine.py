"""Several photos of one listing, answered as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, log
from typing import Protocol

from data.schema import Prediction
from data.taxonomy import VALUES, values_for

LEAST = 1e-9  # keeps a photo's flat zero from vetoing what all the others show

Answers = Mapping[str, Prediction]


class Seen(Protocol):
    """What the image branch says of one photo: `vision.tagger.ImageResult`."""

    @property
    def attributes(self) -> Answers: ...
    @property
    def in_scope(self) -> float: ...


def combine(seen: Sequence[Seen]) -> tuple[Answers, float]:
    """Return what all photos of one listing show together, and the chance that any is in scope.

    Probabilities are the photos' geometric mean, made to sum to 1; photos out of scope (a size
    chart, a detail) count only where there are no others.
    """
    in_scope = max(result.in_scope for result in seen)
    useful = [r for r in seen if r.attributes["wear"].value is not None] or seen
    if len(useful) == 1:
        return useful[0].attributes, useful[0].in_scope
    outside = useful[0].attributes["wear"].value is None
    wear: str | None = None
    together = {}
    for name in VALUES:
        table = _geometric_mean([result.attributes[name].probabilities for result in useful])
        best = max(values_for(name, wear), key=table.__getitem__)
        wear = best if name == "wear" else wear  # wear comes first and bounds item and length
        confidence = 1.0 - in_scope if outside else table[best] * in_scope
        together[name] = Prediction(None if outside else best, confidence, table)
    return together, in_scope


def _geometric_mean(tables: Sequence[Mapping[str, float]]) -> dict[str, float]:
    raw = {v: exp(sum(log(max(t[v], LEAST)) for t in tables) / len(tables)) for v in tables[0]}
    total = sum(raw.values())
    return {v: p / total for v, p in raw.items()}
