"""The heads alone, fitted on the frozen body's pooled features before anything else learns.

The heads are linear and the pooling a mean, so fitting them on pooled features is exact and takes
seconds an epoch instead of minutes.
"""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

from training.losses import likelihood_loss
from training.pixels import flat
from vision.heads import HEADS
from vision.model import feature_model
from vision.preprocess import HEIGHT, WIDTH

EPOCHS, RATE, BATCH = 60, 3e-3, 256
SMALL = (HEIGHT * 3 // 4, WIDTH * 3 // 4)


def fit_heads(
    model: keras.Model,
    pixels: np.ndarray,
    targets: dict[str, np.ndarray],
    rows: np.ndarray,
    *,
    size: tuple[int, int] = SMALL,
) -> None:
    """Set the heads' weights of a `vision.model.build_model` network, in place.

    size: height and width the photos are shrunk to first.
    """
    features = pooled_features(model, pixels, rows, size)
    heads = linear_heads(features, {head: flat(table[rows]) for head, table in targets.items()})
    for head in HEADS:
        kernel, bias = heads.get_layer(head).get_weights()
        model.get_layer(f"{head}_map").set_weights([kernel[None, None], bias])


def linear_heads(features: np.ndarray, labels: dict[str, np.ndarray]) -> keras.Model:
    """Fit one linear layer a head: features (n, channels) to `{head: logits (n, k)}`.

    labels: flat target rows of `training.pixels.flat`, {head: (n, 2 * k)}.
    """
    pooled = keras.Input(features.shape[1:])
    outputs = {head: keras.layers.Dense(len(v), name=head)(pooled) for head, v in HEADS.items()}
    heads = keras.Model(pooled, outputs)
    steps = EPOCHS * -(-len(features) // BATCH)
    heads.compile(
        keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(RATE, steps)),
        dict.fromkeys(HEADS, likelihood_loss),
    )
    heads.fit(features, labels, batch_size=BATCH, epochs=EPOCHS, verbose=0)
    return heads


def pooled_features(
    model: keras.Model, pixels: np.ndarray, rows: np.ndarray, size: tuple[int, int]
) -> np.ndarray:
    """Return the body's mean feature vectors of photos at this size, float32 (n, channels)."""
    body = feature_model(model)

    @tf.function(reduce_retracing=True)
    def pooled(batch):
        small = tf.image.resize(tf.cast(batch, tf.float32), size, antialias=True)
        return tf.reduce_mean(body(small, training=False), axis=[1, 2])

    batches = [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]
    return np.concatenate([pooled(pixels[batch]).numpy() for batch in batches])
