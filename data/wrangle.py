"""From what crawls collected to the one table of listings, with the counts before and after."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd

    from data.importing import Imported
    from data.report import Report

UNKNOWN = "unknown.csv"
_TOP = 20  # unknown words in the report; all of them are in the file


@dataclass(slots=True)
class Wrangled:
    """An import from crawls, its `steps` (what, before, after) and the words it did not know."""

    imported: Imported
    unknown: pd.DataFrame  # attribute, word, listing_id
    shops: pd.DataFrame  # a row per shop
    steps: list[dict[str, Any]] = field(default_factory=list)

    def report(self, frame: pd.DataFrame) -> Report:
        """Report on the table: the steps and shops, then what every import reports."""
        from data.report import import_report

        words = self.unknown.groupby(["attribute", "word"]).size()
        words = words.sort_values(ascending=False).head(_TOP).rename("listings").reset_index()
        return {
            "Steps": self.steps,
            "Shops": self.shops.to_dict("records"),
            f"Unknown words, at most {_TOP}": words.to_dict("records"),
            **import_report(self.imported, frame),
        }


def wrangle(folders: Sequence[Path], accepted: Mapping[tuple[str, str], str]) -> Wrangled:
    """Read the crawls in `folders` into one import; `accepted` are aliases a person agreed to.

    Nothing is lost unseen: a line that is no product, a product given twice, a photo that cannot
    be read and a word that is not understood are each counted and listed. Raises InvalidTable.
    """
    import pandas as pd

    from data.groups import name_key
    from data.importing import Imported
    from data.wrangle_items import Reader, each_once, read_items
    from data.wrangle_words import Vocabulary

    imported = Imported()
    items, imported.read = read_items(folders, imported)
    steps = [_step("lines that are a product", imported.read, len(items))]
    kept = each_once(items)
    steps.append(_step("products, each once, as collected last", len(items), len(kept)))
    reader = Reader(imported, Vocabulary(accepted))
    for item in kept.to_dict("records"):
        reader.add(item)
    steps += _field_steps(kept, imported.frame())
    keys = [name_key(row["brand"] or "", row["title"], row["listing_id"]) for row in imported.rows]
    photos, taken = _give_photos(kept, imported, keys)
    steps += [*taken, *_give_groups(kept, imported, keys, photos)]
    shops = kept.assign(photos=[len(row["images"]) for row in imported.rows])
    shops["in scope"] = [row["scope"] == "in" for row in imported.rows]
    told = shops.groupby("shop").agg(
        products=("key", "size"), photos=("photos", "sum"), **{"in scope": ("in scope", "sum")}
    )
    unknown = pd.DataFrame(reader.unknown, columns=["attribute", "word", "listing_id"])
    return Wrangled(imported, unknown, told.reset_index(), steps)


def _give_photos(
    items: pd.DataFrame, imported: Imported, keys: Sequence[str]
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Give each row its photos; returns those that belong to a product, and the steps."""
    from data.schema import MAX_IMAGES
    from data.wrangle_photos import of_row, photo_table, without_placeholders

    found = photo_table(items)
    own = without_placeholders(found, keys)
    photos = of_row(own, MAX_IMAGES)
    for at, row in enumerate(imported.rows):
        imported.attach(row, photos.get(at, []))
    readable, belonging = (int(table["digest"].notna().sum()) for table in (found, own))
    given = sum(len(row["images"]) for row in imported.rows)
    return own, [
        _step("photos that can be read", len(found), readable),
        _step("photos that are no size chart or placeholder", readable, belonging),
        _step(f"photos of the listings, each once, at most {MAX_IMAGES}", belonging, given),
    ]


def _give_groups(
    items: pd.DataFrame, imported: Imported, keys: Sequence[str], photos: pd.DataFrame
) -> list[dict[str, Any]]:
    """Give each row its group; returns the steps."""
    from data.groups import group_names
    from data.wrangle_photos import identical, near_identical

    products = enumerate(zip(items["shop"], items["product_id"], strict=True))
    linked: list[tuple[int, Hashable]] = []
    steps, before = [], len(keys)
    for what, links in (
        ("groups by brand and title", []),
        ("groups, colors of one product joined", [(row, p) for row, p in products if p[1]]),
        ("groups, identical photos joined", identical(photos)),
        ("groups, near-identical photos joined", near_identical(photos)),
    ):
        linked += links
        groups = group_names(keys, linked)
        steps.append(_step(what, before, before := len(set(groups))))
    for row, group in zip(imported.rows, groups, strict=True):
        row["group"] = group
    return steps


def _field_steps(items: pd.DataFrame, frame: pd.DataFrame) -> list[dict[str, Any]]:
    import pandas as pd

    inside = frame["scope"] == "in"
    steps = [_step("listings in scope (upper or bottom wear)", len(frame), int(inside.sum()))]
    upper = frame["wear"] == "upper"
    for attribute, label, rows in (
        ("length", "Sleeve Length", inside & upper),
        ("length", "Length", inside & ~upper),
        ("pattern", "Pattern", inside),
        ("color", "Color", inside),
    ):
        said = pd.Series([label in given for given in items["attributes"]])
        stated = frame["length_source"].eq("field") if attribute == "length" else True
        known = frame[attribute].notna() & stated & rows
        meant = "says single or multi" if attribute == "color" else "understood"
        what = f'{attribute} {meant}, of the listings in scope with "{label}"'
        steps.append(_step(what, int((said & rows).sum()), int((known & said).sum())))
    legs = inside & ~upper
    known = int((frame["length"].notna() & legs).sum())
    steps.append(_step("leg length known, given or derived from the item", int(legs.sum()), known))
    weak = int(frame["color_weak"].notna().sum())
    steps.append(_step("weak color counted from words, of those in scope", int(inside.sum()), weak))
    return steps


def _step(what: str, before: int, after: int) -> dict[str, Any]:
    return {"what": what, "before": before, "after": after}


@click.command()
@click.argument(
    "crawls",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("var/shop"),
    show_default=True,
    help="Folder for the table and its report.",
)
@click.option(
    "--aliases",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Accepted rows of `unknown-words`: words to understand beside ours.",
)
def command(crawls: tuple[Path, ...], out: Path, aliases: Path | None) -> None:
    """Make the table of listings from the folders of one or more CRAWLS."""
    from data.files import write_whole
    from data.importing import save
    from data.report_file import publish
    from data.table import LISTINGS
    from data.wrangle_words import read_accepted

    wrangled = wrangle(crawls, read_accepted(aliases) if aliases else {})
    frame = save(wrangled.imported, out)
    write_whole(out / UNKNOWN, lambda partial: wrangled.unknown.to_csv(partial, index=False))
    publish(wrangled.report(frame), out)
    click.echo(f"Wrote {out / LISTINGS}: {len(frame)} listings of {len(wrangled.shops)} shops.")
