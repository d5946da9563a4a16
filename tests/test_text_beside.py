"""Other garments and brand names in a description are blanked; the garment for sale never is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.beside import alone, readable
from text.names import names

WORDS = st.lists(
    st.sampled_from(
        ["Grey", "Matter", "By", "striped", "shirt", "jeans", "over", "a", "in", "white", ".", ",",
         "İ", "ß", "Half", "Moon's", "polos", "tie", "brown", "\n"]
    )
).map(" ".join)  # fmt: skip


@pytest.mark.parametrize(
    ("title", "description", "left"),
    [
        ("Navy blazer", "Nice with grey trousers.", "Nice with trousers."),
        ("Navy blazer", "These grey trousers", "These grey trousers"),
        ("Navy blazer", "Grey blazer, plain", "Grey blazer, plain"),
        ("Formal trousers", "A sky blue shirt and a striped tie", "A shirt and a tie"),
        ("Leggings", "Any top: a tee in grey", "Any top: a tee in"),
        ("Red cardigan", "Great over a plain white tee.", "Great over a ."),
        ("Red cardigan", "Embroidery over the striped yoke", "Embroidery over the striped yoke"),
        ("Skirt", "Ends above the knee", "Ends above the knee"),
        ("Men shirt", "Next to our striped polos", "Next to"),
        ("Men shirt", "We make striped polos, printed tees", "We make striped polos, tees"),
        ("Kurta set", "Red kurta with blue palazzos", "Red kurta with blue palazzos"),
        ("Tunic", "Red tie neckline", "Red tie neckline"),
    ],
)
def test_only_what_is_said_of_other_garments_is_blanked(
    title: str, description: str, left: str
) -> None:
    assert " ".join(alone(title, description).split()) == left


@pytest.mark.parametrize(
    ("title", "description", "found"),
    [
        ("Grey Matter Printed T-shirt", "Grey Matter prints its tees.", ["Grey Matter"]),
        ("Half Moon Full Sleeve Shirt", "Half Moon's best seller.", ["Half Moon"]),
        ("The Skirt Factory Kids Shorts", "By The Skirt Factory.", ["The Skirt Factory"]),
        ("Rosegold Men Trousers", "Brand: Rosegold", []),
        ("Checkers Men Shirt", "By Checkers.", ["Checkers"]),
        ("Blue Shirt", "By Blue Saint.", ["Blue Saint"]),
        ("Blue Harbor Men Shirt", "", ["Blue Harbor"]),
        ("BLUE HARBOR MEN SHIRT", "", ["BLUE HARBOR"]),
        ("Red Robin's Men Shirt", "", ["Red Robin"]),
        ("Bluebird Women Top", "", ["Bluebird"]),
        ("Striped Tee by Red Robin", "", ["Red Robin"]),
        ("Plain Threads Graphic Tee", "", ["Plain Threads"]),
        ("Tee", "Green Apple® tee for children", ["Green Apple"]),
        ("Tee", "In this Green Hill tee you shine.", ["Green Hill"]),
        ("Nike Green Women Tee", "", []),
        ("Blue Denim Men Jacket", "", []),
        ("Navy Blue Women Top", "", []),
        ("Bluish Men Shirt", "", []),
        ("Chinos for men", "", []),
        ("Kurta Lucknowi Men White", "", []),
        ("Jeans Junction Men Tee", "", ["Jeans Junction"]),
        ("Blue cotton top for women", "In the Navy Blue shade.", []),
        ("White Linen Shirt", "White Linen makes it airy.", []),
        ("Blue Saint Shirt", "Blue Saint Shirt in cotton", []),
        ("Navy Polo", "Men's Navy polo", []),
        ("Blue Shirt", "", []),
    ],
)
def test_a_brand_is_known_by_how_it_is_spoken_of(
    title: str, description: str, found: list[str]
) -> None:
    assert names(title, description) == found


def test_a_brand_is_blanked_in_both_texts() -> None:
    left = readable("Grey Matter Printed Tee", "By Grey Matter. GREY MATTER knits.")
    assert left["title"].split() == ["Printed", "Tee"]
    assert left["description"].split() == ["By", ".", "knits."]


@given(st.text(max_size=100) | WORDS, st.text(max_size=200) | WORDS)
def test_no_offset_moves(title: str, description: str) -> None:
    left = readable(title, description)
    assert (len(left["title"]), len(left["description"])) == (len(title), len(description))


@pytest.mark.parametrize("unit", ["By Half Moon. ", "over a ", "striped shirts ", "A b "])
def test_the_longest_text_is_read_whatever_it_repeats(unit: str) -> None:
    text = (unit * 50_000)[:50_000]
    assert len(readable(text, text)["description"]) == 50_000
