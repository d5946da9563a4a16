"""Pictures of anything but garments, made by rule: what people upload by mistake has no limits.

The tables hold what shops sell and sellers' floors. A network that has seen nothing else takes
moss, a bridge in the fog or a cat for cloth. Pictures with the statistics of nature teach nearly
what photos do (Baradad Jurjo et al. 2021, arXiv 2106.05963), and none has to be collected.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

SHAPES = (30, 250)  # laid over each other
LARGEST, SMALLEST = 0.7, 0.02  # of the picture's longer side
SHOWN = (0.3, 1.0)  # of a photo's height


def scene(random: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """Return one of the kinds below, more or less colorful; size: width and height."""
    kinds = (clouds, leaves, leaves, glimpse)
    made = kinds[random.integers(len(kinds))](random, size)
    return ImageEnhance.Color(made).enhance(random.uniform(0.1, 1.0))


def clouds(random: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """Return noise in which coarse outweighs fine, as in skies, water and stone.

    The amplitude falls with a power of the frequency, 0.7 to 2 (nature: about 1), unlike across
    and down; the colors lie along random axes.
    """
    width, height = size
    stretch = np.exp(random.normal(0, 0.5))
    across = np.fft.rfftfreq(width)[None] * width * stretch
    down = np.fft.fftfreq(height)[:, None] * height / stretch
    amplitude = np.maximum(np.hypot(across, down), 1.0) ** -random.uniform(0.7, 2.0)
    waves = np.fft.rfft2(random.normal(size=(3, height, width))) * amplitude
    fields = np.fft.irfft2(waves, s=(height, width))
    fields /= fields.std(axis=(1, 2), keepdims=True)
    axes = random.normal(size=(3, 3)) * np.array([1.0, 0.4, 0.2]) * random.uniform(15, 60)
    picture = random.uniform(30, 225, 3) + np.einsum("khw,ck->hwc", fields, axes)
    return Image.fromarray(picture.clip(0, 255).astype(np.uint8))


def leaves(random: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """Return shapes of all sizes that cover each other, as things in the world do ("dead leaves").

    Lee, Mumford and Huang 2001, doi 10.1023/A:1011109015675. Some show clouds, the others a color.
    """
    picture, texture = clouds(random, size), clouds(random, size)
    palette = random.integers(0, 256, (random.integers(2, 8), 3))
    draw = ImageDraw.Draw(picture)
    longer, power = max(size), random.uniform(1.0, 2.5)
    round_share, cloudy = random.random(), random.random() * 0.5
    for _ in range(random.integers(*SHAPES)):
        reach = longer * max(SMALLEST, LARGEST * random.random() ** (2 * power)) / 2
        outline = _outline(random, size, reach, corners=24 if random.random() < round_share else 5)
        if random.random() < cloudy:
            mask = Image.new("L", size)
            ImageDraw.Draw(mask).polygon(outline, fill=255)
            picture.paste(texture, mask=mask)
        else:
            shade = palette[random.integers(len(palette))] + random.normal(0, 12, 3)
            draw.polygon(outline, fill=tuple(shade.clip(0, 255).astype(int).tolist()))
    return picture.filter(ImageFilter.GaussianBlur(random.uniform(0.3, 1.5)))


def _outline(
    random: np.random.Generator, size: tuple[int, int], reach: float, *, corners: int
) -> list[tuple[float, float]]:
    """Return the corners of a shape anywhere: round where there are many, jagged where few."""
    angles = np.sort(random.uniform(0, 2 * np.pi, corners))
    flat, turn = random.uniform(0.15, 1.0), random.uniform(0, np.pi)
    x, y = reach * np.cos(angles), reach * flat * np.sin(angles)
    middle = random.uniform(0, 1, 2) * size
    across = middle[0] + x * np.cos(turn) - y * np.sin(turn)
    down = middle[1] + x * np.sin(turn) + y * np.cos(turn)
    return list(zip(across.tolist(), down.tolist(), strict=True))


def glimpse(random: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """Return a part of one of scikit-learn's two sample photos, a temple garden and a flower."""
    photos = _samples()
    photo = photos[random.integers(len(photos))]
    high = photo.height * random.uniform(*SHOWN)
    wide = min(photo.width, high * size[0] / size[1])
    left, top = random.uniform(0, photo.width - wide), random.uniform(0, photo.height - high)
    part = photo.resize(size, Image.Resampling.BILINEAR, box=(left, top, left + wide, top + high))
    turned = part.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if random.random() < 0.5 else part
    return Image.fromarray(np.asarray(turned)[..., random.permutation(3)])


@cache
def _samples() -> list[Image.Image]:
    from sklearn.datasets import load_sample_images

    return [Image.fromarray(photo) for photo in load_sample_images().images]
