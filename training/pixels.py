"""Decoded photos kept on disk, and the batches that training sees of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import tensorflow as tf
from tqdm import tqdm

from vision.preprocess import HEIGHT, WIDTH, to_pixels


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


def training_batches(
    pixels: np.ndarray,
    targets: dict[str, np.ndarray],
    rows: np.ndarray,
    *,
    size: tuple[int, int],
    batch: int,
    seed: int,
) -> tf.data.Dataset:
    """Yield augmented `(float32 pixels (batch, *size, 3), {head: target rows})` for `rows`.

    The last incomplete batch is dropped: `rows` is drawn anew every epoch.
    """
    whole = rows[: len(rows) // batch * batch].reshape(-1, batch)

    def batches():
        for chosen in whole:
            labels = {head: flat(table[chosen]) for head, table in targets.items()}
            yield pixels[chosen], labels

    signature = (
        tf.TensorSpec((batch, HEIGHT, WIDTH, 3), tf.uint8),
        {h: tf.TensorSpec((batch, 2 * t.shape[2]), tf.float32) for h, t in targets.items()},
    )
    generator = tf.random.Generator.from_seed(seed)
    data = tf.data.Dataset.from_generator(batches, output_signature=signature)
    data = data.map(lambda x, y: (augment(x, size, generator), y), num_parallel_calls=1)
    return data.apply(tf.data.experimental.assert_cardinality(len(whole))).prefetch(3)


def flat(targets: np.ndarray) -> np.ndarray:
    """Lay likelihood and mask side by side, as `training.losses` reads them: (n, 2 * values)."""
    return targets.reshape(len(targets), -1)


def augment(pixels: tf.Tensor, size: tuple[int, int], random: tf.random.Generator) -> tf.Tensor:
    """Vary what a phone varies: framing, mirror image, light, white balance, sharpness.

    Crops keep at least 85 % of each side, so that sleeves and hems stay in view.
    """
    n = tf.shape(pixels)[0]
    boxes = _boxes(n, random)
    mild = random.uniform([n, 1, 1, 1]) < 0.15
    images = tf.cast(pixels, tf.float32)
    # One photo in seven goes through thumbnail size, as ten thousand of the catalogue did.
    small = tf.image.resize(tf.image.resize(images, (96, 72), method="area"), (HEIGHT, WIDTH))
    images = tf.where(mild, small, images)
    cropped = tf.image.crop_and_resize(images, boxes, tf.range(n), size, extrapolation_value=128)
    return _relight(cropped, n, random)


def _boxes(n: tf.Tensor, random: tf.random.Generator) -> tf.Tensor:
    side = random.uniform([n, 2], 0.85, 1.08)
    start = random.uniform([n, 2]) * (1.0 - side)
    top, left = start[:, 0], start[:, 1]
    bottom, right = top + side[:, 0], left + side[:, 1]
    mirrored = random.uniform([n]) < 0.5
    return tf.stack(
        [top, tf.where(mirrored, right, left), bottom, tf.where(mirrored, left, right)], axis=1
    )


def _relight(images: tf.Tensor, n: tf.Tensor, random: tf.random.Generator) -> tf.Tensor:
    gamma = tf.exp(random.uniform([n, 1, 1, 1], -0.35, 0.35))
    balance = random.uniform([n, 1, 1, 3], 0.92, 1.08) * random.uniform([n, 1, 1, 1], 0.8, 1.15)
    lit = 255.0 * tf.pow(tf.clip_by_value(images / 255.0, 0.0, 1.0), gamma) * balance
    grey = tf.reduce_mean(lit, axis=-1, keepdims=True)
    lit = grey + (lit - grey) * random.uniform([n, 1, 1, 1], 0.7, 1.25)
    return tf.clip_by_value(lit, 0.0, 255.0)
