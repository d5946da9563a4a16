"""Do a listing's photos show one garment? Names the photo that disagrees with its siblings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vision.combine import Seen, garments

# What tells garments apart and survives a change of framing: a cropped photo loses sleeves.
TELLING = ("item", "color", "pattern")
# One logit apart, on average, counts as much as so much likeness of color; chosen on validation
# photos as the limit is, which errs in 1 % of listings (`python -m training siblings` prints it).
WEIGHT = 0.2
LEAST_LIKE = -0.21
# Edges of the color bins: brightness, red against green, yellow against blue; 0 to 255.
BRIGHTNESS = (45, 90, 140, 195)
RED_GREEN = (-30, -8, 8, 30)
YELLOW_BLUE = (-30, -8, 12, 40)


def odd_photo(seen: Sequence[Seen], pixels: Sequence[np.ndarray]) -> int | None:
    """Return the number (from 0) of the photo that looks like another garment, None where all fit.

    seen: the branch's answers for the photos; pixels: of `vision.preprocess.to_pixels`, uint8
    (h, w, 3) a photo. Photos out of scope (a size chart) are not compared. Of two photos that
    disagree it is the second: a listing leads with its garment.
    """
    shown = garments(seen)
    if len(shown) < 2:
        return None
    alike = likeness([seen[i] for i in shown], [pixels[i] for i in shown])
    # Of two photos both are equally unlike: the rounding leaves the choice to their order.
    worst = min(range(len(shown)), key=lambda place: (round(alike[place], 9), -place))
    return shown[worst] if alike[worst] < LEAST_LIKE else None


def likeness(seen: Sequence[Seen], pixels: Sequence[np.ndarray]) -> list[float]:
    """Return how well each of two or more photos fits its siblings, 1 where it is just like them.

    The likeness of their colors (cosine, 0 to 1) less, weighted, how far its answers lie from
    theirs. Compared are logits, as many steps from even odds: of two photos surely of shirts the
    probabilities are alike, and the logits tell that one is nearly a kurta.
    """
    colors = np.stack([color_table(photo) for photo in pixels])
    answers = np.stack([_answers(result) for result in seen])
    found = []
    for place in range(len(seen)):
        others = np.arange(len(seen)) != place
        mean = colors[others].mean(axis=0)
        alike = float(colors[place] @ mean / np.linalg.norm(mean))
        apart = float(np.abs(answers[place] - answers[others].mean(axis=0)).mean())
        found.append(alike - WEIGHT * apart)
    return found


def _answers(result: Seen) -> np.ndarray:
    """Return a photo's logits of what tells garments apart, each head's about their own mean."""
    logits = [result.maps[name].mean(axis=(0, 1)) for name in TELLING]
    return np.concatenate([values - values.mean() for values in logits])


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
