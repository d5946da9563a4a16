"""Verdicts as pure functions: given what photo, words and seller say, who is right?

Naive Bayes over an attribute's values, where each source multiplies by a likelihood table and a
table of ones is "says nothing":

    posterior(v) ~ prior(v) * photo(v) * words(v) * P(seller picks f | v)

A branch's calibrated probabilities p, made under base rates b and off the subject with chance
`floor`, give `(1 - floor) * p(v) / b(v) + floor`: the photo alone then yields the mixture
`(1 - floor) * p + floor * prior`. A new source is one more table.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from data.schema import AttributeReport, Prediction, Report
from data.taxonomy import ATTRIBUTES, WEAR_OF, values_for
from fusion.parameters import AttributeParameters, Parameters

Table = Mapping[str, float]


def branch_likelihood(prediction: Prediction, base: Table, floor: float) -> dict[str, float]:
    """Return what a branch's answer multiplies each value by; all 1.0 where it says nothing."""
    trust = 0.0 if prediction.value is None else (1.0 - floor) * prediction.stated
    return {v: trust * prediction.probabilities[v] / base[v] + 1.0 - trust for v in base}


def field_likelihood(field: str | None, parameters: AttributeParameters) -> dict[str, float]:
    """Return P(seller picks `field` | v) for each value v; all 1.0 where the field is empty."""
    return {v: 1.0 if field is None else row[field] for v, row in parameters.field.items()}


def posterior(prior: Table, *likelihoods: Table) -> dict[str, float]:
    """Return P(v | all sources) over the prior's values, summing to 1."""
    raw = {v: p * prod(table[v] for table in likelihoods) for v, p in prior.items()}
    total = sum(raw.values())
    return {v: p / total for v, p in raw.items()}


def contradiction(one: Table, other: Table) -> float:
    """Return the chance that two sources, each alone, mean different values, in [0, 1]."""
    return 1.0 - sum(one[v] * other[v] for v in one)


def judge_attribute(
    field: str | None,
    image: Prediction,
    text: Prediction,
    parameters: Parameters,
    *,
    attribute: str,
    wear: str | None = None,
) -> AttributeReport:
    """Return the verdict on one attribute.

    `wear` (the listing's most probable one) bounds the suggestion: no leg length for a shirt.
    The score is the posterior of the field's value. `agree` also needs photo and words to point
    at that value by themselves. Words that contradict photo or field are a `conflict` even where
    the field is empty or probably right; a photo against the field is one by its score alone.
    """
    own = parameters.attributes[attribute]
    shown = posterior(own.prior, _photo(image, own), _words(text, own))  # the field left out
    full = posterior(shown, field_likelihood(field, own))
    score = None if field is None else full[field]
    wrong = score is not None and score < own.conflict_below
    status = _status(score, own, supported=_supported(field, image, text, shown))
    if _words_contradict(field, image, text, own) >= parameters.contradiction_from:
        status = "conflict"
    said = {"field": field, "image": image.value, "text": text.value}
    suggestion = _suggestion(shown, attribute, wear, parameters.suggest_from)
    return AttributeReport(
        field=field,
        image=image,
        text=text,
        status=status,
        score=score,
        odd_one_out=_odd_one_out(said, full) if status == "conflict" else None,
        suggestion=suggestion if (wrong or field is None) and suggestion != field else None,
    )


def judge_listing(
    listing_id: str,
    fields: Mapping[str, str | None],
    image: Mapping[str, Prediction],
    text: Mapping[str, Prediction],
    parameters: Parameters,
    *,
    in_scope: float,
    model_version: str,
) -> Report:
    """Return the report of one listing from what its photos and its words show.

    The listing's score is the product of its attributes' scores: the first version, which takes
    errors for independent and so runs low where one mistake (a wrong photo) spoils several
    fields. A photo out of scope (no attribute seen) says nothing of the attributes, leaving words
    and fields to be compared, and multiplies the score by `in_scope`. None: no field given.
    """
    wear = likely_wear(fields, image["wear"], text["wear"], parameters)
    attributes = {
        name: judge_attribute(
            fields.get(name), image[name], text[name], parameters, attribute=name, wear=wear
        )
        for name in ATTRIBUTES
    }
    scores = [a.score for a in attributes.values() if a.score is not None]
    outside = all(prediction.value is None for prediction in image.values())
    return Report(
        listing_id=listing_id,
        status="out_of_scope" if outside else _listing_status(attributes),
        score=prod(scores) * (in_scope if outside else 1.0) if scores else None,
        model_version=model_version,
        attributes=attributes,
    )


def likely_wear(
    fields: Mapping[str, str | None], image: Prediction, text: Prediction, parameters: Parameters
) -> str:
    """Return the most probable wear type; an empty field is read off the item or length given."""
    own = parameters.attributes["wear"]
    implied = [WEAR_OF[name][value] for name in WEAR_OF if (value := fields.get(name))]
    field = fields.get("wear") or (implied[0] if implied else None)
    likelihoods = (_photo(image, own), _words(text, own), field_likelihood(field, own))
    return _best(posterior(own.prior, *likelihoods))


def _photo(image: Prediction, own: AttributeParameters) -> dict[str, float]:
    return branch_likelihood(image, own.prior, own.image_floor)


def _words(text: Prediction, own: AttributeParameters) -> dict[str, float]:
    return branch_likelihood(text, own.stated, own.text_floor)


def _best(table: Table) -> str:
    return max(table, key=table.__getitem__)


def _words_contradict(
    field: str | None, image: Prediction, text: Prediction, own: AttributeParameters
) -> float:
    """Return how surely the words contradict photo or field; 0 where nothing differs."""
    said = posterior(own.prior, _words(text, own))
    others = ((image.value, _photo(image, own)), (field, field_likelihood(field, own)))
    return max(
        contradiction(posterior(own.prior, likelihood), said)
        if text.value is not None and value not in (None, text.value)
        else 0.0
        for value, likelihood in others
    )


def _supported(field: str | None, image: Prediction, text: Prediction, shown: Table) -> bool:
    """Tell whether photo or words say something, and together point at the field's value."""
    silent = image.value is None and text.value is None
    return not silent and _best(shown) == field


def _status(score: float | None, own: AttributeParameters, *, supported: bool) -> str:
    if score is None:
        return "not_given"
    if score < own.conflict_below:
        return "conflict"
    return "agree" if score >= own.agree_from and supported else "unsure"


def _suggestion(shown: Table, attribute: str, wear: str | None, enough: float) -> str | None:
    fitting = {v: shown[v] for v in values_for(attribute, wear)}
    best = _best(fitting)
    if attribute == "wear" and wear not in (None, best):
        return None  # the item or length given tells otherwise
    return best if fitting[best] >= enough * sum(fitting.values()) else None


def _odd_one_out(said: Mapping[str, str | None], full: Table) -> str | None:
    """Name the one source that the most probable value contradicts, where there is one."""
    best = _best(full)
    against = [source for source, value in said.items() if value not in (None, best)]
    return against[0] if len(against) == 1 and full[best] > 0.5 else None


def _listing_status(attributes: Mapping[str, AttributeReport]) -> str:
    found = {a.status for a in attributes.values()}
    if "conflict" in found:
        return "conflict"
    # Nothing given: nothing was claimed, so nothing could be confirmed.
    return "unsure" if "unsure" in found or found == {"not_given"} else "consistent"
