"""Verdicts as pure functions: given what photo, words and seller say, who is right?

Bayes over an attribute's values, where each source multiplies by one table of likelihoods and a
table of ones is "says nothing":

    P(v | all) ~ prior(v) * P(photo says ... | v) * P(words say ... | v) * P(seller picks f | v)

Wear, item and length are one garment and judged together (`fusion.evidence`). What a source adds
to a score's log-odds is told beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log, prod

from data.schema import AttributeReport, Prediction, Report
from data.taxonomy import ATTRIBUTES, VALUES, WEAR_OF, values_for
from fusion.evidence import Answers, Block, Fields, blocks, by_itself, garment_field
from fusion.parameters import SOURCES, AttributeParameters, Parameters, Vector

CERTAIN = 1e-9  # a chance closer to 0 or 1 than this is rounding, not knowledge
# Words contradict a field where they alone make its value this unlikely, by all they say of the
# garment or by what they say of this attribute. Of 621 validation listings with the fields that the
# eye sees 38 are contradicted so, 32 by all they say; none in color, where words name a second one
# that covers too little to count.
DENIED = 0.87
# Nobody is named the odd one out on the word of a photo that probably shows something else: of four
# such natural conflicts of train and validation three were named wrongly.
EVEN = 0.5


@dataclass(frozen=True, slots=True)
class Whole:
    """What the sources say of a listing as a whole.

    right: P(every given field is right), not yet calibrated. belongs: P(it is of the product the
    others tell of) for image and text.
    """

    right: float
    belongs: Mapping[str, float]


def judge_listing(
    listing_id: str,
    fields: Fields,
    image: Answers,
    text: Answers,
    parameters: Parameters,
    *,
    in_scope: float,
    model_version: str,
) -> Report:
    """Return the report of one listing from what its photos and its words show.

    The listing's score is P(every given field is right), None where no field is given. A photo
    out of scope (no attribute seen) says nothing of the attributes, leaving words and fields to
    be compared, and multiplies the score by `in_scope`.
    """
    judged = blocks(fields, image, text, parameters)
    whole = judge_whole(judged, parameters)
    off = _off(whole)
    attributes = {
        name: _blame(judge_attribute(name, block, fields, (image, text), parameters), off)
        for block in judged
        for name in block.values
    }
    attributes = {name: attributes[name] for name in ATTRIBUTES}
    outside = all(answer.value is None for answer in image.values())
    conflict = off is not None or any(a.status == "conflict" for a in attributes.values())
    return Report(
        listing_id=listing_id,
        status="out_of_scope" if outside else _listing_status(attributes, conflict=conflict),
        score=_listing_score(whole, attributes, parameters, in_scope if outside else 1.0),
        model_version=model_version,
        attributes=attributes,
        odd_one_out=off or _field_off(attributes),
        belongs=whole.belongs,
        review_below=parameters.review_below,
    )


def judge_attribute(
    name: str,
    block: Block,
    fields: Fields,
    answers: tuple[Answers, Answers],
    parameters: Parameters,
) -> AttributeReport:
    """Return the verdict on one attribute from its block.

    The score is the calibrated posterior of the field's value. `agree` also needs photo and words
    to point at that value by themselves, a photo that does not deny it and words that name no
    other. Words that contradict
    the field or the photo are a `conflict`, however probably the field is right. A length that
    neither photo nor words tell is none, whatever usually goes with the item. The suggestion goes
    with the most probable wear.
    """
    own, field = parameters.attributes[name], fields.get(name)
    image, text = (branch[name] for branch in answers)
    full, shown = block.chances(name, *SOURCES), _shown(name, block, fields, parameters)
    contributions = None if field is None else _contributions(name, field, block, own)
    score = None if contributions is None else sigmoid(sum(contributions.values()))
    guessed = _guessed(name, block, answers)
    supported = _supported(name, block, field, (image, text), shown)
    status = _status(score, own, supported=supported, guessed=guessed)
    if _contradicted(name, block, field, answers, own):
        status = "conflict"
    wear = _likely_wear(block) if name in ("wear", *WEAR_OF) else None
    suggestion = _suggestion(name, shown, wear, own.suggest_from)
    wrong = score is not None and score < own.conflict_below
    told = (wrong or field is None) and not guessed
    said = {"field": field, "image": image.value, "text": text.value}
    doubtful = image.value is not None and image.confidence < EVEN
    named = status == "conflict" and not doubtful
    return AttributeReport(
        field=field,
        image=image,
        text=text,
        status=status,
        score=score,
        odd_one_out=_odd_one_out(name, said, full) if named else None,
        suggestion=suggestion if told and suggestion != field else None,
        contributions=contributions,
    )


def _guessed(name: str, block: Block, answers: tuple[Answers, Answers]) -> bool:
    """Tell whether neither photo nor words tell anything to judge the attribute by.

    Most shirts have full sleeves, most garments one color; that alone accuses no seller and fills
    in no field. Wear and item may be told by the rest of the garment; a length tells itself.
    """
    telling = (name,) if name == "length" else block.values
    return all(branch[name].value is None for branch in answers for name in telling)


def _supported(
    name: str,
    block: Block,
    field: str | None,
    answers: tuple[Prediction, Prediction],
    shown: Vector,
) -> bool:
    """Tell whether photo and words point at the field's value, and the words name no other.

    Words of a stripe on a solid shirt are mostly of its collar: that is no conflict, but "agrees"
    beside "striped" would be read as a mistake.
    """
    image, text = (answer.value for answer in answers)
    if (image is None and text is None) or text not in (None, field):
        return False
    denied = image is not None and _denied(block.chances(name, "image"), name, field)
    return VALUES[name][int(shown.argmax())] == field and not denied


def _contradicted(
    name: str,
    block: Block,
    field: str | None,
    answers: tuple[Answers, Answers],
    own: AttributeParameters,
) -> bool:
    """Tell whether the words contradict the field or the photo, whoever of them is right."""
    image, text = (branch[name].value for branch in answers)
    if text is None:
        return False
    if field not in (None, text):
        alone = by_itself(name, str(field), answers[1], own)
        if any(_denied(told, name, field) for told in (alone, block.chances(name, "words"))):
            return True
    return image not in (None, text) and block.apart(name) >= own.contradiction_from


def _denied(chances: Vector, name: str, value: str | None) -> bool:
    return value is not None and 1.0 - float(chances[VALUES[name].index(value)]) >= DENIED


def judge_whole(judged: Sequence[Block], parameters: Parameters) -> Whole:
    """Weigh three stories: all of one product, the photo of another, the words of another.

    A source of another product tells of a garment of its own, so its evidence is weighed apart.
    The truth of a field is what the photo shows: under "the photo of another" it is judged by the
    photo alone.
    """
    stories = (
        (1.0 - parameters.wrong_photo - parameters.wrong_words, SOURCES, ()),
        (parameters.wrong_photo, ("image",), ("text", "field")),
        (parameters.wrong_words, ("image", "field"), ("text",)),
    )
    weights, right = [], []
    for share, told, apart in stories:
        masses = [block.mass(*told) for block in judged]
        others = prod(float(b.mass(*apart).sum()) for b in judged)
        weights.append(share * others * prod(float(m.sum()) for m in masses))
        right.append(
            prod(float(m @ b.right / m.sum()) for m, b in zip(masses, judged, strict=True))
        )
    one, photo, words = (weight / sum(weights) for weight in weights)
    chance = sum(p * r for p, r in zip((one, photo, words), right, strict=True))
    return Whole(chance, {"image": 1.0 - photo, "text": 1.0 - words})


def _off(whole: Whole) -> str | None:
    """Name the source that is probably of another product, where one is."""
    worst = min(whole.belongs, key=whole.belongs.__getitem__)
    return worst if whole.belongs[worst] < 0.5 else None


def _blame(found: AttributeReport, off: str | None) -> AttributeReport:
    """Lay a conflict to the source of another product, where the others are one against it.

    Its value is no suggestion.
    """
    if off is None or found.status != "conflict":
        return found
    mine, rest = (found.image, found.text) if off == "image" else (found.text, found.image)
    others = {found.field, rest.value} - {None}
    if mine.value is None or mine.value in others or not others:
        return found
    if len(others) > 1:  # three values: the other two contradict each other as well
        return replace(found, odd_one_out=None, suggestion=None)
    return replace(found, odd_one_out=off, suggestion=None)


def _field_off(attributes: Mapping[str, AttributeReport]) -> str | None:
    return "field" if any(a.odd_one_out == "field" for a in attributes.values()) else None


def _listing_score(
    whole: Whole,
    attributes: Mapping[str, AttributeReport],
    parameters: Parameters,
    in_scope: float,
) -> float | None:
    scores = [a.score for a in attributes.values() if a.score is not None]
    if not scores:
        return None
    together = sigmoid(parameters.slope * logit(whole.right) + parameters.intercept)
    # Calibrated apart, the whole could come out likelier than one of its parts.
    return min(together, *scores) * in_scope


def _shown(name: str, block: Block, fields: Fields, parameters: Parameters) -> Vector:
    """Return P(v | photo, words, and the other fields of the garment), the own field left out."""
    if len(block.values) == 1:
        return block.chances(name, "image", "text")
    others = garment_field({**fields, name: None}, parameters)
    left_out = replace(block, evidence={**block.evidence, "field": others})
    return left_out.chances(name, *SOURCES)


def _contributions(
    name: str, field: str, block: Block, own: AttributeParameters
) -> dict[str, float]:
    """Return how much each source, taken in turn, moves the calibrated log-odds of the field."""
    number = VALUES[name].index(field)
    claimed, seen, all_told = (
        own.slope * logit(float(block.chances(name, *SOURCES[:n])[number])) for n in (1, 2, 3)
    )
    return {
        "field": claimed + own.intercept,
        "image": seen - claimed,
        "text": all_told - seen,
    }


def _likely_wear(block: Block) -> str:
    return VALUES["wear"][int(block.chances("wear", *SOURCES).argmax())]


def logit(p: float) -> float:
    """Return the log-odds of p in [0, 1], bounded at 1e-9 from either end."""
    p = min(max(p, CERTAIN), 1.0 - CERTAIN)
    return log(p / (1.0 - p))


def sigmoid(z: float) -> float:
    """Return the chance in (0, 1) of log-odds z."""
    return 1.0 / (1.0 + exp(-z)) if z >= 0 else 1.0 - 1.0 / (1.0 + exp(z))


def _status(
    score: float | None, own: AttributeParameters, *, supported: bool, guessed: bool
) -> str:
    if score is None:
        return "not_given"
    if score < own.conflict_below and not guessed:
        return "conflict"
    return "agree" if score >= own.agree_from and supported else "unsure"


def _suggestion(name: str, shown: Vector, wear: str | None, enough: float) -> str | None:
    fitting = [VALUES[name].index(v) for v in values_for(name, wear)]
    best = max(fitting, key=shown.__getitem__)
    if name == "wear" and VALUES["wear"][best] != wear:
        return None  # the item or length given tells otherwise
    return VALUES[name][best] if shown[best] >= enough else None


def _odd_one_out(name: str, said: Mapping[str, str | None], full: Vector) -> str | None:
    """Name the one source that the most probable value contradicts, where there is one.

    Where that value is the field's though photo and words both name another, it is the field: of
    14 such natural conflicts of train and validation 8, and who reads two against one expects it.
    """
    best = VALUES[name][int(full.argmax())]
    against = [source for source, value in said.items() if value not in (None, best)]
    if against == ["image", "text"] and said["image"] == said["text"] and said["field"]:
        return "field"
    return against[0] if len(against) == 1 and full.max() > 0.5 else None


def _listing_status(attributes: Mapping[str, AttributeReport], *, conflict: bool) -> str:
    if conflict:
        return "conflict"
    found = {a.status for a in attributes.values()}
    # Nothing given: nothing was claimed, so nothing could be confirmed.
    return "unsure" if "unsure" in found or found == {"not_given"} else "consistent"
