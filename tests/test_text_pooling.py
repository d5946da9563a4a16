"""From pooled token scores to answers: pure arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.taxonomy import VALUES, WEAR_OF
from text.lexicon import LABELS
from text.pooling import HEADS, NOWHERE, answers

ONES = dict.fromkeys(HEADS, 1.0)
BIAS = np.zeros(3, np.float32)


def read(title: dict[str, float], description: dict[str, float] | None = None) -> dict[str, str]:
    pooled = np.full((1, 2, len(LABELS)), NOWHERE, np.float32)
    for place, scores in enumerate((title, description or {})):
        for label, score in scores.items():
            pooled[0, place, LABELS.index(label)] = score
    found = answers(pooled, BIAS, ONES)
    return {n: ("not_stated", *VALUES[n])[int(p[0].argmax())] for n, p in found.items()}


@pytest.mark.parametrize(
    ("title", "description", "attribute", "answer"),
    [
        ({}, {}, "item", "not_stated"),
        ({"item:shirt": 6}, {}, "item", "shirt"),
        ({"item:shirt": 6}, {}, "wear", "upper"),
        ({"item:jeans": 6}, {}, "wear", "bottom"),
        ({"wear:bottom": 6}, {}, "wear", "bottom"),
        ({"wear:bottom": 6}, {}, "item", "not_stated"),
        ({"other:other": 9, "item:shirt": 5}, {}, "item", "not_stated"),
        ({"item:kurta": 6, "wear:set": 6}, {}, "wear", "not_stated"),
        ({"item:kurta": 6, "wear:set": 6}, {}, "item", "kurta"),
        ({"item:shirt": 6}, {"length:full_sleeve": 5}, "length", "full_sleeve"),
        ({"item:jeans": 9}, {"length:full_sleeve": 3, "length:full_length": 2.5}, "length",
         "full_length"),
        ({}, {}, "color", "not_stated"),
        ({"hue:blue": 6}, {}, "color", "single"),
        ({"hue:blue": 6}, {"hue:blue": 6}, "color", "single"),
        ({"hue:blue": 6}, {"hue:green": 6}, "color", "single"),
        ({"hue:blue": 6, "hue:green": 6}, {}, "color", "multi"),
        ({}, {"hue:blue": 6, "hue:white": 6}, "color", "multi"),
        ({"color:multi": 6}, {}, "color", "multi"),
        ({"pattern:striped": 4}, {"pattern:printed": 2}, "pattern", "striped"),
    ],
)  # fmt: skip
def test_the_strongest_words_answer(
    title: dict[str, float], description: dict[str, float], attribute: str, answer: str
) -> None:
    assert read(title, description)[attribute] == answer


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.5, 1.0, 3.0]))
def test_probabilities_add_up_and_wear_follows_item(seed: int, temperature: float) -> None:
    rng = np.random.default_rng(seed)
    pooled = rng.normal(0, 6, (4, 2, len(LABELS))).astype(np.float32)
    found = answers(pooled, rng.normal(0, 2, 3), dict.fromkeys(HEADS, temperature))
    for name, table in found.items():
        assert table.shape == (4, 1 + len(VALUES[name]))
        assert (table >= -1e-6).all()
        np.testing.assert_allclose(table.sum(axis=1), 1.0, atol=1e-5)
    for number, wear in enumerate(VALUES["wear"]):
        items = [i for i, v in enumerate(VALUES["item"]) if WEAR_OF["item"][v] == wear]
        assert (found["wear"][:, 1 + number] <= 1.0).all()
        by_item = found["item"][:, 1:][:, items].sum(axis=1)
        both = 1 / (1 + np.exp(-pooled[:, :, LABELS.index("wear:set")].max(axis=1) / temperature))
        assert (found["wear"][:, 1 + number] >= by_item * (1 - both) - 1e-5).all()
