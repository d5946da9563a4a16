"""Several photos of one listing, on trial: made from framings of single held-out photos.

The data has one photo a listing. A whole view and four closer ones of it stand in for a listing's
photos, and a view of another garment of the same shop or seller for the one that does not belong.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np
import pandas as pd
from PIL import Image, ImageEnhance

from data.errors import InvalidTable
from data.taxonomy import ATTRIBUTES
from training.photos import SELLERS, load_photos
from vision.combine import combine
from vision.preprocess import PADDING, open_photo, to_pixels
from vision.siblings import LEAST_LIKE, likeness, odd_photo

if TYPE_CHECKING:
    from vision.tagger import ImageResult, ImageTagger

VIEWS = 5
PHOTOS = 750  # at most, a source and split
FALSE_ALARMS = 0.01  # share of listings of one garment in which a photo may be called odd
SEED = 1

Listing = tuple[list["ImageResult"], list[np.ndarray]]  # answers for the views, and their pixels


def views(photo: Image.Image, random: np.random.Generator) -> list[Image.Image]:
    """Return the photo and four closer, tilted, relit framings of it (45 to 100 % of a side)."""
    made = [photo]
    for _ in range(VIEWS - 1):
        side, stretch = random.uniform(0.45, 1.0), random.uniform(0.8, 1.0)
        width, height = int(photo.width * side), int(photo.height * side * stretch)
        left = int(random.integers(0, photo.width - width + 1))
        top = int(random.integers(0, photo.height - height + 1))
        part = photo.crop((left, top, left + width, top + height))
        part = ImageEnhance.Brightness(part).enhance(random.uniform(0.75, 1.2))
        part = ImageEnhance.Color(part).enhance(random.uniform(0.8, 1.2))
        tilt = random.uniform(-12, 12)
        made.append(part.rotate(tilt, Image.Resampling.BILINEAR, fillcolor=PADDING))
    return made


def look(photos: pd.DataFrame, tagger: ImageTagger) -> list[Listing]:
    """Ask the branch about the views of every photo."""
    from tqdm import tqdm

    random, seen = np.random.default_rng(SEED), []
    for path in tqdm(photos["image"], desc="framing", mininterval=5):
        made = views(open_photo(Path(path)), random)
        pixels = [to_pixels(view) for view in made]
        seen.append((tagger.predict_pixels(pixels), pixels))
    return seen


def with_strangers(photos: pd.DataFrame, listings: list[Listing]) -> list[Listing]:
    """Replace every listing's last view by one of the same seller's (or shop's) next garment."""
    mixed = []
    seller = photos["group"].where(photos["source"] == SELLERS, photos["source"])
    for _, places in pd.Series(range(len(photos)), photos.index).groupby(seller):
        for place, other in zip(places, np.roll(places, 1), strict=True):
            if _of_one_garment(photos.iloc[place], photos.iloc[other]):
                continue
            seen, pixels = listings[place]
            stranger, its_pixels = listings[other]
            mixed.append(([*seen[:-1], stranger[-1]], [*pixels[:-1], its_pixels[-1]]))
    return mixed


def _of_one_garment(one: pd.Series, other: pd.Series) -> bool:
    """A group of the catalogue is one product; a seller's is the seller, each photo a garment."""
    if one["source"] == SELLERS:
        return bool(one["image"] == other["image"])
    return bool(one["group"] == other["group"])


def right(photos: pd.DataFrame, listings: list[Listing]) -> pd.DataFrame:
    """Return the share right per attribute: the whole view alone, all five, a close one alone."""
    known = photos["annotated"].to_numpy(bool)
    rows = {}
    for name in ATTRIBUTES:
        said = [
            (seen[0], combine(seen)[0], seen[1])
            for (seen, _), annotated in zip(listings, known, strict=True)
            if annotated
        ]
        truth = photos.loc[known, f"true_{name}"].to_numpy()
        has = pd.notna(truth)
        whole, together, close = (
            np.array([v == t for v, t in zip(values, truth, strict=True)])[has].mean()
            for values in (
                [one.attributes[name].value for one, _, _ in said],
                [answers[name].value for _, answers, _ in said],
                [one.attributes[name].value for _, _, one in said],
            )
        )
        rows[name] = {"n": int(has.sum()), "whole": whole, "all five": together, "close": close}
    return pd.DataFrame(rows).T


def _sample(photos: pd.DataFrame, split: str, source: str) -> pd.DataFrame:
    rows = photos[(photos["split"] == split) & (photos["scope"] == "in")]
    rows = rows[rows["source"] == source]
    if source == "catalogue":
        rows = rows[rows["detail"] == "full"]
    first = rows[rows["annotated"].astype(bool)]
    rest = rows.drop(first.index).sample(frac=1, random_state=SEED)
    return pd.concat([first, rest])[:PHOTOS]


def _print_figures(name: str, listings: list[Listing], strangers: list[Listing]) -> None:
    alarms = sum(odd_photo(*listing) is not None for listing in listings)
    found = sum(odd_photo(*listing) == VIEWS - 1 for listing in strangers)
    click.echo(
        f"{name}: the stranger is named in {_share(found, len(strangers))}, a photo of one garment "
        f"called odd in {_share(alarms, len(listings))}"
    )


def _share(count: int, n: int) -> str:
    return f"{count} of {n} ({count / n:.1%})" if n else "none of 0"


@click.command(help="Measure listings of several photos, and whether a stranger is found.")
@click.option("--var", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
def command(var: Path) -> None:
    from vision.tagger import ImageTagger

    photos, tagger = load_photos(var), ImageTagger.load()
    for split in ("validation", "test"):
        lowest = []
        for source in photos["source"].unique():
            rows = _sample(photos, split, source)
            if not len(rows):
                continue
            listings = look(rows, tagger)
            lowest += [min(likeness(seen, pixels)) for seen, pixels in listings]
            _print_figures(f"{split}, {source}", listings, with_strangers(rows, listings))
            if rows["annotated"].any():
                click.echo(right(rows, listings).round(3).to_string())
        if not lowest:
            raise InvalidTable(f"No photo of a garment under {var} is in the {split} split.")
        click.echo(
            f"{split}: {FALSE_ALARMS:.0%} of {len(lowest)} listings of one garment lie below "
            f"{np.quantile(lowest, FALSE_ALARMS):.3f}; the limit is {LEAST_LIKE}"
        )
