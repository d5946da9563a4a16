"""The shapes every part passes on: a listing going in, predictions, a report coming out.

Standard library only. JSON spellings are those of the public contract: `Listing.from_json` reads
an input line and `to_json` of a report writes an output line.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import InvalidListing, SelvedgeError
from data.taxonomy import ATTRIBUTES, parse_fields

if TYPE_CHECKING:
    from data.remarks import Remarks

MAX_IMAGES = 8
MAX_TEXT = 50_000  # characters of title and of description that are read


@dataclass(frozen=True, slots=True)
class Listing:
    """What a seller uploads: photos, words and fields (all five keys, None where not given)."""

    listing_id: str
    images: tuple[Path, ...] = ()
    title: str = ""
    description: str = ""
    fields: Mapping[str, str | None] = field(default_factory=lambda: dict.fromkeys(ATTRIBUTES))

    @classmethod
    def from_json(
        cls, line: Mapping[str, Any], *, folder: Path = Path(), need_images: bool = True
    ) -> Listing:
        """Read one input object; relative image paths are taken against `folder`.

        Raises InvalidListing (UnknownValue, ContradictoryFields) with one sentence.
        """
        return cls(
            listing_id=listing_id_of(line),
            images=_images(line.get("images"), folder, need_images),
            title=_text(line, "title"),
            description=_text(line, "description"),
            fields=parse_fields(_raw_fields(line.get("fields"))),
        )


KEYS = tuple(part.name for part in dataclasses.fields(Listing))  # of an input line


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the title or description: `text == where[start:end]`, in characters."""

    start: int
    end: int
    text: str
    where: str  # "title" or "description"

    def to_json(self) -> dict[str, Any]:
        return {"start": self.start, "end": self.end, "text": self.text, "in": self.where}


@dataclass(frozen=True, slots=True)
class Prediction:
    """What one branch says of one attribute.

    `value` is None where the photo cannot show it or the words do not state it. `probabilities`
    (calibrated, class order, sum 1) answer "if it says something, what"; `confidence` in [0, 1]
    is that of the answer given, None included.
    """

    value: str | None
    confidence: float
    probabilities: Mapping[str, float]
    evidence: tuple[Span, ...] | None = None  # None for a photo, whose evidence is a map

    @property
    def stated(self) -> float:
        """Probability that the branch says anything at all, in [0, 1]."""
        if self.value is None:
            return 1.0 - self.confidence
        top = self.probabilities[self.value]
        return min(1.0, self.confidence / top) if top > 0 else 0.0

    def to_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {
            "value": self.value,
            "confidence": round(self.confidence, 4),
            "probabilities": {v: round(p, 4) for v, p in self.probabilities.items()},
        }
        if self.evidence is not None:
            out["evidence"] = [span.to_json() for span in self.evidence]
        return out


@dataclass(frozen=True, slots=True)
class AttributeReport:
    """The verdict on one attribute; `status` is agree, conflict, unsure or not_given.

    `contributions`: by how much field, image and text moved the score's log-odds; they add up to
    it. None where there is no score.
    """

    field: str | None
    image: Prediction
    text: Prediction
    status: str
    score: float | None
    odd_one_out: str | None  # "field", "image", "text" or None
    suggestion: str | None
    contributions: Mapping[str, float] | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "field": self.field,
            "image": self.image.to_json(),
            "text": self.text.to_json(),
            "status": self.status,
            "score": None if self.score is None else round(self.score, 4),
            "odd_one_out": self.odd_one_out,
            "suggestion": self.suggestion,
            "contributions": _rounded(self.contributions),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on one listing; `status` is consistent, conflict, unsure or out_of_scope.

    `odd_one_out` is "image" or "text" where that is of another product as a whole, "field" where
    single fields are off, else None. `belongs`: the chance in [0, 1] that image and text are of
    the product the rest tells of. A person should look at a score under `review_below`.
    `remarks` are those of `data.remarks`; their keys stand among the report's own.
    """

    listing_id: str
    status: str
    score: float | None
    model_version: str
    attributes: Mapping[str, AttributeReport]
    odd_one_out: str | None = None
    belongs: Mapping[str, float] | None = None
    review_below: float | None = None
    remarks: Remarks | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "listing_id": self.listing_id,
            "status": self.status,
            "score": None if self.score is None else round(self.score, 4),
            "odd_one_out": self.odd_one_out,
            "belongs": _rounded(self.belongs),
            "review_below": None if self.review_below is None else round(self.review_below, 4),
            "model_version": self.model_version,
            "attributes": {name: a.to_json() for name, a in self.attributes.items()},
            **({} if self.remarks is None else self.remarks.to_json()),
        }


def _rounded(numbers: Mapping[str, float] | None) -> dict[str, float] | None:
    return None if numbers is None else {name: round(n, 4) for name, n in numbers.items()}


def error_line(listing_id: str | None, error: SelvedgeError) -> dict[str, Any]:
    """Return the output object of a listing that could not be read."""
    return {"listing_id": listing_id, "error": error.to_json()}


def parse_line(text: str) -> Mapping[str, Any]:
    """Parse one line of JSONL into an object. Raises InvalidListing."""
    try:
        line = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidListing(f"The line is not valid JSON ({error}).", code="bad_json") from None
    if not isinstance(line, dict):
        raise InvalidListing(
            f"A line must be a JSON object, not {type(line).__name__}.", code="bad_json"
        )
    try:  # an escape such as "\\ud800" alone is no character: no file or report could hold it
        json.dumps(line, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise InvalidListing(
            "The line holds half of a surrogate pair, which is no character.", code="bad_json"
        ) from None
    return line


def listing_id_of(line: Mapping[str, Any]) -> str:
    """Return the listing's id. Raises InvalidListing where it is missing or empty."""
    listing_id = line.get("listing_id")
    if isinstance(listing_id, int) and not isinstance(listing_id, bool):
        listing_id = str(listing_id)
    if not isinstance(listing_id, str) or not listing_id.strip():
        raise InvalidListing(
            "listing_id must be a non-empty text or a whole number.", field="listing_id"
        )
    return listing_id


def _images(raw: Any, folder: Path, needed: bool) -> tuple[Path, ...]:
    if raw is None:
        raw = []
    if not isinstance(raw, list) or not all(isinstance(p, str) and p for p in raw):
        raise InvalidListing("images must be a list of file paths.", field="images")
    if any("\0" in path for path in raw):
        raise InvalidListing("An image path holds a null byte.", field="images")
    if len(raw) > MAX_IMAGES:
        raise InvalidListing(
            f"{len(raw)} images given; a listing holds 1 to {MAX_IMAGES}.",
            code="too_many_images",
            field="images",
        )
    if needed and not raw:
        raise InvalidListing(
            f"No image given; a listing holds 1 to {MAX_IMAGES}.", code="no_image", field="images"
        )
    return tuple(folder / path for path in raw)


def _text(line: Mapping[str, Any], name: str) -> str:
    value = line.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidListing(f"{name} must be a text, not {type(value).__name__}.", field=name)
    if len(value) > MAX_TEXT:
        raise InvalidListing(
            f"{name} has {len(value)} characters; at most {MAX_TEXT} are read.", field=name
        )
    return value


def _raw_fields(raw: Any) -> Mapping[str, str | None]:
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        raise InvalidListing("fields must be an object of attribute: value.", field="fields")
    for name, value in raw.items():
        if value is not None and not isinstance(value, str):
            raise InvalidListing(
                f"{str(name)[:60]} must be a text or null, not {type(value).__name__}.",
                field=str(name)[:60],
            )
    return raw
