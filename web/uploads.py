"""Photos that sellers upload: decoded safely, re-encoded, kept for a while under random names.

What reaches the disk is never what was sent: each photo is decoded within the limits of
`data.images`, turned upright, shrunk and written anew as a JPEG without metadata (no GPS place,
no camera, no embedded thumbnail), under a name nobody can guess and the seller did not choose.
"""

from __future__ import annotations

import io
import re
import secrets
import tempfile
import threading
import time
from pathlib import Path

from PIL import Image

from data.errors import UnreadableImage
from data.images import MIN_SIDE, open_image

STORED_SIDE = 1600  # pixels; the networks look at far less, a later second look may want detail
STORED_QUALITY = 92
THUMBNAIL_SIDE = 480  # pixels; twice what the page shows, for dense screens
# Bytes 4 to 11 of what iPhones write when asked for "High Efficiency".
HEIF_BRANDS = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1", b"ftypmsf1")
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")  # secrets.token_urlsafe(16): 128 random bits

# A photo at the pixel limit takes 150 MB while it is decoded; all threads at once would
# take the machine down, and more decoders than cores are not faster.
_decoding = threading.BoundedSemaphore(2)


class UploadStore:
    """A folder of uploaded photos, each removed `keep_seconds` after it was last used.

    Several processes may share the folder. The removal runs on a timer that exists only while
    there is something to remove.
    """

    def __init__(self, folder: Path, *, keep_seconds: float) -> None:
        self.folder = folder
        self.keep_seconds = keep_seconds
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._make_folder()
        self.sweep()

    def add(self, content: bytes) -> str:
        """Decode, clean and store one photo; return its token. Raises UnreadableImage."""
        with _decoding:
            clean = _clean(content)
        token = secrets.token_urlsafe(16)
        self._make_folder()  # a cleaner of old files may have taken it away meanwhile
        with self._path(token).open("xb") as file:
            file.write(clean)
        self._arm()
        return token

    def try_writing(self) -> None:
        """Write a byte into the folder and remove it. Raises OSError where that fails."""
        self._make_folder()
        with tempfile.TemporaryFile(dir=self.folder, buffering=0) as file:
            file.write(b"0")

    def use(self, token: str) -> Path | None:
        """Return the photo's path and keep it for another while; None where it is gone."""
        path = self._live(token)
        if path is not None:
            try:
                path.touch(exist_ok=True)
            except OSError:  # removed by another process in between
                return None
        return path

    def thumbnail(self, token: str) -> bytes | None:
        """Return the photo as a small JPEG, at most 480 x 480; None where it is gone."""
        path = self._live(token)
        if path is None:
            return None
        try:
            with Image.open(path) as image:
                image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
                return _jpeg(image, 80)
        except FileNotFoundError:
            return None

    def sweep(self) -> None:
        """Remove every photo whose time is over; come back later where any is left."""
        oldest_kept = time.time() - self.keep_seconds
        left = 0
        for path in self.folder.glob("*.jpg"):
            try:
                if path.stat().st_mtime < oldest_kept:
                    path.unlink()
                else:
                    left += 1
            except FileNotFoundError:  # another process was faster
                continue
        with self._lock:
            self._timer = None
        if left:
            self._arm()

    def _arm(self) -> None:
        """Start the timer that sweeps, unless it already runs."""
        with self._lock:
            if self._timer is None:
                self._timer = threading.Timer(min(60.0, self.keep_seconds), self.sweep)
                self._timer.daemon = True
                self._timer.start()

    def _make_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _path(self, token: str) -> Path:
        return self.folder / f"{token}.jpg"

    def _live(self, token: str) -> Path | None:
        """Return the path of a photo that exists and whose time is not over."""
        if not TOKEN.fullmatch(token):  # also what keeps "../" out
            return None
        path = self._path(token)
        try:
            expired = path.stat().st_mtime < time.time() - self.keep_seconds
        except FileNotFoundError:
            return None
        return None if expired else path


def _clean(content: bytes) -> bytes:
    """Turn what was sent into a plain upright JPEG of bounded size. Raises UnreadableImage."""
    if content[4:12] in HEIF_BRANDS:
        raise UnreadableImage(
            "This is a HEIC photo, which is not read here: save or share it as JPEG."
        )
    side = (STORED_SIDE, STORED_SIDE)
    image = open_image(content, draft=side)
    if max(image.size) > STORED_SIDE // MIN_SIDE * min(image.size):
        raise UnreadableImage(
            f"The photo has {image.width} x {image.height} pixels; the longer side may be at most "
            f"{STORED_SIDE // MIN_SIDE} times the shorter."
        )
    image.thumbnail(side, Image.Resampling.BICUBIC)
    return _jpeg(image, STORED_QUALITY)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()
