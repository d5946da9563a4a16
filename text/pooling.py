"""From pooled scores to answers: what the tokens carry, and "not stated" where none carries it.

Every label's score is the highest of any token, so the token that carries an answer is known
exactly. The same formulas serve training (`ops=keras.ops`) and serving (`ops=numpy`).
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from data.hues import HUES
from data.taxonomy import LENGTHS_BY_WEAR, VALUES
from text.lexicon import LABELS

Array = Any  # numpy array or Keras tensor
PLACES = ("title", "description")  # axis 1 of the pooled scores
BIASES = ("item", "length", "pattern")  # heads with a learned "not stated" bias
HEADS = ("wear", *BIASES, "color")
NOWHERE = -20.0  # the score of a label in an empty text: as good as certainly absent
FLOOR = 1e-6  # keeps logarithms finite; an answer is never surer than one in a million

_ITEM = slice(0, len(VALUES["item"]))
_OTHER = LABELS.index("other:other")
_UPPER, _BOTTOM, _SET = (LABELS.index(f"wear:{name}") for name in ("upper", "bottom", "set"))
_LENGTH = slice(LABELS.index(f"length:{VALUES['length'][0]}"), LABELS.index("pattern:solid"))
_PATTERN = slice(LABELS.index("pattern:solid"), LABELS.index("pattern:solid") + 4)
_HUE = slice(LABELS.index("hue:black"), LABELS.index("hue:black") + len(HUES))
_MULTI = LABELS.index("color:multi")
_UPPER_ITEMS = VALUES["item"].index("jeans")
_UPPER_LENGTHS = len(LENGTHS_BY_WEAR["upper"])


def answers(
    pooled: Array, bias: Array, temperature: dict[str, float], ops: ModuleType = np
) -> dict[str, Array]:
    """Return probabilities per attribute, (n, 1 + values), the first of them "not stated".

    `pooled` is (n, 2 places, labels), `bias` (3,) in the order of `BIASES`; each head's scores
    are divided by its temperature, of color the log-probabilities: it is counted from many hues,
    whose divided scores would add up to a second color. wear and item come of one softmax, so they
    cannot disagree.
    """
    best = ops.max(pooled, axis=1)
    garment = _garment(best, bias[0], temperature["item"], ops)
    wear = _wear(garment, best[:, _SET : _SET + 1] / temperature["wear"], ops)
    lengths = best[:, _LENGTH] / temperature["length"] + _fit(wear, ops)
    patterns = best[:, _PATTERN] / temperature["pattern"]
    return {
        "wear": wear,
        "item": ops.concatenate([_sum(garment[:, :4], ops), garment[:, 4:]], axis=1),
        "length": _softmax(_beside(bias[1] / temperature["length"], lengths, ops), ops),
        "color": _cooled(_color(pooled, ops), temperature["color"], ops),
        "pattern": _softmax(_beside(bias[2] / temperature["pattern"], patterns, ops), ops),
    }


def _garment(best: Array, bias: Array, temperature: float, ops: ModuleType) -> Array:
    """Return (n, 4 + items): nothing said, another thing, upper or bottom wear unnamed, items."""
    unnamed = [best[:, _OTHER : _OTHER + 1], best[:, _UPPER : _BOTTOM + 1]]
    scores = ops.concatenate([*unnamed, best[:, _ITEM]], axis=1)
    return _softmax(_beside(bias, scores, ops) / temperature, ops)


def _fit(wear: Array, ops: ModuleType) -> Array:
    """Return (n, lengths): what is taken from the score of a sleeve on trousers, or a leg on a
    shirt."""
    upper = ops.repeat(1.0 - wear[:, 2:3], _UPPER_LENGTHS, axis=1)
    bottom = ops.repeat(1.0 - wear[:, 1:2], len(VALUES["length"]) - _UPPER_LENGTHS, axis=1)
    return ops.log(ops.concatenate([upper, bottom], axis=1) + 1e-3)


def _beside(bias: Array, scores: Array, ops: ModuleType) -> Array:
    """Put the score that "not stated" has to beat, one for all texts, before the others."""
    return ops.concatenate([bias + 0.0 * scores[:, :1], scores], axis=1)


def _wear(garment: Array, both: Array, ops: ModuleType) -> Array:
    """Return (n, 3): not stated, upper, bottom; nothing is stated where both kinds are sold."""
    one_kind = 1.0 - _sigmoid(both, ops)
    upper = garment[:, 2:3] + _sum(garment[:, 4 : 4 + _UPPER_ITEMS], ops)
    bottom = garment[:, 3:4] + _sum(garment[:, 4 + _UPPER_ITEMS :], ops)
    none = 1.0 - (upper + bottom) * one_kind
    return ops.concatenate([none, upper * one_kind, bottom * one_kind], axis=1)


def _color(pooled: Array, ops: ModuleType) -> Array:
    """Return (n, 3): no color named, one, several.

    Per place the hues are counted as independent (Poisson binomial); one hue in the title and
    another in the description is a seller's slip and still one color.
    """
    absent = 1.0 - _sigmoid(pooled[:, :, _HUE], ops)  # (n, places, hues)
    absent = ops.maximum(absent, FLOOR)
    none = ops.prod(absent, axis=2)
    one = none * ops.sum(1.0 / absent - 1.0, axis=2)
    few = ops.prod(none + one, axis=1, keepdims=True)  # at most one hue in either place
    few = few * ops.prod(1.0 - _sigmoid(pooled[:, :, _MULTI], ops), axis=1, keepdims=True)
    nothing = ops.prod(none, axis=1, keepdims=True)
    nothing = ops.minimum(nothing, few)
    return ops.concatenate([nothing, few - nothing, 1.0 - few], axis=1)


def _cooled(probabilities: Array, temperature: float, ops: ModuleType) -> Array:
    return _softmax(ops.log(ops.maximum(probabilities, FLOOR)) / temperature, ops)


def _softmax(scores: Array, ops: ModuleType) -> Array:
    raised = ops.exp(scores - ops.max(scores, axis=1, keepdims=True))
    return raised / _sum(raised, ops)


def _sigmoid(scores: Array, ops: ModuleType) -> Array:
    return 0.5 * (1.0 + ops.tanh(0.5 * scores))


def _sum(part: Array, ops: ModuleType) -> Array:
    return ops.sum(part, axis=1, keepdims=True)
