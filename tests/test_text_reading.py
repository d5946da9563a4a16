"""Contradictions and named colors of the released model: what is reported, with which words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from text.reading import Reading
from text.tagger import TextTagger


@pytest.fixture(scope="module")
def tagger() -> TextTagger:
    return TextTagger.load()


def reading(tagger: TextTagger, title: str, description: str = "") -> Reading:
    return tagger.read([(title, description)])[0]


@pytest.mark.parametrize(
    ("title", "description", "attribute", "said"),
    [
        ("Men half sleeve shirt", "Cotton shirt with full sleeves.", "length",
         {"half_sleeve": "half sleeve", "full_sleeve": "full sleeves"}),
        ("Sleeveless kurta", "Kurta with three-quarter sleeves.", "length",
         {"sleeveless": "Sleeveless", "three_quarter_sleeve": "three-quarter sleeves"}),
        ("Striped shirt", "A checked shirt in cotton.", "pattern",
         {"striped": "Striped", "checked": "checked"}),
        ("Blue jeans", "These trousers have two pockets.", "item",
         {"jeans": "jeans", "trousers": "trousers"}),
    ],
)  # fmt: skip
def test_two_values_are_reported_with_both_spans(
    tagger: TextTagger, title: str, description: str, attribute: str, said: dict[str, str]
) -> None:
    found = reading(tagger, title, description).contradictions
    assert [c.attribute for c in found] == [attribute]
    assert {s.value: s.evidence[0].text for s in found[0].said} == said


@pytest.mark.parametrize(
    ("title", "description"),
    [
        ("Full sleeve shirt", "Has long sleeves and one pocket."),
        ("Blue jeans", "Wear them with a half sleeve shirt or a checked kurta."),
        ("Plain tee", "Do not iron on print."),
        ("Kurta with palazzos", "A kurta and its palazzos."),
        ("Shorts", "Knee-length shorts."),
        ("", ""),
    ],
)
def test_what_does_not_contradict_is_not_reported(
    tagger: TextTagger, title: str, description: str
) -> None:
    assert reading(tagger, title, description).contradictions == ()


@pytest.mark.parametrize(
    ("title", "hues"),
    [
        ("Navy shirt", ["blue"]),
        ("Off-white kurta", ["white"]),
        ("Black and grey shirt", ["black", "grey"]),
        ("Cotton shirt", []),
    ],
)
def test_colors_are_named_in_the_order_of_the_words(
    tagger: TextTagger, title: str, hues: list[str]
) -> None:
    assert [color.hue for color in reading(tagger, title).colors] == hues


def test_a_text_in_another_language_states_nothing_and_says_why(tagger: TextTagger) -> None:
    found = reading(tagger, "Blue shirt", "Una camisa blanca de manga larga para hombre")
    assert found.foreign == {"description": "Spanish"}
    assert found.answers["color"].value == "single"
    assert found.answers["length"].value is None


@settings(max_examples=40)
@given(st.text(max_size=100), st.text(max_size=150))
def test_every_span_of_a_reading_is_exact(tagger: TextTagger, title: str, description: str) -> None:
    texts = {"title": title, "description": description}
    found = reading(tagger, title, description)
    spans = [color.span for color in found.colors]
    spans += [span for c in found.contradictions for s in c.said for span in s.evidence]
    for span in spans:
        assert texts[span.where][span.start : span.end] == span.text != ""
