"""Groups of duplicates, and names for them that added data does not change."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from data.groups import group_names, name_key

_KEYS = st.lists(st.sampled_from("abcdef"), max_size=12)


def test_equal_brand_and_name_share_a_key_whatever_their_spelling():
    assert name_key("LEVI'S", "Levi's Men  Blue Jeans", "1") == name_key(
        "Levi's", "Levi's men blue-jeans", "2"
    )
    assert name_key("Levis", "Blue Jeans", "1") != name_key("Lee", "Blue Jeans", "1")


def test_listings_without_a_name_are_alone():
    assert name_key("", "", "1") != name_key("", " - ", "2")


def test_a_shared_photo_joins_two_names_through_a_third_row():
    assert group_names(["b", "a", "b", "c"], [(1, "photo"), (2, "photo")]) == ["a", "a", "a", "c"]


@given(_KEYS, st.lists(st.tuples(st.integers(0, 11), st.integers(0, 4)), max_size=12))
def test_rows_are_in_one_group_exactly_when_names_or_links_connect_them(keys, links):
    links = [(row, link) for row, link in links if row < len(keys)]
    names = group_names(keys, links)
    joined = {row: {row} for row in range(len(keys))}
    things = [(row, ("key", key)) for row, key in enumerate(keys)] + links
    for row, thing in things:
        for other, same in things:
            if thing == same and joined[row] is not joined[other]:
                joined[row] |= joined[other]
                for member in joined[other]:
                    joined[member] = joined[row]
    for row in range(len(keys)):
        for other in range(len(keys)):
            assert (names[row] == names[other]) == (other in joined[row])


@given(_KEYS, st.lists(st.tuples(st.integers(0, 11), st.integers(0, 4)), max_size=8), _KEYS)
def test_rows_added_without_a_link_rename_no_group(keys, links, added):
    links = [(row, link) for row, link in links if row < len(keys)]
    assert group_names([*keys, *added], links)[: len(keys)] == group_names(keys, links)
