"""The phrase-swap test itself: what it says anew, and what it counts as right."""

from __future__ import annotations

from data.schema import Prediction
from data.taxonomy import ATTRIBUTES, VALUES
from text.rules import find
from text.verdicts import stated
from training.text_pieces import Sample, pieces
from training.text_swaps import Swap, measured_swaps, swaps


class Rules:
    """The phrase rules in the place of the model."""

    def predict(self, texts: list[tuple[str, str]]) -> list[dict[str, Prediction]]:
        found = [stated(find(*text)) for text in texts]
        return [
            {
                name: Prediction(
                    said[name][0] if said[name] else None, 0.9, dict.fromkeys(VALUES[name], 0.5)
                )
                for name in ATTRIBUTES
            }
            for said in found
        ]


def judged(title: str, description: str, **answers: str) -> tuple[Sample, dict[str, str]]:
    hits = find(title, description)
    parts = [pieces(t, [h for h in hits if h.where == w])
             for w, t in (("title", title), ("description", description))]  # fmt: skip
    right = {name: frozenset(value.split("/")) for name, value in answers.items()}
    return Sample(parts[0], parts[1], "", right), {"group": title}


def made(*texts: tuple[Sample, dict[str, str]]) -> list[Swap]:
    return list(swaps(texts))


def test_every_mention_of_the_statement_is_said_anew_and_nothing_else() -> None:
    text = judged("Blue Striped Shirt", "Striped shirt, full sleeves.", pattern="striped")
    found = {swap.value: swap.after for swap in made(text)}
    assert found == {
        "solid": ("Blue Plain Shirt", "Plain shirt, full sleeves."),
        "printed": ("Blue Printed Shirt", "Printed shirt, full sleeves."),
        "checked": ("Blue Checked Shirt", "Checked shirt, full sleeves."),
    }


def test_a_color_is_swapped_for_two() -> None:
    swap = made(judged("Blue shirt", "", color="single"))[0]
    assert (swap.value, swap.after[0].lower()) == ("multi", "red and white shirt")


def test_what_is_stated_twice_or_implied_or_denied_by_the_judge_is_left_alone() -> None:
    assert not made(judged("Half sleeve shirt", "Full sleeves", length="half_sleeve/full_sleeve"))
    assert not made(judged("Black shorts", "", item="shorts", length="above_knee"))
    assert not made(judged("Striped shirt", "", pattern="not_stated"))


def test_swaps_are_the_same_every_time() -> None:
    text = judged("Green kurta", "Full sleeves", item="kurta", length="full_sleeve")
    assert made(text) == made(text) != []


def test_a_swap_is_right_when_its_answer_alone_changes() -> None:
    good = Swap("a", "pattern", "checked", ("Striped shirt", ""), ("Checked shirt", ""))
    spills = Swap("b", "pattern", "checked", ("Striped shirt", ""), ("Checked kurta", ""))
    stays = Swap("c", "pattern", "checked", ("Striped shirt", ""), ("Striped shirt", ""))
    found = measured_swaps(Rules(), [good, spills, stays])
    assert found["pattern"] == found["all"]
    assert (found["all"]["n"], found["all"]["share"]) == (3, 0.3333)
