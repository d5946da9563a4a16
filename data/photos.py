"""Checking many photos: which can be read, how large they are, which are identical."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from data.artifact import sha256
from data.errors import UnreadableImage
from data.images import open_image

# Longest side in pixels. 60x80 thumbnails lose fine stripes and checks; the next size met is
# 240x320.
FULL_DETAIL = 160


@dataclass(frozen=True, slots=True)
class Photo:
    """What checking one file told; a photo that cannot be read has an `error` and nothing else."""

    path: Path
    error: UnreadableImage | None = None
    digest: str | None = None  # SHA-256 of the file: equal for identical photos
    detail: str | None = None  # "full" or "thumbnail"


def check_photo(path: Path) -> Photo:
    """Decode one photo whole, as serving would."""
    try:
        image = open_image(path)
    except UnreadableImage as error:
        return Photo(path, error)
    detail = "full" if max(image.size) >= FULL_DETAIL else "thumbnail"
    return Photo(path, None, sha256(path), detail)


def check_photos(paths: Sequence[Path]) -> list[Photo]:
    """Check photos in order, with progress on standard error."""
    return [check_photo(path) for path in tqdm(paths, desc="photos", unit="photo")]
