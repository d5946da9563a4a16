"""Photos that show no garment at all, made from what is at hand: walls, text, noise, gradients.

The tables hold shoes, bags and dresses as out of scope, but none of what else people upload.
`negatives` makes any number of them; the job measures how many the branch calls out of scope.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np
import pandas as pd
from PIL import Image, ImageDraw, ImageFont

from data.errors import InvalidTable, UnreadableImage
from data.images import ALLOWED, Source
from vision.preprocess import HEIGHT, WIDTH, open_photo

if TYPE_CHECKING:
    from vision.tagger import ImageTagger

SIZE = (WIDTH, HEIGHT)
COUNT = 100  # of each kind
SEED = 4
WORDS = (
    "order", "total", "delivery", "Monday", "price", "shipping", "account", "message", "today",
    "please", "size", "chart", "chest", "waist", "returns", "within", "14", "days", "Rs.", "499",
)  # fmt: skip


def wall(photo: Image.Image, random: np.random.Generator) -> Image.Image:
    """Return a corner of a seller's photo, a fifth of its sides, enlarged: a floor, wall or bed."""
    width, height = photo.width // 5, photo.height // 5
    left = int(random.choice([0, photo.width - width]))
    top = int(random.choice([0, photo.height - height]))
    corner = photo.crop((left, top, left + width, top + height))
    return corner.resize(SIZE, Image.Resampling.BICUBIC)


def screenshot(random: np.random.Generator, size: tuple[int, int] = SIZE) -> Image.Image:
    """Return lines of words on a plain ground, as a chat or a size chart looks."""
    dark = random.random() < 0.3
    paper, ink = ((24, 26, 30), (225, 225, 225)) if dark else ((250, 250, 248), (25, 25, 25))
    made = Image.new("RGB", size, paper)
    draw = ImageDraw.Draw(made)
    tall = int(random.integers(9, 18))
    font, top = ImageFont.load_default(tall), int(random.integers(4, 24))
    while top < size[1] - tall:
        words = " ".join(random.choice(WORDS, int(random.integers(2, 6))))
        draw.text((int(random.integers(4, 16)), top), words, fill=ink, font=font)
        top += int(tall * random.choice([1.4, 1.4, 2.6]))
    return made


def noise(random: np.random.Generator, size: tuple[int, int] = SIZE) -> Image.Image:
    """Return random pixels, fine or in blobs: a lens covered, a broken file."""
    grain = int(random.choice([1, 4, 16, 48]))
    small = random.integers(0, 256, (size[1] // grain, size[0] // grain, 3), np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)


def landscape(random: np.random.Generator) -> Image.Image:
    """Return a sky over ground, two gradients that meet at a horizon."""
    sky, haze, ground = random.integers((90, 120, 150), (200, 220, 256), (3, 3))
    horizon = int(random.uniform(0.3, 0.7) * HEIGHT)
    ground = ground // 2
    rows = [sky + (haze - sky) * y / horizon for y in range(horizon)]
    rows += [ground + (haze - ground) * 0.4 * (1 - y / HEIGHT) for y in range(horizon, HEIGHT)]
    picture = np.repeat(np.array(rows)[:, None], WIDTH, axis=1)
    picture = picture + random.normal(0, 4, picture.shape)
    return Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))


def negatives(paths: Sequence[str], count: int, seed: int = SEED) -> dict[str, list[Image.Image]]:
    """Make `count` pictures of each kind; walls come from the photos at `paths`, drawn at random.

    All are RGB of the network's input size; equal seeds make equal pictures.
    """
    random = np.random.default_rng(seed)
    chosen = random.choice(np.asarray(paths, dtype=object), count)
    return {
        "walls and floors": [wall(open_photo(Path(path)), random) for path in chosen],
        "screenshots": [screenshot(random) for _ in range(count)],
        "noise": [noise(random) for _ in range(count)],
        "landscapes": [landscape(random) for _ in range(count)],
    }


def caught(made: Mapping[str, Sequence[Source]], tagger: ImageTagger) -> pd.DataFrame:
    """Return per kind how many pictures there are and the share called out of scope."""
    rows = {}
    for kind, images in made.items():
        out = [seen.attributes["wear"].value is None for seen in tagger.predict(images)]
        rows[kind] = {"n": len(out), "out of scope": np.mean(out)}
    return pd.DataFrame(rows).T.astype({"n": int})


def readable(folder: Path) -> Iterator[Image.Image]:
    """Open a folder's pictures and say which files are none; UnreadableImage where all are."""
    found = 0
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        try:
            yield open_photo(path)
            found += 1
        except UnreadableImage as error:
            click.echo(f"{path.name}: {error.message}", err=True)
    if not found:
        raise UnreadableImage(f"No file in {folder} is a picture; allowed: {ALLOWED}.")


@click.command(help="Measure how many pictures without any garment are called out of scope.")
@click.option("--var", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
@click.option(
    "--pictures",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of further pictures to measure, none of which shows a garment.",
)
def command(var: Path, pictures: Path | None) -> None:
    from training.photos import SELLERS, load_photos
    from vision.tagger import ImageTagger

    photos = load_photos(var)
    held_out = photos[(photos["source"] == SELLERS) & (photos["split"] == "test")]
    if not len(held_out):
        raise InvalidTable(
            f"No photo of a seller's test split is under {var}: walls are cut of it."
        )
    made: dict[str, Sequence[Source]] = {**negatives(list(held_out["image"]), COUNT)}
    if pictures:
        made[str(pictures)] = list(readable(pictures))
    click.echo(caught(made, ImageTagger.load()).round(3).to_string())
