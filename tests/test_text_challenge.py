"""The challenge set: what it holds, and how one text is judged."""

from __future__ import annotations

from collections import Counter

import pytest

from data.schema import Prediction
from data.table import NOT_STATED
from data.taxonomy import ATTRIBUTES, VALUES
from text.lexicon import HUES
from text.reading import CONTRADICTED, Reading
from text.tagger import TextTagger
from training.text_challenge import Challenge, by_kind, mistakes, read_challenge


def reading(**values: str | None) -> Reading:
    answers = {n: Prediction(values.get(n), 0.9, dict.fromkeys(VALUES[n], 0.5)) for n in ATTRIBUTES}
    return Reading(answers, (), (), {})


def test_the_set_is_large_of_many_kinds_and_half_of_it_frozen() -> None:
    texts = read_challenge()
    assert len(texts) >= 200
    assert len({text.id for text in texts}) == len(texts)
    kinds = Counter(text.kind for text in texts)
    assert len(kinds) >= 12
    assert min(kinds.values()) >= 10
    for kind in kinds:
        halves = Counter(text.half for text in texts if text.kind == kind)
        assert halves["frozen"] >= halves["tune"] - 1


def test_every_right_answer_is_one_that_can_be_given() -> None:
    for text in read_challenge():
        for name, right in text.states.items():
            assert set(right.split("/")) <= {NOT_STATED, *VALUES[name]}, text.id
        assert set(text.contradicts) <= set(CONTRADICTED), text.id
        assert set(text.colors or ()) <= set(HUES), text.id


@pytest.mark.parametrize(
    ("wanted", "said", "wrong"),
    [
        ({"states": {"item": "shirt"}}, {"item": "shirt"}, 0),
        ({"states": {"item": "shirt", "length": "not_stated"}}, {"item": "shirt"}, 0),
        ({"states": {"length": "half_sleeve/full_sleeve"}}, {"length": "full_sleeve"}, 0),
        ({"states": {"item": "shirt"}}, {"item": "kurta"}, 1),
        ({"states": {"item": "not_stated"}}, {"item": "kurta"}, 1),
        ({"states": {}, "contradicts": ["length"]}, {}, 1),
        ({"states": {}, "colors": ["blue"]}, {}, 1),
        ({"states": {}, "colors": []}, {}, 0),
        ({"states": {}, "english": False}, {}, 1),
    ],
)
def test_a_text_is_right_when_all_that_is_judged_is(
    wanted: dict, said: dict[str, str], wrong: int
) -> None:
    text = Challenge("x-01", "x", "tune", "", "", **wanted)
    assert len(mistakes(text, reading(**said))) == wrong


def test_kinds_are_counted_beside_all() -> None:
    texts = [Challenge(str(i), kind, "tune", "", "", {}) for i, kind in enumerate("aab")]
    found = by_kind(texts, [True, False, True])
    assert {kind: (s["right"], s["n"]) for kind, s in found.items()} == {
        "a": (1, 2), "b": (1, 1), "all": (2, 3),
    }  # fmt: skip


def test_the_released_model_reads_most_of_it() -> None:
    texts = read_challenge()
    read = TextTagger.load().read([(text.title, text.description) for text in texts])
    right = [not mistakes(*pair) for pair in zip(texts, read, strict=True)]
    assert by_kind(texts, right)["all"]["share"] >= 0.85
