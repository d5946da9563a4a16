"""The network: a pretrained body and one small head per attribute. Imported by training only."""

from __future__ import annotations

import keras

from vision.heads import HEADS

# Share of the feature channels that a training step does without. Whole channels: dropout of single
# positions would vanish in the mean over all of them.
DROPOUT = 0.3


def build_model(body: keras.Model) -> keras.Model:
    """Put a 1x1 convolution per head on the body's last feature map.

    body: maps float pixels 0..1 (n, h, w, 3) to features (n, h', w', c).
    Returns a model from pixels 0..255 to `{head: logits (n, classes)}`. The logits are the mean
    of the head's class map over all positions: the map is the evidence itself, no estimate of it
    (class activation mapping: Zhou et al. 2016, arXiv 1512.04150; here the heads come first and
    the pooling last).
    """
    pixels = keras.Input((None, None, 3), name="pixels")
    features = body(keras.layers.Rescaling(1 / 255, name="unit")(pixels))
    features = keras.layers.SpatialDropout2D(DROPOUT, name="dropout")(features)
    logits = {}
    for head, values in HEADS.items():
        class_map = keras.layers.Conv2D(len(values), 1, name=f"{head}_map")(features)
        logits[head] = keras.layers.GlobalAveragePooling2D(name=head)(class_map)
    return keras.Model(pixels, logits, name="selvedge_vision")


def feature_model(model: keras.Model) -> keras.Model:
    """Return a built model up to its features: pixels 0..255 to (n, h', w', c)."""
    return keras.Model(model.input, model.get_layer("dropout").input, name="selvedge_features")


def body_of(model: keras.Model) -> keras.Model:
    """Return the body a model was built on."""
    return next(layer for layer in model.layers if isinstance(layer, keras.Model))


def map_model(model: keras.Model) -> keras.Model:
    """Return the serving face of a trained model: pixels to `{head: class map (n, h', w', k)}`."""
    maps = {head: model.get_layer(f"{head}_map").output for head in HEADS}
    return keras.Model(model.input, maps, name="selvedge_vision_maps")
