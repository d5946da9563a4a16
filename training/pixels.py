"""Decoded photos kept on disk, and the batches that training sees of them."""

from __future__ import annotations

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

from training.batches import batches
from training.cache import cache_key
from training.photos import load_photos
from vision.frame import RULES
from vision.heads import HEADS
from vision.preprocess import HEIGHT, WIDTH, to_pixels

CHUNK = 256  # photos a call, of which float32 pixels take 150 MB
GRAY = 128.0  # what stands where a photo shows nothing
COMPRESSED, QUALITY = 0.15, (30, 90)  # share of photos saved anew, and how well: JPEG's 1 to 100


class Pixels(Sequence[np.ndarray]):
    """Photos by row number, each uint8 (h, w, 3) as `vision.preprocess.to_pixels` gives it.

    Kept in one array, where landscape ones lie on their side.
    """

    def __init__(self, kept: np.ndarray, landscape: np.ndarray) -> None:
        """kept: (n, HEIGHT, WIDTH, 3), landscape: bool (n,)."""
        self._kept, self._landscape = kept, landscape

    def __len__(self) -> int:
        return len(self._kept)

    def __getitem__(self, row: int) -> np.ndarray:
        photo = self._kept[row]
        return photo.transpose(1, 0, 2) if self._landscape[row] else photo


def cached_pixels(paths: Sequence[str], folder: Path) -> Pixels:
    """Decode every photo once through serving's own preprocessing and keep the result.

    Returns memory-mapped pixels in the order of `paths`; an interrupted run decodes again, and so
    does one after a file was replaced. Raises UnreadableImage: the importer has already set aside
    what cannot be read.
    """
    key = cache_key(f"{HEIGHT}x{WIDTH} or {WIDTH}x{HEIGHT}, unframed by {RULES}", paths)
    file, flags = folder / f"pixels-{key}.npy", folder / f"landscape-{key}.npy"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        shape = (len(paths), HEIGHT, WIDTH, 3)
        kept = np.lib.format.open_memmap(part, "w+", dtype="uint8", shape=shape)
        landscape = np.zeros(len(paths), bool)
        with ThreadPoolExecutor(2) as pool:
            decoded = pool.map(lambda path: to_pixels(Path(path)), paths)
            for row, image in enumerate(tqdm(decoded, total=len(paths), desc="decoding")):
                landscape[row] = is_landscape(image)
                kept[row] = image.transpose(1, 0, 2) if landscape[row] else image
        kept.flush()
        np.save(flags, landscape)
        part.rename(file)
    return Pixels(np.load(file, mmap_mode="r"), np.load(flags))


def is_landscape(photo: np.ndarray) -> bool:
    """Tell a photo of `vision.preprocess.to_pixels` that lies on its canvas from an upright one."""
    return photo.shape[1] > photo.shape[0]


def photos_and_pixels(var: Path) -> tuple[pd.DataFrame, Pixels]:
    """Return the photos of the tables under `var`, one a row, and their pixels in that order.

    Raises InvalidTable and UnreadableImage.
    """
    photos = load_photos(var)
    return photos, cached_pixels(list(photos["image"]), var / "cache")


def logits_of(
    model: Any, pixels: Sequence[np.ndarray], rows: np.ndarray, scale: float = 1.0
) -> dict[str, np.ndarray]:
    """Return a Keras network's logits `{head: (n, k)}` for rows of `pixels`, shrunk by `scale`."""
    logits = {
        head: np.empty((len(rows), len(values)), np.float32) for head, values in HEADS.items()
    }
    for places, batch in batches(pixels, rows, CHUNK):
        for head, found in model.predict(shrunk(batch, scale), verbose=0).items():
            logits[head][places] = found
    return logits


def shrunk(pixels: np.ndarray, scale: float) -> tf.Tensor:
    """Shrink photos, uint8 (n, h, w, 3), to this share of each side; float32."""
    images = tf.cast(pixels, tf.float32)
    if scale == 1.0:
        return images
    size = [round(side * scale) for side in pixels.shape[1:3]]
    return tf.image.resize(images, size, antialias=True)


def training_batches(
    look: Callable[[np.ndarray], np.ndarray],
    targets: dict[str, np.ndarray],
    rows: np.ndarray,
    *,
    landscape: np.ndarray,
    scale: float,
    batch: int,
    seed: int,
) -> tf.data.Dataset:
    """Yield augmented `(float32 pixels (batch, h, w, 3), {head: target rows})` for `rows`.

    look: gives the pixels of rows of one shape, uint8 (n, h, w, 3). landscape: bool by row number;
    a batch is of one shape. scale: share of each side that is shown.
    Incomplete batches are dropped: `rows` is drawn anew every epoch.
    """
    alike = (rows[~landscape[rows]], rows[landscape[rows]])
    whole = np.concatenate([part[: len(part) // batch * batch] for part in alike])
    whole = np.random.default_rng(seed).permutation(whole.reshape(-1, batch))

    def shown():
        for chosen in whole:
            labels = {head: flat(table[chosen]) for head, table in targets.items()}
            yield compressed(look(chosen), random), labels

    signature = (
        tf.TensorSpec((batch, None, None, 3), tf.uint8),
        {h: tf.TensorSpec((batch, 2 * t.shape[2]), tf.float32) for h, t in targets.items()},
    )
    generator, random = tf.random.Generator.from_seed(seed), np.random.default_rng(seed)
    data = tf.data.Dataset.from_generator(shown, output_signature=signature)
    data = data.map(lambda x, y: (augment(x, scale, generator), y), num_parallel_calls=1)
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


def augment(pixels: tf.Tensor, scale: float, random: tf.random.Generator) -> tf.Tensor:
    """Vary what a phone varies: framing, tilt, mirror image, light, hue, sharpness, a hand in it.

    No side loses more than 15 %, so that sleeves and hems stay in view.
    """
    n, high, wide = tf.unstack(tf.shape(pixels)[:3])
    # One photo in seven goes through thumbnail size, as ten thousand of the catalogue did; rows
    # come in random order, so the first seventh is as good as any.
    few = n // 7
    small = tf.image.resize(pixels[:few], (high * 3 // 8, wide * 3 // 8), method="area")
    small = tf.cast(tf.image.resize(small, (high, wide)) + 0.5, tf.uint8)
    sides = tf.cast(tf.stack([high, wide]), tf.float32)
    framed = tf.raw_ops.ImageProjectiveTransformV3(
        images=tf.concat([small, pixels[few:]], axis=0),
        transforms=_framings(n, sides, scale, random),
        output_shape=tf.cast(sides * scale, tf.int32),
        fill_value=GRAY,
        interpolation="BILINEAR",
    )
    return _cover(_relight(tf.cast(framed, tf.float32), n, random), n, random)


def _framings(
    n: tf.Tensor, sides: tf.Tensor, scale: float, random: tf.random.Generator
) -> tf.Tensor:
    """Return (n, 8) transforms from output to input positions, as the TensorFlow op reads them.

    sides: height and width of the input, float32 (2,); scale: of the output's sides to them.

    Shown is 0.85 to 1.25 of each side (more than 1 zooms out, onto gray), tilted up to 20 degrees,
    mirrored half the time.
    """
    side = random.uniform([n], 0.85, 1.25)
    stretch = tf.exp(random.uniform([n], -0.08, 0.08))
    across = side * stretch / scale * tf.sign(random.uniform([n]) - 0.5)
    down = side / stretch / scale
    tilt = random.uniform([n], -0.35, 0.35)
    slack = tf.maximum(tf.abs(1.0 - side), 0.04)[:, None] * random.uniform([n, 2], -0.5, 0.5)
    a, b = across * tf.cos(tilt), -down * tf.sin(tilt)
    d, e = across * tf.sin(tilt), down * tf.cos(tilt)
    height, width = sides[0], sides[1]
    c = width * (0.5 + slack[:, 0]) - scale * (a * width + b * height) / 2
    f = height * (0.5 + slack[:, 1]) - scale * (d * width + e * height) / 2
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
    # A turn about the gray axis, then a stretch away from it: a circulant matrix.
    own, other = saturation * tf.cos(turn) * 2 / 3, saturation * tf.sin(turn) / 3**0.5
    first, second = tf.roll(lit, 1, axis=-1), tf.roll(lit, 2, axis=-1)
    mixed = lit * (1 / 3 + own)
    mixed += first * (1 / 3 - own / 2 + other) + second * (1 / 3 - own / 2 - other)
    return tf.clip_by_value(mixed, 0.0, 255.0)


def _cover(images: tf.Tensor, n: tf.Tensor, random: tf.random.Generator) -> tf.Tensor:
    """Lay a gray rectangle, a tenth to four tenths of each side, over half of the photos.

    Random erasing: Zhong et al. 2017, arXiv 1708.04896.
    """
    height, width = tf.unstack(tf.shape(images)[1:3])

    def within(length: tf.Tensor, shape: list[int]) -> tf.Tensor:
        places = (tf.cast(tf.range(length), tf.float32) + 0.5) / tf.cast(length, tf.float32)
        place = tf.reshape(places, shape)
        middle, reach = random.uniform([n, 1, 1, 1]), random.uniform([n, 1, 1, 1], 0.05, 0.2)
        return tf.abs(place - middle) < reach

    chosen = random.uniform([n, 1, 1, 1]) < 0.5
    covered = within(height, [1, -1, 1, 1]) & within(width, [1, 1, -1, 1]) & chosen
    return tf.where(covered, GRAY, images)
