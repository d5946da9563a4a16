"""The frontier: pages filed once, handed out once, and nothing lost by a kill."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.crawl_frontier import OK, Frontier, Page
from data.errors import InvalidTable


def opened(tmp_path, **options) -> Frontier:
    frontier = Frontier(tmp_path / "job" / "frontier.sqlite", **options)
    frontier.begin()
    return frontier


def taken(frontier: Frontier) -> list[str]:
    return [page.url for page in iter(frontier.take, None)]


def test_a_page_is_filed_once_and_products_come_first(tmp_path):
    frontier = opened(tmp_path)
    assert frontier.add([Page("a"), Page("p", priority=1), Page("b"), Page("a")]) == 3
    assert frontier.add([Page("p")]) == 0
    assert frontier.waiting == 3
    assert taken(frontier) == ["p", "a", "b"]
    assert frontier.waiting == 0


def test_what_was_under_way_or_bad_luck_is_tried_again_after_a_kill(tmp_path):
    frontier = opened(tmp_path)
    frontier.add([Page(name) for name in ("done", "under way", "timeout", "gone", "waiting")])
    pages = {page.url: page for page in (frontier.take() for _ in range(4))}
    for name, ending in (("done", OK), ("timeout", "timeout"), ("gone", "http 404")):
        frontier.finish(pages[name].id, ending)
    # A killed process closes nothing: the next one opens the same file.
    again = Frontier(tmp_path / "job" / "frontier.sqlite")
    assert again.begin()
    assert again.run == frontier.run
    assert sorted(taken(again)) == ["timeout", "under way", "waiting"]


def test_a_whole_run_is_followed_by_a_new_one_that_keeps_photos(tmp_path):
    frontier = opened(tmp_path)
    frontier.add([Page("a")])
    frontier.finish(frontier.take().id, OK)
    frontier.keep_photo("1.jpg", {"sha256": "x"}, OK)
    frontier.note("odd")
    frontier.sample({"seconds": 1}, finished=True)
    frontier.close()
    again = Frontier(tmp_path / "job" / "frontier.sqlite")
    assert not again.begin()
    assert (again.waiting, again.endings(), again.notes(), again.starts()) == (0, {}, {}, [{}])
    run, stored, ending = again.photo("1.jpg")
    assert (stored, ending) == ({"sha256": "x"}, OK)
    assert run < again.run
    assert again.photo_endings() == {}


def test_the_first_ending_stays_and_endings_are_counted(tmp_path):
    frontier = opened(tmp_path)
    frontier.add([Page("a"), Page("b"), Page("c")])
    first = frontier.take()
    frontier.finish(first.id, "http 404")
    frontier.finish(first.id, OK)
    frontier.finish_taken("off")
    assert frontier.endings() == {"off": 2, "http 404": 1}


def test_no_more_pages_are_filed_than_allowed(tmp_path):
    frontier = opened(tmp_path, most=2)
    assert frontier.add([Page("a"), Page("b"), Page("c")]) == 2
    assert frontier.notes() == {"pages over the limit": 1}


def test_a_file_that_is_something_else_is_told(tmp_path):
    (tmp_path / "frontier.sqlite").write_text("notes of mine, " * 100)
    with pytest.raises(InvalidTable, match="is no state of a crawl"):
        Frontier(tmp_path / "frontier.sqlite")


@settings(max_examples=20)  # each opens two files
@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.booleans()), max_size=30))
def test_after_any_work_and_a_kill_every_page_is_done_or_waiting(tmp_path_factory, work):
    folder = tmp_path_factory.mktemp("frontier")
    frontier = opened(folder)
    done = set()
    for name, finish in work:
        frontier.add([Page(name)])
        page = frontier.take()
        if page and finish:
            frontier.finish(page.id, OK)
            done.add(page.url)
    again = Frontier(folder / "job" / "frontier.sqlite")
    again.begin()
    assert set(taken(again)) == {name for name, _ in work} - done
