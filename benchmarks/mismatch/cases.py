"""The benchmark's listings: annotated garments, as they are and spoiled in known ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.mismatch.phrases import edited
from data.schema import MAX_TEXT
from data.taxonomy import ATTRIBUTES, VALUES, WEAR_OF

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("clean", "field", "photo", "description", "phrase")
Fields = Mapping[str, str | None]
Confusions = Mapping[str, np.ndarray]  # of training.fusion_fit.confusions, by attribute


@dataclass(frozen=True, slots=True)
class Case:
    """One listing and what is wrong with it.

    base: the annotated product or photo it was made of. wrong: the attributes whose field is not
    what the photo shows. odd_one_out: field, image or text, None for a clean one; of `attribute`
    where one is named, else of the listing as a whole.
    """

    listing_id: str
    base: str
    group: str
    source: str
    kind: str
    image: str
    title: str
    description: str
    fields: Fields
    attribute: str | None = None
    wrong: tuple[str, ...] = ()
    odd_one_out: str | None = None

    def listing(self) -> dict[str, Any]:
        """Return the input line a scorer sees."""
        return {
            "listing_id": self.listing_id,
            "images": [str(Path(self.image).resolve())],
            "title": self.title,
            "description": self.description,
            "fields": dict(self.fields),
        }

    def truth(self) -> dict[str, Any]:
        """Return what is known of it, for the one who measures."""
        names = ("listing_id", "base", "group", "source", "kind", "attribute", "wrong")
        return {name: getattr(self, name) for name in names} | {"odd_one_out": self.odd_one_out}


def build(table: pd.DataFrame, confusions: Confusions, *, seed: int) -> list[Case]:
    """Return the cases of every row of `training.fusion.load_annotated`'s table.

    Per row: the clean listing, whose fields are what the annotator saw; one wrong field for each
    attribute judged, drawn from what sellers confuse; another row's photo; and, where there are
    words, another row's description, and an edited phrase where one states a value.
    """
    random = np.random.default_rng(seed)
    rows = table.sort_values(["source", "listing_id"]).to_dict("records")
    clean = [_clean(row) for row in rows]
    found = []
    for case in clean:
        others = [c for c in clean if c.source == case.source and c.group != case.group]
        other = others[int(random.integers(len(others)))]
        found += [case, *_wrong_fields(case, confusions, random), _swapped_photo(case, other)]
        if case.description:
            found += [*_swapped_description(case, other), *_edited_phrase(case, random)]
    return found


def _clean(row: Mapping[str, Any]) -> Case:
    base = f"{row['source']}-{row['listing_id']}"
    return Case(
        listing_id=f"{base}-clean",
        base=base,
        group=row["group"],
        source=row["source"],
        kind="clean",
        image=row["image"],
        title=row["title"],
        description=row["description"][:MAX_TEXT],
        fields={name: row[f"true_{name}"] for name in ATTRIBUTES},
    )


def _wrong_fields(
    case: Case, confusions: Confusions, random: np.random.Generator
) -> Iterator[Case]:
    for name in ATTRIBUTES:
        true = case.fields[name]
        if true is None:
            continue
        share = confusions[name][VALUES[name].index(true)]
        fields = {**case.fields, name: str(random.choice(VALUES[name], p=share))}
        if name == "wear":  # or the vocabulary would refuse the listing before any model
            fields |= dict.fromkeys(WEAR_OF)
        yield replace(
            case,
            listing_id=f"{case.base}-field-{name}",
            kind="field",
            attribute=name,
            fields=fields,
            wrong=(name,),
            odd_one_out="field",
        )


def _swapped_photo(case: Case, other: Case) -> Case:
    judged = [n for n in ATTRIBUTES if case.fields[n] and other.fields[n]]
    return replace(
        case,
        listing_id=f"{case.base}-photo",
        kind="photo",
        image=other.image,
        fields={n: case.fields[n] if n in judged else None for n in ATTRIBUTES},
        wrong=tuple(n for n in judged if case.fields[n] != other.fields[n]),
        odd_one_out="image",
    )


def _swapped_description(case: Case, other: Case) -> Iterator[Case]:
    if other.description:
        yield replace(
            case,
            listing_id=f"{case.base}-description",
            kind="description",
            description=other.description,
            odd_one_out="text",
        )


def _edited_phrase(case: Case, random: np.random.Generator) -> Iterator[Case]:
    for name in ("length", "pattern"):
        words = edited(name, (case.title, case.description), case.fields[name], random)
        if words is not None:
            yield replace(
                case,
                listing_id=f"{case.base}-phrase-{name}",
                kind="phrase",
                attribute=name,
                title=words[0],
                description=words[1],
                odd_one_out="text",
            )


def confusions_of(table: pd.DataFrame) -> Confusions:
    """Return what sellers confuse, from every row outside the test split."""
    from training.fusion_fit import confusions

    known = table[table["split"] != "test"]
    return {
        name: confusions(
            list(zip(known[f"true_{name}"], known[f"field_{name}"], strict=True)), name
        )
        for name in ATTRIBUTES
    }
