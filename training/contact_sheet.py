"""Many small photos with captions on one picture, for an eye to go over."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from PIL import Image, ImageDraw, ImageFont

from vision.preprocess import open_photo

COLUMNS, CELL, CAPTION, GAP = 8, (150, 190), 38, 8  # cell: width and height of a photo, pixels


def contact_sheet(rows: pd.DataFrame, captions: Sequence[str], path: Path) -> None:
    """Write the photos of `rows` (column `image`) with a caption of up to two lines each."""
    font = ImageFont.load_default(12)
    width, height = CELL[0] + GAP, CELL[1] + CAPTION + GAP
    lines = max(1, -(-len(rows) // COLUMNS))
    sheet = Image.new("RGB", (COLUMNS * width + GAP, lines * height + GAP), "white")
    draw = ImageDraw.Draw(sheet)
    for number, (image, caption) in enumerate(zip(rows["image"], captions, strict=True)):
        photo = open_photo(Path(image))
        scale = min(CELL[0] / photo.width, CELL[1] / photo.height)
        size = max(1, round(photo.width * scale)), max(1, round(photo.height * scale))
        left = GAP + number % COLUMNS * width
        top = GAP + number // COLUMNS * height
        sheet.paste(photo.resize(size, Image.Resampling.BILINEAR), (left, top))
        draw.text((left, top + CELL[1] + 2), caption, fill="black", font=font)
    sheet.save(path)
