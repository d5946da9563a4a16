"""Files of listings answered line by line: read once, so that a pipe will do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click import BadParameter

from data.errors import InvalidTable
from data.jsonl import answer_file, folder_of
from data.schema import Listing
from tests.conftest import piped

LINES = b"".join(b'{"listing_id": "A-%d"}\n' % n for n in range(3))
WORDS = ("title", "description")


def ids(listings: Sequence[Listing]) -> list[dict[str, str]]:
    return [{"listing_id": listing.listing_id} for listing in listings]


def test_a_pipe_is_answered_whole(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert answer_file(piped(tmp_path / "pipe", LINES), out, ids, keys=WORDS) == (3, 0)
    assert [json.loads(line)["listing_id"] for line in out.open()] == ["A-0", "A-1", "A-2"]


def test_listings_that_change_while_they_are_read_are_no_success(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"

    def shrinking(listings: Sequence[Listing]) -> list[dict[str, str]]:
        source.write_bytes(b"")
        return ids(listings)

    source.write_bytes(b'{"listing_id": "B"}\n' * 10_000)  # more than one buffer of the reader
    with pytest.raises(InvalidTable, match="held 10000 listings at first"):
        answer_file(source, out, shrinking, keys=WORDS)
    assert not out.exists()


def test_listings_are_never_overwritten_by_their_answers(tmp_path: Path) -> None:
    source, link = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(LINES)
    link.symlink_to(source)
    for out in (source, link):
        with pytest.raises(BadParameter, match="would be overwritten"):
            answer_file(source, out, ids, keys=WORDS)
    assert source.read_bytes() == LINES


def test_photos_of_a_pipe_are_looked_for_from_the_current_folder() -> None:
    assert folder_of(Path("/dev/stdin")) == folder_of(Path("/dev/fd/63")) == Path()
    memory = Path("/dev", "shm")
    assert folder_of(memory / "in.jsonl") == memory
    assert folder_of(Path("shop/in.jsonl")) == Path("shop")
