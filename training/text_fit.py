"""Fitting the text network: what each epoch is drawn from, and the steps over it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from data.taxonomy import ATTRIBUTES
from training.text_augment import rewritten
from training.text_batches import Batches
from training.text_data import Arrays, arrays, neutral_sentences, token_targets
from training.text_pieces import Sample
from training.text_synth import written

if TYPE_CHECKING:
    import keras
    from tokenizers import Tokenizer

SHOP = 6_000  # shop texts in each draw
WRITTEN = 8_000  # texts from templates in each draw of the whole recipe
JUDGED_TIMES = 3  # each annotated text is rewritten this often in each draw
NEUTRAL = 1_000  # shop texts of a draw whose sentences without a statement are borrowed
USED = 2  # epochs over one draw: drawing costs more than learning from it
RATE = 2e-3
TOKEN_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Sources:
    """The training signals: rule-labelled shop texts, annotated texts, how many texts are written
    from templates in each draw, and whether the others are rewritten."""

    shop: Sequence[Sample]
    judged: Sequence[Sample]
    written: int
    rewriting: bool


@dataclass(frozen=True, slots=True)
class Pace:
    """How long is trained: passes over the draws, and texts a step."""

    epochs: int
    batch: int = 64


def say(line: str) -> None:
    """Tell the person who waits."""
    click.echo(line, err=True)


def drawn(sources: Sources, tokenizer: Tokenizer, rng: Random) -> Arrays:
    """Draw the texts of the next epochs."""
    shop = rng.sample(list(sources.shop), min(len(sources.shop), SHOP))
    samples = [*shop, *(s for s in sources.judged for _ in range(JUDGED_TIMES))]
    if sources.rewriting:
        samples = [rewritten(sample, rng) for sample in samples]
    neutral = neutral_sentences(shop[:NEUTRAL])
    samples += [written(rng, neutral) for _ in range(sources.written)]
    rng.shuffle(samples)
    return arrays(samples, tokenizer, rng)


def trained(
    sources: Sources, tokenizer: Tokenizer, rng: Random, pace: Pace
) -> tuple[keras.Model, np.ndarray]:
    """Return the trained scorer and the learned "not stated" biases, in the order of BIASES."""
    from text.model import build_scorer, build_trainer

    scorer = build_scorer(tokenizer.get_vocab_size())
    trainer = build_trainer(scorer)
    data = drawn(sources, tokenizer, rng)
    _compile(trainer, pace.epochs * -(-len(data.ids) // pace.batch))
    for epoch in range(pace.epochs):
        if epoch and epoch % USED == 0:
            data = drawn(sources, tokenizer, rng)
        batches = Batches(data, pace.batch, token_targets)
        losses = _fit(trainer, batches, rng, f"epoch {epoch + 1}/{pace.epochs}")
        say(f"epoch {epoch + 1}: " + ", ".join(f"{k} {v:.4f}" for k, v in losses.items()))
    return scorer, np.asarray(trainer.get_layer("answer").bias)


def _compile(trainer: keras.Model, steps: int) -> None:
    import keras

    from text.model import answer_loss, token_loss

    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps, warmup_target=RATE, warmup_steps=min(300, steps // 10)
    )
    trainer.compile(
        keras.optimizers.AdamW(rate, weight_decay=1e-3, global_clipnorm=1.0),
        loss={"tokens": token_loss, **dict.fromkeys(ATTRIBUTES, answer_loss)},
        loss_weights={"tokens": TOKEN_WEIGHT, **dict.fromkeys(ATTRIBUTES, 1.0)},
    )


def _fit(trainer: keras.Model, batches: Any, rng: Random, title: str) -> dict[str, float]:
    from tqdm import tqdm

    logs: dict[str, Any] = {}
    trainer.reset_metrics()
    for at in tqdm(
        rng.sample(range(len(batches)), len(batches)), desc=title, file=sys.stderr, mininterval=5
    ):
        logs = trainer.train_on_batch(*batches[at], return_dict=True)
    return {name: float(value) for name, value in logs.items()}
