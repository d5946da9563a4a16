"""The fusion's recipe: branches run on annotated listings, everything fitted to what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd

    from fusion.checker import TextBranch
    from fusion.operating import HeldOut
    from training.fusion_calibrate import Told
    from training.fusion_fit import Example, Material
    from vision.listing import ImageBranch

SEED = 20261123
SOURCES = ("catalogue", "seller_photos")


def load_annotated(var: Path) -> pd.DataFrame:
    """Join listings and annotations under `var` into one row per annotated garment.

    Columns: source, split, group, image, title, description, per attribute `true_<name>` (by eye)
    and `field_<name>` (what the shop entered; derived values are no fields), None where absent.
    Photos out of scope are left out, and so are those picked for annotation because words, field
    or photo disagree: a fifth of the natural conflicts' sleeves where in truth it is 3.5 %.
    Raises InvalidTable.
    """
    import pandas as pd

    from data.table import LISTINGS, read_table
    from data.taxonomy import ATTRIBUTES

    listings = pd.concat([read_table(var / s / LISTINGS) for s in SOURCES], ignore_index=True)
    listings.loc[listings["length_source"] != "field", "length"] = None
    # A private seller's photo has a class given by the collectors, not a form filled in.
    listings.loc[listings["source"] == "seller_photos", list(ATTRIBUTES)] = None
    truth = read_table(var / "annotations" / "photos.parquet", "photos")
    truth = truth[(truth["scope"] == "in") & ~truth["picked"]]
    truth = truth.rename(columns={n: f"true_{n}" for n in ATTRIBUTES})
    table = truth.drop(columns="scope").merge(
        listings.rename(columns={n: f"field_{n}" for n in ATTRIBUTES}), on=["source", "listing_id"]
    )
    table = table[table["image"].notna()]
    return table.astype(object).where(table.notna(), None).reset_index(drop=True)


def examples(table: pd.DataFrame, images: ImageBranch, texts: TextBranch) -> list[Example]:
    """Run both branches on every row of `load_annotated`'s table."""
    from training.fusion_fit import Example

    seen = images.predict([Path(path) for path in table["image"]])
    said = texts.predict(list(zip(table["title"], table["description"], strict=True)))
    return [
        Example(row["group"], known(row, "true"), photo.attributes, words)
        for row, photo, words in zip(table.to_dict("records"), seen, said, strict=True)
    ]


def known(row: Mapping[str, Any], kind: str) -> dict[str, str | None]:
    """Return a row's values of one kind, `true` or `field`, by attribute."""
    from data.taxonomy import ATTRIBUTES

    return {name: row[f"{kind}_{name}"] for name in ATTRIBUTES}


def material(table: pd.DataFrame, images: ImageBranch, texts: TextBranch) -> Material:
    """Sort `load_annotated`'s rows by what each may teach; those of the test split teach nothing.

    The image branch was trained on the annotations of the train split, where it is surer than it
    will be of anything new: how it errs is learned from the validation split alone.
    """
    from training.fusion_fit import Material, Person, Read

    table = table[table["split"] != "test"]
    shop = table[table["source"] == "catalogue"]
    said = texts.predict(list(zip(shop["title"], shop["description"], strict=True)))
    return Material(
        photographed=examples(table[table["split"] == "validation"], images, texts),
        described=[
            Read(row["group"], known(row, "true"), words)
            for row, words in zip(shop.to_dict("records"), said, strict=True)
        ],
        people=[
            Person(row["group"], known(row, "true"), known(row, "field"))
            for row in table.to_dict("records")
        ],
    )


def measure(held_out: HeldOut, told: Mapping[str, Told]) -> dict[str, dict[str, float]]:
    """Return what the scores are worth, by "listing" and attribute."""
    import numpy as np
    from sklearn.metrics import average_precision_score, roc_auc_score

    from fusion.calibration import expected_calibration_error

    found = {}
    for name, all_scores in held_out.scores.items():
        given = ~np.isnan(all_scores)
        scores, right = all_scores[given], held_out.right[name][given]
        found[name] = {
            "n": len(scores),
            "wrong_share": float((~right).mean()),
            "auroc": float(roc_auc_score(right, scores)),
            "auprc": float(average_precision_score(~right, -scores)),
            "ece": expected_calibration_error(scores, right),
        }
        if name in told:
            found[name]["coverage_at_95"] = coverage(told[name].best, told[name].right, 0.95)
    return found


def coverage(chances: Sequence[float], right: Sequence[bool], accuracy: float) -> float:
    """Return the largest share of answers, the surest first, that are right so often."""
    import numpy as np

    order = np.argsort(-np.asarray(chances), kind="stable")
    shares = np.cumsum(np.asarray(right)[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(shares >= accuracy)
    return float((enough[-1] + 1) / len(order)) if len(enough) else 0.0


def run(var: Path, out: Path, images: ImageBranch, texts: TextBranch) -> dict[str, Any]:
    """Fit the parameters, write the artifact under `out` and return its metrics."""
    from training.fusion_calibrate import FOLDS, calibrate
    from training.provenance import commit, data_hash

    table = load_annotated(var)
    learned = material(table, images, texts)
    parameters, held_out, told = calibrate(learned, seed=SEED)
    metrics = measure(held_out, told)
    origin = {
        "kind": "fusion",
        "commit": commit(),
        "command": "python -m training fusion",
        "data": data_hash(table[table["split"] != "test"]),
        "fitted_on": {
            "photos of the validation split": len(learned.photographed),
            "texts of the train and validation split": len(learned.described),
            "fields and truths": len(learned.people),
        },
        "measured_on": f"the photos, {FOLDS}-fold cross-fitted by group, fields drawn at random",
        "seed": SEED,
        "metrics": metrics,
    }
    held_out.save(out)
    parameters.save(out, origin)
    return metrics


@click.command(help="Fit the fusion's parameters on the annotated listings under VAR.")
@click.option("--var", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("fusion/artifact"), show_default=True
)
def command(var: Path, out: Path) -> None:
    from training.branch_cache import remembered

    images, texts = remembered(var / "cache")
    for name, found in run(var, out, images, texts).items():
        click.echo(f"{name}: " + ", ".join(f"{key} {value:.3g}" for key, value in found.items()))
