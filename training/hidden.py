"""Close-ups judged by eye: does the branch know when no end of a sleeve or leg is in the photo?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pandas as pd
from tqdm import tqdm

from data.errors import InvalidTable
from training.closeups import pixels_of
from vision.domain import domain_of
from vision.heads import LENGTH_SHOWN

if TYPE_CHECKING:
    from vision.tagger import ImageResult, ImageTagger

JUDGED = Path(__file__).parent / "annotations" / "closeups.csv"
HIDDEN, OUT = LENGTH_SHOWN[1], "out"
SIDES = ["left", "top", "right", "bottom"]


def judged(photos: pd.DataFrame, split: str, file: Path = JUDGED) -> pd.DataFrame:
    """Return a split's close-ups judged by eye, with source, group and image of their photos.

    photos: of `training.photos.load_photos`. Further columns: `box` (`training.closeups.Box`) and
    `length`, a value or "hidden".
    """
    columns = ["source", "listing_id", "split", "group", "image"]
    table = pd.read_csv(file, dtype={"id": str})
    table = table.merge(photos[columns], left_on=["source", "id"], right_on=columns[:2])
    table = table[table["split"] == split].reset_index(drop=True)
    return table.assign(box=list(table[SIDES].itertuples(index=False, name=None)))


def ask(closeups: pd.DataFrame, tagger: ImageTagger) -> pd.DataFrame:
    """Ask the branch about close-ups of `judged`.

    Adds `said`, a length, "hidden" or "out"; `shown`, the chance that the ends of sleeves or legs
    are in it; and `domain` (vision/domain.py).
    """
    from vision.tagger import BATCH

    pixels = pixels_of(closeups)
    starts = range(0, len(pixels), BATCH)
    seen = [one for at in starts for one in tagger.predict_pixels(pixels[at : at + BATCH])]
    return closeups.assign(
        said=[_said(one) for one in seen],
        shown=[_shown(one) for one in seen],
        domain=[domain_of(photo) for photo in pixels],
    )


def _said(seen: ImageResult) -> str:
    outside = seen.attributes["wear"].value is None
    return OUT if outside else seen.attributes["length"].value or HIDDEN


def _shown(seen: ImageResult) -> float:
    """Return the chance of ends: what a length's confidence holds beside scope and value."""
    length = seen.attributes["length"]
    if length.value is None:
        return (1.0 - length.confidence) / seen.in_scope
    return length.confidence / length.probabilities[length.value] / seen.in_scope


def figures(asked: pd.DataFrame) -> dict[str, Any]:
    """Measure the answers of `ask`: what is said of hidden lengths, and of those in the photo.

    Each share has its 95 % interval, the wider end of Wilson's and a bootstrap over groups; none
    where there is no such close-up.
    """
    hidden, shown = asked[asked["length"] == HIDDEN], asked[asked["length"] != HIDDEN]
    return {
        "hidden": len(hidden),
        "caught": _share(hidden["said"] == HIDDEN, hidden["group"]),
        "shown": len(shown),
        "named": _share(~shown["said"].isin([HIDDEN, OUT]), shown["group"]),
        "right": _share(shown["said"] == shown["length"], shown["group"]),
        "out": _share(asked["said"] == OUT, asked["group"]),
    }


def _share(right: pd.Series, groups: pd.Series) -> tuple[float, float, float] | None:
    from training.metrics import score

    if not len(right):
        return None
    found = score(right.map(str), ["True"] * len(right), groups)
    return found.accuracy, found.low, found.high


@click.command(help="Measure close-ups in which no end of a sleeve or leg is to be seen.")
@click.option("--var", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
@click.option(
    "--split", type=click.Choice(["validation", "test"]), default="test", show_default=True
)
def command(var: Path, split: str) -> None:
    from training.photos import load_photos
    from vision.tagger import ImageTagger

    photos = load_photos(var)
    closeups, tagger = judged(photos, split), ImageTagger.load()
    if not len(closeups):
        raise InvalidTable(
            f"No photo of {JUDGED} is in the {split} split of the tables under {var}."
        )
    asked = ask(closeups, tagger)
    for source, rows in asked.groupby("source"):
        found = figures(rows)
        shares = {name: _told(found[name]) for name in ("caught", "named", "right", "out")}
        click.echo(
            f"{source}: of {found['hidden']} close-ups that hide the length {shares['caught']} are "
            f"said to; of {found['shown']} others {shares['named']} get a length, "
            f"{shares['right']} the right one; called out of scope {shares['out']}"
        )
    whole = photos.loc[(photos["split"] == split) & (photos["scope"] == "in"), "image"]
    lost = sum(
        _said(tagger.predict([Path(path)])[0]) == HIDDEN
        for path in tqdm(whole, desc="whole photos", mininterval=5)
    )
    click.echo(f"of {len(whole)} whole photos of garments {lost} are said to hide the length")


def _told(share: tuple[float, float, float] | None) -> str:
    if share is None:
        return "none"
    middle, low, high = (f"{part:.1%}" for part in share)
    return f"{middle} ({low} to {high})"
