"""Decoded photos kept on disk, and the batches that training sees of them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import tensorflow as tf
from PIL import Image
from tqdm import tqdm

from training.photos import load_photos
from vision.preprocess import HEIGHT, WIDTH, to_pixels

CHUNK = 256  # photos a call, of which float32 pixels take 150 MB
GREY = 128.0  # what stands where a photo shows nothing
COMPRESSED, QUALITY = 0.15, (30, 90)  # share of photos saved anew, and how well: JPEG's 1 to 100


def cached_pixels(paths: Sequence[str], folder: Path) -> np.ndarray:
    """Decode every photo once through serving's own preprocessing and keep the result.

    Returns a memory-mapped uint8 array (n, HEIGHT, WIDTH, 3) in the order of `paths`; an
    interrupted run decodes again. Raises UnreadableImage: the importer has already set aside what
    cannot be read.
    """
    key = hashlib.sha256("\n".join((f"{HEIGHT}x{WIDTH}", *paths)).encode()).hexdigest()[:16]
    file = folder / f"pixels-{key}.npy"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        shape = (len(paths), HEIGHT, WIDTH, 3)
        pixels = np.lib.format.open_memmap(part, "w+", dtype="uint8", shape=shape)
        with ThreadPoolExecutor(2) as pool:
            decoded = pool.map(lambda path: to_pixels(Path(path)), paths)
            for row, image in enumerate(tqdm(decoded, total=len(paths), desc="decoding")):
                pixels[row] = image
        pixels.flush()
        part.rename(file)
    return np.load(file, mmap_mode="r")


def photos_and_pixels(var: Path) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the photos of the tables under `var`, one a row, and their pixels in that order.

    Raises InvalidTable and UnreadableImage.
    """
    photos = load_photos(var)
    return photos, cached_pixels(list(photos["image"]), var / "cache")


def logits_of(model: Any, pixels: np.ndarray, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Return a Keras network's logits `{head: (n, k)}` for rows of `pixels`, at least one."""
    parts = [
        model.predict(pixels[rows[start : start + CHUNK]].astype("float32"), verbose=0)
        for start in range(0, len(rows), CHUNK)
    ]
    return {head: np.concatenate([part[head] for part in parts]) for head in parts[0]}


def training_batches(
    look: Callable[[np.ndarray], np.ndarray],
    targets: dict[str, np.ndarray],
    rows: np.ndarray,
    *,
    size: tuple[int, int],
    batch: int,
    seed: int,
) -> tf.data.Dataset:
    """Yield augmented `(float32 pixels (batch, *size, 3), {head: target rows})` for `rows`.

    look: gives the pixels of some rows, uint8 (n, HEIGHT, WIDTH, 3).
    The last incomplete batch is dropped: `rows` is drawn anew every epoch.
    """
    whole = rows[: len(rows) // batch * batch].reshape(-1, batch)

    def batches():
        for chosen in whole:
            labels = {head: flat(table[chosen]) for head, table in targets.items()}
            yield compressed(look(chosen), random), labels

    signature = (
        tf.TensorSpec((batch, HEIGHT, WIDTH, 3), tf.uint8),
        {h: tf.TensorSpec((batch, 2 * t.shape[2]), tf.float32) for h, t in targets.items()},
    )
    generator, random = tf.random.Generator.from_seed(seed), np.random.default_rng(seed)
    data = tf.data.Dataset.from_generator(batches, output_signature=signature)
    data = data.map(lambda x, y: (augment(x, size, generator), y), num_parallel_calls=1)
    return data.apply(tf.data.experimental.assert_cardinality(len(whole))).prefetch(3)


def compressed(pixels: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Save some of these photos, uint8 (n, h, w, 3), as JPEG anew, as chats and shops do."""
    pixels = pixels.copy()
    for place in np.flatnonzero(random.random(len(pixels)) < COMPRESSED):
        file = io.BytesIO()
        quality = int(random.integers(*QUALITY))
        Image.fromarray(pixels[place]).save(file, "JPEG", quality=quality)
        pixels[place] = np.asarray(Image.open(file))
    return pixels


def flat(targets: np.ndarray) -> np.ndarray:
    """Lay likelihood and mask side by side, as `training.losses` reads them: (n, 2 * values)."""
    return targets.reshape(len(targets), -1)


def augment(pixels: tf.Tensor, size: tuple[int, int], random: tf.random.Generator) -> tf.Tensor:
    """Vary what a phone varies: framing, tilt, mirror image, light, hue, sharpness, a hand in it.

    No side loses more than 15 %, so that sleeves and hems stay in view.
    """
    n = tf.shape(pixels)[0]
    # One photo in seven goes through thumbnail size, as ten thousand of the catalogue did; rows
    # come in random order, so the first seventh is as good as any.
    few = n // 7
    small = tf.image.resize(pixels[:few], (96, 72), method="area")
    small = tf.cast(tf.image.resize(small, (HEIGHT, WIDTH)) + 0.5, tf.uint8)
    framed = tf.raw_ops.ImageProjectiveTransformV3(
        images=tf.concat([small, pixels[few:]], axis=0),
        transforms=_framings(n, size, random),
        output_shape=size,
        fill_value=GREY,
        interpolation="BILINEAR",
    )
    return _cover(_relight(tf.cast(framed, tf.float32), n, random), n, random)


def _framings(n: tf.Tensor, size: tuple[int, int], random: tf.random.Generator) -> tf.Tensor:
    """Return (n, 8) transforms from output to input positions, as the TensorFlow op reads them.

    Shown is 0.85 to 1.25 of each side (more than 1 zooms out, onto grey), tilted up to 20 degrees,
    mirrored half the time.
    """
    height, width = size
    side = random.uniform([n], 0.85, 1.25)
    stretch = tf.exp(random.uniform([n], -0.08, 0.08))
    across = side * stretch * WIDTH / width * tf.sign(random.uniform([n]) - 0.5)
    down = side / stretch * HEIGHT / height
    tilt = random.uniform([n], -0.35, 0.35)
    slack = tf.maximum(tf.abs(1.0 - side), 0.04)[:, None] * random.uniform([n, 2], -0.5, 0.5)
    a, b = across * tf.cos(tilt), -down * tf.sin(tilt)
    d, e = across * tf.sin(tilt), down * tf.cos(tilt)
    c = WIDTH * (0.5 + slack[:, 0]) - a * width / 2 - b * height / 2
    f = HEIGHT * (0.5 + slack[:, 1]) - d * width / 2 - e * height / 2
    zero = tf.zeros([n])
    return tf.stack([a, b, c, d, e, f, zero, zero], axis=1)


def _relight(images: tf.Tensor, n: tf.Tensor, random: tf.random.Generator) -> tf.Tensor:
    """Change light, white balance, saturation and hue.

    No attribute names a hue, so colors turn freely, in a third of the photos by 30 degrees or
    more: what is learned must not be one seller's bedspread. (Only jeans lose a hint.)
    """
    # A quadratic tone curve stands in for gamma: a tenth of the time of a power.
    curve = random.uniform([n, 1, 1, 1], -0.5, 0.5)
    gain = random.uniform([n, 1, 1, 3], 0.92, 1.08) * random.uniform([n, 1, 1, 1], 0.8, 1.15)
    lit = images * ((1.0 + curve) * gain - images * (curve * gain / 255.0))
    turn = np.pi * random.uniform([n, 1, 1, 1], -1.0, 1.0) ** 5
    saturation = random.uniform([n, 1, 1, 1], 0.7, 1.25)
    # A turn about the grey axis, then a stretch away from it: a circulant matrix.
    own, other = saturation * tf.cos(turn) * 2 / 3, saturation * tf.sin(turn) / 3**0.5
    first, second = tf.roll(lit, 1, axis=-1), tf.roll(lit, 2, axis=-1)
    mixed = lit * (1 / 3 + own)
    mixed += first * (1 / 3 - own / 2 + other) + second * (1 / 3 - own / 2 - other)
    return tf.clip_by_value(mixed, 0.0, 255.0)


def _cover(images: tf.Tensor, n: tf.Tensor, random: tf.random.Generator) -> tf.Tensor:
    """Lay a grey rectangle, a tenth to four tenths of each side, over half of the photos.

    Random erasing: Zhong et al. 2017, arXiv 1708.04896.
    """
    height, width = images.shape[1:3]

    def within(length: int, shape: list[int]) -> tf.Tensor:
        place = tf.reshape((tf.range(length, dtype=tf.float32) + 0.5) / length, shape)
        middle, reach = random.uniform([n, 1, 1, 1]), random.uniform([n, 1, 1, 1], 0.05, 0.2)
        return tf.abs(place - middle) < reach

    chosen = random.uniform([n, 1, 1, 1]) < 0.5
    covered = within(height, [1, -1, 1, 1]) & within(width, [1, 1, -1, 1]) & chosen
    return tf.where(covered, GREY, images)
