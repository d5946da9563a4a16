"""The text branch's command line: `python -m text predict` and `python -m text explain`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from data.cli import run

if TYPE_CHECKING:
    from data.schema import Listing, Prediction
    from text.reading import Reading

COLORS = {"wear": "cyan", "item": "green", "length": "magenta", "color": "yellow",
          "pattern": "red"}  # fmt: skip


@click.group("text")
def cli() -> None:
    """What the words of a listing state, where, and when they state nothing."""


@cli.command()
@click.argument("texts", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path),
              help="File of answers, one JSON object a line, in the order of TEXTS.")  # fmt: skip
def predict(texts: Path, out: Path) -> None:
    """Read every listing of TEXTS, a .jsonl file with listing_id, title and description."""
    from data.jsonl import answer_file
    from text.tagger import TextTagger

    tagger = TextTagger.load()

    def answer(listings: list[Listing]) -> list[dict[str, Any]]:
        found = tagger.read([(listing.title, listing.description) for listing in listings])
        return [
            {"listing_id": listing.listing_id, **reading.to_json()}
            for listing, reading in zip(listings, found, strict=True)
        ]

    good, bad = answer_file(texts, out, answer, keys=("title", "description"))
    click.echo(f"{good} listings answered, {bad} error lines, in {out}", err=True)


@cli.command()
@click.option("--title", default="", help="The listing's title.")
@click.option("--description", default="", help="The listing's description.")
def explain(title: str, description: str) -> None:
    """Print a listing's words with the ones marked that carry an answer, and the answers."""
    from rich.console import Console

    from text.tagger import TextTagger

    reading = TextTagger.load().read([(title, description)])[0]
    console = Console()
    for name, text in (("title", title), ("description", description)):
        console.print(f"[bold]{name}[/bold]")
        console.print(_marked(text, name, reading.answers))
    console.print(_table(reading.answers))
    for line in _remarks(reading):
        console.print(line, markup=False)


def _remarks(reading: Reading) -> Iterator[str]:
    from data.remarks import Remarks, advice

    if reading.colors:
        named = ", ".join(f'"{color.span.text}" ({color.hue})' for color in reading.colors)
        yield f"colors named: {named}"
    yield from advice(Remarks(contradictions=reading.contradictions, foreign=reading.foreign))


def _marked(text: str, where: str, found: dict[str, Prediction]) -> Any:
    from rich.text import Text

    marked = Text(text)
    for name, prediction in found.items():
        for span in prediction.evidence or ():
            if span.where == where:
                marked.stylize(f"bold underline {COLORS[name]}", span.start, span.end)
    return marked


def _table(found: dict[str, Prediction]) -> Any:
    from rich.table import Table

    table = Table("attribute", "the words state", "confidence", "carried by")
    for name, prediction in found.items():
        words = ", ".join(dict.fromkeys(f'"{s.text}"' for s in prediction.evidence or ()))
        table.add_row(
            name, prediction.value or "not stated", f"{prediction.confidence:.2f}", words,
            style=COLORS[name],
        )  # fmt: skip
    return table


if __name__ == "__main__":
    run(cli)
