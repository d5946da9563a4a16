"""What each label source says of the truth: one likelihood row per photo and head.

A target row holds, for every value v of the head, P(what was observed | the truth is v), and the
loss is -log sum_v target[v] * p(v): the network's answer is pushed through each source's own noise
(forward correction, Patrini et al. 2017, arXiv 1609.03683). An annotation is a sharp row, a
catalogue field a blurred one, the class "Pants" allows five items, a missing label is a flat row
whose loss and gradient are zero: one mechanism, no weights or masks per case.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.taxonomy import ATTRIBUTES, VALUES, WEAR_OF, WEARS
from vision.heads import HEADS

# A careful annotator still errs or hesitates on about 3 % of garments.
ANNOTATION_NOISE = 0.03
SMOOTHING = 0.5  # pseudo-count of every cell of a confusion table


def channel(observed: pd.Series, truth: pd.Series, attribute: str) -> dict[str, np.ndarray]:
    """Estimate P(observed | truth) from rows that have both.

    Returns `{observed word: float32 (values,)}`, for words seen at least once. Values never
    annotated keep the smoothed prior that a field names its own value.
    """
    values = VALUES[attribute]
    both = pd.DataFrame({"seen": observed, "truth": truth}).dropna()
    words = sorted(set(observed.dropna()))
    counts = np.full((len(words), len(values)), SMOOTHING / max(1, len(words)))
    for column, value in enumerate(values):
        if value in words:
            counts[words.index(value), column] += 2 * SMOOTHING
        seen = both.loc[both["truth"] == value, "seen"].value_counts()
        for word, n in seen.items():
            counts[words.index(word), column] += n
    likelihood = counts / counts.sum(axis=0, keepdims=True)
    return {word: row.astype("float32") for word, row in zip(words, likelihood, strict=True)}


def sharp(value: str, values: tuple[str, ...], noise: float = ANNOTATION_NOISE) -> np.ndarray:
    """Return an annotation's row: the value it names, `noise` shared by all others."""
    row = np.full(len(values), noise / (len(values) - 1), "float32")
    row[values.index(value)] = 1 - noise
    return row


def possible(head: str, wear: str | None) -> np.ndarray:
    """Return 1 for the values a garment of this wear type can have, float32 (values,)."""
    values = HEADS[head]
    if wear is None or head not in WEAR_OF:
        return np.ones(len(values), "float32")
    return np.array([WEAR_OF[head][value] == wear for value in values], "float32")


def build_targets(photos: pd.DataFrame) -> dict[str, np.ndarray]:
    """Build every head's targets for a table of `training.photos.load_photos`.

    Returns `{head: float32 (n, 2, values)}`: the likelihood row, then the mask of values possible
    under the known wear type; both rows equal where nothing is known. Channels are estimated on
    the train split only; the words of a source that has no photo there tell nothing.
    """
    # A photo picked for annotation because its field looked wrong would teach that sellers err ten
    # times as often as they do.
    train = photos[(photos["split"] == "train") & ~photos["picked"].astype(bool)]
    channels = {
        (source, attribute): channel(
            rows[f"seen_{attribute}"], rows[f"true_{attribute}"], attribute
        )
        for source, rows in train.groupby("source")
        for attribute in ATTRIBUTES
    }
    records = photos.to_dict("records")
    return {head: np.stack([_row(photo, head, channels) for photo in records]) for head in HEADS}


def _row(photo: dict, head: str, channels: dict) -> np.ndarray:
    wear = photo["true_wear"] or _settled(photo, channels)
    mask = possible(head, wear)
    likelihood = mask
    if head == "scope":
        if photo["scope"] in HEADS["scope"]:
            likelihood = sharp(photo["scope"], HEADS["scope"])
    elif head == "length_shown":
        # Who named a length saw where it ends; who named none may have hesitated, or not looked.
        if photo["scope"] == "in" and photo["true_length"] is not None:
            likelihood = sharp("shown", HEADS[head])
    elif photo["scope"] == "out":
        pass  # a dress has no sleeve to learn from: flat row
    elif photo[f"true_{head}"] is not None:
        likelihood = sharp(photo[f"true_{head}"], HEADS[head])
    elif photo[f"seen_{head}"] is not None:
        likelihood = channels.get((photo["source"], head), {}).get(photo[f"seen_{head}"], mask)
    return np.stack([likelihood * mask, mask])


def _settled(photo: dict, channels: dict) -> str | None:
    """Return the wear type a noisy source settles beyond 30 to 1, else None."""
    row = channels.get((photo["source"], "wear"), {}).get(photo["seen_wear"])
    if row is None or row.max() < 30 * row.min():
        return None
    return WEARS[int(row.argmax())]
