"""What a seller can mend about a photo, by short measures of its pixels.

Each limit was chosen on validation photos so that few good ones are flagged;
`python -m training quality` prints the shares and what of spoiled copies is caught.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from data.remarks import PHOTO_ADVICE

LEAST_SIDE = 150  # pixels of the longer side; below, stripes and collars are guesses
DARKEST_HIGHLIGHT = 135.0  # brightness, 0 to 255, that one pixel in twenty reaches
MOST_CLIPPED, MOST_CLIPPED_PHONE = 0.65, 0.10  # share of the middle without detail
WHITE_BORDER = 0.8  # share of white at the border that makes a studio photo
SHARPEST_BLUR = 0.44  # 0 sharp, 1 wholly blurred
LEAST_FOREGROUND = 0.10  # share of pixels unlike the border
TEXT_SHARE = (0.18, 0.40)  # of the outer photo; more is a carpet, not words
SIDE = 320  # pixels of the longer side that the measures look at; smaller photos stay as they are


def quality_flags(photo: Image.Image) -> tuple[str, ...]:
    """Return the flags that apply to a photo, keys of PHOTO_ADVICE in its order.

    photo: RGB, best of `vision.preprocess.open_photo`.
    """
    small = _fit(photo, SIDE)
    pixels = np.asarray(small)
    light = np.asarray(small.convert("L"), np.float32)
    found = {
        "too_small": max(photo.size) < LEAST_SIDE,
        "too_dark": float(np.quantile(light, 0.95)) < DARKEST_HIGHLIGHT,
        "overexposed": is_overexposed(pixels),
        "blurry": blur(light) > SHARPEST_BLUR,
        "mostly_background": foreground(pixels) < LEAST_FOREGROUND,
        "text_over_photo": TEXT_SHARE[0] < text_share(light) < TEXT_SHARE[1],
    }
    return tuple(name for name in PHOTO_ADVICE if found[name])


def is_overexposed(pixels: np.ndarray) -> bool:
    """Tell whether the middle of uint8 (h, w, 3) pixels is burnt out.

    A studio's white ground shows through and around a white shirt, so there more is allowed.
    """
    (height, width), (high, wide) = pixels.shape[:2], (pixels.shape[0] // 4, pixels.shape[1] // 4)
    middle = pixels[high : height - high, wide : width - wide]
    burnt = np.logical_or.reduce([middle[:, :, channel] >= 252 for channel in range(3)])
    clipped = float(burnt.mean())
    studio = (_border(pixels) >= 225).all(axis=1).mean() >= WHITE_BORDER
    return clipped > (MOST_CLIPPED if studio else MOST_CLIPPED_PHONE)


def blur(light: np.ndarray) -> float:
    """Return how little a photo changes when it is blurred, 0 (sharp) to 1.

    light: float (h, w). Compares the differences of neighbors before and after a mean over nine
    pixels, in the worse direction (Crete et al. 2007, doi:10.1117/12.702790).
    """
    return max(_kept(light), _kept(np.ascontiguousarray(light.T)))


def _kept(light: np.ndarray, reach: int = 9) -> float:
    padded = np.pad(light, ((0, 0), (reach // 2, reach // 2)), mode="edge")
    before = np.abs(light[:, 1:] - light[:, :-1])
    # Means over neighboring windows differ by what leaves and what enters.
    after = np.abs(padded[:, reach:] - padded[:, :-reach]) / reach
    return 1.0 - float(np.maximum(0.0, before - after).sum() / max(float(before.sum()), 1e-6))


def foreground(pixels: np.ndarray) -> float:
    """Return the share of uint8 (h, w, 3) pixels whose color is unlike that of the border."""
    border = _border(pixels).astype(np.int16)
    middle = np.median(border, axis=0).astype(np.int16)
    spread = float(np.quantile(np.abs(border - middle).max(axis=1), 0.8))
    limit = np.clip(1.5 * spread, 30, 60)
    unlike = [np.abs(pixels[:, :, channel] - middle[channel]) > limit for channel in range(3)]
    return float(np.logical_or.reduce(unlike).mean())


def text_share(light: np.ndarray) -> float:
    """Return the share of the outer photo crossed by strokes as close as those of letters.

    light: float (h, w). A stretch of 32 pixels counts in which brightness jumps up and down four
    times or more, in two rows of four; prints on the garment lie in the middle and do not count.
    """
    jumps = np.diff(light, axis=1)
    rows, columns = jumps.shape[0] // 4, jumps.shape[1] // 32
    if rows < 5 or columns < 3:
        return 0.0
    parts = jumps[: rows * 4, : columns * 32].reshape(rows, 4, columns, 32)
    crossings = np.minimum((parts > 25).sum(axis=3), (parts < -25).sum(axis=3))
    like_text = (crossings >= 4).sum(axis=1) >= 2
    outer = np.ones_like(like_text)
    outer[rows // 5 : -(rows // 5), 1:-1] = False
    return float(like_text[outer].mean())


def _border(pixels: np.ndarray) -> np.ndarray:
    """Return the pixels of a frame four wide, (n, 3)."""
    sides = pixels[:4], pixels[-4:], pixels[:, :4], pixels[:, -4:]
    return np.concatenate([side.reshape(-1, 3) for side in sides])


def _fit(photo: Image.Image, side: int) -> Image.Image:
    scale = side / max(photo.size)
    if scale >= 1:
        return photo
    size = max(1, round(photo.width * scale)), max(1, round(photo.height * scale))
    return photo.resize(size, Image.Resampling.BILINEAR)
