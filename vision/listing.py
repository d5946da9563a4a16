"""The photos of a listing, opened and answered as one: what a check and `predict` share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from data.errors import InvalidListing, SelvedgeError, UnreadableImage
from data.images import Source
from vision.combine import Answers, Seen, combine, garments
from vision.preprocess import open_photo, to_pixels
from vision.quality import quality_flags
from vision.siblings import odd_photo


class ImageBranch(Protocol):
    """`vision.tagger.ImageTagger`, or a test's stand-in."""

    def predict(self, images: Sequence[Source], /) -> Sequence[Seen]: ...


@dataclass(frozen=True, slots=True)
class Shown:
    """What the photos of one listing show.

    answers, in_scope: of all photos together (`vision.combine.combine`). seen and quality: of each
    photo, the branch's answer and what a seller can mend. odd: the place, from 0, of the photo that
    looks like another garment, None where all fit.
    """

    answers: Answers
    in_scope: float
    seen: Sequence[Seen]
    quality: tuple[tuple[str, ...], ...]
    odd: int | None

    @property
    def strays(self) -> tuple[int, ...]:
        """The places, from 0, of the photos that show no garment where others show one."""
        shown = garments(self.seen)
        return tuple(place for place in range(len(self.seen)) if shown and place not in shown)


@dataclass(frozen=True, slots=True)
class _Photo:
    """A photo as the branch takes it, uint8 (h, w, 3), and its quality flags."""

    pixels: np.ndarray
    flags: tuple[str, ...]


def show(branch: ImageBranch, listings: Sequence[Sequence[Path]]) -> list[Shown | SelvedgeError]:
    """Return for each listing's photos, in order, what they show or what kept them unread.

    All photos go through the branch in one call. They are held as network-sized pixels (150 kB
    each), so a chunk of 32 listings with 8 photos each takes 40 MB.
    """
    opened = [_open(paths) for paths in listings]
    read = [photos for photos in opened if not isinstance(photos, SelvedgeError)]
    images = [Image.fromarray(photo.pixels) for photos in read for photo in photos]
    seen = iter(branch.predict(images))
    return [
        photos if isinstance(photos, SelvedgeError) else _shown(photos, seen) for photos in opened
    ]


def _shown(photos: Sequence[_Photo], branch_answers: Iterator[Seen]) -> Shown:
    seen = list(islice(branch_answers, len(photos)))
    answers, in_scope = combine(seen)
    quality = tuple(photo.flags for photo in photos)
    return Shown(answers, in_scope, seen, quality, odd_photo(seen, [p.pixels for p in photos]))


def _open(paths: Sequence[Path]) -> list[_Photo] | SelvedgeError:
    if not paths:
        return InvalidListing("The listing has no photo.", code="no_image", field="images")
    photos = []
    for number, path in enumerate(paths, start=1):
        try:
            photo = open_photo(path)
            photos.append(_Photo(to_pixels(photo), quality_flags(photo)))
        except UnreadableImage as error:
            which = f"Photo {number} of {len(paths)}: " if len(paths) > 1 else ""
            return UnreadableImage(which + error.message, code=error.code, field="images")
    return photos
