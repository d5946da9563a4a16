"""What a report notes beside its verdicts: photos to take again, words that quarrel, languages.

Standard library only, as `data.schema`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from data.schema import Span

# What a seller can mend about a photo; photos are flagged in this order.
PHOTO_ADVICE = {
    "too_small": "is very small: upload it in its full size.",
    "too_dark": "is too dark: take it by a window or with more light.",
    "overexposed": "is overexposed: turn the flash off or step out of the sun.",
    "blurry": "is blurry: hold the camera still and tap on the garment to focus.",
    "mostly_background": "shows the garment small: step closer.",
    "text_over_photo": "is partly covered by text: upload it without words or a watermark.",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One value and the words that state it."""

    value: str
    evidence: tuple[Span, ...]

    def to_json(self) -> dict[str, Any]:
        return {"value": self.value, "evidence": [span.to_json() for span in self.evidence]}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two or more values stated of one attribute, the surest first."""

    attribute: str
    said: tuple[Statement, ...]

    def to_json(self) -> dict[str, Any]:
        return {"attribute": self.attribute, "said": [s.to_json() for s in self.said]}


@dataclass(frozen=True, slots=True)
class NamedColor:
    """A color the words give the garment: its hue (`data.hues.HUES`) and where it is named."""

    hue: str
    span: Span

    def to_json(self) -> dict[str, Any]:
        return {"hue": self.hue, **self.span.to_json()}


@dataclass(frozen=True, slots=True)
class Remarks:
    """What photos and words of one listing are like, apart from its fields.

    `quality`: per photo, keys of PHOTO_ADVICE. `odd_photo`: the number, from 1, of the photo that
    looks like another garment. `no_garment`: the numbers of those that show neither upper nor
    bottom wear where others do. `hidden`: "sleeves" or "legs" where no photo of a garment shows
    where they end. `foreign`: language of a text ("title", "description") that was not read
    because it is not English.
    """

    quality: tuple[tuple[str, ...], ...] = ()
    odd_photo: int | None = None
    no_garment: tuple[int, ...] = ()
    hidden: str | None = None
    contradictions: tuple[Contradiction, ...] = ()
    colors: tuple[NamedColor, ...] = ()
    foreign: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "quality": [list(flags) for flags in self.quality],
            "odd_photo": self.odd_photo,
            "no_garment": list(self.no_garment),
            "hidden": self.hidden,
            "contradictions": [c.to_json() for c in self.contradictions],
            "colors": [color.to_json() for color in self.colors],
            "foreign": dict(self.foreign),
        }


def advice(remarks: Remarks) -> Iterator[str]:
    """Say in one sentence each what a seller should look at, the photos first."""
    many = len(remarks.quality) > 1
    for number, flags in enumerate(remarks.quality, start=1):
        for flag in flags:
            yield f"{f'Photo {number}' if many else 'The photo'} {PHOTO_ADVICE[flag]}"
    if remarks.hidden is not None:
        which = "No photo shows" if many else "The photo does not show"
        yield f"{which} where the {remarks.hidden} end: add one of the whole garment."
    if remarks.odd_photo is not None:
        yield (
            f"Photo {remarks.odd_photo} looks like another garment than the others: keep it only "
            "if it belongs to this listing."
        )
    if remarks.no_garment:
        yield _no_garment(remarks.no_garment)
    for found in remarks.contradictions:
        said = " but ".join(_quoted(statement) for statement in found.said)
        yield f"The words contradict themselves in {found.attribute}: {said}."
    for where, language in remarks.foreign.items():
        yield f"The {where} is not in English ({language}), so it was not read."


def _no_garment(numbers: tuple[int, ...]) -> str:
    if len(numbers) == 1:
        which, it = f"Photo {numbers[0]} shows", "it"
    else:
        *first, last = numbers
        which, it = f"Photos {', '.join(map(str, first))} and {last} show", "them"
    return f"{which} no upper or bottom wear: keep {it} only if this listing needs {it}."


def _quoted(statement: Statement) -> str:
    words = dict.fromkeys(" ".join(span.text.split()) for span in statement.evidence)
    return ", ".join(f"“{word}”" for word in words)
