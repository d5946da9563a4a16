"""The commands of `python -m vision`; the runtime is imported when it is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from data.taxonomy import ATTRIBUTES

if TYPE_CHECKING:
    from data.errors import SelvedgeError
    from data.schema import Listing


@click.command()
@click.argument("images", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File of answers, one JSON object a line, in the order of IMAGES.",
)
def predict(images: Path, out: Path) -> None:
    """Answer for every line of IMAGES, a .jsonl file with listing_id and 1 to 8 images."""
    from data.jsonl import answer_file
    from vision.tagger import ImageTagger

    tagger = ImageTagger.load()

    def answer(listings: list[Listing]) -> list[dict[str, Any] | SelvedgeError]:
        return [_answer(tagger, listing) for listing in listings]

    good, bad = answer_file(images, out, answer, keys=("images",))
    click.echo(f"{good} listings answered, {bad} error lines, in {out}", err=True)


@click.command()
@click.argument("photo", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--attribute", required=True, type=click.Choice(ATTRIBUTES))
@click.option("--field", metavar="VALUE", help="The value the seller gave, drawn beside ours.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="PNG to write; by default var/explain/PHOTO-ATTRIBUTE.png.",
)
def explain(photo: Path, attribute: str, field: str | None, out: Path | None) -> None:
    """Draw over PHOTO what speaks for and against the value it shows and the seller's."""
    from data.images import open_image
    from data.taxonomy import parse_value
    from vision.combine import hidden_ends
    from vision.explain import PANEL
    from vision.explain import explain as draw
    from vision.tagger import ImageTagger

    [seen] = ImageTagger.load().predict([photo])
    image = open_image(photo, draft=PANEL)
    field = parse_value(attribute, field, seen.attributes["wear"].value)
    answer = seen.attributes[attribute]
    out = out or Path("var") / "explain" / f"{photo.stem}-{attribute}.png"
    out.parent.mkdir(parents=True, exist_ok=True)
    draw(image, seen.maps, attribute, answer, field=field).save(out, "PNG")
    ends = hidden_ends(seen.attributes)
    nothing = f"no end of the {ends}" if ends else "no upper or bottom wear"
    shown = answer.value or f"nothing: the photo shows {nothing}"
    click.echo(f"{attribute}: {shown} ({answer.confidence:.0%} sure); drawn in {out}")


def _answer(tagger: Any, listing: Listing) -> dict[str, Any] | SelvedgeError:
    from data.errors import SelvedgeError
    from vision.combine import combine, hidden_ends
    from vision.preprocess import open_photo, to_pixels
    from vision.quality import quality_flags
    from vision.siblings import odd_photo

    try:
        photos = [open_photo(path) for path in listing.images]
    except SelvedgeError as error:
        return error
    pixels = [to_pixels(photo) for photo in photos]
    seen = tagger.predict_pixels(pixels)
    answers, in_scope = combine(seen)
    odd = odd_photo(seen, pixels)
    return {
        "listing_id": listing.listing_id,
        "in_scope": round(in_scope, 4),
        "attributes": {name: found.to_json() for name, found in answers.items()},
        "odd_photo": None if odd is None else odd + 1,  # counted from 1, as a person does
        "hidden": hidden_ends(answers),
        "quality": [list(quality_flags(photo)) for photo in photos],
    }
