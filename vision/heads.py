"""The network's heads and their class order: the five attributes and what a photo can show."""

from __future__ import annotations

from data.taxonomy import VALUES

# These are no attributes. `scope` answers whether the photo shows upper or bottom wear at all;
# `length_shown` whether it shows where the sleeves or legs end, as a close-up of a collar does not.
SCOPE = ("in", "out")
LENGTH_SHOWN = ("shown", "hidden")
HEADS: dict[str, tuple[str, ...]] = {**VALUES, "scope": SCOPE, "length_shown": LENGTH_SHOWN}
