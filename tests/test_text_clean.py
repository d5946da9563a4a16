"""The sentence filter: what speaks of the garment for sale is kept, in its original place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.clean import about_garment, blank, sentences

TEXTS = st.text(max_size=300) | st.text(alphabet="<p>&;aB. \n\0|é👕<>/wash with", max_size=300)


def kept(description: str) -> str:
    return " ".join(description[s.start : s.end].strip() for s in about_garment("", description))


@pytest.mark.parametrize(
    ("sentence", "rest"),
    [
        ("Do not iron on print.", ""),
        ("Machine wash with like colours, do not bleach.", ""),
        ("Dry flat in shade", ""),
        ("Warm iron on reverse", ""),
        ("Team it with blue jeans and sneakers.", ""),
        ("Wear this over a checked shirt.", ""),
        ("Blue kurta, goes well with white leggings.", "Blue kurta,"),
        ("Striped tee, pair it with black trousers.", "Striped tee,"),
        ("Layer it under a tailored blazer.", ""),
        ("The model (height 6' and shoulders 18\") is wearing a size M", ""),
        ("Finish off with a crisp white shirt.", ""),
        ("Drape it over a striped dress.", ""),
        ("Think linen shirt, straw hat, and tan sandals.", ""),
        ("Underneath, a grey hoodie and black jeans complete the outfit.", ""),
        ("Add charm with this blue shirt.", "Add charm with this blue shirt."),
        ("Sponsored: floral dress, red", ""),
        ("Don't miss the matching striped shorts.", ""),
        ("Don't miss this striped shirt.", "Don't miss this striped shirt."),
        ("Height: 5'8\", Chest: 33\"", ""),
        ("Customers also bought: striped kurta, floral skirt", ""),
        ("Also available in red and green.", ""),
        ("Acme has clothed the world since 1947.", ""),
        ("Blue jeans with a washed look.", "Blue jeans with a washed look."),
        ("Navy blue dark wash jeans", "Navy blue dark wash jeans"),
        ("White kurta with mix-and-match printed yoke and cuffs with piping.",
         "White kurta with mix-and-match printed yoke and cuffs with piping."),
        ("A contrast collar matched to the cuffs", "A contrast collar matched to the cuffs"),
        ("A great casual wear for men.", "A great casual wear for men."),
    ],
)  # fmt: skip
def test_only_what_speaks_of_the_garment_is_kept(sentence: str, rest: str) -> None:
    assert kept(sentence) == rest


def test_how_a_title_opens_is_never_dropped() -> None:
    kinds = [s.kind for s in sentences("Best sellers: blue shirt. Pair it with jeans", "")]
    assert kinds == ["garment", "style"]


def test_a_lost_line_break_still_ends_a_sentence() -> None:
    text = "Printed top, one patch pocketMachine wash coldComes with a belt"
    assert kept(text) == "Printed top, one patch pocket Comes with a belt"


def test_a_name_with_a_capital_inside_is_one_word() -> None:
    assert len(sentences("DressBerry Women Top", "by DressBerry")) == 2


def test_a_section_heading_inside_a_line_begins_a_sentence() -> None:
    text = "Pair it with jeans for a great look Product Details White shirt"
    assert kept(text) == "Product Details White shirt"


@pytest.mark.parametrize("debris", ["<br/>", "&nbsp;", "<p class='x'>", "\0", "&amp;", "Â "])
def test_debris_is_blanked_in_place(debris: str) -> None:
    text = f"Blue{debris}shirt"
    assert blank(text) == "Blue" + blank(debris) + "shirt"
    assert blank(debris).strip() == ""


@given(TEXTS)
def test_blanking_keeps_every_offset(text: str) -> None:
    assert len(blank(text)) == len(text)


@given(TEXTS, TEXTS)
def test_sentences_lie_in_order_inside_their_text(title: str, description: str) -> None:
    texts = {"title": title, "description": description}
    last = {"title": 0, "description": 0}
    for sentence in sentences(title, description):
        assert last[sentence.where] <= sentence.start < sentence.end <= len(texts[sentence.where])
        last[sentence.where] = sentence.end


@pytest.mark.parametrize(
    "unit", ["a", "<", "&amp ", "pair it ", ".", "a.B", " ", "wear ", "\0", '"', "not only "]
)
def test_the_longest_text_is_read_whatever_it_repeats(unit: str) -> None:
    text = (unit * 50_000)[:50_000]
    assert all(s.end <= 50_000 for s in sentences(text, text))
