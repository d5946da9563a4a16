"""Which photo of a listing is of another garment, where words and fields can tell."""

from __future__ import annotations

from math import log

from data.taxonomy import ATTRIBUTES
from fusion.evidence import Fields
from vision.combine import LEAST, Answers, Seen, garments
from vision.listing import Shown


def odd_photo(shown: Shown, fields: Fields, said: Answers) -> int | None:
    """Return the place, from 0, of the photo that looks like another garment, None where all fit.

    Of two garments the photos alone cannot tell which is for sale: it is the one that fields and
    words fit less. Where these tell nothing it is the second: a listing leads with its garment.
    """
    compared = garments(shown.seen)
    if shown.odd is None or len(compared) != 2:
        return shown.odd
    claims = {
        (name, value)
        for name in ATTRIBUTES
        for value in (fields.get(name), said[name].value)
        if value is not None
    }
    first, second = (_support(shown.seen[place], claims) for place in compared)
    return compared[0 if first < second else 1]


def _support(seen: Seen, claims: set[tuple[str, str]]) -> float:
    """Return the log of the chance a photo gives to what is claimed."""
    return sum(log(max(seen.attributes[n].probabilities[v], LEAST)) for n, v in sorted(claims))
