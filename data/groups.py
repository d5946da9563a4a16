"""Grouping duplicates: what shares a photo, or brand and name, is one group (union-find)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from data.taxonomy import normalize


def name_key(brand: str, name: str, listing_id: str) -> str:
    """Return the key that equal products share: `"levis|levis women blue jeans"`.

    A listing without a name has only itself: `"id|<listing_id>"`.
    """
    words = normalize(name)
    return f"{normalize(brand)}|{words}" if words else f"id|{listing_id}"


def group_names(keys: Sequence[str], links: Iterable[tuple[int, Hashable]]) -> list[str]:
    """Join rows that share a name key or a link and return one group name per row.

    `keys` has a name key per row; `links` are pairs of row and anything rows can share (the
    content of a photo). A group is named by the smallest name key in it: a product added under
    a known name renames no group, whatever its number.
    """
    parent = list(range(len(keys)))

    def root(row: int) -> int:
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    first: dict[Hashable, int] = {}
    by_name = ((row, ("name", key)) for row, key in enumerate(keys))
    for pairs in (by_name, links):
        for row, link in pairs:
            parent[root(row)] = root(first.setdefault(link, row))
    names: dict[int, str] = {}
    for row, key in enumerate(keys):
        at = root(row)
        names[at] = min(names.get(at, key), key)
    return [names[root(row)] for row in range(len(keys))]
