"""The loss that reads likelihood rows (training/targets.py)."""

from __future__ import annotations

import keras
from keras import ops

EPSILON = 1e-7


@keras.saving.register_keras_serializable("selvedge")
def likelihood_loss(target, logits):
    """-log sum_v P(observed | v) p(v), within the values possible; 0 where nothing is known.

    target: (n, 2 * k), the likelihood row then the mask of possible values (0 or 1).
    logits: (n, k). Returns (n,).
    """
    k = logits.shape[-1]
    likelihood, mask = target[:, :k], target[:, k:]
    p = ops.softmax(logits, axis=-1)
    observed = ops.sum(likelihood * p, axis=-1)
    allowed = ops.sum(mask * p, axis=-1)
    return ops.log(allowed + EPSILON) - ops.log(observed + EPSILON)
