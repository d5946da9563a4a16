"""The heads alone, fitted on the frozen body's pooled features before anything else learns.

The heads are linear and the pooling a mean, so fitting them on pooled features is exact and takes
seconds an epoch instead of minutes.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from training.batches import batches
from training.losses import likelihood_loss
from training.pixels import flat, shrunk
from vision.heads import HEADS
from vision.model import feature_model

EPOCHS, RATE, BATCH = 60, 3e-3, 256
SMALL = 0.75  # share of each side


def fit_heads(
    model: keras.Model,
    pixels: Sequence[np.ndarray],
    targets: dict[str, np.ndarray],
    rows: np.ndarray,
    *,
    scale: float = SMALL,
) -> None:
    """Set the heads' weights of a `vision.model.build_model` network, in place.

    scale: share of each side that the photos are shrunk to first.
    """
    features = pooled_features(model, pixels, rows, scale)
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
    model: keras.Model, pixels: Sequence[np.ndarray], rows: np.ndarray, scale: float
) -> np.ndarray:
    """Return the body's mean feature vectors of shrunk photos, float32 (n, channels)."""
    body = feature_model(model)

    @tf.function(reduce_retracing=True)
    def pooled(small):
        return tf.reduce_mean(body(small, training=False), axis=[1, 2])

    features = np.empty((len(rows), body.output.shape[-1]), np.float32)
    for places, batch in batches(pixels, rows, BATCH):
        features[places] = pooled(shrunk(batch, scale)).numpy()
    return features
