"""Small folders as a crawl leaves them, made by the tests that wrangle them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.pictures import photo


def item(number: int, title: str = "Acme Men Blue Shirt", **changes: Any) -> dict[str, Any]:
    """Return one product as a crawl writes it, without photos; `changes` override its keys."""
    return {
        "shop": "acme",
        "url": f"https://acme.example/p/{number}",
        "product_id": str(number),
        "variant": "",
        "title": f"{title} {number}",
        "brand": "Acme",
        "description": "A garment.",
        "category": "Shirts",
        "attributes": {},
        "colors": [],
        "price": 10.0,
        "gender": "men",
        "images": [],
        "collected_at": "2026-11-01T10:00:00+00:00",
        **changes,
    }


def stored(folder: Path, body: bytes | None = None, *, phash: str | None = None) -> dict[str, Any]:
    """Store a photo in a crawl's folder and return what its items say of it."""
    body = photo() if body is None else body
    digest = hashlib.sha256(body).hexdigest()
    path = Path("photos") / digest[:2] / f"{digest}.jpg"
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(body)
    told = {"sha256": digest, "phash": phash, "path": str(path), "width": 60, "height": 80}
    return {"url": "https://acme.example/a.jpg", **told, "page": "https://acme.example/"}


def different_photos(folder: Path, count: int) -> list[dict[str, Any]]:
    """Store photos of different content; told apart by size, they have no perceptual hash."""
    return [stored(folder, photo(size=(60 + number, 80))) for number in range(count)]


def crawl(folder: Path, items: Iterable[dict[str, Any] | str]) -> Path:
    """Write `items.jsonl`; a text stands for a line as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [entry if isinstance(entry, str) else json.dumps(entry) for entry in items]
    (folder / "items.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return folder
