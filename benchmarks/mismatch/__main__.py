"""`python -m benchmarks.mismatch`: how well are listings found whose parts do not agree?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from data.cli import run

if TYPE_CHECKING:
    from benchmarks.mismatch.cases import Case
    from benchmarks.mismatch.scorers import Answer, Said, Scorer

SEED = 20261123
OURS = "Selvedge"


@click.command("benchmarks.mismatch")
@click.option("--var", type=click.Path(path_type=Path), default=Path("var"), show_default=True,
              help="Where the imported tables are.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), default=Path("var/mismatch"),
              show_default=True, help="Where listings, truth, table and plots go.")  # fmt: skip
@click.option("--split", type=click.Choice(["validation", "test"]), default="test",
              show_default=True, help="Whose groups are measured on.")  # fmt: skip
@click.option("--scores", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              multiple=True, help="Reports of a scorer of yours on listings.jsonl, to be "
              "measured too; may be given more than once.")  # fmt: skip
def command(var: Path, out: Path, split: str, scores: tuple[Path, ...]) -> None:
    """Build the benchmark's listings, run every scorer on them and print the table.

    Yours: run it on OUT/listings.jsonl, one report a line (listing_id, score, attributes), and
    give the file with --scores.
    """
    from benchmarks.mismatch.cases import build, confusions_of
    from benchmarks.mismatch.outside import read_answers, write_lines
    from benchmarks.mismatch.plots import plot
    from benchmarks.mismatch.report import markdown
    from training.branch_cache import remembered
    from training.fusion import load_annotated

    table = load_annotated(var)
    confusions = confusions_of(table)
    cases = build(table[table["split"] == split], confusions, seed=SEED)
    write_lines(out / "listings.jsonl", [case.listing() for case in cases])
    write_lines(out / "truth.jsonl", [case.truth() for case in cases])
    outside: dict[str, Any] = {}
    for path in scores:
        if path.stem in outside:
            raise click.BadParameter(
                f"Two files are named “{path.stem}”, as the table calls a scorer; rename one.",
                param_hint="--scores",
            )
        outside[path.stem] = read_answers(path, cases)
    branches = Branches(*remembered(var / "cache"))
    learning = build(table[table["split"] == "validation"], confusions, seed=SEED)
    answers = answers_of(cases, branches, learning) | outside
    found = measured(cases, answers)
    found["natural"] = natural(var, table[table["split"] == split], branches, split)
    text = markdown(found)
    (out / "table.md").write_text(text, encoding="utf-8")
    (out / "figures.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    plot(cases, answers, out)
    click.echo(text)
    click.echo(f"Listings, truth, table, figures and plots are in {out}.", err=True)


class Branches:
    """Both branches with their memory: cases in, what is said of them out."""

    def __init__(self, images: Any, texts: Any) -> None:
        self._images = images
        self._texts = texts

    def said(self, cases: Sequence[Case]) -> list[Said]:
        """Return what the branches say of each case, in order."""
        from benchmarks.mismatch.scorers import Said

        seen = self._images.predict([Path(case.image) for case in cases])
        read = self._texts.predict([(case.title, case.description) for case in cases])
        return [
            Said(photo.attributes, photo.in_scope, words)
            for photo, words in zip(seen, read, strict=True)
        ]


def answers_of(
    cases: Sequence[Case], branches: Branches, learning: Sequence[Case]
) -> dict[str, list[Answer]]:
    """Return every scorer's answers; fitted baselines learn from the `learning` cases."""
    told = branches.said(cases)
    everyone = scorers(learning, branches.said(learning))
    return {name: scorer(cases, told) for name, scorer in everyone.items()}


def scorers(learning: Sequence[Case], said: Sequence[Said]) -> dict[str, Scorer]:
    """Return all scorers by the name they have in the table, ours first."""
    from benchmarks.mismatch import fitted, scorers
    from fusion.parameters import Parameters

    parameters = Parameters.load()
    return {
        OURS: scorers.selvedge(parameters),
        "mean of photo and words": scorers.by_field(scorers.mean),
        "minimum of photo and words": scorers.by_field(scorers.least),
        "cleanlab self-confidence": scorers.cleanlab("self_confidence", parameters),
        "cleanlab normalized margin": scorers.cleanlab("normalized_margin", parameters),
        "logistic regression": fitted.stacked("logistic", learning, said),
        "gradient boosting": fitted.stacked("boosting", learning, said),
        "conformal p-value": fitted.conformal(learning, said, parameters),
    }


def measured(cases: Sequence[Case], answers: Mapping[str, Sequence[Answer]]) -> dict[str, Any]:
    """Return all figures of all scorers, by source."""
    found = {}
    for source in dict.fromkeys(case.source for case in cases):
        rows = [n for n, case in enumerate(cases) if case.source == source]
        given = {name: [them[n] for n in rows] for name, them in answers.items()}
        found[source] = _measured([cases[n] for n in rows], given)
    return found


def _measured(cases: Sequence[Case], answers: Mapping[str, Sequence[Answer]]) -> dict[str, Any]:
    from benchmarks.mismatch.cases import KINDS
    from benchmarks.mismatch.measure import (
        ahead,
        fields_of,
        figures,
        listings_of,
        odd_ones,
        statuses,
    )  # fmt: skip
    from data.taxonomy import ATTRIBUTES

    ours = answers[OURS]
    fields = {name: figures(fields_of(cases, them)) for name, them in answers.items()}
    draws = {name: found.pop("draws") for name, found in fields.items()}
    kinds = [k for k in KINDS[1:] if any(case.kind == k for case in cases)]
    parts = {n: figures(fields_of(cases, ours, n)) for n in ATTRIBUTES}
    whole = {k: figures(listings_of(cases, ours, [k])) for k in kinds}
    for found in (*parts.values(), *whole.values()):
        del found["draws"]
    return {
        "fields": fields,
        "ahead": {name: ahead(draws[OURS], them) for name, them in draws.items() if name != OURS},
        "attributes": parts,
        "listings": whole,
        "odd_one_out": odd_ones(cases, ours),
        "statuses": statuses(cases, ours),
    }


def natural(var: Path, table: Any, branches: Branches, split: str) -> dict[str, Any]:
    """Return the figures of what nobody seeded: own fields, and natural conflicts."""
    from benchmarks.mismatch.natural import conflict_figures, conflicts, own_fields, own_figures
    from benchmarks.mismatch.scorers import selvedge
    from fusion.parameters import Parameters

    score = selvedge(Parameters.load())
    own = own_fields(table)
    truth = {row["listing_id"]: row for row in table.to_dict("records")}
    found = {"own fields": own_figures(own, score(own, branches.said(own)), truth)}
    for splits in ((split,), ("validation", "test"), ("train",)):
        cases = conflicts(var, splits)
        answers = score(cases, branches.said(cases))
        found[f"conflicts, {' and '.join(splits)}"] = conflict_figures(cases, answers)
    return found


if __name__ == "__main__":
    run(command)
