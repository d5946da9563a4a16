"""The commands of `python -m vision`; the runtime is imported when it is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

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


def _answer(tagger: Any, listing: Listing) -> dict[str, Any] | SelvedgeError:
    from data.errors import SelvedgeError
    from vision.combine import combine

    try:
        answers, in_scope = combine(tagger.predict(listing.images))
    except SelvedgeError as error:
        return error
    return {
        "listing_id": listing.listing_id,
        "in_scope": round(in_scope, 4),
        "attributes": {name: found.to_json() for name, found in answers.items()},
    }
