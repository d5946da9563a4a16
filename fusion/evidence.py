"""What each source says of a listing, as numbers that multiply each value's chance.

A garment is one pair of item and length that go together, which settles the wear type; color and
pattern stand by themselves. Each of these three `Block`s is judged exactly, by enumeration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.schema import Prediction
from data.taxonomy import ATTRIBUTES, VALUES, WEAR_OF, WEARS
from fusion.parameters import AttributeParameters, Branch, Parameters, Vector, family

# A branch never excludes a value: networks answer 0.0000001 where they have seen nothing alike.
# 0.001 hid how sure the photo is and cost .01 of AUPRC on validation; under 0.0001 nothing changes.
LEAST = 1e-4

Index = NDArray[np.intp]
Answers = Mapping[str, Prediction]
Fields = Mapping[str, str | None]

WEAR_OF_ITEM = np.array([WEARS.index(WEAR_OF["item"][v]) for v in VALUES["item"]])
WEAR_OF_LENGTH = np.array([WEARS.index(WEAR_OF["length"][v]) for v in VALUES["length"]])
# The 60 garments: class numbers of their item, length and wear type.
ITEM, LENGTH = np.nonzero(WEAR_OF_ITEM[:, None] == WEAR_OF_LENGTH[None, :])
WEAR = WEAR_OF_ITEM[ITEM]


@dataclass(frozen=True, slots=True)
class Block:
    """Attributes judged together, over their n joint states.

    prior (n,) sums to 1; evidence holds (n,) for each of field, image, text (what the words add to
    the photo) and words (what they tell alone); values maps each attribute to its class number in
    every state; given: the attributes whose field is given.
    """

    prior: Vector
    evidence: Mapping[str, Vector]
    values: Mapping[str, Index]
    right: Vector  # (n,) whether a state agrees with every given field
    given: tuple[str, ...]

    def mass(self, *sources: str) -> Vector:
        """Return prior times the evidence of the sources named, (n,), not normalized."""
        table = self.prior
        for source in sources:
            table = table * self.evidence[source]
        return table

    def chances(self, attribute: str, *sources: str) -> Vector:
        """Return P(value | sources) over the attribute's values in class order."""
        k = len(VALUES[attribute])
        found = np.bincount(self.values[attribute], self.mass(*sources), minlength=k)
        shares: Vector = found / found.sum()
        return shares

    def apart(self, attribute: str) -> float:
        """Return the chance that photo and words, each alone, mean different values."""
        return 1.0 - float(self.chances(attribute, "image") @ self.chances(attribute, "words"))


def blocks(
    fields: Fields, image: Answers, text: Answers, parameters: Parameters
) -> tuple[Block, ...]:
    """Return the garment's, the color's and the pattern's block of one listing."""
    words = branch_evidence(text, parameters, "text")
    tables = {
        "image": branch_evidence(image, parameters, "image"),
        "text": {n: _beside(image[n], parameters.attributes[n], words[n]) for n in ATTRIBUTES},
        "words": words,
    }
    # A network that answers item and length from one photo has weighed already what goes together:
    # its two answers are multiplied as they are, and the prior's own weighing is taken back.
    usual = parameters.attributes["length"].prior[LENGTH] / parameters.length_of_item[ITEM, LENGTH]
    weighed = usual ** (image["length"].stated if image["length"].value is not None else 0.0)
    return (
        _garment(fields, tables, parameters, weighed),
        *(_single(name, fields, tables, parameters) for name in ("color", "pattern")),
    )


def branch_evidence(answers: Answers, parameters: Parameters, source: str) -> dict[str, Vector]:
    """Return per attribute what a branch multiplies each value by; ones where it is silent."""
    return {
        name: _evidence(name, answers, getattr(own, source))
        for name, own in parameters.attributes.items()
    }


def within(shares: Vector, attribute: str) -> Vector:
    """Return the shares (..., k) of each value among those of its own wear type."""
    raised = shares + LEAST
    return raised / (raised @ family(attribute))


def _evidence(name: str, answers: Answers, branch: Branch) -> Vector:
    answer = answers[name]
    shares = np.array(list(answer.probabilities.values()))
    if name == "wear":
        answer, shares = _wear_answer(answers)
    if answer.value is None:
        return np.ones(len(shares))
    told = branch.given @ (within(shares, name) / branch.says)
    table: Vector = answer.stated * told + 1.0 - answer.stated
    return table


def by_itself(name: str, wear_like: str, words: Answers, own: AttributeParameters) -> Vector:
    """Return P(v | what the words say of this attribute), all else they say left aside.

    Within the wear type of the value `wear_like`. "Short sleeves" mean short ones also where the
    words tell of a sweatshirt, of which they are hard to believe.
    """
    meant = own.prior * _evidence(name, words, own.text)
    meant = meant * family(name)[VALUES[name].index(wear_like)]
    shares: Vector = meant / meant.sum()
    return shares


def _beside(photo: Prediction, own: AttributeParameters, words: Vector) -> Vector:
    """Return what the words add to the photo: all they tell where it is silent."""
    added: Vector = words if photo.value is None else words**own.text.weight
    return added


def _wear_answer(answers: Answers) -> tuple[Prediction, Vector]:
    """Return the answer that tells the wear type, with its shares: an item or length tells too."""
    for name, owner in (("item", WEAR_OF_ITEM), ("length", WEAR_OF_LENGTH)):
        answer = answers[name]
        if answers["wear"].value is None and answer.value is not None:
            shares = np.array(list(answer.probabilities.values()))
            wears: Vector = np.bincount(owner, shares, minlength=len(WEARS)).astype(np.float64)
            return answer, wears
    return answers["wear"], np.array(list(answers["wear"].probabilities.values()))


def _garment(
    fields: Fields,
    tables: Mapping[str, Mapping[str, Vector]],
    parameters: Parameters,
    weighed: Vector,
) -> Block:
    wear, item = parameters.attributes["wear"].prior, parameters.attributes["item"].prior
    prior = wear[WEAR] * item[ITEM] * parameters.length_of_item[ITEM, LENGTH]
    evidence = {
        source: t["wear"][WEAR] * t["item"][ITEM] * t["length"][LENGTH]
        for source, t in tables.items()
    }
    values = {"wear": WEAR, "item": ITEM, "length": LENGTH}
    evidence["image"] = evidence["image"] * weighed
    evidence["field"] = garment_field(fields, parameters)
    return _block(prior / prior.sum(), evidence, values, fields)


def garment_field(fields: Fields, parameters: Parameters) -> Vector:
    """Return P(the wear, item and length given | garment), (60,); ones where none is given.

    A seller who takes the wear type wrong fills in another garment's form: item and length then
    follow what is common there.
    """
    chance = np.ones(len(ITEM))
    wear = next((w for n in ("wear", *WEAR_OF) if (w := _wear(n, fields.get(n)))), None)
    if wear is not None:
        chance = parameters.attributes["wear"].field[WEAR, WEARS.index(wear)]
    for name, number in (("item", ITEM), ("length", LENGTH)):
        if value := fields.get(name):
            own, picked = parameters.attributes[name], VALUES[name].index(value)
            same = WEARS.index(WEAR_OF[name][value]) == WEAR
            chance = chance * np.where(same, own.field[number, picked], own.prior[picked])
    return chance


def _wear(name: str, value: str | None) -> str | None:
    return value if value is None or name == "wear" else WEAR_OF[name][value]


def _single(
    name: str,
    fields: Fields,
    tables: Mapping[str, Mapping[str, Vector]],
    parameters: Parameters,
) -> Block:
    own = parameters.attributes[name]
    evidence = {source: t[name] for source, t in tables.items()}
    picked = fields.get(name)
    given = np.ones(len(own.prior)) if picked is None else own.field[:, VALUES[name].index(picked)]
    number = np.arange(len(own.prior))
    return _block(own.prior, evidence | {"field": given}, {name: number}, fields)


def _block(
    prior: Vector, evidence: Mapping[str, Vector], values: Mapping[str, Index], fields: Fields
) -> Block:
    right = np.ones(len(prior))
    given = tuple(name for name in values if fields.get(name))
    for name in given:
        right = right * (values[name] == VALUES[name].index(str(fields[name])))
    return Block(prior, evidence, values, right, given)
