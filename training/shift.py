"""How often each length comes, put back: training draws rare ones more often than they come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from training.calibrate import COLDEST, HOTTEST, TOGETHER, Known, known_of, log_loss
from training.pixels import logits_of
from training.targets import build_targets
from vision.domain import DOMAINS, domain_of
from vision.heads import HEADS

# Drawn balanced, a network called ankle-long leggings cropped. The item is drawn balanced too, but
# a bias for each item bettered no log loss, five-fold on validation.
HEAD = "length"
# How strongly a bias is drawn to zero: so many nats its square. Five-fold on validation, log loss
# of length on the catalogue and on sellers' photos: no bias .080 and .206, 100 .079 and .203,
# 30 .077 and .198, 10 .075 and .189, 3 .075 and .176; but at 3 the first round's annotated photos,
# where rare lengths are commoner, lose again (.150, at 10 .144).
DRAWN = 10.0


def as_they_come(
    model: Any, photos: pd.DataFrame, pixels: Sequence[np.ndarray]
) -> dict[str, float]:
    """Move the length head's biases, in place, to how often the validation split's lengths come.

    The biases are fitted together with a temperature a domain, which is not kept (bias-corrected
    temperature scaling: Alexandari et al. 2020, arXiv 1901.06852). The class map takes them up
    position by position, so it still adds up to the logits. model: of `vision.model.build_model`;
    photos, pixels: all splits, of which only validation rows are used. Returns what was added.
    """
    rows = photos.index[photos["split"] == "validation"].to_numpy()
    if not len(rows):
        return {}
    logits = logits_of(model, pixels, rows)[HEAD]
    targets = {HEAD: build_targets(photos)[HEAD][rows]}
    domains = np.array([domain_of(pixels[row]) for row in rows])
    added = fit_shift(logits, known_of(HEAD, targets, photos.loc[rows]), domains)
    layer = model.get_layer(f"{HEAD}_map")
    kernel, bias = layer.get_weights()
    layer.set_weights([kernel, bias + added.astype(bias.dtype)])
    return {value: round(float(b), 3) for value, b in zip(HEADS[HEAD], added, strict=True)}


def fit_shift(logits: np.ndarray, known: Known, domains: np.ndarray) -> np.ndarray:
    """Return the bias of each value with the least log loss of what is known, drawn to zero.

    logits: (n, k); known: of `training.calibrate.known_of`; domains: (n,) of `vision.domain`.
    Returns (k,), to be added before any temperature.
    """
    place = np.array([DOMAINS.index(domain) for domain in domains])

    def loss(settings: np.ndarray) -> float:
        log_temperature, bias = settings[: len(DOMAINS)], settings[len(DOMAINS) :]
        drawn = DRAWN * (bias**2).sum() + TOGETHER * np.var(log_temperature) * len(DOMAINS)
        return drawn + log_loss((logits + bias) / np.exp(log_temperature)[place][:, None], known)

    # Unbounded, a temperature near 0 would stand in for the biases where one value is all there is.
    temperatures = [(np.log(COLDEST), np.log(HOTTEST))] * len(DOMAINS)
    bounds = [*temperatures, *[(None, None)] * logits.shape[1]]
    found = minimize(loss, np.zeros(len(bounds)), method="L-BFGS-B", bounds=bounds)
    return found.x[len(DOMAINS) :]
