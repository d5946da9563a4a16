"""Small photos that tests make themselves."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
ORIENTATION, GPS = 0x0112, 0x8825


def photo(
    kind: str = "JPEG",
    *,
    mode: str = "RGB",
    size: tuple[int, int] = (60, 80),
    orientation: int | None = None,
) -> bytes:
    """A picture whose left half is red and whose right half is blue, as file bytes."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    if orientation is None:
        image.convert(mode).save(out, kind)
    else:
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        exif.get_ifd(GPS)[1] = "N"
        image.save(out, kind, exif=exif, comment=b"taken at home")
    return out.getvalue()


def see_through() -> bytes:
    """A PNG that is wholly transparent."""
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    return out.getvalue()


def bomb() -> bytes:
    """A few bytes of PNG that claim 60000 x 60000 pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
