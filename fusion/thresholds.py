"""`python -m fusion thresholds`: which listings a person should look at, and what that is worth."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from data.errors import SelvedgeError

if TYPE_CHECKING:
    from fusion.operating import HeldOut, Point, Share
    from fusion.parameters import Parameters


def per_day(context: click.Context, option: click.Parameter, text: str | None) -> float | None:
    """Read `200/day` into 200.0. Raises click.BadParameter."""
    if text is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)/day", text.strip())
    if not found or float(found[1]) <= 0:
        raise click.BadParameter(
            f'"{text}" is not a number a day, such as 200/day.', ctx=context, param=option
        )
    return float(found[1])


@click.command("thresholds")
@click.option("--budget", metavar="N/day", callback=per_day,
              help="Listings that people can look at, such as 200/day.")  # fmt: skip
@click.option("--volume", metavar="N/day", callback=per_day,
              help="Listings that come in, such as 10000/day.")  # fmt: skip
@click.option("--precision", type=click.FloatRange(0.5, 1.0),
              help="Share of the listings looked at that shall hold an error.")  # fmt: skip
@click.option("--artifact", type=click.Path(path_type=Path), default=Path("fusion/artifact"),
              show_default=True)  # fmt: skip
@click.option("--store", is_flag=True, help="Write the threshold into the artifact.")
def command(
    budget: float | None,
    volume: float | None,
    *,
    precision: float | None,
    artifact: Path,
    store: bool,
) -> None:
    """Pick the listing score under which a person looks: by --budget and --volume, or --precision.

    Prints precision, recall and workload to expect, with 95 % intervals, from the scores of
    held-out validation listings that travel with the artifact; of their fields 5 % are wrong, of
    the shop's we measured 4 %. Per attribute: what a score that low is worth.
    """
    from fusion.operating import HeldOut
    from fusion.parameters import Parameters

    if (precision is None) == (budget is None) or (budget is None) != (volume is None):
        raise click.UsageError("Give --budget with --volume, or --precision.")
    parameters, held_out = Parameters.load(artifact), HeldOut.load(artifact)
    if precision is not None:
        below = held_out.for_precision(precision)
        if below == 0.0:
            raise SelvedgeError(
                f"No threshold keeps a precision of {precision:.0%} on the held-out listings; "
                "ask for a lower one."
            )
    else:
        below = held_out.for_workload(min(1.0, float(budget or 0) / float(volume or 1)))
    point = held_out.point(below)
    _print(point, volume, held_out, parameters)
    if store:
        _store(artifact, replace(parameters, review_below=below), point)
        click.echo(f"Stored in {artifact}: listings that score under {below:.4f} are for review.")


def _print(point: Point, volume: float | None, held_out: HeldOut, parameters: Parameters) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("looked at", "below", "precision", "recall", "workload")
    table.add_row(*_row("listings", point))
    table.add_section()
    for name, own in parameters.attributes.items():
        table.add_row(*_row(f"{name} conflicts", held_out.point(own.conflict_below, name)))
    Console().print(table)
    if volume is not None:
        work = point.workload
        low, value, high = (round(volume * s) for s in (work.low, work.value, work.high))
        click.echo(f"Of {volume:.0f} listings a day {value} are looked at ({low} to {high}).")


def _row(what: str, point: Point) -> tuple[str, ...]:
    return (
        what,
        f"{point.below:.4f}",
        *map(_share, (point.precision, point.recall, point.workload)),
    )


def _share(share: Share) -> str:
    return f"{share.value:.1%} ({share.low:.1%}-{share.high:.1%})"


def _store(folder: Path, parameters: Parameters, point: Point) -> None:
    """Write the artifact anew; its manifest keeps what it said and tells the point."""
    from data.artifact import MANIFEST

    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    kept = {name: value for name, value in manifest.items() if name not in ("taxonomy", "files")}
    parameters.save(folder, kept | {"operating_point": asdict(point)})
