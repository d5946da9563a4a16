"""The training texts: labels stay where their words are, whatever is rewritten."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.taxonomy import ATTRIBUTES
from text.lexicon import LABELS
from text.rules import find
from text.verdicts import stated
from training.text_augment import rewritten
from training.text_calibration import fit_temperatures
from training.text_lacks import BARE, PLAIN, lack
from training.text_pieces import Sample, joined, pieces
from training.text_release import measured_one
from training.text_synth import written
from training.text_words import ENDS, ENDS_NOT, denied_end, say, told

TITLE = "Acme Men Blue Striped Shirt"
SAID = "Blue shirt with white stripes, has full sleeves. Do not iron on print."


def sample(answers: dict[str, frozenset[str]] | None = None) -> Sample:
    hits = find(TITLE, SAID, "Acme")
    by_place = {w: [h for h in hits if h.where == w] for w in ("title", "description")}
    return Sample(
        pieces(TITLE, by_place["title"]),
        pieces(SAID, by_place["description"]),
        "Acme",
        answers or {},
    )


def labels_of(one: Sample) -> list[str]:
    hits = joined(one.title, "title")[1] + joined(one.description, "description")[1]
    return [hit.label for hit in hits]


def test_cutting_into_pieces_and_joining_is_the_text_again() -> None:
    one = sample()
    assert joined(one.title, "title")[0] == TITLE
    text, hits = joined(one.description, "description")
    assert text == SAID
    assert [(h.label, text[h.start : h.end]) for h in hits] == [
        ("hue:blue", "Blue"),
        ("item:shirt", "shirt"),
        ("hue:white", "white"),
        ("pattern:striped", "stripes"),
        ("length:full_sleeve", "full sleeves"),
    ]


@given(st.integers(0, 10_000))
def test_a_rewriting_keeps_as_many_statements(seed: int) -> None:
    changed = rewritten(sample(), Random(seed))
    before, after = labels_of(sample()), labels_of(changed)
    assert [a.partition(":")[0] for a in before] == [a.partition(":")[0] for a in after]


@given(st.integers(0, 10_000))
def test_a_judged_answer_moves_with_its_words_or_is_forgotten(seed: int) -> None:
    judged = {name: frozenset(v) for name, v in stated(find(TITLE, SAID)).items()}
    changed = rewritten(sample(judged), Random(seed))
    hits = joined(changed.title, "title")[1] + joined(changed.description, "description")[1]
    for name, right in changed.answers.items():
        assert right & set(stated(hits)[name])


@given(st.integers(0, 10_000))
def test_a_made_up_listing_carries_known_labels_on_real_words(seed: int) -> None:
    made = written(Random(seed))
    assert made.labels() <= set(LABELS)
    for part in (*made.title, *made.description):
        assert part.text.strip() or not part.labels


@pytest.mark.parametrize("label", LABELS[:-1])
def test_every_label_can_be_said(label: str) -> None:
    if not label.startswith("wear:"):
        assert say(label, Random(0)).strip()


def test_either_of_two_stated_values_is_right() -> None:
    both = Sample((), (), answers={"item": frozenset({"a", "b"})})
    one = Sample((), (), answers={"item": frozenset({"c"})})
    judged = [(both, {"group": "1"}), (one, {"group": "2"})]
    found = measured_one("item", judged, ["b", "a"])
    assert (found["n"], found["two_values"], found["accuracy"]) == (2, 1, 0.5)


def test_overconfident_scores_get_a_high_temperature() -> None:
    rng = np.random.default_rng(0)
    pooled = np.full((200, 2, len(LABELS)), -20.0, np.float32)
    start = LABELS.index("pattern:solid")
    pooled[:, 0, start : start + 4] = rng.normal(0, 20, (200, 4))
    allowed = {n: np.ones((200, 99), np.float32) for n in ATTRIBUTES}
    truth = pooled[:, 0, start : start + 4].argmax(axis=1)
    truth[::3] = rng.integers(0, 4, len(truth[::3]))
    allowed["pattern"] = np.eye(5, dtype=np.float32)[1 + truth]
    allowed.update({n: np.ones((200, 1), np.float32) for n in ("wear", "item", "length", "color")})
    assert fit_temperatures(pooled, allowed, np.zeros(3))["pattern"] > 2.0


@given(st.integers(0, 10_000))
def test_what_is_lacked_states_only_what_is_said_of_the_garment(seed: int) -> None:
    assert not any(piece.labels for piece in lack({"pattern": "pattern:striped"}, Random(seed)))
    stated = {label for piece in lack({"length": BARE}, Random(seed)) for label in piece.labels}
    assert stated <= {BARE}


def test_no_print_among_other_lacks_states_a_plain_garment() -> None:
    lines = [lack({"pattern": PLAIN}, Random(seed)) for seed in range(200)]
    said = {p.text for line in lines for p in line if PLAIN in p.labels}
    assert {"no print", "neither print"} <= said


@given(st.sampled_from(sorted(ENDS)), st.integers(0, 10_000))
def test_a_denied_end_is_never_the_garments_own(value: str, seed: int) -> None:
    assert denied_end(value, Random(seed)) not in ENDS_NOT.get(value, ())
    assert "{" not in told(value, Random(seed))
