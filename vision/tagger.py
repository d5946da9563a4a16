"""What a photo shows: the released network behind two methods, without TensorFlow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from data.artifact import MANIFEST, load_manifest
from data.errors import ArtifactError
from data.images import Source
from data.schema import Prediction
from data.taxonomy import ATTRIBUTES, VALUES, WEAR_OF, WEARS
from vision.domain import DOMAINS, domain_of
from vision.heads import HEADS, SCOPE
from vision.preprocess import by_shape, to_pixels

ARTIFACT = Path(__file__).parent / "artifact"
CLEAR_WEAR = ("share", "bias")  # of `with_clear_wear`, in the manifest
BATCH = 16  # most photos a network call: past 16 the two-core throughput no longer grows


@dataclass(frozen=True, slots=True)
class ImageResult:
    """What one photo shows.

    attributes: an answer each; the length's value is None also where the photo does not show where
        sleeves or legs end.
    in_scope: calibrated probability in [0, 1] that it shows upper or bottom wear.
    maps: per head the class map, float32 (rows, columns, classes); its mean over the positions
        is the head's logits, so it tells exactly where the answer comes from.
    """

    attributes: Mapping[str, Prediction]
    in_scope: float
    maps: Mapping[str, np.ndarray]


class ImageTagger:
    """Answers the five attributes for photos; safe to share between threads."""

    def __init__(self, session: Any, manifest: Mapping[str, Any]) -> None:
        self._session = session
        raw = manifest["temperature"]
        self._temperature = {d: {head: float(raw[d][head]) for head in HEADS} for d in DOMAINS}
        self._scope_threshold = {d: float(manifest["scope_threshold"][d]) for d in DOMAINS}
        self._shown_threshold = float(manifest["shown_threshold"])
        self._clear_wear = tuple(float(manifest["clear_wear"][name]) for name in CLEAR_WEAR)

    @classmethod
    def load(cls, folder: Path = ARTIFACT, *, threads: int = 0) -> ImageTagger:
        """Load an artifact folder; `threads` 0 takes all cores. Raises ArtifactError."""
        manifest = load_manifest(folder)
        session = open_session(folder / "model.onnx", threads=threads)
        sides = session.get_inputs()[0].shape[1:3]
        if any(isinstance(side, int) for side in sides):
            raise ArtifactError(
                f"{folder} takes photos of {sides} alone, no landscape ones: train it anew."
            )
        try:
            return cls(session, manifest)
        except (KeyError, TypeError, ValueError) as error:
            raise ArtifactError(
                f"{folder / MANIFEST} cannot be used: temperatures and scope thresholds are wanted "
                f"by domain ({', '.join(DOMAINS)}), one shown_threshold, and of clear_wear "
                f"{' and '.join(CLEAR_WEAR)}: {error!r}."
            ) from None

    def predict(self, images: Sequence[Source]) -> list[ImageResult]:
        """Answer for each photo, in order. Raises UnreadableImage for the first that is none."""
        results: list[ImageResult] = []
        for start in range(0, len(images), BATCH):
            pixels = [to_pixels(image) for image in images[start : start + BATCH]]
            results += self.predict_pixels(pixels)
        return results

    def predict_pixels(self, pixels: Sequence[np.ndarray]) -> list[ImageResult]:
        """Answer for photos already preprocessed, each uint8 (h, w, 3) of `to_pixels`."""
        results: dict[int, ImageResult] = {}
        for places, batch in by_shape(pixels):
            domains = [domain_of(photo) for photo in batch]
            results |= zip(places.tolist(), self._results(self.maps(batch), domains), strict=True)
        return [results[place] for place in range(len(pixels))]

    def maps(self, pixels: np.ndarray) -> dict[str, np.ndarray]:
        """Run the network: uint8 (n, h, w, 3) to `{head: class map float32 (n, h', w', k)}`."""
        outputs = self._session.run(list(HEADS), {"pixels": pixels})
        return dict(zip(HEADS, outputs, strict=True))

    def _results(self, maps: dict[str, np.ndarray], domains: list[str]) -> Iterator[ImageResult]:
        raw = {head: m.mean(axis=(1, 2)) for head, m in maps.items()}
        logits = with_clear_wear(raw, *self._clear_wear)
        for head in HEADS:
            temperature = np.array([[self._temperature[domain][head]] for domain in domains])
            logits[head] = logits[head] / temperature.astype(np.float32)
        table = probabilities(logits)
        for row, domain in enumerate(domains):
            own = {head: values[row] for head, values in table.items()}
            yield self._result(own, {head: m[row] for head, m in maps.items()}, domain)

    def _result(
        self, table: dict[str, np.ndarray], maps: dict[str, np.ndarray], domain: str
    ) -> ImageResult:
        in_scope = float(table["scope"][0])
        garment = in_scope >= self._scope_threshold[domain]
        # What a garment shows of each: a close-up has its color, and may lack its sleeves.
        seen = dict.fromkeys(ATTRIBUTES, 1.0) | {"length": float(table["length_shown"][0])}
        attributes = {
            name: _prediction(
                VALUES[name],
                table[name],
                in_scope * seen[name],
                garment and seen[name] >= self._shown_threshold,
            )
            for name in ATTRIBUTES
        }
        return ImageResult(attributes, in_scope, maps)


def open_session(model: Path | bytes, *, threads: int = 0) -> Any:
    """Open a network in ONNX Runtime as serving does; `threads` 0 takes all cores."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Spinning threads would eat the second core between requests.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    graph = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def with_clear_wear(
    logits: Mapping[str, np.ndarray], share: float, bias: float
) -> dict[str, np.ndarray]:
    """Let the scope hear how clearly a photo shows one of the two wear types.

    logits: {head: (n, k)}. Returns them with `share` times the distance of the wear's logits, and
    `bias`, added to the scope's "in". Nothing out of scope has taught a wear, so of a cat or a pier
    the network doubts it even where its scope head takes it for a garment (the maximum logit:
    Hendrycks et al. 2022, arXiv 1911.11132).
    """
    clear = np.abs(np.diff(logits["wear"], axis=1))[:, 0]
    scope = logits["scope"].copy()
    scope[:, SCOPE.index("in")] += (share * clear + bias).astype(scope.dtype)
    return {**logits, "scope": scope}


def probabilities(logits: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Turn calibrated logits (..., k) into probabilities that sum to 1 over each head's values.

    Item and length are answered in two steps, P(wear) x P(value | wear), so that they cannot
    contradict the wear type.
    """
    table = {head: softmax(values) for head, values in logits.items()}
    for head, wear_of in WEAR_OF.items():
        owner = np.array([WEARS.index(wear_of[value]) for value in VALUES[head]])
        for index in range(len(WEARS)):
            mine = owner == index
            given_wear = softmax(logits[head][..., mine])
            table[head][..., mine] = given_wear * table["wear"][..., index : index + 1]
    return table


def softmax(logits: np.ndarray) -> np.ndarray:
    """Softmax over the last axis, safe against overflow."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def _prediction(values: Sequence[str], table: np.ndarray, chance: float, shown: bool) -> Prediction:
    """Answer with the likeliest value if `shown`; chance: that the photo shows any of them."""
    best = int(table.argmax())
    return Prediction(
        value=values[best] if shown else None,
        confidence=float(table[best]) * chance if shown else 1.0 - chance,
        probabilities=dict(zip(values, table.tolist(), strict=True)),
    )
