"""Scrapy's way to pages that exist only after JavaScript: `meta={"render": True}` on a request."""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse
from scrapy.settings import BaseSettings

from data.errors import SelvedgeError
from data.render import Browser, Rendered, RenderSettings
from data.render_gate import Gate

_LOG = logging.getLogger(__name__)
_RECYCLE = 100  # pages after which a browser is replaced: its memory only ever grows
BROWSERS, TIMEOUT, SCROLLS = 1, 60.0, 100  # where the settings say nothing
# What no longer fits a body that is decoded and whole, and cookies that stay in the browser.
_DROPPED = frozenset(
    ("content-encoding", "content-length", "content-type", "transfer-encoding", "set-cookie")
)


class RenderMiddleware:
    """Downloader middleware that answers GET requests with `render` from a pool of Chromiums.

    It stands last (order 950), so that robots.txt, the crawl's own filters and the cache have
    spoken; a page waits for its domain's delay as any other request. Settings: RENDER_BROWSERS,
    RENDER_TIMEOUT (seconds a page), RENDER_SCROLLS (at most, a page), BROWSER_BINARY and
    BROWSER_DRIVER (found on the PATH where not given), ALLOW_PRIVATE, and scrapy's USER_AGENT,
    DOWNLOAD_DELAY and DOWNLOAD_MAXSIZE. A browser that dies is replaced and its page tried once
    more; a page that fails raises SelvedgeError and is counted under `render/` in the stats.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.pool: Pool | None = None
        self._opening = asyncio.Lock()
        self._turn: dict[str, float] = {}  # when a domain may be asked again

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.close, signals.spider_closed)
        return middleware

    async def process_request(self, request: Request) -> HtmlResponse | None:
        if not request.meta.get("render") or request.method != "GET":
            return None
        delay = await self._wait_for_turn(request)
        async with self._opening:
            if self.pool is None:
                self.pool = Pool(self._crawler.settings)
                await self.pool.open()
        try:
            page = await self.pool.render(request.url, pause=delay)
        except SelvedgeError as error:
            self._count(f"failed/{error.code}")
            raise
        self._count("pages")
        self._count("scrolls", page.scrolls)
        if page.cut:
            self._tell_cut(request.url, page.cut)
        return _response(page, request)

    async def close(self) -> None:
        """End all browsers and tell what became of them."""
        if self.pool is not None:
            await self.pool.close()
            self._count("browsers_replaced", self.pool.replaced)
            self._count("private_addresses_refused", self.pool.gate.refused)

    def _tell_cut(self, url: str, by: str) -> None:
        self._count(f"cut/{by}")
        _LOG.warning("%s may not be whole: its scrolling was cut short: %s.", url, by)
        frontier = self._crawler.settings.get("FRONTIER")
        if frontier is not None:  # the crawl's report is what a person reads
            frontier.note(f"rendered pages cut short: {by}")

    async def _wait_for_turn(self, request: Request) -> float:
        """Wait as the downloader would have, AutoThrottle included; returns the delay, seconds."""
        engine = self._crawler.engine
        assert engine is not None, "a request is processed by a running engine"  # noqa: S101
        key = engine.downloader.get_slot_key(request)
        slot = engine.downloader.slots.get(key)
        settings = self._crawler.settings
        delay = slot.download_delay() if slot else settings.getfloat("DOWNLOAD_DELAY")
        now = time.monotonic()
        turn = max(now, self._turn.get(key, now))
        self._turn[key] = turn + delay
        await asyncio.sleep(turn - now)
        return float(delay)

    def _count(self, name: str, count: int = 1) -> None:
        stats = self._crawler.stats
        if stats is not None and count:
            stats.inc_value(f"render/{name}", count)


class Pool:
    """A few browsers behind one gate, each used by one thread at a time; `replaced` counts."""

    def __init__(self, settings: BaseSettings) -> None:
        self.replaced = 0
        self.gate = Gate(allow_private=settings.getbool("ALLOW_PRIVATE"))
        self._settings = RenderSettings(
            binary=settings.get("BROWSER_BINARY") or shutil.which("chromium"),
            driver=settings.get("BROWSER_DRIVER") or shutil.which("chromedriver"),
            user_agent=settings["USER_AGENT"],
            timeout=settings.getfloat("RENDER_TIMEOUT", TIMEOUT),
            scrolls=settings.getint("RENDER_SCROLLS", SCROLLS),
            max_bytes=settings.getint("DOWNLOAD_MAXSIZE"),
        )
        size = settings.getint("RENDER_BROWSERS", BROWSERS)
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="browser")
        self.browsers: set[Browser] = set()  # alive
        self._idle: list[Browser] = []

    async def open(self) -> None:
        """Open the gate; browsers start when pages come."""
        await self.gate.open()

    async def render(self, url: str, *, pause: float) -> Rendered:
        """Render a page, on a fresh browser once more where the first one dies.

        Raises SelvedgeError.
        """
        work = asyncio.get_running_loop().run_in_executor
        try:
            return await work(self._threads, self._render, url, pause)
        except SelvedgeError as error:
            if error.code != "render_crash":
                raise
        return await work(self._threads, self._render, url, pause)

    def _render(self, url: str, pause: float) -> Rendered:
        browser = self._idle.pop() if self._idle else Browser(self._settings, self.gate.port)
        self.browsers.add(browser)
        try:
            return browser.render(url, pause=pause)
        finally:
            self.replaced += not browser.alive
            if browser.alive and browser.pages < _RECYCLE:
                self._idle.append(browser)
            else:
                self.browsers.remove(browser)
                browser.close()

    async def close(self) -> None:
        """Wait for pages under way, then end every browser and the gate."""
        await asyncio.to_thread(self._threads.shutdown)
        for browser in self.browsers:
            await asyncio.to_thread(browser.close)
        self.gate.close()


def _response(page: Rendered, request: Request) -> HtmlResponse:
    headers: Mapping[str, Any] = {
        name: value for name, value in page.headers.items() if name.lower() not in _DROPPED
    }
    # The body is ours by now: a charset that the shop declared would be read wrongly.
    headers = {**headers, "Content-Type": "text/html; charset=utf-8"}
    return HtmlResponse(
        page.url,
        status=page.status,
        headers=headers,
        body=page.html.encode("utf-8", "replace"),
        encoding="utf-8",
        request=request,
        flags=["rendered"],
    )
