"""Calibrating, measuring and describing the text artifact, from its released files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from data.artifact import save_manifest, sha256
from data.table import LISTINGS, NOT_STATED, read_table
from data.taxonomy import ATTRIBUTES, VALUES
from text.lexicon import LABELS
from text.pooling import BIASES, HEADS
from text.rules import find
from text.tagger import MODEL, TextTagger
from text.verdicts import stated
from training.metrics import score
from training.provenance import commit, data_hash, versions
from training.text_calibration import fit_temperatures
from training.text_data import calibrates, judged_texts
from training.text_pieces import Sample

SHOPS = ("catalogue", "descriptions")
PACKAGES = ("keras", "keras-nlp", "tensorflow", "tokenizers", "transformers", "onnx", "nltk")
Brands = dict[tuple[str, str], str]


def release(out: Path, tables: Path, brands: Brands, made: dict[str, Any]) -> dict[str, Any]:
    """Write the manifest of the model and tokenizer in `out`: calibrated, then measured.

    `made` holds seed, command and not_stated_bias; returns the whole manifest.
    """
    version = f"text-{sha256(out / MODEL)[:12]}"
    manifest = {
        "version": version,
        **made,
        **_described(tables),
        "temperature": dict.fromkeys(HEADS, 1.0),
    }
    save_manifest(out, manifest)  # uncalibrated: the tagger that calibrates it loads it first
    bias = np.array([made["not_stated_bias"][head] for head in BIASES])
    manifest["temperature"] = _temperatures(out, tables, brands, bias)
    save_manifest(out, manifest)
    manifest["metrics"] = _measured(out, tables, brands)
    save_manifest(out, manifest)
    return manifest


def _described(tables: Path) -> dict[str, Any]:
    texts = read_table(tables / "annotations" / "texts.parquet", "texts")
    return {
        "commit": commit(),
        "data": {
            **{shop: data_hash(read_table(tables / shop / LISTINGS)) for shop in SHOPS},
            # Of what is learned from: judging more texts to measure by changes nothing of it.
            "texts": data_hash(texts[texts["split"] != "test"]),
        },
        "versions": versions(*PACKAGES),
        "labels": list(LABELS),
    }


def _temperatures(out: Path, tables: Path, brands: Brands, bias: np.ndarray) -> dict[str, float]:
    """Fit on the annotated texts of the validation split and those of train that nothing was
    trained on: the rules' labels are too like the network's answers to tell how often it errs."""
    judged = [
        pair
        for split in ("train", "validation")
        for pair in judged_texts(tables / "annotations", brands, [split])
        if split == "validation" or calibrates(pair[1]["group"])
    ]
    pooled = TextTagger.load(out).pooled([(row["title"], row["description"]) for _, row in judged])
    return fit_temperatures(pooled, _allowed([sample for sample, _ in judged]), bias)


def _allowed(samples: Sequence[Sample]) -> dict[str, np.ndarray]:
    rows: dict[str, list[list[bool]]] = {name: [] for name in ATTRIBUTES}
    for sample in samples:
        for name in ATTRIBUTES:
            right = sample.answers.get(name)
            rows[name].append([right is None or v in right for v in (NOT_STATED, *VALUES[name])])
    return {name: np.array(found, np.float32) for name, found in rows.items()}


def _measured(out: Path, tables: Path, brands: Brands) -> dict[str, Any]:
    """Measure the released files on the annotated texts, beside the rules alone."""
    tagger = TextTagger.load(out)
    report: dict[str, Any] = {}
    for split in ("validation", "test"):
        judged = judged_texts(tables / "annotations", brands, [split])
        read = tagger.predict([(row["title"], row["description"]) for _, row in judged])
        said = [{name: found[name].value for name in ATTRIBUTES} for found in read]
        sure = [{name: found[name].confidence for name in ATTRIBUTES} for found in read]
        model, rules = (
            figures(judged, said, sure),
            figures(judged, [by_rules(r) for _, r in judged]),
        )
        report[split] = {n: {"model": model[n], "rules": rules[n]} for n in ATTRIBUTES}
    return report


def figures(
    judged: Sequence[tuple[Sample, dict[str, Any]]],
    said: Sequence[Mapping[str, str | None]],
    sure: Sequence[Mapping[str, float]] | None = None,
) -> dict[str, dict[str, Any]]:
    """Score the answers to annotated texts by attribute."""
    return {
        name: measured_one(
            name,
            judged,
            [answers[name] or NOT_STATED for answers in said],
            None if sure is None else [confidence[name] for confidence in sure],
        )
        for name in ATTRIBUTES
    }


def measured_one(
    name: str,
    judged: Sequence[tuple[Sample, dict[str, Any]]],
    said: Sequence[str],
    sure: Sequence[float] | None = None,
) -> dict[str, Any]:
    """Score one attribute, "not stated" included; of two stated values either is right."""
    places = [i for i, (sample, _) in enumerate(judged) if name in sample.answers]
    right = [judged[i][0].answers[name] for i in places]
    answers = [said[i] for i in places]
    truth = [a if a in allowed else min(allowed) for a, allowed in zip(answers, right, strict=True)]
    groups = [judged[i][1]["group"] for i in places]
    found = score(truth, answers, groups, None if sure is None else [sure[i] for i in places])
    return {"two_values": sum(len(allowed) > 1 for allowed in right), **found.to_json()}


def by_rules(row: dict[str, Any]) -> dict[str, str | None]:
    """The rules alone, as they would serve: they are not told the brand."""
    hits = find(row["title"], row["description"])
    return {name: values[0] if values else None for name, values in stated(hits).items()}
