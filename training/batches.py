"""Photos by row number, a batch at a time: what a network takes at once is of one shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from vision.preprocess import by_shape


def batches(
    pixels: Sequence[np.ndarray], rows: Sequence[int] | np.ndarray, most: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield batches of `most` photos or fewer: their places in `rows`, and uint8 (n, h, w, 3).

    pixels: by row number, each of `vision.preprocess.to_pixels`.
    """
    for start in range(0, len(rows), most):
        for places, batch in by_shape([pixels[row] for row in rows[start : start + most]]):
            yield start + places, batch
