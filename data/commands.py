"""The commands of `python -m data`; the work is imported when a command runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from data.table import LISTINGS, SPLITS

if TYPE_CHECKING:
    from data.importing import Imported

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(path_type=Path)
_TABLES = tuple(
    Path("var") / name / LISTINGS for name in ("catalogue", "seller_photos", "descriptions")
)


def _finish(imported: Imported, out: Path) -> None:
    from data.importing import save
    from data.report import import_report
    from data.report_file import publish

    publish(import_report(imported, save(imported, out)), out)
    click.echo(f"Wrote {out / LISTINGS}: {len(imported.rows)} of {imported.read} rows read.")


@click.command()
@click.argument("folder", type=_FOLDER)
@click.option("--out", type=_OUT, required=True, help="Folder for the table and its report.")
def catalogue(folder: Path, out: Path) -> None:
    """Import a product dump: FOLDER holds styles/ or styles.tar.gz, and images/."""
    from data.catalogue import import_catalogue

    _finish(import_catalogue(folder), out)


@click.command()
@click.argument("folder", type=_FOLDER)
@click.option("--out", type=_OUT, required=True, help="Folder for the table and its report.")
def seller_photos(folder: Path, out: Path) -> None:
    """Import private sellers' photos: FOLDER holds images.csv and images/."""
    from data.sellers import import_seller_photos

    _finish(import_seller_photos(folder), out)


@click.command()
@click.argument("folder", type=_FOLDER)
@click.option("--out", type=_OUT, required=True, help="Folder for the table and its report.")
def descriptions(folder: Path, out: Path) -> None:
    """Import product texts without photos: FOLDER holds short_descriptions.csv."""
    from data.descriptions import import_descriptions

    _finish(import_descriptions(folder), out)


@click.command()
@click.argument("folder", type=_FOLDER)
@click.option("--out", type=_OUT, required=True, help="Folder for the tables and their report.")
@click.option(
    "--table",
    "tables",
    type=_OUT,
    multiple=True,
    default=_TABLES,
    show_default=True,
    help="An imported table that the annotations speak of; give one or more.",
)
@click.option("--also", type=_FOLDER, help="A folder with further annotated photos and texts.")
def annotation_files(folder: Path, out: Path, tables: tuple[Path, ...], also: Path | None) -> None:
    """Import annotations from FOLDER and report how the tables' fields agree with them."""
    import pandas as pd

    from data.agreement import annotation_report
    from data.annotations import import_annotations
    from data.report_file import publish
    from data.table import read_table

    together = pd.concat([read_table(path) for path in tables], ignore_index=True)
    frames = import_annotations(folder, together, out, also=also)
    publish(annotation_report(together, **frames), out)
    click.echo(f"Wrote {', '.join(f'{len(f)} {kind}' for kind, f in frames.items())} to {out}.")


@click.command()
@click.argument("file", type=_FILE)
@click.option("--out", type=_OUT, required=True, help="Folder for the table and its report.")
def listings(file: Path, out: Path) -> None:
    """Import a shop's own table: FILE is a CSV in UTF-8 with a header row.

    \b
    Columns (in any order; others are reported and not read):
      listing_id   needed, different in each row
      images       needed: 1 to 8 paths against the file's folder, separated by ; or |
      title        plain text or HTML
      description  plain text or HTML
      wear, item, length, color, pattern
                   our values or common words for them ("Tshirts", "Full sleeves", "Plain"),
                   empty where not given

    A row with an error is left out and told by its number in rejected.csv.
    """
    from data.shop import import_listings

    _finish(import_listings(file), out)


@click.command()
@click.option("--table", type=_OUT, default=_TABLES[0], show_default=True, help="Table to read.")
@click.option("--split", type=click.Choice(SPLITS), help="Only this split; default: all.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many; default: all.")
@click.option("--annotated", type=_FILE, help="Only listings in this table of annotated photos.")
@click.option("--out", type=_OUT, required=True, help="File of listings, one JSON object a line.")
def export(
    table: Path, split: str | None, limit: int | None, annotated: Path | None, out: Path
) -> None:
    """Write listings in scope with a readable photo, ready for `python -m fusion check`.

    The choice is the same at every call.
    """
    from data.export import choose
    from data.export import export as write
    from data.table import read_table

    frame = read_table(table)
    only = read_table(annotated, "photos")["listing_id"].tolist() if annotated else None
    rows = choose(frame, split=split, limit=limit, only=only)
    write(rows, out)
    click.echo(f"Wrote {len(rows)} listings to {out}.")
