"""The data card of a table: what is in it, what is missing, in words and pictures."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from data.report import Report

CARD = "report.md"
_TITLES = {
    "steps": "Before and after",
    "missing": "Missing values",
    "values": "Values",
    "photos": "Photos",
    "groups": "Sources, splits and duplicates",
}


def card_tables(frame: pd.DataFrame, sizes: pd.DataFrame) -> Report:
    """Return the tables of a card; those of fields and values are over the listings in scope.

    sizes: width and height in pixels of each photo that can be read.
    """
    import pandas as pd

    from data.report import table_report

    report = table_report(frame)
    inside = frame[frame["scope"] == "in"]
    for row in report["Fields, of the rows in scope"]:
        part = inside[inside["wear"] == row["wear"]]
        only_weak = part["color_weak"].notna() & part["color"].isna()
        row["weak"] = int(only_weak.sum()) if row["attribute"] == "color" else 0
    per_listing = frame["images"].map(len).value_counts().sort_index()
    met = sizes.value_counts().rename("photos").reset_index()
    by_source = pd.crosstab(frame["source"], frame["scope"]).reset_index()
    groups = frame["group"].value_counts().value_counts().sort_index()
    return report | {
        "Photos of a listing": _rows(per_listing, "photos", "listings"),
        "Sizes of photos": _records(met),
        "Sources": _records(by_source),
        "Groups by size": _rows(groups, "listings in the group", "groups"),
    }


def photo_sizes(frame: pd.DataFrame) -> pd.DataFrame:
    """Return width and height of every photo file of a table, read from its head.

    Raises UnreadableImage where a photo is gone or damaged: the card would not be true.
    """
    import pandas as pd
    from PIL import Image
    from tqdm import tqdm

    from data.errors import UnreadableImage

    sizes = []
    for path in tqdm(sorted(set(frame["images"].explode().dropna())), unit="photo"):
        try:
            with Image.open(path) as image:
                sizes.append(image.size)
        except OSError as error:
            raise UnreadableImage(
                f"{path} cannot be read ({error}): import the table again."
            ) from None
    return pd.DataFrame(sizes, columns=["width", "height"])


def draw(frame: pd.DataFrame, tables: Report, sizes: pd.DataFrame) -> dict[str, Figure]:
    """Return the pictures of a card by name."""
    import pandas as pd

    from data import card_plots
    from data.table import SPLITS

    by_source = pd.crosstab(frame["source"], frame["split"]).reindex(columns=SPLITS, fill_value=0)
    figures = {
        "missing": card_plots.missing(pd.DataFrame(tables["Fields, of the rows in scope"])),
        "values": card_plots.values(pd.DataFrame(tables["Values, of the rows in scope"])),
        "photos": card_plots.photos(frame["images"].map(len), sizes),
        "groups": card_plots.groups(by_source, frame["group"].value_counts()),
    }
    if tables.get("Steps"):
        figures["steps"] = card_plots.steps(pd.DataFrame(tables["Steps"]))
    return figures


def write_card(table: Path, out: Path) -> None:
    """Write `report.md` and its pictures under `out`. Raises InvalidTable.

    Where an import left its `report.json` beside the table, the card starts with what that
    import read, left out and did not understand.
    """
    from data.errors import InvalidTable
    from data.files import write_whole
    from data.table import read_table

    frame = read_table(table)
    if not (frame["scope"] == "in").any():
        raise InvalidTable(f"{table} has no listing in scope: there is nothing to show.")
    sizes = photo_sizes(frame)
    tables = _import_tables(table.parent / "report.json") | card_tables(frame, sizes)
    figures = draw(frame, tables, sizes)
    for name, figure in figures.items():
        write_whole(out / f"{name}.png", partial(figure.savefig, dpi=110, format="png"))
    text = _markdown(table, frame, tables, figures)
    write_whole(out / CARD, lambda path: path.write_text(text, "utf-8"))


def _import_tables(path: Path) -> Report:
    """Return what the import told that a table cannot: counts, steps, shops, problems."""
    if not path.is_file():
        return {}
    told: Report = json.loads(path.read_text("utf-8"))
    ours = ("Steps", "Shops", "Counts", "Problems")
    return {title: rows for title, rows in told.items() if title.startswith((*ours, "Unknown"))}


def _markdown(table: Path, frame: pd.DataFrame, tables: Report, figures: Collection[str]) -> str:
    parts = [f"# Data card: {table.parent.name}\n", _summary(frame)]
    pictures = [name for name in _TITLES if name in figures]
    parts += [f"## {_TITLES[name]}\n\n![{_TITLES[name]}]({name}.png)\n" for name in pictures]
    parts += [f"## {title}\n\n{_grid(rows)}\n" for title, rows in tables.items()]
    return "\n".join(parts)


def _summary(frame: pd.DataFrame) -> str:
    scope, groups = frame["scope"].value_counts(), frame["group"].value_counts()
    shared = int(groups[groups > 1].sum())
    return (
        f"{len(frame):,} listings, {int(scope.get('in', 0)):,} of them upper or bottom wear, "
        f"{int(scope.get('out', 0)):,} out of scope, {int(scope.get('unknown', 0)):,} unknown; "
        f"{int(frame['images'].map(len).sum()):,} photos. {shared:,} listings share their group "
        f"with a duplicate; the largest of {len(groups):,} groups holds {int(groups.max()):,}. "
        "A group never crosses splits. `color_weak` is a weak label, right only about seven times "
        "in ten: it is no field.\n"
    )


def _grid(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return "None."
    lines = [list(rows[0]), ["---"] * len(rows[0]), *(list(row.values()) for row in rows)]
    cells = [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def _rows(counts: pd.Series, index: str, name: str) -> list[dict[str, Any]]:
    return [{index: int(at), name: int(count)} for at, count in counts.items()]


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


@click.command("report")
@click.argument("table", type=click.Path(exists=True, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the card.")
def command(table: Path, out: Path) -> None:
    """Write the data card of TABLE (listings.parquet, or its folder): report.md with plots."""
    from data.table import LISTINGS

    write_card(table / LISTINGS if table.is_dir() else table, out)
    click.echo(f"Wrote {out / CARD}.")
