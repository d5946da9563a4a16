"""Windows of tokens: nothing is lost, every token knows its place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from text.encode import CONTEXT, SPECIAL, WINDOW, Encoded, encode


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    letters = [*"abcdefghijklmnopqrstuvwxyz0123456789"]
    pieces = [*SPECIAL, "blue", "shirt", *letters, *(f"##{c}" for c in letters)]
    made = Tokenizer(
        models.WordPiece({p: i for i, p in enumerate(pieces)}, unk_token="[UNK]")  # noqa: S106
    )
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return made


def words(encoded: Encoded, place: int, text: str) -> list[str]:
    at = np.argwhere(encoded.places == place)
    return [text[encoded.starts[w, t] : encoded.ends[w, t]] for w, t in at]


def test_an_empty_text_is_one_empty_window(tokenizer: Tokenizer) -> None:
    assert encode(tokenizer, "", "").ids.shape == (1, WINDOW)
    assert not encode(tokenizer, "", " \0\n").ids.any()


def test_title_and_description_keep_their_places(tokenizer: Tokenizer) -> None:
    encoded = encode(tokenizer, "Blue shirt", "<p>shirt</p>")
    assert words(encoded, 0, "Blue shirt") == ["Blue", "shirt"]
    assert words(encoded, 1, "<p>shirt</p>") == ["shirt"]


def test_a_long_text_is_read_to_its_end_with_the_title_at_hand(tokenizer: Tokenizer) -> None:
    description = "blue shirt. " * 1000
    encoded = encode(tokenizer, "Shirt", description)
    assert words(encoded, 1, description) == ["blue", "shirt"] * 1000  # "." is unknown here
    assert (encoded.ids[:, 0] == SPECIAL.index("[CLS]")).all()
    assert (encoded.places[1:, 1] == 0).all()


def test_a_title_longer_than_a_window_does_not_stop_the_reading(tokenizer: Tokenizer) -> None:
    title = "blue " * 1000
    encoded = encode(tokenizer, title, "shirt")
    starts = {int(encoded.starts[w, t]) for w, t in np.argwhere(encoded.places == 0)}
    assert len(starts) == 1000
    assert len(encoded.ids) <= 1000 // (WINDOW - CONTEXT) + 3


@given(st.text(max_size=400), st.text(max_size=400))
def test_tokens_lie_inside_their_text(tokenizer: Tokenizer, title: str, description: str) -> None:
    encoded = encode(tokenizer, title, description)
    for place, text in enumerate((title, description)):
        assert (encoded.ends[encoded.places == place] <= len(text)).all()
        assert (encoded.starts <= encoded.ends).all()
