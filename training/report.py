"""What the image branch gets right and wrong, and on whose photos."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
import pandas as pd

from data.errors import InvalidTable
from data.taxonomy import ATTRIBUTES
from training import hidden
from training.evaluate import NOT_ANNOTATED, NOT_VISIBLE, ask
from training.photos import SELLERS, load_photos
from training.reliability import calibration_table, confidences

LEAST = 15  # photos; a slice of fewer tells nothing
WORST = 40  # errors on a contact sheet
YEARS = {0: "to 2010", 2011: "2011", 2012: "2012", 2013: "from 2013"}


def value_table(asked: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return per source and value: photos that show it, precision and recall, in [0, 1].

    asked: of `training.evaluate.ask`. Precision is NaN for a value never said.
    """
    rows = []
    for source, known in asked[asked[f"true_{name}"].notna()].groupby("source"):
        true, said = known[f"true_{name}"], known[f"said_{name}"]
        for value in sorted(set(true)):
            both = int(((true == value) & (said == value)).sum())
            shown, named = int((true == value).sum()), int((said == value).sum())
            precision = both / named if named else np.nan
            rows.append((source, value, shown, named, precision, both / shown))
    columns = ["source", "value", "shown", "said", "precision", "recall"]
    return pd.DataFrame(rows, columns=columns).set_index(["source", "value"])


def slices(asked: pd.DataFrame) -> pd.Series:
    """Return for every photo the slices it belongs to, as a list of "name: value" words."""
    year = asked["year"].map(lambda y: None if y is None else max(k for k in YEARS if k <= y))
    known = {
        "gender": asked["gender"],
        "age group": asked["age_group"],
        "year": year.map(YEARS),
        "photo": asked["detail"].fillna("full").where(asked["source"] != SELLERS),
        "seller": asked["group"].where(asked["source"] == SELLERS),
        # Of all five attributes; who hesitates on one may be wrong, and the network right.
        "annotator": asked["sure"].map({1: "sure", 0: "hesitated"}),
    }
    words = pd.DataFrame({n: n + ": " + column.astype("string") for n, column in known.items()})
    return words.apply(lambda row: [word for word in row if pd.notna(word)], axis=1)


def slice_table(asked: pd.DataFrame) -> pd.DataFrame:
    """Return per source and slice the annotated photos and the share right of each attribute.

    Slices of fewer than LEAST photos are put together as "seller: all smaller ones" and the like,
    so that none is left out.
    """
    known = asked[asked["true_wear"].notna()]
    rows = known.assign(slice=slices(known)).explode("slice")
    size = rows.groupby(["source", "slice"])["slice"].transform("size")
    kind = rows["slice"].str.partition(":")[0]
    rows["slice"] = rows["slice"].where(size >= LEAST, kind + ": all smaller ones")
    found = []
    for (source, part), here in rows.groupby(["source", "slice"]):
        shares = {name: _share_right(here, name) for name in ATTRIBUTES}
        found.append({"source": source, "slice": part, "n": len(here), **shares})
    return pd.DataFrame(found).set_index(["source", "slice"])


def _share_right(rows: pd.DataFrame, name: str) -> float:
    truth = rows[f"true_{name}"]
    return float((rows[f"said_{name}"] == truth)[truth.notna()].mean())


def worst(asked: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the WORST wrong answers, the surest first."""
    known = asked[f"true_{name}"].notna()
    wrong = asked[known & (asked[f"said_{name}"] != asked[f"true_{name}"])]
    return wrong.sort_values(f"sure_{name}", ascending=False)[:WORST]


def write_report(asked: pd.DataFrame, closeups: pd.DataFrame, folder: Path) -> str:
    """Write plots, contact sheets and `report.txt` to `folder`; returns the text.

    asked: of `training.evaluate.ask`, closeups: of `training.hidden.ask`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = [_attribute(asked, name, folder) for name in ATTRIBUTES]
    parts.append(_calibration(asked, closeups, folder))
    parts.append(f"Share right by slice\n{_text(slice_table(asked))}")
    parts.append(_missed(asked, folder))
    text = "\n\n".join(parts) + "\n"
    (folder / "report.txt").write_text(text, encoding="utf-8")
    return text


def _attribute(asked: pd.DataFrame, name: str, folder: Path) -> str:
    from training.contact_sheet import contact_sheet
    from training.plots import plot

    plot(asked, name, folder / f"{name}.png")
    rows = worst(asked, name)
    contact_sheet(rows, _captions(rows, name), folder / f"worst-{name}.png")
    return f"{name}: precision and recall\n{_text(value_table(asked, name))}"


def _calibration(asked: pd.DataFrame, closeups: pd.DataFrame, folder: Path) -> str:
    from training.plots import plot_chances

    told = confidences(asked, closeups)
    for head in ("scope", "length_shown"):
        plot_chances(told, head, folder / f"{head}.png")
    what = "Calibration error, and the floor that perfect probabilities would measure"
    return f"{what}\n{_text(calibration_table(told))}"


def _missed(asked: pd.DataFrame, folder: Path) -> str:
    from training.contact_sheet import contact_sheet

    missed = asked[(asked["scope"] == "out") & asked["true_wear"].isna()]
    missed = missed[missed["said_wear"] != NOT_VISIBLE].sort_values("sure_wear", ascending=False)
    contact_sheet(missed[:WORST], list(missed["title"][:WORST].str[-30:]), folder / "missed.png")
    return f"Out of scope and not noticed: {len(missed)}, the surest on missed.png"


def _captions(rows: pd.DataFrame, name: str) -> list[str]:
    parts = zip(rows[f"said_{name}"], rows[f"sure_{name}"], rows[f"true_{name}"], strict=True)
    return [f"{said} {sure:.0%}\nis {true}" for said, sure, true in parts]


def _text(table: pd.DataFrame) -> str:
    return table.round(3).to_string(na_rep="-")


@click.command(
    help="Plots, precision and recall, calibration, slices and worst errors on the test split."
)
@click.option("--var", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
def command(var: Path) -> None:
    from vision.tagger import ImageTagger

    photos, tagger, folder = load_photos(var), ImageTagger.load(), var / "report"
    if not (photos["annotated"].astype(bool) & (photos["split"] == "test")).any():
        raise InvalidTable(NOT_ANNOTATED.format(var))
    closeups = hidden.ask(hidden.judged(photos, "test"), tagger)
    click.echo(write_report(ask(photos, tagger), closeups, folder))
    click.echo(f"The plots and the worst errors as contact sheets are in {folder}.")
