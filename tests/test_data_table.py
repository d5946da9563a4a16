"""Tables: columns checked both ways, files whole or absent, a split that never moves."""

from __future__ import annotations

import errno
import fcntl
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InvalidTable, SelvedgeError
from data.files import locked, write_whole
from data.importing import Imported
from data.table import SPLITS, read_table, split_of, write_table


@pytest.fixture
def frame() -> pd.DataFrame:
    imported = Imported()
    for number in range(3):
        imported.add(listing_id=str(number), source="catalogue", group=f"g{number}", item="shirt")
    return imported.frame()


def test_a_table_comes_back_as_it_was_written(tmp_path, frame):
    path = tmp_path / "new" / "listings.parquet"
    write_table(frame, path, "listings")
    back = read_table(path)
    assert list(back.columns) == list(frame.columns)
    assert back["images"].tolist() == [[], [], []]
    assert back["item"].tolist() == ["shirt"] * 3
    assert back["pattern"].isna().all()
    write_table(back, path, "listings")


@pytest.mark.parametrize(
    ("column", "value"),
    [("item", "toga"), ("split", "tset"), ("scope", None), ("listing_id", "1"), ("images", None)],
)
def test_a_wrong_value_is_refused_at_writing_and_the_old_table_stays(
    tmp_path, frame, column, value
):
    path = tmp_path / "listings.parquet"
    write_table(frame, path, "listings")
    wrong = frame.copy()
    wrong[column] = wrong[column].astype(object)
    wrong.at[0, column] = value
    with pytest.raises(InvalidTable, match=r"is not a table of listings: \d failure"):
        write_table(wrong, path, "listings")
    assert read_table(path)["item"].tolist() == ["shirt"] * 3
    assert [p.name for p in tmp_path.iterdir()] == ["listings.parquet"]


def test_a_missing_column_is_named_at_reading(tmp_path, frame):
    path = tmp_path / "listings.parquet"
    frame.drop(columns="title").to_parquet(path)
    with pytest.raises(InvalidTable, match="column title"):
        read_table(path)


def test_a_missing_or_foreign_file_is_told(tmp_path):
    with pytest.raises(InvalidTable, match="run the import that writes it"):
        read_table(tmp_path / "none.parquet")
    (tmp_path / "text.parquet").write_text("no parquet")
    with pytest.raises(InvalidTable, match="not a readable Parquet file"):
        read_table(tmp_path / "text.parquet")


def test_a_failed_write_leaves_no_half_file(tmp_path):
    path = tmp_path / "report.txt"
    path.write_text("old")

    def fail(partial):
        partial.write_text("ha")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_whole(path, fail)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link_to_the_new_file(tmp_path):
    file, link = tmp_path / "shared" / "report.txt", tmp_path / "report.txt"
    link.symlink_to(file)
    for content in ("old", "new"):
        write_whole(link, lambda partial, content=content: partial.write_text(content))
        assert link.is_symlink()
        assert file.read_text() == content
    assert list(file.parent.iterdir()) == [file]


def test_a_pipe_is_written_straight(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as reader:
        found = reader.submit(pipe.read_text)
        write_whole(pipe, lambda path: path.write_text("all"))
        assert found.result() == "all"
    assert list(tmp_path.iterdir()) == [pipe]
    assert pipe.is_fifo()


def test_a_file_is_held_by_one_at_a_time_even_when_it_is_replaced(tmp_path):
    path = tmp_path / "new" / "lock"
    with locked(path, "busy"):
        with pytest.raises(SelvedgeError, match="busy"), locked(path, "busy"):
            pass
        write_whole(path, Path.touch)
    with locked(path, "busy") as file:
        file.write(b"more")
    assert path.read_bytes() == b"more"


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_written_all_the_same(tmp_path, monkeypatch, code):
    def flock(*_):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(fcntl, "flock", flock)
    with locked(tmp_path / "out", "busy") as file:
        file.write(b"more")
    assert (tmp_path / "out").read_bytes() == b"more"
    code = errno.EIO
    with pytest.raises(OSError, match=os.strerror(code)), locked(tmp_path / "out", "busy"):
        pass


def test_the_split_of_a_group_is_fixed_for_ever():
    # Literals: models released earlier were trained on these groups and tested on those.
    assert [split_of(f"seller-{n}") for n in range(6)] == [
        "validation",
        "test",
        "validation",
        "train",
        "train",
        "train",
    ]
    assert split_of("levis|levis men blue jeans") == "train"


@given(st.text())
def test_every_group_has_one_split(group):
    assert split_of(group) in SPLITS


def test_splits_hold_about_seventy_ten_and_twenty_percent():
    shares = pd.Series([split_of(f"group {n}") for n in range(20_000)]).value_counts(normalize=True)
    assert shares["train"] == pytest.approx(0.70, abs=0.01)
    assert shares["validation"] == pytest.approx(0.10, abs=0.01)
    assert shares["test"] == pytest.approx(0.20, abs=0.01)
