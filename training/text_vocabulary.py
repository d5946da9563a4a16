"""The WordPiece vocabulary and its tokenizer in the Hugging Face format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from text.encode import PAD, SPECIAL, TEXT, TITLE, UNKNOWN

if TYPE_CHECKING:
    from tokenizers import Tokenizer


def make_tokenizer(texts: Sequence[str], size: int) -> Tokenizer:
    """Return a WordPiece tokenizer of about `size` pieces learned from `texts`.

    keras-nlp learns the vocabulary because its learner gives the same one on every run. The
    tokenizer folds compatibility forms, case and accents ("¾" becomes "3/4").
    """
    import keras_nlp
    import tensorflow as tf
    from tokenizers import normalizers
    from transformers import BertTokenizerFast

    fold = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Replace("\N{FRACTION SLASH}", "/"),
            normalizers.BertNormalizer(lowercase=True, strip_accents=True),
        ]
    )
    lines = tf.data.Dataset.from_tensor_slices([fold.normalize_str(t) for t in texts]).batch(512)
    vocabulary = keras_nlp.tokenizers.compute_word_piece_vocabulary(
        lines.unbatch(), vocabulary_size=size, reserved_tokens=list(SPECIAL), lowercase=True
    )
    fast = BertTokenizerFast(  # `vocab=`: with `vocab_file=` transformers 5 loads five tokens
        vocab={piece: number for number, piece in enumerate(vocabulary)},
        pad_token=PAD,
        unk_token=UNKNOWN,
        cls_token=TITLE,
        sep_token=TEXT,
    )
    tokenizer = fast.backend_tokenizer
    tokenizer.normalizer = fold
    return tokenizer


def save_tokenizer(tokenizer: Tokenizer, path: Path) -> None:
    """Write `tokenizer.json`, which serving reads with the small tokenizers package alone."""
    tokenizer.save(str(path), pretty=False)
