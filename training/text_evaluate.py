"""Measuring the released text branch: held-out annotated texts, phrase swaps, the challenge set."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np

from data.table import LISTINGS, NOT_STATED, read_table
from data.taxonomy import ATTRIBUTES
from fusion.bootstrap import interval, resampled
from text.reading import CONTRADICTED, Reading
from text.tagger import ARTIFACT, TextTagger
from training.metrics import group_interval
from training.text_challenge import by_kind, mistakes, read_challenge
from training.text_data import brands_of, judged_texts
from training.text_pieces import Sample
from training.text_release import SHOPS, by_rules, figures
from training.text_swaps import measured_swaps, swaps

Judged = Sequence[tuple[Sample, dict[str, Any]]]
WORST = 20  # errors written down, the surest first


@click.command("text-evaluate")
@click.option("--var", default="var", show_default=True, type=click.Path(path_type=Path),
              help="Folder of the tables; figures go to its text_evaluation/.")  # fmt: skip
@click.option("--artifact", default=ARTIFACT, show_default="the released one",
              type=click.Path(exists=True, file_okay=False, path_type=Path))  # fmt: skip
def command(var: Path, artifact: Path) -> None:
    """Measure the text artifact on held-out annotated texts, phrase swaps and the challenge set."""
    tagger = TextTagger.load(artifact)
    brands = brands_of(read_table(var / shop / LISTINGS) for shop in SHOPS)
    judged = judged_texts(var / "annotations", brands, ["test"])
    read = tagger.read([(row["title"], row["description"]) for _, row in judged])
    found = {
        "version": tagger.version,
        "attributes": attributes(judged, read),
        "stated or not": stated_or_not(judged, read),
        "contradictions": contradictions(judged, read),
        "phrase swaps": measured_swaps(tagger, list(swaps(judged))),
        "challenge": challenge(tagger),
    }
    out = var / "text_evaluation"
    out.mkdir(parents=True, exist_ok=True)
    _write(out / "figures.json", found)
    _write(out / "errors.json", worst(judged, read))
    _plots(judged, read, out)
    for line in lines(found):
        click.echo(line)
    click.echo(f"figures.json, errors.json and a plot per attribute are in {out}")


def attributes(judged: Judged, read: Sequence[Reading]) -> dict[str, Any]:
    """Score every attribute, "not stated" included, beside the rules alone."""
    said = [{name: r.answers[name].value for name in ATTRIBUTES} for r in read]
    sure = [{name: r.answers[name].confidence for name in ATTRIBUTES} for r in read]
    return {
        "model": figures(judged, said, sure),
        "rules": figures(judged, [by_rules(row) for _, row in judged]),
    }


def stated_or_not(judged: Judged, read: Sequence[Reading]) -> dict[str, Any]:
    """Return the F1 of saying that something is stated, over all attributes, with its interval
    over groups."""
    rows = [
        (row["group"], NOT_STATED not in sample.answers[name], r.answers[name].value is not None)
        for (sample, row), r in zip(judged, read, strict=True)
        for name in ATTRIBUTES
        if name in sample.answers
    ]
    groups, truth, said = (np.array(column) for column in zip(*rows, strict=True))
    f1 = _f1(resampled(groups, truth & said, ~truth & said, truth & ~said))
    low, high = interval(f1[1:])
    return {
        "n": len(rows), "f1": round(float(f1[0]), 4),
        "low": round(low, 4), "high": round(high, 4),
    }  # fmt: skip


def contradictions(judged: Judged, read: Sequence[Reading]) -> dict[str, Any]:
    """Count the contradictions a person found that are reported, and those reported elsewhere."""
    found, wanted, false = 0, 0, []
    for (sample, _), r in zip(judged, read, strict=True):
        reported = {c.attribute for c in r.contradictions}
        for name in (name for name in CONTRADICTED if name in sample.answers):
            twice = len(sample.answers[name]) > 1
            wanted += twice
            found += twice and name in reported
            false += [name in reported] * (not twice)
    groups = np.arange(len(false))
    return {
        "annotated": wanted, "reported": found, "others": len(false),
        "false_alarms": round(float(np.mean(false)), 4),
        "interval": [round(v, 4) for v in group_interval(np.array(false), groups)],
    }  # fmt: skip


def challenge(tagger: TextTagger) -> dict[str, Any]:
    """Score both halves of the challenge set by kind; a text is right if all judged of it is."""
    texts = read_challenge()
    read = tagger.read([(text.title, text.description) for text in texts])
    right = [not mistakes(*pair) for pair in zip(texts, read, strict=True)]
    out = {"both": by_kind(texts, right)}
    for half in ("tune", "frozen"):
        rows = [i for i, text in enumerate(texts) if text.half == half]
        out[half] = by_kind([texts[i] for i in rows], [right[i] for i in rows])
    return out


def worst(judged: Judged, read: Sequence[Reading]) -> list[dict[str, Any]]:
    """Return the surest wrong answers."""
    errors = [
        {
            "sure": round(r.answers[name].confidence, 3),
            "attribute": name,
            "said": r.answers[name].value or NOT_STATED,
            "right": sorted(sample.answers[name]),
            "carried_by": [span.text for span in r.answers[name].evidence or ()],
            "listing": f"{row['source']} {row['listing_id']}",
            "title": row["title"],
        }
        for (sample, row), r in zip(judged, read, strict=True)
        for name in sample.answers
        if (r.answers[name].value or NOT_STATED) not in sample.answers[name]
    ]
    return sorted(errors, key=lambda error: -error["sure"])[:WORST]


def lines(found: dict[str, Any]) -> list[str]:
    """Return the figures as lines for a person."""
    out = []
    for who in ("model", "rules"):
        for name, s in found["attributes"][who].items():
            ece = "" if s["ece"] is None else f", ECE {s['ece']:.3f} (floor {s['ece_floor']:.3f})"
            out.append(
                f"{who:6s} {name:8s} {s['accuracy']:.1%} ({s['low']:.1%}-{s['high']:.1%}), "
                f"n {s['n']}, macro-F1 {s['macro_f1']:.3f}, majority {s['majority']:.1%}{ece}"
            )
    out += [f"{key}: {found[key]}" for key in ("stated or not", "contradictions")]
    out += [f"swap {name}: {share}" for name, share in found["phrase swaps"].items()]
    for half, kinds in found["challenge"].items():
        shares = ", ".join(f"{kind} {s['right']}/{s['n']}" for kind, s in kinds.items())
        out.append(f"challenge, {half}: {shares}")
    return out


def _f1(counts: np.ndarray) -> np.ndarray:
    hit, false, missed = counts
    return 2 * hit / (2 * hit + false + missed)


def _plots(judged: Judged, read: Sequence[Reading], out: Path) -> None:
    import pandas as pd

    from training.plots import plot

    for name in ATTRIBUTES:
        rows = []
        for (sample, row), r in zip(judged, read, strict=True):
            if name in sample.answers:
                said, right = r.answers[name].value or NOT_STATED, sample.answers[name]
                truth = said if said in right else min(right)
                rows.append((row["source"], truth, said, r.answers[name].confidence))
        columns = ["source", f"true_{name}", f"said_{name}", f"sure_{name}"]
        plot(pd.DataFrame(rows, columns=columns), name, out / f"{name}.png")


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
