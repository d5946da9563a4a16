"""Parts of photos: what tells a sleeve that ends outside the frame from one that is in it.

Every photo of the tables shows a whole garment, so a network that has seen no other names a sleeve
length for a close-up of a collar too. For training, close-ups are cut where the garment's outline
tells whether the ends of sleeves or legs are in them; what is learned is fitted and measured on
others, cut anywhere and judged by eye (training/hidden.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from data.images import open_image
from training.compose import background
from training.photos import SELLERS
from training.targets import possible, sharp
from vision.frame import shown_box
from vision.heads import HEADS, LENGTH_SHOWN
from vision.preprocess import open_photo, placed, to_pixels

TRIED, SIDE = 8, (0.2, 0.9)  # close-ups tried of each photo, and share of a side that they show
LEAST = 0.3  # of a close-up that must be garment
EACH = 3000  # close-ups of either answer, so that neither is the usual one
# Down to where, from its top, the first part of an outline surely lacks the end of these sleeves
# and legs; and from where on, down to its foot, the last part lacks those. A model's outline goes
# on below her shorts, what a private seller lays on a bed ends where they do.
NO_CUFF = {"three_quarter_sleeve": 0.42, "full_sleeve": 0.5}
NO_HEM = {"above_knee": 0.25, "knee_length": 0.35, "cropped": 0.45, "full_length": 0.55}
LYING = 0.65
BELOW = {"sleeveless": 0.6, "half_sleeve": 0.62}
# Of an outline's width at either side, what a close-up lacks that shows no sleeve, or no armhole.
INNER, ARMHOLES = 0.18, 0.32
HEAD = 0.35  # of an outline's height may be who wears the garment
Box = tuple[float, float, float, float]  # left, top, right, bottom as shares of the photo's sides


@dataclass(frozen=True, slots=True)
class Closeups:
    """Close-ups: pixels, uint8 (h, w, 3) each, and targets a head, (n, 2, k).

    In training they have the row numbers after those of the photo table, from `first`.
    """

    pixels: Sequence[np.ndarray]
    targets: dict[str, np.ndarray]

    def mixed_in(self, rows: np.ndarray, share: float, *, first: int, seed: int) -> np.ndarray:
        """Replace a share of an epoch's rows, anywhere, by close-ups drawn at random."""
        random = np.random.default_rng(seed)
        places = random.choice(len(rows), round(share * len(rows)), replace=False)
        mixed = rows.copy()
        if len(self.pixels):
            mixed[places] = first + random.integers(len(self.pixels), size=len(places))
        return mixed

    def beside(
        self, whole: Callable[[np.ndarray], np.ndarray], first: int
    ) -> Callable[[np.ndarray], np.ndarray]:
        """Return what gives the pixels of rows of both: `whole` knows those before `first`."""

        def look(rows: np.ndarray) -> np.ndarray:
            far = iter(whole(rows[rows < first]))
            return np.stack(
                [next(far) if row < first else self.pixels[row - first] for row in rows]
            )

        return look

    def after(self, targets: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return the photo table's targets with the close-ups' behind them."""
        return {
            head: np.concatenate([table, self.targets[head]]) for head, table in targets.items()
        }


def cut(
    photos: pd.DataFrame, pixels: Sequence[np.ndarray], cutouts: dict[int, np.ndarray], seed: int
) -> Closeups:
    """Cut close-ups out of the train split's photos whose length and outline are known.

    photos, pixels, cutouts: of `training.pixels` and `training.cutouts`.
    """
    known = (photos["split"] == "train") & (photos["scope"] == "in") & (photos["detail"] == "full")
    random = np.random.default_rng(seed)
    found: dict[bool, list[tuple[int, Box]]] = {True: [], False: []}
    for row in random.permutation(photos.index[known & photos["true_length"].notna()]):
        if min(map(len, found.values())) >= EACH:
            break
        mask = _outline(photos, pixels, cutouts, row)
        for box in () if mask is None else _boxes(random):
            shown = _shown(photos["true_length"][row], mask, box, lying=row in cutouts)
            if shown is not None and len(found[shown]) < EACH:
                found[shown].append((row, box))
    chosen = [(row, box, shown) for shown, parts in found.items() for row, box in parts]
    table = pd.DataFrame(chosen, columns=["row", "box", "shown"])
    table = table.join(photos[["image", "true_length"]], on="row")
    table["box"] = [_in_whole(*part) for part in zip(table["image"], table["box"], strict=True)]
    return Closeups(pixels_of(table), targets_of(table))


def pixels_of(table: pd.DataFrame) -> list[np.ndarray]:
    """Return the pixels of close-ups, cut from their files; of `vision.preprocess.to_pixels`."""
    pixels, parts = [], zip(table["image"], table["box"], strict=True)
    for image, box in tqdm(parts, total=len(table), desc="close-ups", mininterval=5):
        photo = open_image(Path(image))
        pixels.append(to_pixels(photo.crop(_pixels(box, photo.size))))
    return pixels


def targets_of(table: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return the close-ups' targets, of scope and length alone: {head: float32 (n, 2, k)}.

    Whether a chest is a shirt's or a kurta's, and whether its print goes on, was not judged. One
    that hides the length does not teach the scope either: where plain cloth was a garment, so
    became a plain floor (4 in 10 of the validation sellers' walls and floors, 1 in 20 before).
    """
    rows = {head: [_flat(head)] * len(table) for head in HEADS}
    rows["scope"] = [_sharp("scope", "in") if s else _flat("scope") for s in table["shown"]]
    rows["length_shown"] = [_sharp("length_shown", LENGTH_SHOWN[not s]) for s in table["shown"]]
    rows["length"] = [
        _sharp("length", value) if shown and value else _flat("length")
        for shown, value in zip(table["shown"], table["true_length"], strict=True)
    ]
    shape = {head: (len(table), 2, len(values)) for head, values in HEADS.items()}
    return {head: np.array(parts, np.float32).reshape(shape[head]) for head, parts in rows.items()}


def _sharp(head: str, value: str) -> np.ndarray:
    mask = possible(head, None)
    return np.stack([sharp(value, HEADS[head]), mask])


def _flat(head: str) -> np.ndarray:
    mask = possible(head, None)
    return np.stack([mask, mask])


def _outline(
    photos: pd.DataFrame, pixels: Sequence[np.ndarray], cutouts: dict[int, np.ndarray], row: int
) -> np.ndarray | None:
    """Return where the garment, with who wears it, is in a photo: bool (h, w), no padding."""
    if row in cutouts:
        mask = np.unpackbits(cutouts[row], axis=1).astype(bool)
    elif photos["source"][row] != SELLERS:
        white = background(np.asarray(pixels[row]))
        if white is None:
            return None
        mask = np.asarray(white) < 128
    else:
        return None
    left, top, width, height = placed(open_photo(Path(photos["image"][row])).size)
    return mask[top : top + height, left : left + width]


def _in_whole(image: str, box: Box) -> Box:
    """Return the part of a photo that is this part of what is left without its frame."""
    photo = open_image(Path(image))
    left, top, right, bottom = shown_box(photo)
    across, down = (right - left) / photo.width, (bottom - top) / photo.height
    x, y = left / photo.width, top / photo.height
    return x + box[0] * across, y + box[1] * down, x + box[2] * across, y + box[3] * down


def _boxes(random: np.random.Generator) -> list[Box]:
    """Draw parts of a photo, TRIED of them, the smaller side not under half of the larger."""
    boxes = []
    for _ in range(TRIED):
        wide = random.uniform(*SIDE)
        high = random.uniform(max(SIDE[0], wide / 2), min(SIDE[1], wide * 2))
        left, top = random.uniform(0, 1 - wide), random.uniform(0, 1 - high)
        boxes.append((left, top, left + wide, top + high))
    return boxes


def _pixels(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    sides = (share * length for share, length in zip(box, size * 2, strict=True))
    left, top, right, bottom = map(round, sides)
    return left, top, right, bottom


def _shown(length: str, mask: np.ndarray, box: Box, *, lying: bool) -> bool | None:
    """Tell whether a part of a photo shows where sleeves or legs end; None where that is open.

    mask: of `_outline`; lying: of a garment alone, nobody in it. Of the validation split's judged
    close-ups 231 have an outline; this tells 127 of them, and 124 as the eye does.
    """
    high, wide = mask.shape
    left, top, right, bottom = _pixels(box, (wide, high))
    if mask[top:bottom, left:right].mean() < LEAST:
        return None
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    across = (np.array([left, right]) - columns[0]) / (columns[-1] + 1 - columns[0])
    down = (np.array([top, bottom]) - rows[0]) / (rows[-1] + 1 - rows[0])
    if length in NO_HEM:
        return _legs_shown(across, down, LYING if lying else NO_HEM[length])
    return _sleeves_shown(length, across, down)


def _legs_shown(across: np.ndarray, down: np.ndarray, no_hem: float) -> bool | None:
    """across, down: what of the outline's width and height is in a close-up, from and to."""
    if down[1] <= no_hem:
        return False
    return True if down[1] >= 0.93 and down[0] <= 0.6 and np.ptp(across.clip(0, 1)) > 0.5 else None


def _sleeves_shown(length: str, across: np.ndarray, down: np.ndarray) -> bool | None:
    if down[1] <= HEAD:
        return None
    inner = ARMHOLES if length == "sleeveless" else INNER
    if across[0] >= inner and across[1] <= 1 - inner:
        return False
    if down[1] <= NO_CUFF.get(length, 0.0) or down[0] >= BELOW.get(length, 1.0):
        return False
    one_side = np.ptp(across.clip(0, 1)) > 0.35 and (across[0] <= 0.05 or across[1] >= 0.95)
    from_top, to = (0.3, 0.55) if length in BELOW else (0.6, 0.88)
    return True if one_side and down[0] <= from_top and down[1] >= to else None
