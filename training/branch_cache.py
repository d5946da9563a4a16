"""What the branches said, remembered: a fit repeated with the same artifacts takes seconds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from data.artifact import MANIFEST, sha256
from data.files import write_whole
from data.schema import Prediction
from data.taxonomy import ATTRIBUTES, VALUES
from training.cache import file_state

if TYPE_CHECKING:
    from fusion.checker import TextBranch
    from vision.listing import ImageBranch

CHUNK = 64  # photos or texts a call
ENDS = np.cumsum([len(VALUES[name]) for name in ATTRIBUTES])


@dataclass(frozen=True, slots=True)
class Shown:
    """What one photo shows, without the maps: all that a verdict needs."""

    attributes: Mapping[str, Prediction]
    in_scope: float


class Remembered:
    """Rows of numbers by key, kept in one file under `folder` for one artifact.

    The file's name holds the digest of the artifact's manifest and of the code beside it, so
    neither another model nor other rules answer from this one's memory. `compute` takes keys'
    inputs and returns float rows.
    """

    def __init__(self, folder: Path, kind: str, artifact: Path) -> None:
        self._file = folder / f"{kind}-{_version(artifact)}.npz"
        self._rows: dict[str, np.ndarray] = {}
        if self._file.is_file():
            with np.load(self._file) as found:
                self._rows = dict(zip(found["keys"].tolist(), found["rows"], strict=True))

    def ask(
        self, inputs: Sequence[Any], key: Callable[[Any], str], compute: Callable[[list], list]
    ) -> list[np.ndarray]:
        """Return a row for each input; what is new is computed in chunks and kept."""
        keys = [key(one) for one in inputs]
        new = {k: one for k, one in zip(keys, inputs, strict=True) if k not in self._rows}
        names = list(new)
        for start in tqdm(range(0, len(names), CHUNK), disable=not names, mininterval=5):
            part = names[start : start + CHUNK]
            self._rows |= zip(part, compute([new[k] for k in part]), strict=True)
        if names:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._file, self._write)
        return [self._rows[k] for k in keys]

    def _write(self, partial: Path) -> None:
        with partial.open("wb") as target:
            np.savez(target, keys=np.array(list(self._rows)), rows=np.stack([*self._rows.values()]))


class RememberingImages:
    """An image branch that looks at each file once, and anew where it has changed."""

    def __init__(self, branch: ImageBranch, folder: Path, artifact: Path) -> None:
        self._branch = branch
        self._memory = Remembered(folder, "photos", artifact)

    def predict(self, images: Sequence[Any], /) -> list[Shown]:
        """Answer for each photo's path, in order."""
        rows = self._memory.ask(images, file_state, self._compute)
        return [Shown(_unpack(row[1:]), float(row[0])) for row in rows]

    def _compute(self, images: list[Any]) -> list[np.ndarray]:
        seen = self._branch.predict(images)
        return [np.array([one.in_scope, *_pack(one.attributes)]) for one in seen]


class RememberingTexts:
    """A text branch that reads each pair of title and description once; evidence is not kept."""

    def __init__(self, branch: TextBranch, folder: Path, artifact: Path) -> None:
        self._branch = branch
        self._memory = Remembered(folder, "texts", artifact)

    def predict(self, texts: Sequence[tuple[str, str]], /) -> list[dict[str, Prediction]]:
        """Answer for each (title, description), in order."""
        rows = self._memory.ask(texts, _digest, self._compute)
        return [_unpack(row, evidence=()) for row in rows]

    def _compute(self, texts: list[tuple[str, str]]) -> list[np.ndarray]:
        return [np.array(_pack(said)) for said in self._branch.predict(texts)]


def remembered(folder: Path) -> tuple[RememberingImages, RememberingTexts]:
    """Return the released branches with their memory under `folder`."""
    from text.tagger import ARTIFACT as TEXT
    from text.tagger import TextTagger
    from vision.tagger import ARTIFACT as VISION
    from vision.tagger import ImageTagger

    images = RememberingImages(ImageTagger.load(VISION), folder, VISION)
    return images, RememberingTexts(TextTagger.load(TEXT), folder, TEXT)


def _version(artifact: Path) -> str:
    """Return 16 hex digits of an artifact and of its package's modules."""
    parts = [artifact / MANIFEST, *sorted(artifact.parent.glob("*.py"))]
    return hashlib.sha256("".join(map(sha256, parts)).encode()).hexdigest()[:16]


def _digest(text: tuple[str, str]) -> str:
    return hashlib.sha256("\0".join(text).encode()).hexdigest()[:24]


def _pack(answers: Mapping[str, Prediction]) -> list[float]:
    """Return all probabilities, then per attribute the value's number (-1: none), confidences."""
    tables = [p for name in ATTRIBUTES for p in answers[name].probabilities.values()]
    said = [
        -1.0 if (value := answers[name].value) is None else float(VALUES[name].index(value))
        for name in ATTRIBUTES
    ]
    return [*tables, *said, *(answers[name].confidence for name in ATTRIBUTES)]


def _unpack(row: np.ndarray, evidence: tuple[()] | None = None) -> dict[str, Prediction]:
    tables = np.split(row[: ENDS[-1]], ENDS[:-1])
    said, sure = np.split(row[ENDS[-1] :], 2)
    return {
        name: Prediction(
            None if said[i] < 0 else VALUES[name][int(said[i])],
            float(sure[i]),
            dict(zip(VALUES[name], map(float, tables[i]), strict=True)),
            evidence,
        )
        for i, name in enumerate(ATTRIBUTES)
    }
