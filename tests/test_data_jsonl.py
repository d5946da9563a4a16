"""Files of listings answered line by line: read once, so that a pipe will do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click import BadParameter

from data.errors import InvalidTable
from data.jsonl import CHUNK, answer_file, folder_of
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


def test_a_feed_that_grows_while_it_is_read_is_answered(tmp_path: Path, capsys) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"

    def growing(listings: Sequence[Listing]) -> list[dict[str, str]]:
        if len(listings) == CHUNK:
            with source.open("ab") as feed:
                feed.write(LINES)
        return ids(listings)

    source.write_bytes(b'{"listing_id": "B"}\n' * CHUNK)
    assert answer_file(source, out, growing, keys=WORDS) == (CHUNK + 3, 0)
    assert len(out.read_bytes().splitlines()) == CHUNK + 3
    said = capsys.readouterr().err
    assert f"held {CHUNK} listings at first, {CHUNK + 3} were read: it grew meanwhile" in said
    answer_file(source, out, ids, keys=WORDS)
    assert "meanwhile" not in capsys.readouterr().err


def test_listings_are_never_overwritten_by_their_answers(tmp_path: Path) -> None:
    source, link = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(LINES)
    link.symlink_to(source)
    for out in (source, link):
        with pytest.raises(BadParameter, match="would be overwritten"):
            answer_file(source, out, ids, keys=WORDS)
    assert source.read_bytes() == LINES


def test_keys_that_are_not_read_are_told_with_their_number(tmp_path: Path, capsys) -> None:
    source = tmp_path / "in.jsonl"
    lines = [{"listing_id": n, "Title": "Shirt", f"{n:02}" * 60: n} for n in range(12)]
    lines[0] |= {"field": {"length": "full_sleeve"}, "fields": None, "images": []}
    source.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert answer_file(source, tmp_path / "out", ids, keys=WORDS) == (12, 0)
    [said] = [line for line in capsys.readouterr().err.splitlines() if "not read" in line]
    assert '"Title" (12), "' in said
    assert said.endswith(
        "and 4 more; a listing has listing_id, images, title, description, fields."
    )
    source.write_bytes(LINES)
    answer_file(source, tmp_path / "out", ids, keys=WORDS)
    assert "not read" not in capsys.readouterr().err


def test_photos_of_a_pipe_are_looked_for_from_the_current_folder() -> None:
    assert folder_of(Path("/dev/stdin")) == folder_of(Path("/dev/fd/63")) == Path()
    memory = Path("/dev", "shm")
    assert folder_of(memory / "in.jsonl") == memory
    assert folder_of(Path("shop/in.jsonl")) == Path("shop")
