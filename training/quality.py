"""The photo quality flags on trial: good photos flagged by mistake, spoiled copies caught."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
import pandas as pd
from PIL import Image, ImageDraw, ImageFilter, ImageFont

PHOTOS = 150  # a source
SEED = 3


def darkened(photo: Image.Image) -> Image.Image:
    """Return the photo with a third of its light."""
    return photo.point(lambda level: level * 0.35)


def burnt_out(photo: Image.Image) -> Image.Image:
    """Return the photo with twice its light, clipped."""
    return photo.point(lambda level: min(255, level * 2))


def blurred(photo: Image.Image) -> Image.Image:
    """Return the photo out of focus by 2 of 320 pixels."""
    return photo.filter(ImageFilter.GaussianBlur(max(photo.size) * 2 / 320))


def shrunk(photo: Image.Image) -> Image.Image:
    """Return the photo at 80 pixels."""
    small = photo.copy()
    small.thumbnail((80, 80))
    return small


def far_away(photo: Image.Image) -> Image.Image:
    """Return the photo at three tenths of its side, on the color of its own corner."""
    corner = photo.crop((0, 0, max(1, photo.width // 12), max(1, photo.height // 12)))
    ground = corner.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    wide = Image.new("RGB", photo.size, ground)
    small = photo.resize((max(1, photo.width * 3 // 10), max(1, photo.height * 3 // 10)))
    wide.paste(small, (photo.width * 35 // 100, photo.height * 35 // 100))
    return wide


def written_over(photo: Image.Image) -> Image.Image:
    """Return the photo with four lines of a shop's name across it."""
    made = photo.copy()
    draw = ImageDraw.Draw(made, "RGBA")
    dark = photo.convert("L").resize((1, 1)).getpixel((0, 0)) < 150
    ink = (255, 255, 255, 200) if dark else (0, 0, 0, 170)
    font = ImageFont.load_default(max(12, photo.height // 12))
    for line in range(4):
        top = photo.height * (0.1 + 0.25 * line)
        draw.text((photo.width * 0.04, top), "SHOP-NAME.com SALE 50%", fill=ink, font=font)
    return made


SPOILED: dict[str, Callable[[Image.Image], Image.Image]] = {
    "too_small": shrunk,
    "too_dark": darkened,
    "overexposed": burnt_out,
    "blurry": blurred,
    "mostly_background": far_away,
    "text_over_photo": written_over,
}


def trial(photos: pd.DataFrame) -> pd.DataFrame:
    """Return per flag and source the share of photos flagged as they are, and of spoiled copies.

    photos: rows of `training.photos.load_photos`, none a thumbnail.
    """
    from tqdm import tqdm

    from vision.preprocess import open_photo
    from vision.quality import quality_flags

    rows = []
    for photo in tqdm(photos.to_dict("records"), desc="spoiling", mininterval=5):
        image = open_photo(Path(photo["image"]))
        plain = quality_flags(image)
        for flag, spoil in SPOILED.items():
            caught = flag in quality_flags(spoil(image))
            rows.append((flag, photo["source"], flag in plain, caught))
    found = pd.DataFrame(rows, columns=["flag", "source", "false_alarms", "caught"])
    return found.groupby(["flag", "source"], sort=False).agg(
        n=("caught", "size"), false_alarms=("false_alarms", "mean"), caught=("caught", "mean")
    )


@click.command(help="Measure the photo quality flags on validation and test photos.")
@click.option("--var", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
def command(var: Path) -> None:
    from training.photos import load_photos

    photos = load_photos(var)
    photos = photos[(photos["scope"] == "in") & (photos["detail"] != "thumbnail")]
    for split in ("validation", "test"):
        rows = photos[photos["split"] == split].sample(frac=1, random_state=SEED)
        click.echo(f"{split}:\n{trial(rows.groupby('source').head(PHOTOS)).round(3).to_string()}")
