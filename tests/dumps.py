"""Small raw data in the real layouts, made by the tests that import it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from PIL import Image


def photo(path: Path, color: tuple[int, int, int] = (200, 30, 30), size: int = 320) -> Path:
    """Write a plain photo of 3:4 whose content follows from its color and size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (size * 3 // 4, size), color).save(path)
    return path


def product(number: int, article: str = "Tshirts", **changes: Any) -> dict[str, Any]:
    """Return a product as the public catalogue dump spells it; `changes` override its keys."""
    wear = "Bottomwear" if article in ("Jeans", "Shorts", "Skirts", "Salwar") else "Topwear"
    return {
        "id": number,
        "productDisplayName": f"Acme Men Number {number}",
        "brandName": "Acme",
        "gender": "Men",
        "ageGroup": "Adults-Men",
        "baseColour": "Blue",
        "colour1": "NA",
        "colour2": "NA",
        "year": "2012",
        "subCategory": {"typeName": wear},
        "articleType": {"typeName": article},
        "articleAttributes": {},
        "productDescriptors": {"description": {"value": f"<p>Garment number {number}</p>"}},
        **changes,
    }


def catalogue(folder: Path, products: list[dict[str, Any]], *, photos: bool = True) -> Path:
    """Write products as `styles/<id>.json`, each with a photo of its own color."""
    (folder / "styles").mkdir(parents=True, exist_ok=True)
    for entry in products:
        number = entry["id"]
        content = json.dumps({"notification": {}, "data": entry})
        (folder / "styles" / f"{number}.json").write_text(content, encoding="utf-8")
        if photos:
            photo(folder / "images" / f"{number}.jpg", (number % 256, number // 256 * 40 % 256, 90))
    return folder
