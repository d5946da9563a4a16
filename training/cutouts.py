"""What private sellers sell cut out of their photos, so that training can lay it elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image, ImageFilter
from scipy import ndimage
from tqdm import tqdm

from training.batches import batches
from training.cache import cache_key
from training.photos import SELLERS
from vision.frame import RULES
from vision.preprocess import PADDING

# Of the photo, how much a garment believed to be found takes; and of its box, so that neither a
# print without its shirt nor a floor without its garment passes for one.
SHARE, FILLED = (0.06, 0.8), 0.4
WHOLE = 0.9  # of what is found must hang together
RIM, MIDDLE = 0.03, 0.12  # of each side: surely background; perhaps background
ROUNDS = 4
BATCH = 64


def garment(pixels: np.ndarray) -> np.ndarray | None:
    """Find the garment of a photo taken of it alone: what is unlike the photo's rim.

    pixels: uint8 (h, w, 3). Returns a bool mask (h, w), or None where none is believed to be
    found. GrabCut: Rother, Kolmogorov and Blake 2004, doi 10.1145/1015706.1015720.
    """
    import cv2

    place = shown(pixels)
    photo = np.ascontiguousarray(pixels[place])
    height, width = photo.shape[:2]
    if min(height, width) < 32:
        return None
    marks = np.full((height, width), cv2.GC_PR_BGD, np.uint8)
    _inside(marks, MIDDLE)[:] = cv2.GC_PR_FGD
    rim = np.ones((height, width), bool)
    _inside(rim, RIM)[:] = False
    marks[rim] = cv2.GC_BGD
    cv2.setRNGSeed(0)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(photo, marks, None, *models, ROUNDS, cv2.GC_INIT_WITH_MASK)
    found = np.zeros(pixels.shape[:2], bool)
    found[place] = marks == cv2.GC_PR_FGD
    return _believed(found, height * width)


def shown(pixels: np.ndarray) -> tuple[slice, slice]:
    """Return the rows and columns in which a photo lies: beside it may be bars of one gray."""
    return tuple(_varied(np.ptp(pixels, axis=(1 - axis, 2))) for axis in (0, 1))


def _varied(spread: np.ndarray) -> slice:
    lines = np.flatnonzero(spread)
    return slice(lines[0], lines[-1] + 1) if len(lines) else slice(0, len(spread))


def _inside(table: np.ndarray, share: float) -> np.ndarray:
    """Return the view of `table` without `share` of each side at every edge, one cell or more."""
    height, width = table.shape
    y, x = max(1, int(share * height)), max(1, int(share * width))
    return table[y:-y, x:-x]


def _believed(found: np.ndarray, area: int) -> np.ndarray | None:
    pieces, n = ndimage.label(found)
    sizes = np.bincount(pieces.ravel())[1:]
    if not n or sizes.max() < WHOLE * sizes.sum():
        return None
    mask = pieces == sizes.argmax() + 1
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1)
    sized = SHARE[0] < mask.sum() / area < SHARE[1]
    return mask if sized and mask.sum() > FILLED * box else None


def cached_cutouts(
    photos: pd.DataFrame, pixels: Sequence[np.ndarray], folder: Path
) -> dict[int, np.ndarray]:
    """Cut out every garment, dress, hat and shoe of the train split's sellers once, kept on disk.

    photos, pixels: of `training.pixels`. Returns `{row: packed bool mask (h, w / 8)}` for those
    found.
    """
    chosen = (photos["source"] == SELLERS) & (photos["split"] == "train")
    rows = photos.index[chosen & photos["scope"].isin(["in", "out"])].to_numpy()
    shapes = [pixels[row].shape for row in rows]
    settings = str((SHARE, FILLED, WHOLE, RIM, MIDDLE, ROUNDS, shapes, RULES))
    file = folder / f"cutouts-{cache_key(settings, list(photos.loc[rows, 'image']))}.npz"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(2) as pool:
            found = pool.map(lambda row: garment(np.asarray(pixels[row])), rows)
            masks = list(tqdm(found, total=len(rows), desc="cutting out", mininterval=5))
        kept = np.array([mask is not None for mask in masks], bool)
        packed = [np.packbits(mask) for mask in masks if mask is not None]
        part = file.with_suffix(".part.npz")
        np.savez_compressed(part, rows=rows[kept], masks=packed)
        part.rename(file)
    with np.load(file) as saved:
        parts = zip(saved["rows"].tolist(), saved["masks"], strict=True)
        return {row: mask.reshape(pixels[row].shape[0], -1) for row, mask in parts}


def whole(
    cutouts: Mapping[int, np.ndarray],
    pixels: Sequence[np.ndarray],
    answers: Callable[[np.ndarray], np.ndarray],
) -> dict[int, np.ndarray]:
    """Leave out the cutouts of which other answers are given than of their photos.

    Some lost a sleeve or a hem to the floor and would teach that a shirt is sleeveless; of 3,250,
    2,396 were left. answers: float32 pixels (n, h, w, 3) to class numbers (n, attributes).
    """
    rows, kept = list(cutouts), {}
    for places, photos in batches(pixels, rows, BATCH):
        shown = [rows[place] for place in places]
        masks = np.unpackbits(np.stack([cutouts[row] for row in shown]), axis=2).astype(bool)
        bare = np.where(masks[..., None], photos, np.uint8(PADDING))
        same = (answers(photos.astype("float32")) == answers(bare.astype("float32"))).all(axis=1)
        kept |= {row: cutouts[row] for row, alike in zip(shown, same, strict=True) if alike}
    return kept


def laid(
    pixels: np.ndarray, packed: np.ndarray, ground: Image.Image, random: np.random.Generator
) -> Image.Image:
    """Lay a garment on a ground, at 0.65 to 1 of the size that fits, anywhere it fits.

    pixels: the garment's photo, uint8 (h, w, 3), packed: its mask of `cached_cutouts`.
    """
    mask = np.unpackbits(packed, axis=1).astype(bool)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    fits = min(ground.width / (box[2] - box[0]), ground.height / (box[3] - box[1]))
    scale = fits * random.uniform(0.65, 1.0)
    size = round((box[2] - box[0]) * scale), round((box[3] - box[1]) * scale)
    soft = Image.fromarray(mask.astype("uint8") * 255).filter(ImageFilter.BoxBlur(1))
    place = tuple(int(random.integers(0, free + 1)) for free in np.subtract(ground.size, size))
    cut = Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR, box=box)
    picture = ground.copy()
    picture.paste(cut, place, soft.resize(size, Image.Resampling.BILINEAR, box=box))
    return picture
