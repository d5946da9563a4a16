"""What the verdicts have learned: priors, how far each source is trusted, and thresholds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from data.artifact import load_manifest, save_manifest
from data.errors import ArtifactError
from data.taxonomy import ATTRIBUTES, VALUES

ARTIFACT = Path(__file__).parent / "artifact"
FILE = "parameters.json"


@dataclass(frozen=True, slots=True)
class AttributeParameters:
    """One attribute's numbers, every table over all its values in class order.

    A floor in [0, 1] is the chance that a branch speaks of something else than the garment for
    sale; it keeps one over-confident branch from settling a verdict alone.
    """

    prior: Mapping[str, float]  # P(true = v), sums to 1
    stated: Mapping[str, float]  # P(words name v | they name something), sums to 1
    image_floor: float
    text_floor: float
    field: Mapping[str, Mapping[str, float]]  # field[v][f] = P(seller picks f | true = v)
    conflict_below: float  # score under which the field is called wrong, at most 0.5
    agree_from: float  # score from which it is called right


@dataclass(frozen=True, slots=True)
class Parameters:
    """All that `fusion.agreement` needs beside the predictions."""

    attributes: Mapping[str, AttributeParameters]
    contradiction_from: float  # P(photo and words mean different values) that is a conflict
    suggest_from: float  # probability from which a value is suggested

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
        found = {name: AttributeParameters(**raw["attributes"][name]) for name in ATTRIBUTES}
        for name, parameters in found.items():
            _check(name, parameters)
        return cls(found, float(raw["contradiction_from"]), float(raw["suggest_from"]))

    def to_json(self) -> dict[str, Any]:
        """Return plain numbers, rounded to six digits."""
        rounded: dict[str, Any] = json.loads(
            json.dumps(asdict(self)), parse_float=lambda text: round(float(text), 6)
        )
        return rounded


def _check(name: str, parameters: AttributeParameters) -> None:
    tables = {"prior": parameters.prior, "stated": parameters.stated}
    tables |= {f"field of {v}": parameters.field[v] for v in VALUES[name]}
    for label, table in tables.items():
        if tuple(table) != VALUES[name] or not all(0 < p <= 1 for p in table.values()):
            raise ValueError(f"{name}: {label} must give each value a probability above 0")
        if abs(sum(table.values()) - 1) > 1e-3:
            raise ValueError(f"{name}: {label} adds up to {sum(table.values()):.4f}, not 1")
    most = {"image_floor": 1.0, "text_floor": 1.0, "conflict_below": 0.5, "agree_from": 1.0}
    for label, highest in most.items():
        if not 0 <= (number := getattr(parameters, label)) <= highest:
            raise ValueError(f"{name}: {label} is {number}, not in 0 to {highest}")
