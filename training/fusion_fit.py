"""Fitting the verdicts' tables: pure functions of predictions, truths and sellers' fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize_scalar

from data.schema import Prediction
from data.taxonomy import ATTRIBUTES, VALUES
from fusion.evidence import WEAR_OF_ITEM, WEAR_OF_LENGTH, within
from fusion.parameters import AttributeParameters, Branch, Parameters, Vector, family

# How often any field is wrong: in the middle of the 3, 5 and 10 % at which we measure. The one shop
# we know errs in 4 % of its fields, in item and pattern more, in wear less; other sellers need not
# follow it, and one rate ranks fields better (AUPRC of phone photos .79, with the shop's rates .76,
# cross-fitted on validation).
ERROR_RATE = 0.05
SMOOTHING = 1.0  # pseudo-count of a value's share
FEW = 4.0  # pseudo-rows of an item's lengths: after ten jeans we know
# A branch's calibrated probabilities are believed to mean what they say, but for this share of
# confused values, until PRIOR_ROWS rows of a value say otherwise. A larger share (.02, 50 rows)
# caps how much a sure photo tells: AUPRC of the catalogue .92 in place of .93, cross-fitted.
CONFUSED, PRIOR_ROWS = 0.002, 100.0
STEPS = 60  # of expectation maximization; the tables move by less than 0.001 after 40
OTHER_PRODUCT = 0.01  # share of listings with another product's photo, and with another's words
LEAST_WEIGHT = 0.2


@dataclass(frozen=True, slots=True)
class Person:
    """What one seller had before him and what he entered; None where not known or given."""

    group: str
    truth: Mapping[str, str | None]
    field: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Read:
    """One annotated listing and what the words say of it; truth None where not known."""

    group: str
    truth: Mapping[str, str | None]
    text: Mapping[str, Prediction]


@dataclass(frozen=True, slots=True)
class Example:
    """One annotated listing and what both branches say of it; truth None where not known."""

    group: str
    truth: Mapping[str, str | None]
    image: Mapping[str, Prediction]
    text: Mapping[str, Prediction]


def shares(values: Iterable[str | None], attribute: str) -> Vector:
    """Return each value's smoothed share (k,) of the known ones of its wear type."""
    counts = np.full(len(VALUES[attribute]), SMOOTHING)
    for value in values:
        if value:
            counts[VALUES[attribute].index(value)] += 1
    found: Vector = counts / (family(attribute) @ counts)
    return found


def confusions(pairs: Iterable[tuple[str | None, str | None]], attribute: str) -> Vector:
    """Return (k, k): row v holds the shares of the wrong values that sellers pick for v.

    `pairs` are (truth, field); pairs with either unknown, or of two wear types, are left out.
    What is seen one way round is believed the other way round too, at half the weight.
    """
    counts = _counts(pairs, attribute)
    wrong = np.where(np.eye(len(counts), dtype=bool), 0.0, counts + 0.5 * counts.T + SMOOTHING)
    wrong = wrong * family(attribute)
    found: Vector = wrong / wrong.sum(axis=1, keepdims=True)
    return found


def field_table(pairs: Sequence[tuple[str | None, str | None]], attribute: str) -> Vector:
    """Return (k, k): row v holds P(seller picks f | true v), errors shared as in `confusions`."""
    table = ERROR_RATE * confusions(pairs, attribute)
    np.fill_diagonal(table, 1.0 - ERROR_RATE)
    return table


def _counts(pairs: Iterable[tuple[str | None, str | None]], attribute: str) -> Vector:
    values = VALUES[attribute]
    counts = np.zeros((len(values), len(values)))
    for true, picked in pairs:
        if true and picked:
            counts[values.index(true), values.index(picked)] += 1
    return counts * family(attribute)


def fit_branch(
    answers: Sequence[Prediction], truths: Sequence[str | None], attribute: str, prior: Vector
) -> Branch:
    """Return how a branch confuses values, from its answers where it gave any.

    Expectation maximization of P(true v | the branch means u), a mixture over what it may mean
    (its probabilities are u's weights), smoothed towards a branch that errs CONFUSED often and
    then follows the prior.
    """
    values, same = VALUES[attribute], family(attribute)
    known = [
        (list(answer.probabilities.values()), values.index(true))
        for answer, true in zip(answers, truths, strict=True)
        if true and answer.value is not None
    ]
    means = within(np.array([p for p, _ in known]).reshape(-1, len(values)), attribute)
    truth = np.eye(len(values))[[t for _, t in known]]
    means = means * (truth @ same)  # of the true wear type
    believed = CONFUSED * same * prior + (1.0 - CONFUSED) * np.eye(len(values))
    table = believed
    for _ in range(STEPS):
        share = means[:, :, None] * table[None] * truth[:, None, :]
        share /= share.sum(axis=(1, 2), keepdims=True)
        table = share.sum(axis=0) + PRIOR_ROWS * believed
        table /= table.sum(axis=1, keepdims=True)
    says = means.sum(axis=0) + PRIOR_ROWS * prior
    says = says / (same @ says)
    given = (table * says[:, None]).T
    return Branch(says, given / given.sum(axis=1, keepdims=True))


def length_of_item(truths: Sequence[Mapping[str, str | None]], prior: Vector) -> Vector:
    """Return (items, lengths): P(length | item), smoothed towards the lengths of its wear type."""
    table = FEW * (WEAR_OF_ITEM[:, None] == WEAR_OF_LENGTH[None, :]) * prior
    for truth in truths:
        item, length = truth["item"], truth["length"]
        if item and length:
            table[VALUES["item"].index(item), VALUES["length"].index(length)] += 1
    table *= WEAR_OF_ITEM[:, None] == WEAR_OF_LENGTH[None, :]
    found: Vector = table / table.sum(axis=1, keepdims=True)
    return found


def words_weight(
    examples: Sequence[Example], attributes: Mapping[str, AttributeParameters]
) -> float:
    """Return how much the words add to the photo: the weight in [0.2, 1] with least log loss.

    Photo and words err together where a garment is hard to name, so their evidence is not
    independent. One weight for all attributes: a weight each, on some hundred texts, ranks new
    listings worse. Drawn towards 1 like four examples at even odds would.
    """
    losses = [_words_loss(name, examples, own) for name, own in attributes.items()]

    def loss(weight: float) -> float:
        return sum(one(weight) for one in losses) + 4 * (1 - weight) ** 2

    return float(minimize_scalar(loss, bounds=(LEAST_WEIGHT, 1.0), method="bounded").x)


def _words_loss(
    attribute: str, examples: Sequence[Example], own: AttributeParameters
) -> Callable[[float], float]:
    """Return the log loss of the truth by the words' weight, where photo and words both speak."""
    known = [
        e
        for e in examples
        if e.truth[attribute] and None not in (e.image[attribute].value, e.text[attribute].value)
    ]
    number = np.array([VALUES[attribute].index(str(e.truth[attribute])) for e in known], int)
    photo, words = (
        _told([getattr(e, source)[attribute] for e in known], getattr(own, source), attribute)
        for source in ("image", "text")
    )
    possible = own.prior * photo * family(attribute)[number]

    def loss(weight: float) -> float:
        raw = possible * words**weight
        right = raw[np.arange(len(known)), number] / raw.sum(axis=1)
        return float(-np.log(right).sum())

    return loss


def _told(answers: Sequence[Prediction], branch: Branch, attribute: str) -> Vector:
    """Return (n, k): what each answer multiplies each value by, its silence left aside."""
    shares = np.array([list(a.probabilities.values()) for a in answers])
    means = within(shares.reshape(-1, len(VALUES[attribute])), attribute)
    told: Vector = (means / branch.says) @ branch.given.T
    return told


@dataclass(frozen=True, slots=True)
class Material:
    """What the tables are fitted to.

    photographed: listings whose photos the image branch was not trained on. described: listings
    with a shop's own words; the text branch learned from no annotated photo, so any split will
    do. people: annotated listings that tell what there is and what sellers pick.
    """

    photographed: Sequence[Example]
    described: Sequence[Read]
    people: Sequence[Person]

    def without(self, groups: Set[str]) -> Material:
        """Return what is left when the groups are taken out everywhere."""
        return Material(
            [e for e in self.photographed if e.group not in groups],
            [e for e in self.described if e.group not in groups],
            [p for p in self.people if p.group not in groups],
        )


def fit_tables(material: Material) -> Parameters:
    """Fit everything but calibration and thresholds, which are left at their neutral values."""
    attributes = {name: _fit_attribute(name, material) for name in ATTRIBUTES}
    weight = words_weight(material.photographed, attributes)
    return Parameters(
        attributes={
            name: replace(own, text=replace(own.text, weight=weight))
            for name, own in attributes.items()
        },
        length_of_item=length_of_item(
            [p.truth for p in material.people], attributes["length"].prior
        ),
        wrong_photo=OTHER_PRODUCT,
        wrong_words=OTHER_PRODUCT,
        slope=1.0,
        intercept=0.0,
        review_below=0.0,
    )


def _fit_attribute(name: str, material: Material) -> AttributeParameters:
    prior = shares((p.truth[name] for p in material.people), name)
    image, text = (
        fit_branch([getattr(row, source)[name] for row in rows], _truths(rows, name), name, prior)
        for source, rows in (("image", material.photographed), ("text", material.described))
    )
    return AttributeParameters(
        prior=prior,
        image=image,
        text=text,
        field=field_table([(p.truth[name], p.field[name]) for p in material.people], name),
        slope=1.0,
        intercept=0.0,
        conflict_below=0.5,
        agree_from=0.5,
        contradiction_from=1.0,
        suggest_from=0.5,
    )


def _truths(rows: Sequence[Read] | Sequence[Example], name: str) -> list[str | None]:
    return [row.truth[name] for row in rows]
