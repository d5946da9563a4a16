"""What goes wrong in the demo shop, as it does in real ones: the same each time it is started."""

from __future__ import annotations

import itertools
import random
import threading
import time
from dataclasses import dataclass, field

from flask import Response

SLOW = 1.5  # seconds


@dataclass(slots=True)
class Faults:
    """Which products' pages misbehave, and which of them already have."""

    kinds: dict[int, str]
    _done: set[tuple[str, str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, count: int, seed: int) -> Faults:
        """Choose them: about 4 % of the pages, of each kind at least one."""
        rng = random.Random(f"faults-{seed}")  # noqa: S311
        shares = {
            "broken once": max(2, count // 100),
            "busy once": 3,  # each costs a second of Retry-After
            "slow once": 3,
            "cut html": max(2, count // 100),
            "odd charset": max(2, count // 100),
            "byte order mark": max(2, count // 100),
            "moved": max(2, count // 50),
        }
        numbers = iter(rng.sample(range(count), min(count, sum(shares.values()))))
        pairs = ((kind, at) for kind, n in shares.items() for at in itertools.islice(numbers, n))
        return cls({at: kind for kind, at in pairs})

    def before(self, number: int, path: str) -> Response | None:
        """Return the answer that stands in the page's way, the first time it is asked for."""
        kind = self.kinds.get(number, "")
        if not kind.endswith("once") or not self._first(kind, path):
            return None
        if kind == "broken once":
            return Response("Something went wrong.", 500)
        if kind == "busy once":
            return Response("Too many requests.", 429, {"Retry-After": "1"})
        time.sleep(SLOW)
        return None

    def damage(self, number: int, html: str) -> Response:
        """Return the page, misshapen where its product is one of those; all can be read still."""
        kind = self.kinds.get(number, "")
        if kind == "cut html":
            html = html[: html.index("<footer")]
        response = Response(html, mimetype="text/html")
        if kind == "odd charset":  # no such charset; the page itself says utf-8
            response.headers["Content-Type"] = "text/html; charset=utf-9"
        elif kind == "byte order mark":  # it outranks the header, which is wrong
            response.set_data(b"\xef\xbb\xbf" + html.encode())
            response.headers["Content-Type"] = "text/html; charset=iso-8859-1"
        return response

    def _first(self, kind: str, path: str) -> bool:
        with self._lock:
            known = (kind, path) in self._done
            self._done.add((kind, path))
        return not known
