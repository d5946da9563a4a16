"""The commands of `python -m fusion`; what is heavy is imported when it is needed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from data.errors import ContradictoryFields, InvalidListing, SelvedgeError, UnknownValue
from data.schema import Listing
from data.taxonomy import ATTRIBUTES, parse_fields

if TYPE_CHECKING:
    from fusion.checker import Checker


@click.command()
@click.argument(
    "listings", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where a file's reports go (JSONL).",
)
@click.option(
    "--image",
    "images",
    multiple=True,
    help="A photo of one listing; up to 8 times.",
    metavar="PATH",
)
@click.option("--title", help="The listing's title.")
@click.option("--description", help="The listing's description.")
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="NAME=VALUE",
    help=f"A field of the seller's, such as length=full_sleeve; names: {', '.join(ATTRIBUTES)}.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report instead of a table.")
@click.pass_context
def check(
    ctx: click.Context,
    listings: Path | None,
    out: Path | None,
    *,
    images: tuple[str, ...],
    title: str | None,
    description: str | None,
    fields: tuple[str, ...],
    as_json: bool,
) -> None:
    """Check a file of LISTINGS (JSONL, with --out), or one listing given by --image.

    A file's reports come in its order, one JSON object a line; a listing that cannot be read
    yields an error line and the run goes on. An interrupted run is continued by the same command;
    lines with an error, and listings whose line has changed since, are then checked again.
    """
    single = {
        "--image": images,
        "--title": title is not None,
        "--description": description is not None,
        "--field": fields,
        "--json": as_json,
    }
    if listings is not None:
        _check_file(listings, out, [option for option, given in single.items() if given], ctx)
        return
    if out is not None:
        raise click.UsageError("--out goes with a file of listings; one listing is printed.")
    if not images:
        raise click.UsageError("Give a file of listings, or at least one --image.")
    line = {
        "listing_id": Path(images[0]).stem or "listing",
        "images": list(images),
        "title": title,
        "description": description,
        "fields": parse_field_options(fields),
    }
    try:
        listing = Listing.from_json(line)
    except InvalidListing as error:
        raise click.UsageError(error.message) from None
    _check_one(listing, _checker(ctx), as_json)


def parse_field_options(options: tuple[str, ...]) -> dict[str, str | None]:
    """Read `name=value` options into fields. Raises click.BadParameter, naming what is allowed."""
    raw: dict[str, str | None] = {}
    for option in options:
        name, equals, value = option.partition("=")
        name = name.strip()
        if not equals or not name or not value.strip():
            raise click.BadParameter(
                f'"{option}" is not of the form NAME=VALUE, such as length=full_sleeve.',
                param_hint="--field",
            )
        if name in raw:
            raise click.BadParameter(f"{name} is given twice.", param_hint="--field")
        raw[name] = value
    try:
        return parse_fields(raw)
    except (UnknownValue, ContradictoryFields) as error:
        raise click.BadParameter(error.message, param_hint="--field") from None


def _checker(ctx: click.Context) -> Checker:
    """Load the released artifacts, or take the checker a test hands in as the context's object."""
    from fusion.checker import Checker

    return ctx.obj if isinstance(ctx.obj, Checker) else Checker.load()


def _check_file(listings: Path, out: Path | None, extra: list[str], ctx: click.Context) -> None:
    if extra:
        raise click.UsageError(f"{extra[0]} describes one listing and does not go with a file.")
    if out is None:
        raise click.UsageError("A file of listings needs --out, where its reports go.")
    from fusion.batch import check_file

    check_file(listings, out, lambda: _checker(ctx))


def _check_one(listing: Listing, checker: Checker, as_json: bool) -> None:
    [report] = checker.check([listing])
    if isinstance(report, SelvedgeError):
        raise report
    if as_json:
        # Bytes, for JSON is UTF-8 whatever the terminal is.
        click.echo(json.dumps(report.to_json(), ensure_ascii=False, indent=1).encode())
        return
    from rich.console import Console

    from fusion.table import agreement_table

    Console().print(agreement_table(report))
