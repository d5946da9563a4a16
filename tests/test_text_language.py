"""Which language a text is in: another one is named and not read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.language import foreign


@pytest.mark.parametrize(
    ("title", "description", "language"),
    [
        ("Camisa azul de manga larga", "", "Spanish"),
        ("Chemise noire à manches longues", "", "French"),
        ("Blaues Hemd mit langen Ärmeln", "", "German"),
        ("Gonna lunga nera", "", "Italian"),
        ("Saia preta com bolsos", "", "Portuguese"),
        ("Zwarte broek voor dames", "", "Dutch"),
        ("Czarna sukienka damska", "", "Polish"),
        ("Svart tröja med långa ärmar", "", "Swedish"),
        ("Siyah kadın gömlek", "", "Turkish"),
        ("Rochie albastru fără mâneci", "", "Romanian"),
        ("Kemeja biru lengan panjang", "", "Indonesian"),
        ("Синяя рубашка", "", "Cyrillic script"),
        ("नीली कमीज", "", "Devanagari script"),
        ("قميص أزرق", "", "Arabic script"),
    ],
)
def test_another_language_is_named(title: str, description: str, language: str) -> None:
    assert foreign(title, description) == {"title": language}


@pytest.mark.parametrize(
    ("title", "description"),
    [
        ("", ""),
        ("12345", "👕🔥"),
        ("Women Kurta", "Straight kurta with churidar, for shaadi and mehendi."),
        ("Fleur de Lis Top", "A top in cotton."),
        ("La Vie De Boheme Women Kurta", ""),
        ("Herren Chino", "Slim chinos with two pockets."),
        ("Café au lait shirt – 100 % cotton", "Très chic"),
        ("Item 4471", ""),
    ],
)
def test_english_with_foreign_names_and_loanwords_is_read(title: str, description: str) -> None:
    assert foreign(title, description) == {}


def test_only_the_text_in_another_language_is_left_out() -> None:
    said = foreign("Blue kurta for women", "Eine blaue Tunika aus Baumwolle für den Sommer")
    assert said == {"description": "German"}


def test_a_text_that_tells_no_language_goes_with_the_other() -> None:
    assert foreign("Xqzv 12", "Une chemise en coton pour homme")["title"] == "French"


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_has_a_language_or_none(title: str, description: str) -> None:
    assert set(foreign(title, description)) <= {"title", "description"}
