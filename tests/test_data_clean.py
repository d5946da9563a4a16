"""HTML made plain: lines kept, markup and scripts gone, entities resolved."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.clean import any_to_text, html_to_text, tidy


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>Blue shirt</p><p>Regular fit</p>", "Blue shirt\nRegular fit"),
        ("Blue shirt<br />Regular fit<BR>Cotton", "Blue shirt\nRegular fit\nCotton"),
        ("<ul><li>One</li><li>Two</li></ul>", "One\nTwo"),
        (
            "<strong>Wash Care</strong><br> <span>Machine <em>wash</em></span>",
            "Wash Care\nMachine wash",
        ),
        ("half<b>-</b>sleeved", "half-sleeved"),
        ("a\n   line\tin the source", "a line in the source"),
        ("<script>var a = '<p>x</p>';</script>Shirt<style>p {}</style>", "Shirt"),
        ("<!-- hidden -->Shirt", "Shirt"),
        ("<table><tr><td>Size</td><td>M</td></tr><tr><td>Fit</td></tr></table>", "Size M\nFit"),
        ("5&rsquo;8&quot;&nbsp;tall &amp; slim", '5\u20198" tall & slim'),
        ("chest 33&amp; rdquo ) is", "chest 33\u201d) is"),
        ("&lt;b&gt;Fit&lt;/b&gt;&lt;br&gt;Regular", "Fit\nRegular"),
        ("stripes & print, waist < 30", "stripes & print, waist < 30"),
        ("<p>&nbsp;</p>\n<p></p>", ""),
        ("<p>never closed <b>bold", "never closed bold"),
    ],
)
def test_html_becomes_plain_lines(source, text):
    assert html_to_text(source) == text


@given(st.text())
def test_any_string_becomes_tidy_lines(source):
    for line in html_to_text(source).split("\n"):
        assert line == line.strip()
    assert html_to_text(source) == "" or "" not in html_to_text(source).split("\n")


# No ">": an escaped tag such as &lt;b&gt; is taken for the tag it was, see the table above.
@given(st.lists(st.text("abc xyz,.'&<\"", min_size=1), max_size=4))
def test_escaped_paragraphs_come_back_as_lines(paragraphs):
    source = "".join(f"<p>{html.escape(text)}</p>" for text in paragraphs)
    assert html_to_text(source) == tidy("\n".join(paragraphs))


def test_plain_text_keeps_its_own_lines():
    assert any_to_text("Blue shirt\r\n\r\nfull  sleeves") == "Blue shirt\nfull sleeves"
    assert any_to_text("<p>Blue\nshirt</p>") == "Blue shirt"
