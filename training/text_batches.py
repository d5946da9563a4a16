"""Batches for the text network."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from text.encode import WINDOW
from training.text_data import Arrays

STEP = 16  # batches are padded to a multiple of this many tokens


class Batches:
    """A list of (inputs, targets), each batch of texts of about one length and cut to it.

    Token targets are made dense a batch at a time, for all of them together would fill the memory.
    """

    def __init__(
        self, data: Arrays, size: int, dense: Callable[[Sequence[np.ndarray]], np.ndarray]
    ) -> None:
        self._data, self._dense = data, dense
        lengths = (data.ids > 0).sum(axis=1)
        order = np.argsort(lengths, kind="stable")
        self._rows = [order[at : at + size] for at in range(0, len(order), size)]
        # 8 lengths in all, so that the network is compiled 8 times at most.
        self._lengths = [-(-int(lengths[rows].max()) // STEP) * STEP for rows in self._rows]

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, at: int) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        rows, length = self._rows[at], min(max(self._lengths[at], STEP), WINDOW)
        return (
            {"ids": self._data.ids[rows, :length], "places": self._data.places[rows, :length]},
            {
                "tokens": self._dense([self._data.spans[row] for row in rows])[:, :length],
                **{name: table[rows] for name, table in self._data.allowed.items()},
            },
        )
