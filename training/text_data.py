"""From tables to training arrays: rule-labelled shop texts, judged texts, made-up texts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from data.table import NOT_STATED, OUT_OF_SCOPE, read_table
from data.taxonomy import ATTRIBUTES, VALUES
from text.clean import about_garment
from text.encode import WINDOW, encode
from text.hits import Hit
from text.lexicon import LABELS
from text.rules import find
from text.verdicts import stated
from training.text_pieces import Sample, joined, pieces

if TYPE_CHECKING:
    import pandas as pd
    from tokenizers import Tokenizer

INDEX = {label: number for number, label in enumerate(LABELS)}
# Which attributes' answers a label bears on: where a person contradicts the rules, the labels of
# that attribute are not judged.
BEARS_ON = {"item": "item", "other": "item", "wear": "wear", "length": "length",
            "pattern": "pattern", "hue": "color", "color": "color"}  # fmt: skip


@dataclass(slots=True)
class Arrays:
    """ids, places (n, WINDOW); `spans[i]` rows of (token, label, value) that differ from 0;
    `allowed[attribute]` (n, 1 + values) float32, 1 for every right answer, first "not stated"."""

    ids: np.ndarray
    places: np.ndarray
    spans: list[np.ndarray]
    allowed: dict[str, np.ndarray]


def shop_samples(folder: Path, splits: Sequence[str], at_most: int | None = None) -> list[Sample]:
    """Return the texts of a listings table labelled by the rules, one per different text;
    `at_most` so many, drawn with a fixed seed."""
    frame = read_table(folder / "listings.parquet")
    frame = frame[frame["split"].isin(splits)].drop_duplicates(["title", "description"])
    if at_most is not None:
        frame = frame.sample(min(at_most, len(frame)), random_state=1)
    return [
        _labelled(row.title, row.description, row.brand if isinstance(row.brand, str) else "", {})
        for row in frame.itertuples()
    ]


def judged_texts(folder: Path, brands: dict[tuple[str, str], str], splits: Sequence[str]) -> list:
    """Return (sample, row) of each annotated text of the splits; the sample carries its answers."""
    frame = read_table(folder / "texts.parquet", "texts")
    rows = frame[frame["split"].isin(splits)].to_dict("records")
    return [
        (
            _labelled(
                row["title"],
                row["description"],
                brands.get((row["source"], row["listing_id"]), ""),
                right_answers(row),
            ),
            row,
        )
        for row in rows
    ]


def calibrates(group: str) -> bool:
    """Tell whether an annotated text of the train split is kept from training, to calibrate with:
    a quarter of the groups, by a hash of their names."""
    return hashlib.sha256(f"calibrate {group}".encode()).digest()[0] < 64


def neutral_sentences(samples: Iterable[Sample]) -> list[str]:
    """Return the garment's sentences of real descriptions that state nothing."""
    found = []
    for sample in samples:
        text, hits = joined(sample.description, "description")
        for sentence in about_garment("", text):
            inside = any(h.start < sentence.end and sentence.start < h.end for h in hits)
            words = text[sentence.start : sentence.end].strip()
            if not inside and len(words) > 8:
                found.append(words)
    return found


def brands_of(frames: Iterable[pd.DataFrame]) -> dict[tuple[str, str], str]:
    """Return each listing's brand by (source, listing id)."""
    return {
        (row.source, row.listing_id): row.brand
        for frame in frames
        for row in frame.itertuples()
        if isinstance(row.brand, str)
    }


def right_answers(row: dict) -> dict[str, frozenset[str]]:
    """Return the right answers per judged attribute; either of two stated values is right, and
    what is neither upper nor bottom wear counts as not stated."""
    return {
        name: frozenset(
            NOT_STATED if value == OUT_OF_SCOPE else value for value in row[name].split("/")
        )
        for name in ATTRIBUTES
        if isinstance(row[name], str)
    }


def arrays(samples: Sequence[Sample], tokenizer: Tokenizer, rng: Random) -> Arrays:
    """Encode samples; of a text longer than a window one is drawn, its answers left open."""
    ids, places, spans, allowed = [], [], [], {name: [] for name in ATTRIBUTES}
    for sample in samples:
        title, hits = joined(sample.title, "title")
        description, more = joined(sample.description, "description")
        hits += more
        encoded = encode(tokenizer, title, description)
        at = rng.randrange(len(encoded.ids))
        ids.append(encoded.ids[at])
        places.append(encoded.places[at])
        answers, doubted = _answers(sample, hits)
        window = (encoded.places[at], encoded.starts[at], encoded.ends[at])
        spans.append(_spans(hits, window, doubted))
        for name in ATTRIBUTES:
            allowed[name].append(_row(name, answers[name] if len(encoded.ids) == 1 else None))
    return Arrays(
        np.stack(ids), np.stack(places), spans, {k: np.stack(v) for k, v in allowed.items()}
    )


def token_targets(spans: Sequence[np.ndarray]) -> np.ndarray:
    """Return (n, WINDOW, labels) float32 in 1, 0 and -1."""
    out = np.zeros((len(spans), WINDOW, len(LABELS)), np.float32)
    for row, found in zip(out, spans, strict=True):
        row[found[:, 0], found[:, 1]] = found[:, 2]
    return out


def _labelled(title: str, description: str, brand: str, answers: dict) -> Sample:
    hits = find(title, description, brand)
    split = {w: [h for h in hits if h.where == w] for w in ("title", "description")}
    return Sample(
        pieces(title, split["title"]), pieces(description, split["description"]), brand, answers
    )


def _answers(sample: Sample, hits: list[Hit]) -> tuple[dict[str, frozenset[str]], set[str]]:
    """Return the right answers and the attributes whose labels a person's judgment contradicts."""
    by_rule = {name: frozenset(v) or {NOT_STATED} for name, v in stated(hits).items()}
    doubted = {name for name, right in sample.answers.items() if not by_rule[name] & right}
    return {**by_rule, **sample.answers}, doubted


def _spans(hits: list[Hit], window: tuple, doubted: set[str]) -> np.ndarray:
    places, starts, ends = window
    rows = []
    for number in np.flatnonzero(places >= 0):
        where = "title" if places[number] == 0 else "description"
        for hit in hits:
            if hit.where == where and hit.start < ends[number] and starts[number] < hit.end:
                judged = BEARS_ON[hit.label.partition(":")[0]] not in doubted
                rows.append((number, INDEX[hit.label], 1 if judged else -1))
    doubted_labels = [
        i for label, i in INDEX.items() if BEARS_ON[label.partition(":")[0]] in doubted
    ]
    rows += [(n, i, -1) for n in np.flatnonzero(places >= 0) for i in doubted_labels]
    return np.array(rows, np.int16).reshape(-1, 3)


def _row(name: str, allowed: frozenset[str] | None) -> np.ndarray:
    values = (NOT_STATED, *VALUES[name])
    return np.array([allowed is None or value in allowed for value in values], np.float32)
