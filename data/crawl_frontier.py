"""What a crawl knows of its shop: pages found and how they ended, and photos, in one SQLite file.

Every change is one transaction, so that SIGKILL at any moment leaves a state to go on from: a page
counts as done only after its links are filed here and its items are in `items.jsonl`. Scrapy's own
JOBDIR forgets the requests that were under way when it is killed, and has them marked as seen.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data.errors import InvalidTable

OK = "ok"
# Endings of a host that asked to come back later than a crawl waits, and of what waited for it.
LATER = ("retry-after too long", "left for later")
# Endings that another try may mend; a resumed crawl tries them again.
PASSING = ("timeout", "connection lost", "no address", "http 429", "http 500", "http 502",
           "http 503", "http 504", "render timeout", "render crash", "robots.txt unread",
           *LATER)  # fmt: skip
_BATCH = 100  # rows fetched from the queue at a time

_TABLES = """
CREATE TABLE IF NOT EXISTS pages (
    id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, priority INTEGER NOT NULL,
    meta TEXT NOT NULL,
    state INTEGER NOT NULL,  -- 0 waits, 1 is under way, 2 is done
    ending TEXT);
CREATE INDEX IF NOT EXISTS queue ON pages (state, priority DESC, id);
CREATE TABLE IF NOT EXISTS photos (
    url TEXT PRIMARY KEY, run REAL NOT NULL, stored TEXT, ending TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS notes (what TEXT PRIMARY KEY, count INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS starts (
    id INTEGER PRIMARY KEY, run REAL NOT NULL, samples TEXT NOT NULL, finished INTEGER NOT NULL);
"""
_INSERT = "INSERT OR IGNORE INTO pages (url, kind, priority, meta, state) VALUES (?, ?, ?, ?, 0)"
_KNOWN = "SELECT 1 FROM pages WHERE url = ?"


@dataclass(frozen=True, slots=True)
class Page:
    """A page to fetch: `kind` is "page" or "sitemap"; `meta` is what its request must carry."""

    url: str
    kind: str = "page"
    priority: int = 0
    meta: dict[str, Any] = field(default_factory=dict)
    id: int = 0  # given by the frontier


class Frontier:
    """The pages, photos and starts of one crawl folder."""

    def __init__(self, path: Path, *, most: int = 10**9) -> None:
        """Open or make the file; `most` is the number of pages that are ever filed.

        Raises InvalidTable where the file is something else.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        # A killed process loses nothing in WAL mode; only a power cut could cost the last second.
        try:
            self._db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {_TABLES}")
        except sqlite3.DatabaseError as error:
            raise InvalidTable(f"{path} is no state of a crawl ({error}).") from None
        self._most = most
        self._count = self._waiting = 0
        self._next: list[Page] = []
        self.run, self.start_id = 0.0, 0

    def begin(self) -> bool:
        """Start a run, or go on with one that was not finished; returns whether it goes on.

        A run that goes on tries again what was under way and what may have been bad luck. A new
        run visits every page anew: pages forget their ending, photos keep their validators.
        """
        last = self._db.execute("SELECT run, finished FROM starts ORDER BY id DESC").fetchone()
        going_on = last is not None and not last[1]
        self.run = last[0] if going_on else time.time()
        with self._db:
            self._db.execute("BEGIN")
            self._try_again() if going_on else self._forget()
            start = "INSERT INTO starts (run, samples, finished) VALUES (?, '{}', 0)"
            self.start_id = self._db.execute(start, (self.run,)).lastrowid or 0
        self._next.clear()
        self._count = self._number("SELECT count(*) FROM pages")
        self._waiting = self._number("SELECT count(*) FROM pages WHERE state = 0")
        return going_on

    def _try_again(self) -> None:
        self._db.execute("UPDATE pages SET state = 0 WHERE state = 1")
        again = "UPDATE pages SET state = 0, ending = NULL WHERE ending = ?"
        self._db.executemany(again, [(ending,) for ending in PASSING])
        # As if they were of an earlier run: what is stored of them stays, and they are asked anew.
        forget = "UPDATE photos SET run = 0 WHERE run = ? AND ending = ?"
        self._db.executemany(forget, [(self.run, ending) for ending in LATER])

    def _forget(self) -> None:
        self._db.execute("DELETE FROM pages")
        self._db.execute("DELETE FROM notes")

    def add(self, pages: Iterable[Page]) -> int:
        """File pages not filed before; returns how many were new."""
        added = 0
        with self._db:
            self._db.execute("BEGIN")
            for page in pages:
                if self._count < self._most:
                    new = self._insert(page)
                    added += new
                    self._count += new
                elif not self._db.execute(_KNOWN, (page.url,)).fetchone():
                    self.note("pages over the limit")
        self._waiting += added
        return added

    def _insert(self, page: Page) -> int:
        row = (page.url, page.kind, page.priority, json.dumps(page.meta))
        return self._db.execute(_INSERT, row).rowcount

    def take(self) -> Page | None:
        """Return the waiting page of highest priority, oldest first, or None."""
        if not self._next and self._waiting:
            rows = self._db.execute(
                "UPDATE pages SET state = 1 WHERE id IN (SELECT id FROM pages WHERE state = 0 "
                "ORDER BY priority DESC, id LIMIT ?) RETURNING url, kind, priority, meta, id",
                (_BATCH,),
            ).fetchall()
            found = [Page(r[0], r[1], r[2], json.loads(r[3]), r[4]) for r in rows]
            self._next = sorted(found, key=lambda page: (page.priority, -page.id))
        if not self._next:
            return None
        self._waiting -= 1
        return self._next.pop()

    @property
    def waiting(self) -> int:
        """How many pages wait to be taken."""
        return self._waiting

    def finish(self, page: int, ending: str) -> None:
        """Mark a page as done; its first ending stays."""
        self._db.execute(
            "UPDATE pages SET state = 2, ending = ? WHERE id = ? AND state = 1", (ending, page)
        )

    def finish_taken(self, ending: str) -> None:
        """Mark what was taken and never answered, at the end of a whole run."""
        self._db.execute("UPDATE pages SET state = 2, ending = ? WHERE state = 1", (ending,))

    def note(self, what: str) -> None:
        """Count something that happened."""
        self._db.execute(
            "INSERT INTO notes VALUES (?, 1) ON CONFLICT (what) DO UPDATE SET count = count + 1",
            (what,),
        )

    def photo(self, url: str) -> tuple[float, dict[str, Any] | None, str] | None:
        """Return (run, what is stored, ending) of a photo's address, None where never asked."""
        row = self._db.execute(
            "SELECT run, stored, ending FROM photos WHERE url = ?", (url,)
        ).fetchone()
        return row and (row[0], json.loads(row[1]) if row[1] else None, row[2])

    def keep_photo(self, url: str, stored: dict[str, Any] | None, ending: str) -> None:
        """File how the download of a photo ended in this run."""
        self._db.execute(
            "INSERT OR REPLACE INTO photos VALUES (?, ?, ?, ?)",
            (url, self.run, json.dumps(stored) if stored else None, ending),
        )

    def sample(self, samples: dict[str, Any], *, finished: bool = False) -> None:
        """File what this start has measured so far."""
        self._db.execute(
            "UPDATE starts SET samples = ?, finished = ? WHERE id = ?",
            (json.dumps(samples), int(finished), self.start_id),
        )

    def starts(self) -> list[dict[str, Any]]:
        """Return the samples of every start of this run, first one first."""
        rows = self._db.execute("SELECT samples FROM starts WHERE run = ? ORDER BY id", (self.run,))
        return [json.loads(samples) for (samples,) in rows]

    def endings(self) -> dict[str, int]:
        """Return how many pages ended how; pages not done are "waiting"."""
        return self._counts(
            "SELECT coalesce(ending, 'waiting'), count(*) FROM pages GROUP BY 1 ORDER BY 2 DESC"
        )

    def photo_endings(self) -> dict[str, int]:
        """Return how many photo addresses of this run ended how."""
        return self._counts(
            "SELECT ending, count(*) FROM photos WHERE run = ? GROUP BY 1 ORDER BY 2 DESC", self.run
        )

    def notes(self) -> dict[str, int]:
        """Return what was counted with `note`."""
        return self._counts("SELECT what, count FROM notes ORDER BY 2 DESC")

    def close(self) -> None:
        """Close the file; pages fetched ahead go back to waiting."""
        ids = [(page.id,) for page in self._next]
        self._db.executemany("UPDATE pages SET state = 0 WHERE id = ?", ids)
        self._db.close()

    def _number(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])

    def _counts(self, query: str, *values: Any) -> dict[str, int]:
        return dict(self._db.execute(query, values).fetchall())
