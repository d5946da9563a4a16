"""The network's heads and their class order: the five attributes and whether it is a garment."""

from __future__ import annotations

from data.taxonomy import VALUES

# `scope` is no attribute: it answers whether the photo shows upper or bottom wear at all.
SCOPE = ("in", "out")
HEADS: dict[str, tuple[str, ...]] = {**VALUES, "scope": SCOPE}
