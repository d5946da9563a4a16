"""Texts written to mislead: the challenge set, read, judged and scored by kind.

One half was tuned on ("tune"), the other ("frozen") never looked at before a figure was made.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.table import NOT_STATED
from text.reading import Reading

CHALLENGE = Path(__file__).parent / "text_challenge.jsonl"


@dataclass(frozen=True, slots=True)
class Challenge:
    """One text and what should be read in it.

    `states` holds the right answer per judged attribute, `a/b` where either is right; `contradicts`
    the attributes stated twice; `colors` the hues named, None where that is not judged; `english`
    is False where the text is in another language.
    """

    id: str
    kind: str
    half: str  # "tune" or "frozen"
    title: str
    description: str
    states: Mapping[str, str]
    contradicts: Sequence[str] = ()
    colors: Sequence[str] | None = None
    english: bool = True


def read_challenge(path: Path = CHALLENGE) -> list[Challenge]:
    """Return the texts of the set in its order."""
    return [Challenge(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def mistakes(wanted: Challenge, found: Reading) -> list[str]:
    """Return in words what is wrong with a reading; empty where everything judged is right."""
    out = []
    for name, right in wanted.states.items():
        said = found.answers[name].value or NOT_STATED
        if said not in right.split("/"):
            out.append(f"{name}: {said} instead of {right}")
    reported = {c.attribute for c in found.contradictions}
    out += [f"{name}: no contradiction seen" for name in set(wanted.contradicts) - reported]
    hues = {color.hue for color in found.colors}
    if wanted.colors is not None and hues != set(wanted.colors):
        out.append(f"colors: {sorted(hues)} instead of {sorted(wanted.colors)}")
    if bool(found.foreign) == wanted.english:
        out.append(f"language: {dict(found.foreign)}")
    return out


def by_kind(texts: Sequence[Challenge], right: Sequence[bool]) -> dict[str, dict[str, Any]]:
    """Return n and the share right of each kind and of all, with Wilson's 95 % interval."""
    from scipy.stats import binomtest

    kinds: dict[str, list[bool]] = {}
    for text, good in zip(texts, right, strict=True):
        kinds.setdefault(text.kind, []).append(good)
    kinds["all"] = list(right)
    out = {}
    for kind, good in kinds.items():
        interval = binomtest(sum(good), len(good)).proportion_ci(method="wilson")
        out[kind] = {
            "n": len(good),
            "right": sum(good),
            "share": round(sum(good) / len(good), 4),
            "low": round(float(interval.low), 4),
            "high": round(float(interval.high), 4),
        }
    return out
