"""The text figures that are counted here: stated or not, contradictions, the worst errors."""

from __future__ import annotations

from data.remarks import Contradiction
from data.schema import Prediction
from data.table import NOT_STATED
from data.taxonomy import ATTRIBUTES, VALUES
from text.reading import Reading
from training.text_evaluate import contradictions, stated_or_not, worst
from training.text_pieces import Sample


def reading(contradicts: str = "", sure: float = 0.9, **values: str) -> Reading:
    answers = {
        n: Prediction(values.get(n), sure, dict.fromkeys(VALUES[n], 0.5), ()) for n in ATTRIBUTES
    }
    found = (Contradiction(contradicts, ()),) if contradicts else ()
    return Reading(answers, found, (), {})


def judged(number: int, **answers: str) -> tuple[Sample, dict[str, str]]:
    right = {name: frozenset(value.split("/")) for name, value in answers.items()}
    row = {"group": f"g{number}", "source": "shop", "listing_id": str(number), "title": "t"}
    return Sample((), (), "", right), row


def test_stated_or_not_counts_both_ways_of_being_wrong() -> None:
    texts = [judged(1, item="shirt"), judged(2, item="shirt"), judged(3, item=NOT_STATED)]
    read = [reading(item="kurta"), reading(), reading(item="top")]
    found = stated_or_not(texts, read)
    assert (found["n"], found["f1"]) == (3, 0.5)  # one hit, one missed, one false
    assert found["low"] <= found["f1"] <= found["high"]


def test_contradictions_are_found_or_false_alarms() -> None:
    texts = [
        judged(1, length="half_sleeve/full_sleeve"),
        judged(2, length="half_sleeve/full_sleeve"),
        judged(3, length="half_sleeve"),
        judged(4, length=NOT_STATED),
    ]
    read = [reading("length"), reading(), reading("length"), reading()]
    found = contradictions(texts, read)
    assert (found["annotated"], found["reported"]) == (2, 1)
    assert (found["others"], found["false_alarms"]) == (2, 0.5)


def test_the_surest_errors_come_first() -> None:
    texts = [judged(1, item="shirt"), judged(2, item="shirt"), judged(3, item="shirt")]
    read = [reading(item="top", sure=0.6), reading(item="top", sure=0.9), reading(item="shirt")]
    assert [e["listing"] for e in worst(texts, read)] == ["shop 2", "shop 1"]
