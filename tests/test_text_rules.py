"""The phrase rules: which words state which value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.lexicon import IMPLIED, LABELS, phrases
from text.rules import find
from text.verdicts import stated


def first(title: str, description: str = "", brand: str = "") -> dict[str, str | None]:
    answers = stated(find(title, description, brand))
    return {name: values[0] if values else None for name, values in answers.items()}


@pytest.mark.parametrize(
    ("text", "attribute", "value"),
    [
        ("Red full sleeve shirt", "length", "full_sleeve"),
        ("Shirt with long, roll-up sleeves", "length", "full_sleeve"),
        ("T-shirt, sleeve length: short", "length", "half_sleeve"),
        ("Kurta with 3/4th sleeves", "length", "three_quarter_sleeve"),
        ("Kurta has three-quarter bell sleeves", "length", "three_quarter_sleeve"),
        ("Top without sleeves", "length", "sleeveless"),
        ("Top, no sleeves", "length", "sleeveless"),
        ("Tee in half arm", "length", "half_sleeve"),
        ("Fullsleeve tee", "length", "full_sleeve"),
        ("Sweatshirt with half-length zipper, raglan sleeves", "length", None),
        ("Blue jeans", "length", None),
        ("Blue shorts", "length", "above_knee"),
        ("Knee-length shorts", "length", "knee_length"),
        ("Black capris", "length", "cropped"),
        ("Maxi skirt", "length", "full_length"),
        ("Long kurta, knee-length", "length", None),
        ("Shirt dress", "item", None),
        ("T-shirt bra", "item", None),
        ("Denim jacket with shirt collar", "item", "jacket"),
        ("Polo collar", "item", None),
        ("Polo T-shirts", "item", "t_shirt"),
        ("Women kurti", "item", "kurta"),
        ("Running shoes", "wear", None),
        ("Kurta set", "wear", None),
        ("Men chinos", "wear", "bottom"),
        ("Navy blue shirt", "color", "single"),
        ("Rust orange shirt", "color", "single"),
        ("Black and grey shirt", "color", "multi"),
        ("Navy & sky blue shirt", "color", "multi"),
        ("Multicoloured top", "color", "multi"),
        ("White tee with contrast collar", "color", "multi"),
        ("White tee with contrast stitching", "color", "single"),
        ("Cotton shirt", "color", None),
        ("Striped shirt", "pattern", "striped"),
        ("Shirt, not striped", "pattern", None),
        ("Shirt without checks", "pattern", None),
        ("Not striped, plain black", "pattern", "solid"),
        ("Not striped, plain black", "color", "single"),
        ("Neither striped nor checked shirt", "pattern", None),
        ("Without print or stripes, just solid maroon", "pattern", "solid"),
        ("Not a shirt but a kurta", "item", "kurta"),
        ("Not only striped but soft", "pattern", "striped"),
        ("Black tee with a white logo", "color", "single"),
        ("White logo tee with black sleeves", "color", "multi"),
        ("Men's bottom wear", "wear", "bottom"),
        ("Plain tee", "pattern", "solid"),
        ("Tee with graphic", "pattern", "printed"),
        ("Tee with brand logo printed on the chest", "pattern", None),
        ("Embroidered straight kurta", "pattern", "printed"),
        ("Kurta with embroidered logo", "pattern", None),
        ("Please check the size chart", "pattern", None),
    ],
)
def test_a_phrase_states_its_value(text: str, attribute: str, value: str | None) -> None:
    assert first(text)[attribute] == value
    assert first("", text)[attribute] == value


def test_the_brand_is_no_statement() -> None:
    assert first("Red Tape Men Shirt", brand="Red Tape")["color"] is None


def test_garments_of_both_kinds_in_a_title_have_no_one_wear() -> None:
    answers = first("Girls Top with Shorts")
    assert (answers["wear"], answers["item"]) == (None, "top")


def test_another_hue_in_the_description_is_a_slip_and_one_color() -> None:
    assert first("Blue Kurta", "Green cotton kurta")["color"] == "single"


def test_the_garment_told_again_in_another_hue_is_one_color() -> None:
    said = "Blue kurta with piping. Look your best in this green kurta."
    assert first("Kurta", said)["color"] == "single"


def test_other_garments_and_wash_care_state_nothing() -> None:
    said = "Do not iron on print. Team it with blue jeans. Wear over a checked shirt."
    assert set(first("", said).values()) == {None}


def test_every_phrase_carries_a_known_label() -> None:
    assert set(phrases().values()) | set(IMPLIED) | set(IMPLIED.values()) <= set(LABELS)


@given(st.text(max_size=200), st.text(max_size=200))
def test_hits_lie_inside_the_original_text(title: str, description: str) -> None:
    texts = {"title": title, "description": description}
    for hit in find(title, description):
        assert texts[hit.where][hit.start : hit.end].strip()
