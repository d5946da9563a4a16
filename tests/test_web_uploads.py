"""Uploaded photos: what is kept is clean, upright, bounded, nameless and short-lived."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from data.errors import UnreadableImage
from data.images import MIN_SIDE
from tests.pictures import HEIC, SVG, bomb, photo, see_through
from web.uploads import STORED_SIDE, TOKEN, UploadStore


@pytest.fixture
def store(tmp_path: Path) -> UploadStore:
    return UploadStore(tmp_path / "uploads", keep_seconds=600)


def stored(store: UploadStore, content: bytes) -> Image.Image:
    path = store.use(store.add(content))
    assert path is not None
    return Image.open(io.BytesIO(path.read_bytes()))


def age(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


@pytest.mark.parametrize(
    "content",
    [
        photo(),
        photo(mode="CMYK"),
        photo(mode="L"),
        photo("PNG"),
        photo("PNG", mode="P"),
        photo("GIF"),
        photo("WEBP"),
        photo("BMP"),
        see_through(),
    ],
)
def test_every_allowed_kind_becomes_an_rgb_jpeg(store: UploadStore, content: bytes) -> None:
    image = stored(store, content)
    assert (image.format, image.mode) == ("JPEG", "RGB")


def test_what_is_see_through_becomes_white(store: UploadStore) -> None:
    assert min(stored(store, see_through()).getpixel((20, 20))) > 250


def test_rotation_is_applied_and_metadata_dropped(store: UploadStore) -> None:
    image = stored(store, photo(size=(120, 80), orientation=6))  # turned a quarter clockwise
    assert image.size == (80, 120)
    assert image.getpixel((40, 10))[0] > 200  # the red half is on top now
    assert not image.getexif()
    assert not {"exif", "comment", "icc_profile", "xmp"} & image.info.keys()


def test_a_large_photo_is_kept_at_a_bounded_size(store: UploadStore) -> None:
    assert max(stored(store, photo(size=(4000, 3000))).size) == STORED_SIDE


@pytest.mark.parametrize("size", [(16, 1600), (40, 4000), (4000, 41)])
def test_a_narrow_photo_is_never_shrunk_to_nothing(
    store: UploadStore, size: tuple[int, int]
) -> None:
    assert min(stored(store, photo(size=size)).size) >= MIN_SIDE


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"hello", "not a photo"),
        (SVG, "not a photo"),
        (HEIC, "HEIC"),
        (bomb(), "pixels"),
        (photo()[:300], "damaged"),
        (photo("PNG", size=(300, 300))[:200], "damaged"),
        (photo() + b"\0" * 20_000_000, "20 MB"),
        (photo(size=(4, 4)), "4 x 4 pixels"),
        (photo(size=(20, 4000)), "20 x 4000 pixels; the longer side may be at most 100 times"),
    ],
)
def test_what_is_no_photo_is_refused_in_one_sentence(
    store: UploadStore, content: bytes, says: str
) -> None:
    with pytest.raises(UnreadableImage, match=says) as caught:
        store.add(content)
    assert caught.value.message.endswith(".")
    assert "\n" not in caught.value.message
    assert list(store.folder.iterdir()) == []


def test_tokens_cannot_be_guessed_and_name_the_file(store: UploadStore) -> None:
    tokens = {store.add(photo()) for _ in range(3)}
    assert len(tokens) == 3
    assert all(TOKEN.fullmatch(token) for token in tokens)
    assert {path.stem for path in store.folder.iterdir()} == tokens


@pytest.mark.parametrize("token", ["", "..", "../secret", "a" * 22, "a" * 22 + "\n", "é" * 22])
def test_an_unknown_token_finds_nothing(store: UploadStore, token: str) -> None:
    (store.folder.parent / "secret.jpg").write_bytes(photo())
    assert store.use(token) is None
    assert store.thumbnail(token) is None


def test_an_expired_photo_is_gone_before_and_after_the_sweep(store: UploadStore) -> None:
    old, new = store.add(photo()), store.add(photo())
    age(store.folder / f"{old}.jpg", 601)
    assert store.use(old) is None
    store.sweep()
    assert [path.stem for path in store.folder.iterdir()] == [new]


def test_using_a_photo_keeps_it_for_another_while(store: UploadStore) -> None:
    token = store.add(photo())
    age(store.folder / f"{token}.jpg", 599)
    path = store.use(token)
    assert path is not None
    assert time.time() - path.stat().st_mtime < 60


def test_a_restart_removes_what_expired_meanwhile(store: UploadStore) -> None:
    token = store.add(photo())
    age(store.folder / f"{token}.jpg", 601)
    UploadStore(store.folder, keep_seconds=600)
    assert list(store.folder.iterdir()) == []


def test_photos_are_removed_without_any_further_request(tmp_path: Path) -> None:
    store = UploadStore(tmp_path, keep_seconds=0.05)
    store.add(photo())
    assert eventually(lambda: not list(tmp_path.iterdir()))


def test_a_folder_that_was_taken_away_is_made_again(store: UploadStore) -> None:
    store.folder.rmdir()
    store.try_writing()
    assert list(store.folder.iterdir()) == []
    store.folder.rmdir()
    assert store.use(store.add(photo())) is not None


def test_a_thumbnail_is_small(store: UploadStore) -> None:
    content = store.thumbnail(store.add(photo(size=(1600, 800))))
    assert content is not None
    assert Image.open(io.BytesIO(content)).size == (480, 240)


def eventually(true: Callable[[], bool]) -> bool:
    """Wait until something another thread does has happened, for at most ten seconds."""
    deadline = time.monotonic() + 10
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)
    return true()
