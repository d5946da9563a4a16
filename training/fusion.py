"""The fusion's recipe: branches run on annotated validation listings, numbers fitted to them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd

    from fusion.checker import ImageBranch, TextBranch
    from training.fusion_fit import Example

SEED = 20261123
SOURCES = ("catalogue", "seller_photos")


def load_annotated(var: Path) -> pd.DataFrame:
    """Join listings and annotations under `var` into one row per annotated garment.

    Columns: source, split, image, title, description, per attribute `true_<name>` (by eye) and
    `field_<name>` (what the shop entered; derived values are no fields), None where absent.
    Photos out of scope and the test split are left out, and so are the natural conflicts: they
    were picked for annotation because words and field disagree, a fifth of all sleeves where in
    truth it is 3.5 %. Raises InvalidTable.
    """
    import pandas as pd

    from data.table import LISTINGS, read_table
    from data.taxonomy import ATTRIBUTES

    listings = pd.concat([read_table(var / s / LISTINGS) for s in SOURCES], ignore_index=True)
    listings.loc[listings["length_source"] != "field", "length"] = None
    # A private seller's photo has a class given by the collectors, not a form filled in.
    listings.loc[listings["source"] == "seller_photos", list(ATTRIBUTES)] = None
    truth = read_table(var / "annotations" / "photos.parquet", "photos")
    truth = truth[truth["scope"] == "in"].rename(columns={n: f"true_{n}" for n in ATTRIBUTES})
    table = truth.drop(columns="scope").merge(
        listings.rename(columns={n: f"field_{n}" for n in ATTRIBUTES}), on=["source", "listing_id"]
    )
    picked = read_table(var / "annotations" / "natural_conflicts.parquet", "conflicts")
    natural = (table["source"] == "catalogue") & table["listing_id"].isin(picked["listing_id"])
    table = table[table["image"].notna() & (table["split"] != "test") & ~natural]
    return table.astype(object).where(table.notna(), None).reset_index(drop=True)


def examples(table: pd.DataFrame, images: ImageBranch, texts: TextBranch) -> list[Example]:
    """Run both branches on every row of `load_annotated`'s table."""
    from tqdm import tqdm

    from data.taxonomy import ATTRIBUTES
    from training.fusion_fit import Example

    rows, found = table.to_dict("records"), []
    for start in tqdm(range(0, len(rows), 32), unit=" chunks of 32"):
        chunk = rows[start : start + 32]
        seen = images.predict([Path(row["image"]) for row in chunk])
        said = texts.predict([(row["title"], row["description"]) for row in chunk])
        found += [
            Example(
                truth={name: row[f"true_{name}"] for name in ATTRIBUTES},
                field={name: row[f"field_{name}"] for name in ATTRIBUTES},
                image=photo.attributes,
                text=words,
            )
            for row, photo, words in zip(chunk, seen, said, strict=True)
        ]
    return found


def stated_values(var: Path) -> dict[str, list[str]]:
    """Return what the annotated texts outside the test split state, per attribute."""
    from data.table import read_table
    from data.taxonomy import ATTRIBUTES, VALUES

    texts = read_table(var / "annotations" / "texts.parquet", "texts")
    texts = texts[texts["split"] != "test"]
    return {name: [v for v in texts[name] if v in VALUES[name]] for name in ATTRIBUTES}


def run(var: Path, out: Path, images: ImageBranch, texts: TextBranch) -> dict[str, Any]:
    """Fit the parameters, write the artifact under `out` and return its metrics."""
    from data.taxonomy import ATTRIBUTES
    from training.fusion_fit import ERROR_RATE, fit
    from training.provenance import commit, data_hash

    table = load_annotated(var)
    validation = table[table["split"] == "validation"]
    # How people fill in fields needs no branch, so the train split may tell it too.
    pairs = {
        name: list(zip(table[f"true_{name}"], table[f"field_{name}"], strict=True))
        for name in ATTRIBUTES
    }
    parameters, metrics = fit(
        examples(validation, images, texts), pairs=pairs, stated=stated_values(var), seed=SEED
    )
    origin = {
        "kind": "fusion",
        "commit": commit(),
        "command": "python -m training fusion",
        "data": data_hash(table),
        "fitted_on": f"{len(validation)} annotated validation listings",
        "seeded_error_rate": ERROR_RATE,
        "seed": SEED,
        "metrics": metrics,
    }
    parameters.save(out, origin)
    return metrics


@click.command(help="Fit the fusion's parameters on the annotated validation listings under VAR.")
@click.option("--var", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("fusion/artifact"), show_default=True
)
def command(var: Path, out: Path) -> None:
    from text.tagger import TextTagger
    from vision.tagger import ImageTagger

    for name, found in run(var, out, ImageTagger.load(), TextTagger.load()).items():
        click.echo(f"{name}: " + ", ".join(f"{key} {value:.3g}" for key, value in found.items()))
