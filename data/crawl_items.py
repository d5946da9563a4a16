"""`items.jsonl`: each product once, whole lines only, whenever the process is killed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from data.crawl_job import job_of
from data.errors import InvalidTable
from data.files import write_whole
from data.spiders.items import Item, content_digest, item_key

ITEMS = "items.jsonl"


class ItemFile:
    """The products of a crawl folder by their key.

    A product met twice in one run is kept as it was met first; one that changed since an earlier
    run is written anew, and its old line goes when the file is closed.
    """

    def __init__(self, path: Path, run: float) -> None:
        """Open the file for a run (its start in seconds since 1970). Raises InvalidTable."""
        self._path = path
        self._since = timestamp(run)
        self._known: dict[str, str] = {}  # key -> digest of its newest line
        self._met: set[str] = set()  # keys met in this run
        self._stale = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        _cut_last(path)
        for item in read_items(path):
            key = item_key(item)
            self._stale += key in self._known
            self._known[key] = content_digest(item)
            if item["collected_at"] >= self._since:
                self._met.add(key)
        self._file = path.open("a", encoding="utf-8")

    def add(self, item: Item) -> str:
        """Write a product; returns "new", "changed", "unchanged" or "again" (not written)."""
        key, digest = item_key(item), content_digest(item)
        if key in self._met:
            return "again"
        before = self._known.get(key)
        self._met.add(key)
        if before == digest:
            return "unchanged"
        line = json.dumps({**item, "collected_at": timestamp(time.time())}, ensure_ascii=False)
        self._file.write(line + "\n")
        self._file.flush()  # with the system now: a killed process loses nothing
        self._known[key] = digest
        self._stale += before is not None
        return "new" if before is None else "changed"

    def close(self) -> None:
        """Close the file and drop the lines of products that were written anew."""
        self._file.close()
        if self._stale:
            newest = {item_key(item): at for at, item in enumerate(read_items(self._path))}
            keep = set(newest.values())
            write_whole(self._path, lambda partial: self._copy(partial, keep))
            self._stale = 0

    def _copy(self, partial: Path, keep: set[int]) -> None:
        with self._path.open(encoding="utf-8") as lines, partial.open("w", encoding="utf-8") as out:
            out.writelines(line for at, line in enumerate(lines) if at in keep)


def timestamp(seconds: float) -> str:
    """Return a time in seconds since 1970 as items carry it; later times sort after earlier."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def read_items(path: Path) -> Iterator[Item]:
    """Yield the items of a file, in order; none where there is no file. Raises InvalidTable."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                item: Item = json.loads(line)
            except ValueError:
                raise InvalidTable(f"{path}, line {number} is not JSON.") from None
            yield item


def _cut_last(path: Path) -> None:
    """Cut off a last line that was being written when the process was killed."""
    if not path.is_file():
        return
    with path.open("rb+") as file:
        end = file.seek(0, 2)
        while end:
            size = min(end, 65_536)
            file.seek(end - size)
            at = file.read(size).rfind(b"\n")
            if at >= 0:
                file.truncate(end - size + at + 1)
                return
            end -= size
        file.truncate(0)


class ItemPipeline:
    """The last pipeline: writes each product once."""

    def __init__(self, crawler: Crawler) -> None:
        self._job = job_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ItemPipeline:
        return cls(crawler)

    def open_spider(self) -> None:
        self._items = ItemFile(self._job.out / ITEMS, self._job.frontier.run)

    def process_item(self, item: Item) -> Any:
        self._job.watch.items += 1
        if self._items.add(item) == "again":
            self._job.frontier.note("products met again")
            raise DropItem("met before", log_level="DEBUG")
        return item

    def close_spider(self) -> None:
        self._items.close()
