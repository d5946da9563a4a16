"""Listings as they may come in: annotated garments with fields made wrong as people do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from data.taxonomy import ATTRIBUTES, VALUES, WEAR_OF, values_for
from fusion.parameters import Parameters
from training.fusion_fit import Example

Fields = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A listing as a seller may fill it in: `example.truth` is what its photo really shows."""

    example: Example
    fields: Fields

    def right(self, name: str) -> bool:
        return self.fields[name] == self.example.truth[name]


def draw(
    examples: Sequence[Example], parameters: Parameters, *, times: int, seed: int
) -> list[Drawn]:
    """Draw each example `times` times with fields right or wrong as `parameters` expect it.

    A share of `wrong_photo` gets the photo, and so the truth, of another garment of the same kind
    of source (with words, or without). Attributes that nobody judged stay empty.
    """
    random = np.random.default_rng(seed)
    found = []
    for number, example in enumerate(examples):
        others = [e for e in _alike(examples, example) if e.group != example.group]
        for _ in range(times):
            fields = _fill_in(examples[number].truth, parameters, random)
            shown = example
            if others and random.random() < parameters.wrong_photo:
                other = others[int(random.integers(len(others)))]
                shown = replace(example, truth=other.truth, image=other.image)
                fields = {n: v if other.truth[n] else None for n, v in fields.items()}
            found.append(Drawn(shown, fields))
    return found


def worded(example: Example) -> bool:
    """Tell whether the words state anything."""
    return any(answer.value is not None for answer in example.text.values())


def _alike(examples: Sequence[Example], example: Example) -> list[Example]:
    return [e for e in examples if worded(e) == worded(example)]


def _fill_in(
    truth: Mapping[str, str | None], parameters: Parameters, random: np.random.Generator
) -> Fields:
    own = parameters.attributes
    fields: Fields = dict.fromkeys(ATTRIBUTES)
    wear = _pick("wear", truth["wear"], own["wear"].field, random)
    fields["wear"] = wear
    for name in ATTRIBUTES[1:]:
        true = truth[name]
        if true and name in WEAR_OF and WEAR_OF[name][true] != wear:
            # Another garment's form: what is common there.
            values = values_for(name, wear)
            share = np.array([own[name].prior[VALUES[name].index(v)] for v in values])
            fields[name] = str(random.choice(values, p=share / share.sum()))
        else:
            fields[name] = _pick(name, true, own[name].field, random)
    return fields


def _pick(
    name: str, true: str | None, table: np.ndarray, random: np.random.Generator
) -> str | None:
    if true is None:
        return None
    row = table[VALUES[name].index(true)]
    return str(random.choice(VALUES[name], p=row / row.sum()))
