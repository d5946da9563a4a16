"""`python -m fusion replay`: which verdicts another artifact would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from data.errors import InvalidTable, SelvedgeError
from data.schema import Prediction, Report
from data.taxonomy import ATTRIBUTES, VALUES
from fusion.agreement import judge_listing
from fusion.parameters import Parameters


@dataclass(slots=True)
class Changes:
    """Verdicts that differ: counts by attribute (or "listing") of (old status, new status)."""

    reports: int = 0
    errors: int = 0
    listings: int = 0  # with any change
    counts: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)

    def add(self, old: Report, new: Report) -> list[str]:
        """Count one listing; returns what changed, in words."""
        self.reports += 1
        before = {"listing": old.status} | {n: a.status for n, a in old.attributes.items()}
        after = {"listing": new.status} | {n: a.status for n, a in new.attributes.items()}
        moved = [name for name in before if before[name] != after[name]]
        self.listings += bool(moved)
        for name in moved:
            counter = self.counts.setdefault(name, Counter())
            counter[before[name], after[name]] += 1
        return [f"{name}: {before[name]} -> {after[name]}" for name in moved]


def replay(lines: Iterator[bytes], old: Parameters, new: Parameters) -> Iterator[tuple[str, Any]]:
    """Judge each report's photo and words anew by both; yields (listing id, (old, new)).

    The second is None for a line that holds an error. Raises InvalidTable for what is no report.
    """
    from data.schema import parse_line

    for number, line in enumerate(lines, start=1):
        try:
            report = parse_line(line.decode())
            if "error" in report:
                yield str(report.get("listing_id")), None
                continue
            yield report["listing_id"], tuple(_judge(report, p) for p in (old, new))
        except (SelvedgeError, ValueError, KeyError, TypeError, AttributeError):
            raise InvalidTable(
                f"Line {number} is not a report of `python -m fusion check`."
            ) from None


def _judge(report: Mapping[str, Any], parameters: Parameters) -> Report:
    """Judge what a report says photo and words told; its numbers have four digits."""
    found = report["attributes"]
    image, text = (
        {name: _prediction(name, found[name][source]) for name in ATTRIBUTES}
        for source in ("image", "text")
    )
    outside = report["status"] == "out_of_scope"
    return judge_listing(
        report["listing_id"],
        {name: found[name]["field"] for name in ATTRIBUTES},
        image,
        text,
        parameters,
        # A silent photo's confidence is that it shows nothing of ours.
        in_scope=1.0 - image["wear"].confidence if outside else 1.0,
        model_version="",
    )


def _prediction(attribute: str, raw: Mapping[str, Any]) -> Prediction:
    # In class order, which the evidence is read in: a tool such as `jq -S` sorts keys by name.
    shares = {value: float(raw["probabilities"][value]) for value in VALUES[attribute]}
    return Prediction(raw["value"], float(raw["confidence"]), shares)


@click.command("replay")
@click.argument("reports", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--artifact", "artifacts", multiple=True, required=True,
              type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="A fusion artifact: give it twice, the old one first.")  # fmt: skip
def command(reports: Path, artifacts: tuple[Path, ...]) -> None:
    """Show which verdicts of REPORTS change from one fusion artifact to another, and count them.

    The photos and words are not looked at again: what the branches said of them stands in the
    reports, to four digits.
    """
    from data.jsonl import lines_of

    if len(artifacts) != 2:
        raise click.UsageError(f"--artifact is given {len(artifacts)} times; give OLD and NEW.")
    old, new = map(Parameters.load, artifacts)
    changes = Changes()
    with reports.open("rb") as source:
        for listing_id, pair in replay(lines_of(source), old, new):
            if pair is None:
                changes.errors += 1
                continue
            words = changes.add(*pair)
            if words:
                click.echo(f"{listing_id}  {'; '.join(words)}")
    _print(changes)


def _print(changes: Changes) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("verdict on", "old", "new", "listings")
    for name in ("listing", *ATTRIBUTES):
        for (before, after), count in changes.counts.get(name, Counter()).most_common():
            table.add_row(name, before, after, str(count))
    if changes.counts:
        Console().print(table)
    errors = f", {changes.errors} with an error left out" if changes.errors else ""
    click.echo(f"{changes.listings} of {changes.reports} listings change{errors}.")
