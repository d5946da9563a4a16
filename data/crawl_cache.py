"""Scrapy's HTTP cache kept in SQLite: whole entries or none, whenever the process is killed.

Scrapy's own file storage writes an entry in seven files; killed in between, a page cut short would
be taken for the whole one once the shop answers "not modified".
"""

from __future__ import annotations

import json
import sqlite3
import time
import zlib
from pathlib import Path

from scrapy import Request, Spider
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import BaseSettings

_TABLE = """
CREATE TABLE IF NOT EXISTS pages (
    key BLOB PRIMARY KEY, time REAL NOT NULL, url TEXT NOT NULL, status INTEGER NOT NULL,
    headers TEXT NOT NULL, body BLOB NOT NULL);
"""


class SqliteCacheStorage:
    """The HTTPCACHE_STORAGE interface over one file in HTTPCACHE_DIR."""

    def __init__(self, settings: BaseSettings) -> None:
        self._folder = Path(settings["HTTPCACHE_DIR"])

    def open_spider(self, spider: Spider) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(self._folder / "pages.sqlite", isolation_level=None)
        self._db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {_TABLE}")
        self._fingerprint = spider.crawler.request_fingerprinter.fingerprint

    def close_spider(self, spider: Spider) -> None:
        self._db.close()

    def retrieve_response(self, spider: Spider, request: Request) -> Response | None:
        row = self._db.execute(
            "SELECT time, url, status, headers, body FROM pages WHERE key = ?",
            (self._fingerprint(request),),
        ).fetchone()
        if row is None:
            return None
        stored, url, status, raw_headers, packed = row
        headers = Headers(json.loads(raw_headers))
        body = zlib.decompress(packed)
        request.meta["cache_timestamp"] = stored
        kind = responsetypes.from_args(headers=headers, url=url, body=body)
        return kind(url=url, status=status, headers=headers, body=body)

    def store_response(self, spider: Spider, request: Request, response: Response) -> None:
        headers = {
            name.decode("latin-1"): [value.decode("latin-1") for value in values]
            for name, values in response.headers.items()
        }
        packed = zlib.compress(response.body, 1)
        entry = (response.url, response.status, json.dumps(headers), packed)
        self._db.execute(
            "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?)",
            (self._fingerprint(request), time.time(), *entry),
        )
