"""From a photo to the network's pixels: one path for training, batch and single serving."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from data.images import Source, open_image

HEIGHT, WIDTH = 256, 192  # 3:4, the shape of nearly every shop and phone photo
# Grey keeps the padding of a landscape photo apart from a shop's white background.
PADDING = (128, 128, 128)


def open_photo(source: Source) -> Image.Image:
    """Decode a photo at the input's size or more, upright and RGB. Raises UnreadableImage.

    A large JPEG is decoded at the least of its reduced sizes that covers the input: what training
    saw, photos of 240x320, is decoded whole.
    """
    return open_image(source, draft=(WIDTH, HEIGHT))


def placed(size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return where a photo of (width, height) lies in the input: left, top, width, height."""
    scale = min(WIDTH / size[0], HEIGHT / size[1])
    width, height = max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
    return (WIDTH - width) // 2, (HEIGHT - height) // 2, width, height


def to_pixels(source: Source) -> np.ndarray:
    """Shrink or grow one photo to fit the input, padded to its shape; uint8 (HEIGHT, WIDTH, 3).

    Gives the same bits for a file and for its `open_photo`. Raises UnreadableImage.
    """
    image = open_photo(source)
    left, top, width, height = placed(image.size)
    small = image.resize((width, height), Image.Resampling.BILINEAR)
    if (width, height) == (WIDTH, HEIGHT):
        return np.asarray(small)
    canvas = Image.new("RGB", (WIDTH, HEIGHT), PADDING)
    canvas.paste(small, (left, top))
    return np.asarray(canvas)


def to_batch(sources: Sequence[Source]) -> np.ndarray:
    """Stack the pixels of several photos; uint8 (n, HEIGHT, WIDTH, 3)."""
    if not sources:
        return np.zeros((0, HEIGHT, WIDTH, 3), np.uint8)
    return np.stack([to_pixels(source) for source in sources])
