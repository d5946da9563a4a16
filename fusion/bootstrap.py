"""How far a share may be off: sums over product groups drawn with replacement."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

DRAWS = 1000


def resampled(groups: ArrayLike, *columns: ArrayLike) -> NDArray[np.float64]:
    """Return (k, 1 + DRAWS): each column's sum, then its sums over groups drawn anew.

    groups (n,): listings of one product stand or fall together; columns: k of (n,) numbers or
    booleans. The draws depend on the number of groups alone, so they repeat.
    """
    _, index = np.unique(np.asarray(groups), return_inverse=True)
    sums = np.stack([np.bincount(index, weights=np.asarray(column)) for column in columns])
    size = sums.shape[1]
    drawn = np.random.default_rng(0).integers(0, size, (DRAWS, size))
    return np.concatenate([sums.sum(axis=1)[:, None], sums[:, drawn].sum(axis=2)], axis=1)


def interval(values: ArrayLike) -> tuple[float, float]:
    """Return the 95 % interval of what resampling gave, (DRAWS,)."""
    low, high = np.quantile(np.asarray(values, dtype=np.float64), (0.025, 0.975))
    return float(low), float(high)
