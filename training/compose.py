"""Pictures that the tables lack: what is sold on other sellers' floors, and nothing to sell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from PIL import Image, ImageFilter
from scipy import ndimage

from training.cutouts import laid, shown
from training.negatives import noise, screenshot
from training.photos import SELLERS
from training.scenes import scene

WHITE = 236  # a shop's background, JPEG noise included, is above this in every channel
SHARE = (0.2, 0.8)  # of the photo that is background, where the cut is believed
WHOLE = 0.9  # of what is left must hang together, or a white garment has been eaten
# Of each side, how much of a seller's photo becomes a ground: more would show the garment there;
# what is to show none must be surer.
FLOOR, BARE = 0.45, (0.15, 0.35)
# Of the photos out of scope that are composed, how many show nothing to sell; and of these, how
# many are screenshots, noise and scenes: floors, half of them, are harder.
EMPTY, SCREENSHOTS, NOISE, SCENES = 0.6, 0.15, 0.05, 0.3


def background(pixels: np.ndarray) -> Image.Image | None:
    """Find a shop photo's white background: what is white and joined to the photo's rim.

    pixels: uint8 (h, w, 3). Returns a mask, 255 where background, soft at the edge; None where
    there is none to be told apart: a room, or a white garment that melts into the white.
    """
    regions, _ = ndimage.label(pixels.min(axis=2) > WHITE)
    rim = np.concatenate([regions[0], regions[-1], regions[:, 0], regions[:, -1]])
    outside = np.isin(regions, np.setdiff1d(rim, [0]))
    pieces, _ = ndimage.label(~outside)
    sizes = np.bincount(pieces.ravel(), minlength=2)[1:]
    if not SHARE[0] < outside.mean() < SHARE[1] or sizes.max() < WHOLE * sizes.sum():
        return None
    # The white of a neighboring pixel is mixed into the garment's rim: one pixel more goes.
    mask = ndimage.binary_dilation(outside).astype("uint8") * 255
    return Image.fromarray(mask).filter(ImageFilter.BoxBlur(1))


def corner(
    pixels: np.ndarray, share: float, size: tuple[int, int], random: np.random.Generator
) -> Image.Image:
    """Blow up a random corner, `share` of each side, of a photo, uint8 (h, w, 3).

    size: width and height it gets.
    """
    photo = pixels[shown(pixels)]
    turned = photo[:: random.choice((-1, 1)), :: random.choice((-1, 1))]
    part = (0, 0, share * photo.shape[1], share * photo.shape[0])
    image = Image.fromarray(np.ascontiguousarray(turned))
    return image.resize(size, Image.Resampling.BILINEAR, box=part)


class Composer:
    """Gives training its photos, some of them composed; same seed, same pictures.

    Some shop photos get another background, and some of the sellers' too: what is learned of
    them must not be one seller's bed. That goes for dresses, shoes and hats as for garments: were
    these alone laid on floors, a thing on a floor would be a garment. Some photos out of scope are
    replaced by a bare floor, bed or wall, a screenshot or a scene: what these teach, "no garment to
    sell", is the same. All take from the train split's sellers alone.
    """

    def __init__(
        self,
        photos: pd.DataFrame,
        pixels: Sequence[np.ndarray],
        share: float,
        seed: int,
        cutouts: Mapping[int, np.ndarray] | None = None,
        doubt: np.ndarray | None = None,
    ) -> None:
        """photos: of `training.photos.load_photos`. share: of each kind that is tried.

        cutouts: of `training.cutouts`; no seller's photo is laid elsewhere without. doubt: as in
        `training.photos.draw`; what passes for a garment is to be learned, not replaced.
        """
        self._pixels = pixels
        self._share = share
        self._cutouts = cutouts or {}
        self._random = np.random.default_rng(seed)
        self._shop = (photos["source"] != SELLERS).to_numpy()
        self._out = (photos["scope"] == "out").to_numpy()
        self._learned = np.zeros(len(photos), bool) if doubt is None else doubt >= 0.5
        homes = photos[(photos["source"] == SELLERS) & (photos["split"] == "train")]
        groups = homes.index.to_series().groupby(homes["group"])
        self._homes = [rows.to_numpy() for _, rows in groups]

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """Return the pixels of these rows, of one shape, uint8 (n, h, w, 3)."""
        batch = [self._pixels[row] for row in rows]
        tried = self._random.random(len(rows)) < self._share
        for place in np.flatnonzero(tried) if self._homes else ():
            batch[place] = self._composed(int(rows[place]), batch[place])
        return np.array(batch)

    def _composed(self, row: int, photo: np.ndarray) -> Image.Image | np.ndarray:
        size = photo.shape[1], photo.shape[0]
        if self._out[row] and not self._learned[row] and self._random.random() < EMPTY:
            return self._empty(size)
        if row in self._cutouts:
            return laid(photo, self._cutouts[row], self._ground(FLOOR, size), self._random)
        mask = background(photo) if self._shop[row] else None
        if mask is None:
            return photo
        return Image.composite(self._ground(FLOOR, size), Image.fromarray(photo), mask)

    def _empty(self, size: tuple[int, int]) -> Image.Image:
        chance = self._random.random()
        if chance < SCREENSHOTS:
            return screenshot(self._random, size)
        if chance < SCREENSHOTS + NOISE:
            return noise(self._random, size)
        if chance < SCREENSHOTS + NOISE + SCENES:
            return scene(self._random, size)
        return self._ground(self._random.uniform(*BARE), size)

    def _ground(self, share: float, size: tuple[int, int]) -> Image.Image:
        home = self._homes[self._random.integers(len(self._homes))]
        return corner(self._pixels[self._random.choice(home)], share, size, self._random)
