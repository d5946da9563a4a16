"""What each training signal of the text branch is worth, and how it reads a shop it never saw.

A tenth of the recipe each, on the released vocabulary, so that all of it trains in minutes: the
figures compare signals with one another, they are not those of the released model.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from data.artifact import save_manifest
from data.table import LISTINGS, read_table
from data.taxonomy import ATTRIBUTES
from text.lexicon import LABELS
from text.pooling import HEADS
from text.tagger import ARTIFACT, TOKENIZER, TextTagger
from training.text_challenge import mistakes, read_challenge
from training.text_data import brands_of, judged_texts, shop_samples
from training.text_fit import Pace, Sources, say
from training.text_pieces import Sample
from training.text_release import SHOPS, by_rules, figures
from training.text_swaps import measured_swaps, swaps

SHOP_TEXTS = 600  # of each shop
WRITTEN = 900
EPOCHS = 4
BATCH = 16  # small steps, for there are few texts
Judged = list[tuple[Sample, dict[str, Any]]]


@click.command("text-ablation")
@click.option("--var", default="var", show_default=True, type=click.Path(path_type=Path),
              help="Folder of the imported tables.")  # fmt: skip
@click.option("--epochs", default=EPOCHS, show_default=True, type=click.IntRange(min=1))
def command(var: Path, epochs: int) -> None:
    """Train the text branch with one signal left out at a time, and with one shop left out."""
    out = var / "text_ablation"
    brands = brands_of(read_table(var / shop / LISTINGS) for shop in SHOPS)
    judged = judged_texts(var / "annotations", brands, ["train", "validation", "test"])
    shops = {name: shop_samples(var / name, ["train"], SHOP_TEXTS) for name in SHOPS}
    found = {}
    for name, (sources, held_out) in variants(shops, judged).items():
        say(f"training: {name}")
        found[name] = _measured(_trained(sources, out / name.replace(" ", "_"), epochs), held_out)
        found[name]["rules"] = _summary(held_out, [by_rules(row) for _, row in held_out])
        out.mkdir(parents=True, exist_ok=True)
        (out / "figures.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        say(f"{name}: {found[name]}")


def variants(shops: dict[str, list[Sample]], judged: Judged) -> dict[str, tuple[Sources, Judged]]:
    """Return the training sources of each variant and the annotated texts it is measured on:
    the test split, or all texts of the shop left out."""
    test = [pair for pair in judged if pair[1]["split"] == "test"]
    train = [pair for pair in judged if pair[1]["split"] == "train"]
    both = Sources(
        [s for samples in shops.values() for s in samples],
        [s for s, _ in train],
        WRITTEN,
        rewriting=True,
    )
    out = {"all signals": (both, test)}
    for name in SHOPS:
        others = [s for shop, samples in shops.items() if shop != name for s in samples]
        own = [s for s, row in train if row["source"] != name]
        left = [pair for pair in judged if pair[1]["source"] == name]
        out[f"never saw {name}"] = (replace(both, shop=others, judged=own), left)
    return out | {
        "without written texts": (replace(both, written=0), test),
        "without rewriting": (replace(both, rewriting=False), test),
        "without annotated texts": (replace(both, judged=()), test),
        "without rule-labelled texts": (replace(both, shop=()), test),
    }


def _trained(sources: Sources, out: Path, epochs: int) -> TextTagger:
    from tokenizers import Tokenizer

    from training.text import train

    made = train(sources, out, Pace(epochs, BATCH), Tokenizer.from_file(str(ARTIFACT / TOKENIZER)))
    plain = {"version": out.name, "temperature": dict.fromkeys(HEADS, 1.0), "labels": list(LABELS)}
    save_manifest(out, plain | made)
    return TextTagger.load(out)


def _measured(tagger: TextTagger, judged: Judged) -> dict[str, Any]:
    read = tagger.read([(row["title"], row["description"]) for _, row in judged])
    challenge = read_challenge()
    tried = tagger.read([(text.title, text.description) for text in challenge])
    good = [not mistakes(*pair) for pair in zip(challenge, tried, strict=True)]
    said = [{name: r.answers[name].value for name in ATTRIBUTES} for r in read]
    return {
        "model": _summary(judged, said),
        "swaps": measured_swaps(tagger, list(swaps(judged)))["all"],
        "challenge": round(sum(good) / len(good), 4),
    }


def _summary(judged: Judged, said: Sequence[dict[str, str | None]]) -> dict[str, Any]:
    found = figures(judged, said)
    return {name: (found[name]["n"], found[name]["accuracy"]) for name in ATTRIBUTES}
