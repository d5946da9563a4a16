"""Deterministic stand-ins that tests pass by argument; they share the real shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data.errors import SelvedgeError
from data.remarks import Remarks
from data.schema import AttributeReport, Listing, Prediction, Report, Span
from data.taxonomy import ATTRIBUTES, VALUES, parse_fields

SEEN = {
    "wear": "upper",
    "item": "shirt",
    "length": "half_sleeve",
    "color": "multi",
    "pattern": "striped",
}
PHRASES = {"item": "shirt", "length": "half sleeves", "pattern": "striped"}


def prediction(
    attribute: str,
    value: str | None,
    confidence: float = 0.97,
    evidence: tuple[Span, ...] | None = None,
) -> Prediction:
    """A prediction whose probabilities add up to 1."""
    values = VALUES[attribute]
    if value is None:
        share = dict.fromkeys(values, 1 / len(values))
    else:
        share = dict.fromkeys(values, (1 - confidence) / (len(values) - 1)) | {value: confidence}
    return Prediction(value, confidence, share, evidence)


def spans(listing: Listing, attribute: str) -> tuple[Span, ...]:
    """Every place where the fake's phrase for the attribute stands in the words."""
    phrase = PHRASES.get(attribute, "\0never")
    found = []
    for where in ("title", "description"):
        start = getattr(listing, where).casefold().find(phrase)
        if start >= 0:
            end = start + len(phrase)
            found.append(Span(start, end, getattr(listing, where)[start:end], where))
    return tuple(found)


class FakeChecker:
    """Sees a striped half-sleeved shirt in every photo and reads three phrases."""

    model_version = "fake-1"

    def __init__(
        self,
        *,
        seen: Mapping[str, str | None] = SEEN,
        in_scope: bool = True,
        remarks: Remarks | None = None,
    ) -> None:
        self.seen = seen
        self.in_scope = in_scope
        self.remarks = remarks
        self.listings: list[Listing] = []

    def check(self, listings: Sequence[Listing]) -> list[Report | SelvedgeError]:
        self.listings += listings
        return [self._report(listing) for listing in listings]

    def _report(self, listing: Listing) -> Report:
        fields = parse_fields(dict(listing.fields))
        found = {a: self._attribute(a, fields[a], spans(listing, a)) for a in ATTRIBUTES}
        statuses = {entry.status for entry in found.values()}
        status = "conflict" if "conflict" in statuses else "consistent"
        return Report(
            listing.listing_id,
            status if self.in_scope else "out_of_scope",
            0.08 if status == "conflict" else 0.93,
            self.model_version,
            found,
            remarks=self.remarks,
        )

    def _attribute(
        self, attribute: str, field: str | None, evidence: tuple[Span, ...]
    ) -> AttributeReport:
        seen = self.seen[attribute] if self.in_scope else None
        said = SEEN[attribute] if evidence else None
        status = "not_given" if field is None else "agree" if field == seen else "conflict"
        if seen is None and field is not None:
            status = "unsure"
        return AttributeReport(
            field,
            prediction(attribute, seen),
            prediction(attribute, said, 0.93, evidence),
            status,
            None if field is None else 0.97 if status == "agree" else 0.03,
            "field" if status == "conflict" else None,
            None if status == "agree" else seen,
        )
