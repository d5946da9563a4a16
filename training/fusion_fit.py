"""Fitting the verdicts' numbers: pure functions of predictions, truths and sellers' fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np

from data.schema import Prediction
from data.taxonomy import ATTRIBUTES, VALUES, WEAR_OF, values_for
from fusion.agreement import branch_likelihood, judge_attribute, posterior
from fusion.calibration import expected_calibration_error, golden_section
from fusion.parameters import AttributeParameters, Parameters

# Share of fields that a listing to be checked gets wrong, beyond what the catalogue got wrong
# itself: the upper end of the 3, 5 and 10 % at which we measure. A lower share would trust a
# seller over a photo that says otherwise at 97 %.
ERROR_RATE = 0.10
# Of the wrong items and lengths, how many are of the other wear type (another product's form).
OTHER_WEAR = 0.2
SMOOTHING = 1.0  # pseudo-count of every value or confusion
DRAWS = 20  # times each validation field is drawn anew, right or wrong
AGREE_FROM = 0.9  # a score is a probability: nine in ten such fields are right
CONTRADICTION_FROM = 0.8  # photo and words: of five such conflicts four should be real
SUGGEST_FROM = 0.6
LOWEST_FLOOR, HIGHEST_FLOOR = 0.005, 0.5


@dataclass(frozen=True, slots=True)
class Example:
    """One annotated listing and what the branches say of it; None where not known or given."""

    truth: Mapping[str, str | None]
    field: Mapping[str, str | None]
    image: Mapping[str, Prediction]
    text: Mapping[str, Prediction]


def shares(values: Iterable[str | None], attribute: str) -> dict[str, float]:
    """Return each value's smoothed share of the known ones, summing to 1."""
    counts = Counter(value for value in values if value)
    total = sum(counts.values()) + SMOOTHING * len(VALUES[attribute])
    return {v: (counts[v] + SMOOTHING) / total for v in VALUES[attribute]}


def confusions(
    pairs: Iterable[tuple[str | None, str | None]], attribute: str
) -> dict[str, dict[str, float]]:
    """Return per true value the shares of the wrong values that sellers pick for it.

    `pairs` are (truth, field); pairs with either unknown are left out. Rows sum to 1, their own
    value is 0.
    """
    counts = Counter((t, f) for t, f in pairs if t and f and t != f)
    return {true: _wrong_shares(counts, true, attribute) for true in VALUES[attribute]}


def _wrong_shares(
    counts: Mapping[tuple[str, str], int], true: str, attribute: str
) -> dict[str, float]:
    near = values_for(attribute, WEAR_OF.get(attribute, {}).get(true))
    far = [v for v in VALUES[attribute] if v not in near]
    mass = {v: counts.get((true, v), 0) + SMOOTHING for v in near if v != true}
    total = sum(mass.values()) / (1 - OTHER_WEAR if far else 1)
    row = dict.fromkeys(VALUES[attribute], 0.0)
    row |= {v: m / total for v, m in mass.items()}
    return row | {v: OTHER_WEAR / len(far) for v in far}


def field_table(
    pairs: Sequence[tuple[str | None, str | None]], attribute: str
) -> dict[str, dict[str, float]]:
    """Return P(seller picks f | true = v): the errors seen in `pairs` and ERROR_RATE more."""
    wrong = confusions(pairs, attribute)
    both = [(t, f) for t, f in pairs if t and f]
    seen = sum(t != f for t, f in both) / (len(both) + 2 * SMOOTHING)
    error = 1 - (1 - seen) * (1 - ERROR_RATE)
    return {
        true: {f: 1 - error if f == true else error * wrong[true][f] for f in VALUES[attribute]}
        for true in VALUES[attribute]
    }


def fit_floor(
    cases: Iterable[tuple[Mapping[str, float], Prediction, str]], base: Mapping[str, float]
) -> float:
    """Return the floor in [0.005, 0.5] with the least log loss of the truth.

    Each case: the values' probabilities without the branch, the branch's answer, the truth.
    Silent answers tell nothing; where all are silent the branch gets the highest floor.
    """
    spoken = [case for case in cases if case[1].value is not None]
    if not spoken:
        return HIGHEST_FLOOR

    def loss(floor: float) -> float:
        return -sum(
            log(posterior(known, branch_likelihood(said, base, floor))[true])
            for known, said, true in spoken
        )

    return golden_section(loss, LOWEST_FLOOR, HIGHEST_FLOOR, steps=20)


def fit_attribute(
    attribute: str,
    examples: Sequence[Example],
    *,
    pairs: Sequence[tuple[str | None, str | None]],
    stated: Iterable[str | None],
) -> AttributeParameters:
    """Fit one attribute: tables from counts, floors from what the branches said of `examples`.

    pairs: (truth, field) of annotated listings; stated: what annotated texts say. The conflict
    threshold is left at its highest, 0.5.
    """
    prior, said = shares((t for t, _ in pairs), attribute), shares(stated, attribute)
    known = [(e, t) for e in examples if (t := e.truth[attribute])]
    image_floor = fit_floor(((prior, e.image[attribute], t) for e, t in known), prior)
    after_photo = [
        posterior(prior, branch_likelihood(e.image[attribute], prior, image_floor))
        for e, _ in known
    ]
    cases = ((p, e.text[attribute], t) for p, (e, t) in zip(after_photo, known, strict=True))
    return AttributeParameters(
        prior=prior,
        stated=said,
        image_floor=image_floor,
        text_floor=fit_floor(cases, said),
        field=field_table(pairs, attribute),
        conflict_below=0.5,
        agree_from=AGREE_FROM,
    )


def draw_scores(
    attribute: str, examples: Sequence[Example], parameters: Parameters, *, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Score fields of which some are made wrong: scores (n,) and whether each is right (n,).

    A listing's field is the seller's own, else the truth; ERROR_RATE of the draws replace it by
    a value that people confuse with the true one, in the fitted shares.
    """
    random = np.random.default_rng(seed)
    scores, right = [], []
    for example in examples:
        true = example.truth[attribute]
        if true is None:
            continue
        row = parameters.attributes[attribute].field[true]
        wrong = [v for v in row if v != true]
        share = np.array([row[v] for v in wrong])
        for _ in range(DRAWS):
            seeded = random.random() < ERROR_RATE
            own = example.field[attribute] or true
            field = str(random.choice(wrong, p=share / share.sum())) if seeded else own
            report = judge_attribute(
                field,
                example.image[attribute],
                example.text[attribute],
                parameters,
                attribute=attribute,
            )
            scores.append(report.score)
            right.append(field == true)
    return np.array(scores, dtype=np.float64), np.array(right, dtype=bool)


def conflict_threshold(scores: np.ndarray, right: np.ndarray) -> float:
    """Return the score in [0.2, 0.5] below which wrong fields are found with the best F1.

    Never higher: a field is not called wrong while it is probably right.
    """
    steps = np.linspace(0.2, 0.5, 31)
    f1 = [_f1(scores < step, ~right) for step in steps]
    # Of equally good ones the highest: missing an error is worse here than asking.
    return float(steps[len(steps) - 1 - int(np.argmax(f1[::-1]))])


def _f1(flagged: np.ndarray, wrong: np.ndarray) -> float:
    return float(2 * (flagged & wrong).sum() / max(1, flagged.sum() + wrong.sum()))


def measure(scores: np.ndarray, right: np.ndarray, conflict_below: float) -> dict[str, float]:
    """Return what scores and thresholds are worth; shares and precisions in [0, 1]."""
    flagged, passed = scores < conflict_below, scores >= AGREE_FROM
    wrong = np.sort(scores[~right])
    # Chance that a wrong field scores below a right one, ties counted half.
    low = np.searchsorted(wrong, scores[right], "left")
    tied = np.searchsorted(wrong, scores[right], "right") - low
    return {
        "fields": len(scores),
        "wrong_share": float((~right).mean()),
        "auroc": float((low + tied / 2).mean() / max(1, len(wrong))),
        "ece": expected_calibration_error(scores, right),
        "conflict_precision": float((~right[flagged]).mean()) if flagged.any() else 1.0,
        "conflict_recall": float(flagged[~right].mean()) if len(wrong) else 1.0,
        "agree_precision": float(right[passed].mean()) if passed.any() else 1.0,
        "agree_recall": float(passed[right].mean()),
    }


def fit(
    examples: Sequence[Example],
    *,
    pairs: Mapping[str, Sequence[tuple[str | None, str | None]]],
    stated: Mapping[str, Sequence[str | None]],
    seed: int,
) -> tuple[Parameters, dict[str, dict[str, float]]]:
    """Fit all attributes; returns the parameters and, per attribute, what they reach."""
    attributes = {
        name: fit_attribute(name, examples, pairs=pairs[name], stated=stated[name])
        for name in ATTRIBUTES
    }
    metrics = {}
    for name in ATTRIBUTES:
        so_far = Parameters(attributes, CONTRADICTION_FROM, SUGGEST_FROM)
        scores, right = draw_scores(name, examples, so_far, seed=seed)
        conflict = conflict_threshold(scores, right)
        attributes[name] = replace(attributes[name], conflict_below=conflict)
        metrics[name] = measure(scores, right, conflict)
    return Parameters(attributes, CONTRADICTION_FROM, SUGGEST_FROM), metrics
