"""What the words of a listing state: the exported network, its answers and their evidence.

Serving needs onnxruntime, tokenizers, nltk and numpy only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from data.artifact import load_manifest
from data.errors import ArtifactError
from data.schema import Prediction, Span
from data.taxonomy import ATTRIBUTES, VALUES
from text.encode import Encoded, encode
from text.evidence import spans
from text.language import foreign
from text.lexicon import LABELS
from text.pooling import BIASES, NOWHERE, answers
from text.reading import Reading, contradictions, named_colors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

ARTIFACT = Path(__file__).parent / "artifact"
MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
BATCH = 32  # windows given to the network at once: bounds its memory, whatever the text's length
TEXTS = 128  # texts encoded at once, so that windows of one length find each other


class TextTagger:
    """Reads titles and descriptions; made by `load`."""

    def __init__(
        self, session: InferenceSession, tokenizer: Tokenizer, manifest: Mapping[str, Any]
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._bias = np.array([manifest["not_stated_bias"][head] for head in BIASES], np.float32)
        self._temperature: dict[str, float] = manifest["temperature"]
        self.version: str = manifest["version"]

    @classmethod
    def load(cls, folder: Path = ARTIFACT) -> TextTagger:
        """Load a released artifact, on one thread. Raises ArtifactError."""
        from onnxruntime import InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        manifest = load_manifest(folder)
        if manifest.get("labels") != list(LABELS):
            raise ArtifactError(
                f"{folder} was made for {len(manifest.get('labels', ()))} labels that are not the "
                f"{len(LABELS)} of this code: retrain it or check out the matching version."
            )
        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        session = InferenceSession(str(folder / MODEL), options, providers=["CPUExecutionProvider"])
        return cls(session, Tokenizer.from_file(str(folder / TOKENIZER)), manifest)

    def predict(self, texts: Sequence[tuple[str, str]]) -> list[dict[str, Prediction]]:
        """Return what each (title, description) states, by attribute, in the order given.

        `value` is None where it is not stated; `evidence` are spans of the original strings.
        Any string is read: the empty one, null bytes, other scripts.
        """
        return [reading.answers for reading in self.read(texts)]

    def read(self, texts: Sequence[tuple[str, str]]) -> list[Reading]:
        """Return the answers of `predict` with the contradictions, named colors and language."""
        return [
            reading
            for at in range(0, len(texts), TEXTS)
            for reading in self._read(texts[at : at + TEXTS])
        ]

    def pooled(self, texts: Sequence[tuple[str, str]]) -> np.ndarray:
        """Return the scores before pooling's formulas: (n, 2 places, labels), for calibration."""
        return np.concatenate(
            [
                _pool(encoded, scores)
                for at in range(0, len(texts), TEXTS)
                for encoded, scores in self._scored(texts[at : at + TEXTS])
            ]
        )

    def _read(self, texts: Sequence[tuple[str, str]]) -> Iterator[Reading]:
        languages = [foreign(*text) for text in texts]
        scored = self._scored([_readable(*t, o) for t, o in zip(texts, languages, strict=True)])
        found = answers(
            np.concatenate([_pool(*each) for each in scored]), self._bias, self._temperature
        )
        for row, (text, each) in enumerate(zip(texts, scored, strict=True)):
            said = {name: _prediction(name, found[name][row], text, *each) for name in ATTRIBUTES}
            yield Reading(
                said,
                contradictions(said, text, *each),
                named_colors(text, *each),
                languages[row],
            )

    def _scored(self, texts: Sequence[tuple[str, str]]) -> list[tuple[Encoded, np.ndarray]]:
        """Return each text's windows and their token scores; windows of all texts share runs."""
        encoded = [encode(self._tokenizer, *text) for text in texts]
        scores = self._scores(np.concatenate([e.ids for e in encoded]))
        ends = np.cumsum([len(e.ids) for e in encoded])
        return list(zip(encoded, np.split(scores, ends[:-1]), strict=True))

    def _scores(self, ids: np.ndarray) -> np.ndarray:
        """Return (windows, WINDOW, labels); windows of about one length share a run, and padding
        is cut off before the network sees it."""
        out = np.full((*ids.shape, len(LABELS)), NOWHERE, np.float32)
        lengths = (ids > 0).sum(axis=1)
        order = np.argsort(lengths, kind="stable")
        for at in range(0, len(order), BATCH):
            rows = order[at : at + BATCH]
            longest = int(lengths[rows].max())
            if longest:
                out[rows, :longest] = self._session.run(None, {"ids": ids[rows, :longest]})[0]
        return out


def _readable(title: str, description: str, other: Mapping[str, str]) -> tuple[str, str]:
    """Return the texts with those in another language left empty."""
    return ("" if "title" in other else title, "" if "description" in other else description)


def _prediction(
    name: str,
    probabilities: np.ndarray,
    text: tuple[str, str],
    encoded: Encoded,
    scores: np.ndarray,
) -> Prediction:
    none, values = float(probabilities[0]), probabilities[1:].astype(float)
    total = values.sum()
    given = values / total if total > 0 else np.full(len(values), 1 / len(values))
    table = dict(zip(VALUES[name], map(float, given), strict=True))
    best = int(values.argmax())
    if none >= values[best]:
        return Prediction(None, min(1.0, none), table, ())
    value = VALUES[name][best]
    evidence: tuple[Span, ...] = spans(name, value, text, encoded, scores)
    return Prediction(value, min(1.0, float(values[best])), table, evidence)


def _pool(encoded: Encoded, scores: np.ndarray) -> np.ndarray:
    """Return the highest score per place and label, (1, 2, labels)."""
    pooled = np.full((1, 2, len(LABELS)), NOWHERE, np.float32)
    for place in (0, 1):
        there = encoded.places == place
        if there.any():
            pooled[0, place] = scores[there].max(axis=0)
    return pooled
