"""Phrases found in a text, and what only the whole text tells of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from data.taxonomy import WEAR_OF
from text.lexicon import IMPLIED


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: characters `[start, end)` of `where` state `label` (`text.lexicon.LABELS`).

    `first` and `last` are word positions in its sentence, number `sentence`.
    """

    label: str
    start: int
    end: int
    where: str
    sentence: int
    first: int
    last: int


def settled(hits: list[Hit]) -> list[Hit]:
    """Drop what only the whole text shows to be no statement: other things named in passing, leg
    lengths of what has no legs, the garment's color told a second time. Add implied lengths."""
    titled = {h.label for h in hits if h.where == "title" and h.label.startswith("item:")}
    items = titled or {h.label for h in hits if h.label.startswith("item:")}
    wears = {WEAR_OF["item"][label.partition(":")[2]] for label in items}
    out: list[Hit] = []
    for hit in hits:
        head, _, value = hit.label.partition(":")
        if head == "other" and hit.where == "title" and any(h.label in titled for h in out):
            continue  # "jeans with belt"
        if hit.label in ("other:other", "wear:set") and hit.where != "title" and hit.sentence > 1:
            continue
        if head == "length" and wears and WEAR_OF["length"][value] not in wears:
            continue
        out.append(hit)
    legs = any(WEAR_OF["length"].get(h.label.partition(":")[2]) == "bottom" for h in out)
    if not legs and "bottom" in wears:
        out += [replace(h, label=IMPLIED[h.label]) for h in out if h.label in IMPLIED]
    if len({WEAR_OF["item"][label.partition(":")[2]] for label in titled}) == 2:
        out += [
            replace(h, label="wear:set") for h in out if h.where == "title" and h.label in titled
        ]
    return _without_retold_colors(out)


def _without_retold_colors(hits: list[Hit]) -> list[Hit]:
    """Drop a lone hue that names the whole garment again ("this green kurta") after another one
    did: sellers' slips between blue and green are no second color."""
    hues = [h for h in hits if h.label.startswith("hue:")]
    garments = {(h.sentence, at) for h in hits if h.label.startswith("item:") for at in (h.first,)}
    out: list[Hit] = []
    main: set[str] = set()
    for hit in hits:
        if hit.label.startswith("hue:") and hit.where == "description":
            alone = {h.label for h in hues if h.sentence == hit.sentence} == {hit.label}
            whole = any((hit.sentence, hit.last + step) in garments for step in (1, 2, 3))
            if alone and whole and main and hit.label not in main:
                continue
            main.add(hit.label)
        out.append(hit)
    return out
