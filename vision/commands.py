"""The commands of `python -m vision`; the runtime is imported when it is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from data.taxonomy import ATTRIBUTES

if TYPE_CHECKING:
    from data.errors import SelvedgeError
    from data.schema import Listing
    from vision.listing import Shown


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
    from data.errors import SelvedgeError
    from data.jsonl import answer_file
    from vision.listing import show
    from vision.tagger import ImageTagger

    tagger = ImageTagger.load()

    def answer(listings: list[Listing]) -> list[dict[str, Any] | SelvedgeError]:
        seen = show(tagger, [listing.images for listing in listings])
        return [
            shown if isinstance(shown, SelvedgeError) else _answer(listing, shown)
            for listing, shown in zip(listings, seen, strict=True)
        ]

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
    from data.errors import UnknownValue
    from data.files import refuse_overwriting, write_whole
    from data.images import open_image
    from data.taxonomy import parse_value
    from vision.combine import hidden_ends
    from vision.explain import PANEL
    from vision.explain import explain as draw
    from vision.frame import unframed
    from vision.tagger import ImageTagger

    out = out or Path("var") / "explain" / f"{photo.stem}-{attribute}.png"
    refuse_overwriting(photo, out)
    [seen] = ImageTagger.load().predict([photo])
    image = unframed(open_image(photo, draft=PANEL))
    try:
        field = parse_value(attribute, field, seen.attributes["wear"].value)
    except UnknownValue as error:
        raise click.BadParameter(error.message, param_hint="--field") from None
    answer = seen.attributes[attribute]
    drawn = draw(image, seen.maps, attribute, answer, field=field)
    write_whole(out, lambda partial: drawn.save(partial, "PNG"))
    ends = hidden_ends(seen.attributes)
    nothing = f"no end of the {ends}" if ends else "no upper or bottom wear"
    shown = answer.value or f"nothing: the photo shows {nothing}"
    click.echo(f"{attribute}: {shown} ({answer.confidence:.0%} sure); drawn in {out}")


def _answer(listing: Listing, shown: Shown) -> dict[str, Any]:
    from vision.combine import hidden_ends

    return {
        "listing_id": listing.listing_id,
        "in_scope": round(shown.in_scope, 4),
        "attributes": {name: found.to_json() for name, found in shown.answers.items()},
        "odd_photo": None if shown.odd is None else shown.odd + 1,  # counted from 1
        "no_garment": [place + 1 for place in shown.strays],
        "hidden": hidden_ends(shown.answers),
        "quality": [list(flags) for flags in shown.quality],
    }
