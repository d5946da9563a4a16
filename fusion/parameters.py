"""What the verdicts have learned: priors, how each source errs, and thresholds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.artifact import load_manifest, save_manifest
from data.errors import ArtifactError
from data.taxonomy import ATTRIBUTES, VALUES, WEAR_OF

ARTIFACT = Path(__file__).parent / "artifact"
FILE = "parameters.json"
SOURCES = ("field", "image", "text")
DIGITS = 6

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Branch:
    """How one branch speaks of one attribute, values in class order.

    says (k,): P(it says u). given (k, k): row v holds P(it says u | true v). Both within a wear
    type for item and length, where entries across wear types are 0. weight in (0, 1]: how much
    of this evidence is new beside the photo's, where that says something (1: all of it).
    """

    says: Vector
    given: Vector
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class AttributeParameters:
    """One attribute's numbers; item and length are conditional on the wear type throughout.

    prior (k,); field (k, k): row v holds P(seller picks f | true v). The score is
    sigmoid(slope * log-odds + intercept), which makes it mean what it says.
    """

    prior: Vector
    image: Branch
    text: Branch
    field: Vector
    slope: float
    intercept: float
    conflict_below: float  # score under which the field is called wrong, at most 0.5
    agree_from: float  # score from which it is called right
    contradiction_from: float  # P(photo and words mean different values) that is a conflict
    suggest_from: float  # probability from which a value is suggested, above 0.5


@dataclass(frozen=True, slots=True)
class Parameters:
    """All that `fusion.agreement` needs beside the predictions.

    length_of_item (items, lengths): P(length | item). Of all listings, wrong_photo and
    wrong_words are the shares that show or describe another product. slope and intercept
    calibrate the listing's score as an attribute's do; review_below is the listing score under
    which a person should look.
    """

    attributes: Mapping[str, AttributeParameters]
    length_of_item: Vector
    wrong_photo: float
    wrong_words: float
    slope: float
    intercept: float
    review_below: float

    @classmethod
    def load(cls, folder: Path = ARTIFACT) -> Parameters:
        """Read a released folder. Raises ArtifactError where it is foreign or malformed."""
        load_manifest(folder)
        try:
            return cls.from_json(json.loads((folder / FILE).read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ArtifactError(f"{folder / FILE} cannot be used: {error!r}.") from None

    def save(self, folder: Path, manifest: Mapping[str, Any]) -> None:
        """Write the numbers and the manifest that explains them."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.to_json(), indent=1) + "\n"
        (folder / FILE).write_text(text, encoding="utf-8")
        save_manifest(folder, dict(manifest))

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Parameters:
        """Build from `to_json`'s object. Raises KeyError, TypeError or ValueError."""
        found = {name: _attribute(name, raw["attributes"][name]) for name in ATTRIBUTES}
        lengths = _rows(raw["length_of_item"], VALUES["item"], VALUES["length"])
        rest = {name: _number(name, raw[name]) for name in cls.__slots__ if name not in _TABLES}
        if min(rest["wrong_photo"], rest["wrong_words"], rest["review_below"]) < 0:
            raise ValueError("a share of listings or a threshold is below 0")
        return cls(found, lengths, **rest)

    def to_json(self) -> dict[str, Any]:
        """Return plain numbers by name, rounded to six digits."""
        out: dict[str, Any] = {
            "attributes": {n: _attribute_json(n, a) for n, a in self.attributes.items()},
            "length_of_item": _named(self.length_of_item, VALUES["item"], VALUES["length"]),
        }
        return out | {n: round(getattr(self, n), DIGITS) for n in self.__slots__ if n not in out}


_TABLES = ("attributes", "length_of_item")


def family(attribute: str) -> NDArray[np.bool_]:
    """Return (k, k): whether two values belong to one wear type; all true for color and such."""
    wear_of = WEAR_OF.get(attribute, {})
    owner = np.array([wear_of.get(value, "") for value in VALUES[attribute]])
    same: NDArray[np.bool_] = owner[:, None] == owner[None, :]
    return same


def _attribute(name: str, raw: Mapping[str, Any]) -> AttributeParameters:
    values, same = VALUES[name], family(name)
    prior = _row(raw["prior"], values)
    _check(f"{name}: prior", (same * prior).sum(axis=1), prior)
    field = _rows(raw["field"], values, values)
    _check(f"{name}: field", field.sum(axis=1), field[same])
    image, text = (_branch(f"{name}: {source}", raw[source], values) for source in BRANCHES)
    numbers = {n: _number(f"{name}: {n}", raw[n]) for n in _NUMBERS}
    for label, (low, high) in _RANGES.items():
        if not low <= numbers[label] <= high:
            raise ValueError(f"{name}: {label} is {numbers[label]}, not in {low} to {high}")
    return AttributeParameters(prior, image, text, field, **numbers)


BRANCHES = ("image", "text")
_NUMBERS = tuple(f.name for f in fields(AttributeParameters) if f.type == "float")
_RANGES = {
    "slope": (0.0, 10.0),
    "conflict_below": (0.0, 0.5),
    "agree_from": (0.0, 1.0),
    "contradiction_from": (0.0, 1.0),
    "suggest_from": (0.5, 1.0),
}


def _branch(label: str, raw: Mapping[str, Any], values: Sequence[str]) -> Branch:
    same = family(label.partition(":")[0])
    says, given = _row(raw["says"], values), _rows(raw["given"], values, values)
    _check(f"{label} says", (same * says).sum(axis=1), says)
    _check(f"{label} given", given.sum(axis=1), given[same])
    return Branch(says, given, _number(label, raw["weight"]))


def _check(label: str, sums: Vector, shares: Vector) -> None:
    if not ((shares > 0) & (shares <= 1)).all():
        raise ValueError(f"{label} must give each value a probability above 0")
    if abs(sums - 1).max() > 1e-3:
        raise ValueError(f"{label} adds up to {sums[abs(sums - 1).argmax()]:.4f}, not 1")


def _number(label: str, raw: Any) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise ValueError(f"{label} is {raw!r}, not a number")
    return float(raw)


def _row(raw: Mapping[str, float], values: Sequence[str]) -> Vector:
    """Read a row; a value of the other wear type may be left out and is 0."""
    if not raw.keys() <= set(values):
        raise ValueError(f"unknown values {sorted(raw.keys() - set(values))}")
    return np.array([float(raw.get(value, 0.0)) for value in values])


def _rows(raw: Mapping[str, Any], rows: Sequence[str], columns: Sequence[str]) -> Vector:
    return np.stack([_row(raw[value], columns) for value in rows])


def _named(table: Vector, rows: Sequence[str], columns: Sequence[str]) -> dict[str, Any]:
    return {row: _named_row(line, columns) for row, line in zip(rows, table, strict=True)}


def _named_row(line: Vector, columns: Sequence[str]) -> dict[str, float]:
    found = zip(columns, line.tolist(), strict=True)
    return {column: round(p, DIGITS) for column, p in found if p > 0}


def _attribute_json(name: str, own: AttributeParameters) -> dict[str, Any]:
    values = VALUES[name]
    out: dict[str, Any] = {
        "prior": _named_row(own.prior, values),
        "field": _named(own.field, values, values),
    }
    for source in BRANCHES:
        branch: Branch = getattr(own, source)
        out[source] = {
            "says": _named_row(branch.says, values),
            "given": _named(branch.given, values, values),
            "weight": round(branch.weight, DIGITS),
        }
    return out | {n: round(getattr(own, n), DIGITS) for n in _NUMBERS}
