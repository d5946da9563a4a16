"""The recipe of the text branch: from tables to a released artifact, in one command."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from data.table import LISTINGS, read_table
from data.taxonomy import ATTRIBUTES
from text.pooling import BIASES
from text.tagger import ARTIFACT, MODEL, TOKENIZER
from training.text_data import (
    Arrays,
    arrays,
    brands_of,
    judged_texts,
    neutral_sentences,
    shop_samples,
    token_targets,
)
from training.text_pieces import Sample, joined
from training.text_release import SHOPS, release

if TYPE_CHECKING:
    import keras
    from tokenizers import Tokenizer

SEED = 20261123
EPOCHS = 9
WRITTEN = 8_000  # texts from templates in each epoch
SHOP = 9_000  # shop texts drawn for each epoch
JUDGED_TIMES = 4  # each annotated text is rewritten this often in each epoch
VOCABULARY = 5_000
NEUTRAL = 1_500  # shop texts of an epoch whose sentences without a statement are borrowed
BATCH = 64
RATE = 2e-3
TOKEN_WEIGHT = 0.5


@click.command("text")
@click.option("--var", default="var", show_default=True, type=click.Path(path_type=Path),
              help="Folder of the imported tables.")  # fmt: skip
@click.option("--out", default="text/artifact", show_default=True, type=click.Path(path_type=Path),
              help="Folder of the artifact.")  # fmt: skip
@click.option("--epochs", default=EPOCHS, show_default=True, type=click.IntRange(min=1))
def command(var: Path, out: Path, epochs: int) -> None:
    """Train the text branch and write its artifact."""
    run(var, out, epochs)


def run(var: Path, out: Path = ARTIFACT, epochs: int = EPOCHS) -> dict[str, Any]:
    """Train, export, calibrate and measure; returns the manifest written.

    Raises InvalidTable where a table is missing.
    """
    import keras

    keras.utils.set_random_seed(SEED)
    rng = Random(SEED)  # noqa: S311 - training draws, not secrets
    say("reading and labelling the texts")
    brands = brands_of(read_table(var / shop / LISTINGS) for shop in SHOPS)
    shop = [s for name in SHOPS for s in shop_samples(var / name, ["train"])]
    judged = [s for s, _ in judged_texts(var / "annotations", brands, ["train"])]
    tokenizer = _tokenizer(shop, rng)
    say(f"training on {len(shop)} shop texts, {len(judged)} judged, {WRITTEN} written an epoch")
    scorer, bias = _trained((shop, judged), tokenizer, rng, epochs)
    _write(scorer, tokenizer, out)
    manifest = release(
        out,
        var,
        brands,
        {
            "command": f"python -m training text --epochs {epochs}",
            "seed": SEED,
            "not_stated_bias": {h: float(b) for h, b in zip(BIASES, bias, strict=True)},
        },
    )
    for name, scores in manifest["metrics"]["test"].items():
        say(f"{name:8s} {scores['model']}")
    return manifest


def say(line: str) -> None:
    """Tell the person who waits."""
    click.echo(line, err=True)


def _tokenizer(shop: Sequence[Sample], rng: Random) -> Tokenizer:
    from training.text_synth import written
    from training.text_vocabulary import make_tokenizer
    from training.text_words import vocabulary

    samples = [*rng.sample(list(shop), min(len(shop), 8000)), *(written(rng) for _ in range(8000))]
    texts = [joined(s.title, "")[0] + " " + joined(s.description, "")[0] for s in samples]
    return make_tokenizer([*texts, *(vocabulary() * 20)], VOCABULARY)


def _epoch(
    sources: tuple[Sequence[Sample], Sequence[Sample]], tokenizer: Tokenizer, rng: Random
) -> Arrays:
    from training.text_augment import rewritten
    from training.text_synth import written

    shop, judged = sources
    neutral = neutral_sentences(rng.sample(list(shop), min(len(shop), NEUTRAL)))
    samples = [rewritten(s, rng) for s in rng.sample(list(shop), min(len(shop), SHOP))]
    samples += [rewritten(s, rng) for s in judged for _ in range(JUDGED_TIMES)]
    samples += [written(rng, neutral) for _ in range(WRITTEN)]
    rng.shuffle(samples)
    return arrays(samples, tokenizer, rng)


def _trained(
    sources: tuple[Sequence[Sample], Sequence[Sample]],
    tokenizer: Tokenizer,
    rng: Random,
    epochs: int,
) -> tuple[keras.Model, np.ndarray]:
    """Return the trained scorer and the learned "not stated" biases, in the order of BIASES."""
    import keras

    from text.model import answer_loss, build_scorer, build_trainer, token_loss
    from training.text_batches import Batches

    scorer = build_scorer(tokenizer.get_vocab_size())
    trainer = build_trainer(scorer)
    first = _epoch(sources, tokenizer, rng)
    steps = epochs * -(-len(first.ids) // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps, warmup_target=RATE, warmup_steps=min(300, steps // 10)
    )
    trainer.compile(
        keras.optimizers.AdamW(rate, weight_decay=1e-3, global_clipnorm=1.0),
        loss={"tokens": token_loss, **dict.fromkeys(ATTRIBUTES, answer_loss)},
        loss_weights={"tokens": TOKEN_WEIGHT, **dict.fromkeys(ATTRIBUTES, 1.0)},
    )
    for epoch in range(epochs):
        data = first if epoch == 0 else _epoch(sources, tokenizer, rng)
        losses = _fit(
            trainer, Batches(data, BATCH, token_targets), rng, f"epoch {epoch + 1}/{epochs}"
        )
        say(f"epoch {epoch + 1}: " + ", ".join(f"{k} {v:.4f}" for k, v in losses.items()))
    return scorer, np.asarray(trainer.get_layer("answer").bias)


def _fit(trainer: keras.Model, batches: Any, rng: Random, title: str) -> dict[str, float]:
    from tqdm import tqdm

    logs: dict[str, Any] = {}
    trainer.reset_metrics()
    for at in tqdm(
        rng.sample(range(len(batches)), len(batches)), desc=title, file=sys.stderr, mininterval=5
    ):
        logs = trainer.train_on_batch(*batches[at], return_dict=True)
    return {name: float(value) for name, value in logs.items()}


def _write(scorer: keras.Model, tokenizer: Tokenizer, out: Path) -> None:
    from training.text_export import export_onnx
    from training.text_vocabulary import save_tokenizer

    out.mkdir(parents=True, exist_ok=True)
    export_onnx(scorer, out / MODEL)
    save_tokenizer(tokenizer, out / TOKENIZER)
