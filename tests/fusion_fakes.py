"""Stand-ins for the two branches, handed to `Checker` as arguments, and the report's contract.

A photo's mean color is its garment (red: full sleeves, blue: half sleeves, black: out of scope);
the words "full sleeves" and "half sleeves" state a length. Both rules are ours, so a test knows
what a listing should be told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from data.images import Source
from data.schema import Prediction, Span
from data.taxonomy import ATTRIBUTES, VALUES, WEAR_OF, values_for
from fusion.checker import Checker
from fusion.evidence import WEAR_OF_ITEM, WEAR_OF_LENGTH
from fusion.parameters import AttributeParameters, Branch, Parameters, family
from text.reading import Reading
from vision.preprocess import to_pixels

SHIRT = {"wear": "upper", "item": "shirt", "color": "single", "pattern": "solid"}


def table(attribute: str, value: str, p: float) -> dict[str, float]:
    """Give `value` probability p, the other wear type's 0.002, and share the rest."""
    near = values_for(attribute, WEAR_OF.get(attribute, {}).get(value))
    far = [v for v in VALUES[attribute] if v not in near]
    others = [v for v in near if v != value]
    left = 1 - p - (0.002 if far else 0)
    shares = {v: left / len(others) for v in others} | {v: 0.002 / len(far) for v in far}
    return {v: {**shares, value: p}[v] for v in VALUES[attribute]}


def flat(attribute: str) -> dict[str, float]:
    return {v: 1 / len(VALUES[attribute]) for v in VALUES[attribute]}


def shows(attribute: str, value: str | None, p: float = 0.97) -> Prediction:
    """A photo's answer; None: the photo cannot tell."""
    if value is None:
        return Prediction(None, p, flat(attribute))
    return Prediction(value, p, table(attribute, value, p))


def says(attribute: str, value: str | None, p: float = 0.97) -> Prediction:
    """The words' answer; None: not stated."""
    if value is None:
        return Prediction(None, p, flat(attribute), ())
    return Prediction(value, p, table(attribute, value, p), ())


def spread(attribute: str, right: float) -> np.ndarray:
    """A table (k, k): each value itself with chance `right`, another of its wear type else."""
    same = family(attribute) * 1.0
    np.fill_diagonal(same, 0.0)
    away = (1 - right) * same / same.sum(axis=1, keepdims=True)
    return away + right * np.eye(len(same))


def even(attribute: str) -> np.ndarray:
    return 1.0 / family(attribute).sum(axis=1)


def parameters(*, right: float = 0.9, image: float = 0.98, text: float = 0.95,
               **changes: float) -> Parameters:  # fmt: skip
    """Round numbers: even priors; field, photo and words right with these chances."""
    numbers = {
        "slope": 1.0,
        "intercept": 0.0,
        "conflict_below": 0.5,
        "agree_from": 0.9,
        "contradiction_from": 0.8,
        "suggest_from": 0.6,
        **changes,
    }
    attributes = {
        name: AttributeParameters(
            prior=even(name),
            image=Branch(even(name), spread(name, image)),
            text=Branch(even(name), spread(name, text)),
            field=spread(name, right),
            **numbers,
        )
        for name in ATTRIBUTES
    }
    lengths = 0.25 * (WEAR_OF_ITEM[:, None] == WEAR_OF_LENGTH[None, :])
    return Parameters(attributes, lengths, wrong_photo=0.01, wrong_words=0.01,
                      slope=1.0, intercept=0.0, review_below=0.3)  # fmt: skip


@dataclass(frozen=True)
class FakeResult:
    attributes: Mapping[str, Prediction]
    in_scope: float

    @property
    def maps(self) -> dict[str, np.ndarray]:
        """A class map of one position: the logs of the probabilities."""
        tables = {name: list(seen.probabilities.values()) for name, seen in self.attributes.items()}
        return {name: np.log(table).reshape(1, 1, -1) for name, table in tables.items()}


class FakeImages:
    """Reads the garment off the photo's mean color; counts its calls."""

    def __init__(self) -> None:
        self.calls: list[int] = []

    def predict(self, images: Sequence[Source]) -> list[FakeResult]:
        self.calls.append(len(images))
        return [self._result(to_pixels(image).mean(axis=(0, 1))) for image in images]

    def _result(self, rgb: np.ndarray) -> FakeResult:
        if rgb.max() < 40:
            return FakeResult({name: shows(name, None, 0.9) for name in ATTRIBUTES}, 0.1)
        length = "full_sleeve" if rgb[0] > rgb[2] else "half_sleeve"
        seen = {name: shows(name, value) for name, value in {**SHIRT, "length": length}.items()}
        return FakeResult(seen, 1.0)


class FakeTexts:
    """Reads "full sleeves" and "half sleeves"."""

    def predict(self, texts: Sequence[tuple[str, str]]) -> list[dict[str, Prediction]]:
        return [self._said(title, description) for title, description in texts]

    def read(self, texts: Sequence[tuple[str, str]]) -> list[Reading]:
        return [Reading(answers, (), (), {}) for answers in self.predict(texts)]

    def _said(self, title: str, description: str) -> dict[str, Prediction]:
        said = {name: says(name, None) for name in ATTRIBUTES}
        for where, text in (("title", title), ("description", description)):
            for found in re.finditer(r"(full|half) sleeves", text):
                span = Span(found.start(), found.end(), found.group(), where)
                value = f"{found.group(1)}_sleeve"
                said["length"] = Prediction(value, 0.95, table("length", value, 0.95), (span,))
        return said


def fake_checker(version: str = "fake") -> Checker:
    return Checker(FakeImages(), FakeTexts(), parameters(), model_version=version)


def photo(path: Path, color: str) -> Path:
    Image.new("RGB", (90, 120), color).save(path)
    return path


def assert_report(report: Mapping[str, Any]) -> None:
    """Hold one output object to CONTRACT.md, section 3."""
    contract = {"listing_id", "status", "score", "model_version", "attributes"}
    remarks = {
        "quality",
        "odd_photo",
        "no_garment",
        "hidden",
        "contradictions",
        "colors",
        "foreign",
    }
    said = set(report) - remarks - {"input_digest"}  # the last: of a file's reports
    assert said == contract | {"odd_one_out", "belongs", "review_below"}
    assert set(report) & remarks in (set(), remarks), "a verdict alone makes no remarks"
    assert report["status"] in ("consistent", "conflict", "unsure", "out_of_scope")
    assert isinstance(report["model_version"], str)
    assert report["model_version"]
    assert report["odd_one_out"] in ("field", "image", "text", None)
    assert report["odd_one_out"] is None or report["status"] in ("conflict", "out_of_scope")
    assert all(0 <= chance <= 1 for chance in report["belongs"].values())
    assert tuple(report["attributes"]) == ATTRIBUTES
    for name, attribute in report["attributes"].items():
        _assert_attribute(name, attribute)
    given = [a["score"] for a in report["attributes"].values() if a["field"] is not None]
    assert (report["score"] is None) == (not given)
    assert report["score"] is None or 0 <= report["score"] <= min(given) + 1e-9
    if report["status"] == "out_of_scope":
        assert all(a["image"]["value"] is None for a in report["attributes"].values())


def _assert_attribute(name: str, attribute: Mapping[str, Any]) -> None:
    keys = ["field", "image", "text", "status", "score", "odd_one_out", "suggestion"]
    assert list(attribute) == [*keys, "contributions"]
    values = (*VALUES[name], None)
    assert attribute["field"] in values
    assert attribute["suggestion"] in values
    assert attribute["suggestion"] is None or attribute["suggestion"] != attribute["field"]
    assert attribute["status"] in ("agree", "conflict", "unsure", "not_given")
    assert attribute["odd_one_out"] in ("field", "image", "text", None)
    assert attribute["odd_one_out"] is None or attribute["status"] == "conflict"
    assert (attribute["score"] is None) == (attribute["field"] is None)
    assert attribute["score"] is None or 0 <= attribute["score"] <= 1
    assert (attribute["contributions"] is None) == (attribute["field"] is None)
    if attribute["status"] == "not_given":
        assert attribute["field"] is None
    for branch in ("image", "text"):
        answer = attribute[branch]
        keys = ["value", "confidence", "probabilities"]
        assert list(answer) == (keys if branch == "image" else [*keys, "evidence"])
        assert answer["value"] in values
        assert 0 <= answer["confidence"] <= 1
        assert tuple(answer["probabilities"]) == VALUES[name]
        assert abs(sum(answer["probabilities"].values()) - 1) < 1e-3  # four digits each
    for span in attribute["text"]["evidence"]:
        assert list(span) == ["start", "end", "text", "in"]
        assert span["in"] in ("title", "description")
        assert len(span["text"]) == span["end"] - span["start"] > 0


def assert_wears_agree(report: Mapping[str, Any]) -> None:
    """Suggestions of item and length belong to one wear type."""
    suggested = {n: report["attributes"][n]["suggestion"] for n in WEAR_OF}
    assert len({WEAR_OF[n][v] for n, v in suggested.items() if v}) <= 1
    wear = report["attributes"]["wear"]["suggestion"]
    assert all(v is None or v in values_for(n, wear) for n, v in suggested.items())
