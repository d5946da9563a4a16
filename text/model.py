"""The network: token ids to one score per token and label, and the pooling it is trained through.

Imported by training only: serving runs the exported ONNX file.
"""

from __future__ import annotations

from typing import Any

import keras
import keras_nlp
from keras import layers

from text.encode import WINDOW
from text.lexicon import LABELS
from text.pooling import BIASES, HEADS, NOWHERE, answers


def build_scorer(vocabulary: int, *, width: int = 80, dropout: float = 0.1) -> keras.Model:
    """Return the part that serves: ids (n, t) int32 to scores (n, t, labels), t up to WINDOW.

    A convolution reads the neighbors ("no sleeves", "print on the"), a Transformer layer the rest
    of the text (whether a garment is this one).
    """
    ids = keras.Input((None,), dtype="int32", name="ids")
    embedding = keras_nlp.layers.TokenAndPositionEmbedding(
        vocabulary, WINDOW, width, embeddings_initializer="uniform", name="embedding"
    )
    x = layers.Dropout(dropout, name="embedding_dropout")(embedding(ids))
    real = keras.ops.cast(keras.ops.not_equal(ids, 0), "float32")
    for number in (1, 2):
        # Padding is silenced, or an answer would depend on the texts that share the batch.
        heard = layers.LayerNormalization(name=f"norm_{number}")(x) * real[:, :, None]
        near = layers.Conv1D(
            width, 5, padding="same", activation="relu", name=f"neighbors_{number}"
        )(heard)
        x = layers.Add(name=f"sum_{number}")(
            [x, layers.Dropout(dropout, name=f"dropout_{number}")(near)]
        )
    x = keras_nlp.layers.TransformerEncoder(
        2 * width, 4, dropout=dropout, activation="relu", normalize_first=True, name="text"
    )(x, padding_mask=real)
    x = layers.LayerNormalization(name="norm_out")(x)
    scores = layers.Dense(
        len(LABELS), bias_initializer=keras.initializers.Constant(-3.0), name="scores"
    )(x)
    return keras.Model(ids, scores, name="scorer")


class Pool(layers.Layer):
    """Highest score per label and place: scores (n, t, labels), places (n, t) to (n, 2, labels)."""

    def call(self, scores: Any, places: Any) -> Any:
        place = keras.ops.stack([keras.ops.equal(places, p) for p in (0, 1)], axis=1)
        masked = keras.ops.where(place[:, :, :, None], scores[:, None], NOWHERE)
        return keras.ops.max(masked, axis=2)


class Answer(layers.Layer):
    """The learned "not stated" biases and the formulas of `text.pooling`."""

    def build(self, _: Any) -> None:
        self.bias = self.add_weight(shape=(len(BIASES),), initializer="zeros", name="not_stated")

    def call(self, pooled: Any) -> dict[str, Any]:
        ones = dict.fromkeys(HEADS, 1.0)
        return answers(pooled, self.bias, ones, keras.ops)


def build_trainer(scorer: keras.Model) -> keras.Model:
    """Return the network that is trained: {ids, places} to token scores and answers by head."""
    ids = keras.Input((None,), dtype="int32", name="ids")
    places = keras.Input((None,), dtype="int32", name="places")
    scores = scorer(ids)
    out = Answer(name="answer")(Pool(name="pool")(scores, places))
    return keras.Model({"ids": ids, "places": places}, {"tokens": scores, **out})


def answer_loss(allowed: Any, probabilities: Any) -> Any:
    """Mean of -log of the probability given to the allowed answers (n, 1 + values): several where
    the words state two values, all where the answer is unknown (no loss)."""
    right = keras.ops.sum(allowed * probabilities, axis=1)
    return -keras.ops.mean(keras.ops.log(keras.ops.maximum(right, 1e-6)))


def token_loss(wanted: Any, scores: Any) -> Any:
    """Binary cross-entropy over tokens and labels, (n, t, labels) in 1, 0 and -1 (not judged).

    Summed over labels and stated tokens, so that the many empty ones do not drown them.
    """
    judged = keras.ops.cast(keras.ops.greater_equal(wanted, 0), "float32")
    target = keras.ops.maximum(wanted, 0.0)
    each = keras.ops.softplus(scores) - scores * target
    return keras.ops.sum(each * judged) / (keras.ops.sum(target * judged) + 1.0)
