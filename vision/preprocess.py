"""From a photo to the network's pixels: one path for training, batch and single serving."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from PIL import Image

from data.images import Source, open_image
from vision.frame import unframed

HEIGHT, WIDTH = 256, 192  # 3:4, the shape of nearly every shop and phone photo
# Gray keeps the padding of a photo of another shape apart from a shop's white background.
PADDING = (128, 128, 128)


def open_photo(source: Source) -> Image.Image:
    """Decode a photo, upright and RGB, without a frame. Raises UnreadableImage.

    A large JPEG is decoded at the least of its reduced sizes that covers the input: what training
    saw, photos of 240x320, is decoded whole. An image already opened keeps what it has.
    """
    photo = open_image(source, draft=(WIDTH, HEIGHT))
    return photo if isinstance(source, Image.Image) else unframed(photo)


def canvas(size: tuple[int, int]) -> tuple[int, int]:
    """Return the input's width and height for a photo of (width, height), upright or landscape.

    The network takes both, of as many pixels: a landscape photo on the upright one would use half
    of it, its garment a quarter smaller.
    """
    return (HEIGHT, WIDTH) if size[0] > size[1] else (WIDTH, HEIGHT)


def placed(size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return where a photo of (width, height) lies on its canvas: left, top, width, height."""
    return fitted(size, canvas(size))


def fitted(size: tuple[int, int], within: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return where a photo of (width, height) lies on this canvas: left, top, width, height."""
    across, down = within
    scale = min(across / size[0], down / size[1])
    width, height = max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
    return (across - width) // 2, (down - height) // 2, width, height


def to_pixels(source: Source) -> np.ndarray:
    """Shrink or grow one photo to fit its canvas, padded to its shape; uint8 (h, w, 3).

    (HEIGHT, WIDTH, 3), of a landscape photo (WIDTH, HEIGHT, 3). Gives the same bits for a file and
    for its `open_photo`. Raises UnreadableImage.
    """
    image = open_photo(source)
    left, top, width, height = placed(image.size)
    small = image.resize((width, height), Image.Resampling.BILINEAR)
    if (width, height) == canvas(image.size):
        return np.asarray(small)
    padded = Image.new("RGB", canvas(image.size), PADDING)
    padded.paste(small, (left, top))
    return np.asarray(padded)


def by_shape(pixels: Sequence[np.ndarray]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield, for each shape met, the places of its photos and them stacked, uint8 (n, h, w, 3)."""
    shapes = [photo.shape for photo in pixels]
    for shape in dict.fromkeys(shapes):
        places = [place for place, other in enumerate(shapes) if other == shape]
        yield np.array(places), np.stack([pixels[place] for place in places])
