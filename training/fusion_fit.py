"""Fitting the verdicts' tables: pure functions of predictions, truths and sellers' fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize_scalar

from data.schema import Prediction
from data.taxonomy import ATTRIBUTES, VALUES
from fusion.evidence import WEAR_OF_ITEM, WEAR_OF_LENGTH, within
from fusion.parameters import AttributeParameters, Branch, Parameters, Vector, family

# How often a field is wrong where we know nothing of it, in the middle of the 3, 5 and 10 % at
# which we measure; WORTH fields weigh as much as this belief.
ERROR_RATE, WORTH = 0.05, 100.0
SMOOTHING = 1.0  # pseudo-count of a value's share
FEW = 4.0  # pseudo-rows of an item's lengths: after ten jeans we know
# A branch is believed to call a value by another's name this often, until PRIOR_ROWS rows of it
# say otherwise.
CONFUSED, PRIOR_ROWS = 0.02, 50.0
STEPS = 60  # of expectation maximization; the tables move by less than 0.001 after 40
OTHER_PRODUCT = 0.01  # share of listings with another product's photo, and with another's words
LEAST_WEIGHT = 0.3


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
    """Return (k, k): row v holds P(seller picks f | true v).

    The error of each value is what was seen of it, drawn to ERROR_RATE where it was seen rarely.
    """
    counts = _counts(pairs, attribute)
    seen, right = counts.sum(axis=1), np.diag(counts)
    error = (seen - right + WORTH * ERROR_RATE) / (seen + WORTH)
    table = error[:, None] * confusions(pairs, attribute)
    np.fill_diagonal(table, 1.0 - error)
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


def words_weight(attribute: str, examples: Sequence[Example], own: AttributeParameters) -> float:
    """Return how much the words add to the photo: the weight in [0.3, 1] with least log loss.

    Photo and words err together where a garment is hard to name, so their evidence is not
    independent. Draws towards 1 like four examples at even odds would.
    """
    values = VALUES[attribute]
    known = [
        e
        for e in examples
        if e.truth[attribute] and None not in (e.image[attribute].value, e.text[attribute].value)
    ]
    if not known:
        return 1.0
    number = np.array([values.index(str(e.truth[attribute])) for e in known])
    photo, words = (
        _told([getattr(e, source)[attribute] for e in known], getattr(own, source), attribute)
        for source in ("image", "text")
    )
    ruled_out = ~family(attribute)[number]

    def loss(weight: float) -> float:
        raw = np.where(ruled_out, 0.0, own.prior * photo * words**weight)
        right = raw[np.arange(len(known)), number] / raw.sum(axis=1)
        return float(-np.log(right).sum() + 4 * (1 - weight) ** 2)

    return float(minimize_scalar(loss, bounds=(LEAST_WEIGHT, 1.0), method="bounded").x)


def _told(answers: Sequence[Prediction], branch: Branch, attribute: str) -> Vector:
    """Return (n, k): what each answer multiplies each value by, its silence left aside."""
    means = within(np.array([list(a.probabilities.values()) for a in answers]), attribute)
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
    return Parameters(
        attributes=attributes,
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
    own = AttributeParameters(
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
    weight = words_weight(name, material.photographed, own)
    return replace(own, text=replace(own.text, weight=weight))


def _truths(rows: Sequence[Read] | Sequence[Example], name: str) -> list[str | None]:
    return [row.truth[name] for row in rows]
