"""Photos of the demo shop: the catalogue's own, in other colors and crops, or drawn ones."""

from __future__ import annotations

import io
import random
from pathlib import Path

from PIL import Image, ImageDraw

from data.demo_shop.products import Product
from data.images import open_image

_CHANNELS = ((0, 1, 2), (1, 2, 0), (2, 0, 1))  # of the first, second and third color


def photo_bytes(product: Product, color: int, view: str) -> bytes:
    """Return the JPEG of a view: "front", "detail" (its middle), "front-small" (a repeat)."""
    if product.photo and (color, view) == (0, "front"):
        return Path(product.photo).read_bytes()
    image = open_image(Path(product.photo)) if product.photo else _drawn(product.number)
    bands = image.split()
    image = Image.merge("RGB", [bands[at] for at in _CHANNELS[color]])
    width, height = image.size
    if view == "detail":
        box = (width // 4, height // 5, width * 3 // 4, height * 3 // 5)
        image = image.crop(box).resize((width, height))
    elif view == "front-small":
        image = image.resize((width * 9 // 10, height * 9 // 10))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def _drawn(number: int) -> Image.Image:
    """Draw a garment of blocks that no other product has."""
    rng = random.Random(number)  # noqa: S311
    image = Image.new("RGB", (120, 160), "white")
    draw = ImageDraw.Draw(image)
    for row in range(8):
        for column in range(6):
            shade = tuple(rng.randrange(30, 226) for _ in range(3))
            draw.rectangle((column * 20, row * 20, column * 20 + 19, row * 20 + 19), fill=shade)
    return image
