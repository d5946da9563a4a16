"""Opening a photo nobody has vouched for: bounded, upright, RGB, first frame, no metadata."""

from __future__ import annotations

import io
import struct
import warnings
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from data.errors import UnreadableImage

MAX_BYTES = 20_000_000
MAX_PIXELS = 50_000_000
MIN_SIDE = 16  # below this there is no garment to see
# JPEG covers MPO, which many phones write under the name .jpg; Pillow has no opener of that name.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
ALLOWED = "JPEG, PNG, WebP, GIF or BMP"
# What Pillow raises on damaged EXIF: the tags are lost, the picture may be whole.
DAMAGED_TAGS = (
    *(OSError, SyntaxError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError),
    struct.error,
)
# What turns a photo stored in EXIF's orientations 2 to 8 upright.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

Source = bytes | Path | Image.Image


def open_image(source: Source, *, draft: tuple[int, int] | None = None) -> Image.Image:
    """Decode a photo into an upright RGB image without metadata.

    source: the file's bytes, its path, or an image already opened.
    draft: width and height in pixels that the caller will shrink to; a JPEG is then decoded at
        the smallest of its reduced sizes that still covers it (Pillow's `Image.draft`).
    Raises UnreadableImage for a missing, broken, oversized or foreign file.
    """
    if isinstance(source, Image.Image):
        return _rgb(_upright(source))
    data = _read(source) if isinstance(source, Path) else source
    if not data:
        raise UnreadableImage("The photo is empty (0 bytes).")
    if len(data) > MAX_BYTES:
        raise UnreadableImage(
            f"The photo has more than {MAX_BYTES / 1e6:.0f} MB, the most that is read."
        )
    try:
        with warnings.catch_warnings():
            # Pillow warns of damaged metadata and of bombs; our own limits decide on both.
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            _check_size(image)
            if draft is not None:
                image.draft("RGB", draft)
            image.load()  # here, where damage is told: reading a PNG's tags decodes it as well
            return _rgb(_upright(image))
    except UnidentifiedImageError:
        raise UnreadableImage(f"The file is not a photo we can read; allowed: {ALLOWED}.") from None
    except Image.DecompressionBombError:
        raise UnreadableImage(_too_many_pixels("far too many")) from None
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        reason = str(error).splitlines()[0][:100] if str(error) else type(error).__name__
        raise UnreadableImage(f"The photo is damaged and cannot be decoded ({reason}).") from None


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableImage(
            f"{path.name} cannot be read: {error.strerror or error}.", code="missing_image"
        ) from None


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise UnreadableImage(_too_many_pixels(f"{width} x {height}"))
    if min(width, height) < MIN_SIDE:
        raise UnreadableImage(
            f"The photo has {width} x {height} pixels; at least {MIN_SIDE} a side are needed."
        )


def _too_many_pixels(seen: str) -> str:
    return f"The photo has {seen} pixels; at most {MAX_PIXELS // 1_000_000} million are read."


def _upright(image: Image.Image) -> Image.Image:
    """Turn a photo as its EXIF orientation says; one whose EXIF cannot be read stays as stored.

    Pillow's own `exif_transpose` also writes all tags anew, and a damaged one among them ends it.
    """
    try:
        turn = UPRIGHT.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except DAMAGED_TAGS:
        return image
    return image if turn is None else image.transpose(turn)


def _rgb(image: Image.Image) -> Image.Image:
    """Return a copy in RGB, transparent places white, without metadata."""
    if image.mode.startswith("I"):  # Gray of 16 bits, which Pillow would clip to white, not scale.
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGB", rgba.size, "white")
        white.paste(rgba, mask=rgba.getchannel("A"))
        return white
    rgb = image.convert("RGB")
    rgb.info = {}
    return rgb
