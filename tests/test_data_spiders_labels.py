"""Attribute tables in whatever element they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsel import Selector

from data.spiders.labels import MAX_ROWS, MAX_VALUE, attribute_rows, canonical_label, known_rows


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><th>Sleeve</th><td>Long Sleeves</td></tr></table>",
        "<table><tr><td> Sleeve: </td><td><b>Long</b> Sleeves</td></tr></table>",
        "<dl><dt>Sleeve Type</dt><dd>Long Sleeves</dd></dl>",
        "<dl><div><dt>Sleeve Type</dt><dd>Long Sleeves</dd></div></dl>",
        "<ul><li>SLEEVE-LENGTH : Long Sleeves</li></ul>",
        "<p>Sleeve length: Long Sleeves</p>",
        "<ul><li><span>Sleeve</span><span>Long Sleeves</span></li></ul>",
        "<div><div>Sleeve Style</div><div>Long Sleeves</div></div>",
    ],
)
def test_a_row_is_found_in_every_usual_element(html):
    assert attribute_rows(Selector(html)) == {"Sleeve Length": "Long Sleeves"}


def test_tables_keep_labels_we_do_not_know_and_loose_lines_do_not():
    html = (
        "<table><tr><th>Washing</th><td>Cold</td></tr></table><p>Note: read this</p>"
        "<p>Delivery: tomorrow</p><p>Colour: Red</p><p>Color: Blue</p>"
    )
    assert attribute_rows(Selector(html)) == {"Washing": "Cold", "Color": "Red"}


def test_scripts_and_styles_are_no_rows():
    hidden = "<tr><th><style>x</style></th><td>y</td></tr>"
    html = f"<p><script>Sleeve: No Sleeves</script></p><table>{hidden}</table>"
    assert attribute_rows(Selector(html)) == {}


@pytest.mark.parametrize(
    ("label", "ours"),
    [("Print or Pattern Type", "Pattern"), ("COLOUR", "Color"), ("Fabric Pattern", "Pattern"),
     ("Leg Length", "Length"), ("Weather", None), ("", None)],
)  # fmt: skip
def test_labels_are_spelled_our_way(label, ours):
    assert canonical_label(label) == ours


def test_values_that_are_no_text_are_left_out():
    pairs = [("Sleeve", None), (3, "x"), ("Fit", ["Slim"]), ("Pattern", "x" * 999), ("Size", 4)]
    assert known_rows(pairs) == {"Size": "4"}


@given(st.lists(st.tuples(st.text(max_size=80), st.text(max_size=400)), max_size=100))
def test_any_pairs_give_bounded_printable_rows(pairs):
    rows = known_rows(pairs)
    assert len(rows) <= MAX_ROWS
    for label, value in rows.items():
        assert label.isprintable()
        assert value.isprintable()
        assert len(value) <= MAX_VALUE


@given(st.text(alphabet="<>/abtdhrliu: \n\"='", max_size=300))
def test_any_markup_is_read_without_an_error(text):
    attribute_rows(Selector(text or "<p></p>"))
