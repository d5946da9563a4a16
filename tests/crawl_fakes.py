"""A crawl whose network is a table of answers: real scrapy and all of ours, no connection."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.responsetypes import responsetypes

from data.crawl_frontier import Frontier
from data.crawl_items import ITEMS, read_items

# Public addresses written out: nothing is resolved, and the guard against private ones lets
# them pass.
SHOP, PHOTOS, PRIVATE = "http://93.184.215.14", "http://93.184.215.15", "http://10.0.0.9"
FRONTIER = "frontier.sqlite"
LATENCY = 0.02  # seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answers; without one it is a 404."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Crawled:
    """What a crawl asked for, when (seconds), and how its pages and photos ended."""

    asked: list[tuple[float, str]]
    pages: dict[str, int]
    photos: dict[str, str]
    items: list[dict[str, Any]]
    at_once: int  # requests, at most

    def times(self, url: str) -> list[float]:
        """Return when an address was asked for."""
        return [at for at, asked in self.asked if asked == url]


class FakeNetwork(BaseDownloadHandler):
    """Scrapy's download handler that looks answers up; the n-th time it gives the n-th, or last."""

    async def download_request(self, request: Any) -> Any:
        asked = self.crawler.settings["ASKED"]
        before = sum(url == request.url for _, url in asked)
        asked.append((time.monotonic(), request.url))
        asked.under_way += 1
        asked.most = max(asked.most, asked.under_way)
        await asyncio.sleep(LATENCY)
        asked.under_way -= 1
        given = self.crawler.settings["ANSWERS"].get(request.url, [Answer(404)])
        answer = given[min(before, len(given) - 1)]
        if answer.status == 0:
            raise TimeoutError
        headers = {"Content-Type": "text/html", **(answer.headers or {})}
        kind = responsetypes.from_args(headers=None, url=request.url, body=answer.body)
        return kind(request.url, status=answer.status, headers=headers, body=answer.body)


def product(number: int, *images: str) -> Answer:
    """A page of a product with photos."""
    said = {"@type": "Product", "name": f"Tee {number}", "sku": f"T{number}", "image": images}
    return Answer(body=f'<script type="application/ld+json">{json.dumps(said)}</script>'.encode())


def to(url: str) -> Answer:
    """A redirect."""
    return Answer(302, headers={"Location": url})


def crawl(
    answers: Mapping[str, Answer | list[Answer]], out: Path, *, start: tuple[str, ...], **site: Any
) -> Crawled:
    """Crawl into a folder from pages of SHOP, in a process of its own: a reactor starts once."""
    listed = {url: a if isinstance(a, list) else [a] for url, a in answers.items()}
    content = {"name": "fake", "contact": "me@b.example", "start": [SHOP + s for s in start]} | site
    content.setdefault("politeness", {"delay": 0, "concurrency": 4})
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh) as processes:
        return processes.submit(_crawl, listed, out, content).result()


def _crawl(answers: dict[str, list[Answer]], out: Path, content: dict[str, Any]) -> Crawled:
    from data.crawl import run_crawl
    from data.crawl_job import Job
    from data.crawl_settings import settings_for
    from data.crawl_site import parse_site
    from data.crawl_watch import Watch

    site, asked = parse_site(content), _Shared()
    settings = settings_for(site, out, allow_private=False)
    settings |= {"DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), FakeNetwork)}
    settings |= {"ANSWERS": answers, "ASKED": asked, "RETRY_TIMES": 1}
    frontier = Frontier(out / FRONTIER)
    frontier.begin()
    run_crawl(Job(site, out, frontier, Watch()), settings)
    photos = {url: found[2] for url in _images(answers) if (found := frontier.photo(url))}
    items = list(read_items(out / ITEMS))
    return Crawled(list(asked), frontier.endings(), photos, items, asked.most)


def _images(answers: dict[str, list[Answer]]) -> list[str]:
    said = b"".join(answer.body for given in answers.values() for answer in given)
    urls = [part.partition(b'"')[0] for part in said.split(b'"')]
    return [url.decode() for url in urls if url.startswith(b"http")]


class _Shared(list[Any]):
    """A list that stays one when scrapy copies its settings; counts what is under way."""

    under_way = most = 0

    def __deepcopy__(self, memo: Any) -> _Shared:
        return self
