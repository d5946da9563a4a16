"""Watching a crawl: progress on standard error, and samples of speed, memory and waiting."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import psutil
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call
from tqdm import tqdm

from data.crawl_job import job_of
from data.crawl_settings import LEAST_DELAY

TICK = 0.2  # seconds between two looks at the downloader
MEMORY_POINTS = 200  # samples of memory kept; every second one goes when there are more


class Watch:
    """Counts while a crawl runs; its samples go to the frontier about once a second.

    A tick is lost to politeness when requests wait although more could be under way, or when the
    shop's Retry-After holds them: both are our manners, not the shop's or our own speed.
    """

    def __init__(self) -> None:
        self._began, self._cpu = time.monotonic(), time.process_time()
        self.held: Callable[[], float] = float  # seconds held by Retry-After; set by PatientRetry
        self.shop_closed = False  # it asks to come back another day, so this start ends
        self.items = 0  # met in this start; the pipeline counts
        self._ticks = self._polite = 0
        self._memory: list[tuple[float, float]] = []  # (seconds since the start, MB)
        self._every = 1.0
        self._process = psutil.Process()

    def tick(self, slots: list[Any], held: bool) -> None:
        """Look once: was anything ready to go held back only by manners?"""
        self._ticks += 1
        waits = any(s.queue and s.free_transfer_slots() > 0 and _delayed(s) for s in slots)
        self._polite += waits or held
        seconds = time.monotonic() - self._began
        if not self._memory or seconds >= self._memory[-1][0] + self._every:
            self._memory.append((round(seconds, 1), self._process.memory_info().rss / 1e6))
            if len(self._memory) > MEMORY_POINTS:
                self._memory = self._memory[::2]
                self._every *= 2

    def samples(self, stats: dict[str, Any]) -> dict[str, Any]:
        """Return what this start has measured so far, ready for JSON."""
        return {
            "seconds": round(time.monotonic() - self._began, 1),
            "processor": round(time.process_time() - self._cpu, 1),
            "responses": stats.get("downloader/response_count", 0),
            "bytes": stats.get("downloader/response_bytes", 0),
            "revalidated": stats.get("httpcache/revalidate", 0),
            "from the cache": stats.get("httpcache/hit", 0),
            "retries": stats.get("retry/count", 0),
            "held by Retry-After, s": round(self.held(), 1),
            "polite": self._polite / max(1, self._ticks),
            "memory": [(at, round(mb, 1)) for at, mb in self._memory],
        }


def _delayed(slot: Any) -> bool:
    """Whether a queue waits for a delay or the end of a Retry-After, not only for its next turn."""
    return bool(slot.delay > LEAST_DELAY or slot.lastseen > time.monotonic())


class WatchExtension:
    """Ticks the watch while the spider runs."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._watch, self._frontier = job_of(crawler).watch, job_of(crawler).frontier
        self._ticks = 0
        crawler.signals.connect(self._opened, signals.spider_opened)
        crawler.signals.connect(self._closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> WatchExtension:
        return cls(crawler)

    def _opened(self) -> None:
        self._bar = tqdm(desc="crawl", unit="page")
        self._loop = create_looping_call(self._tick)
        self._loop.start(TICK, now=False)

    def _tick(self) -> None:
        engine = self._crawler.engine
        if engine is None or not engine.downloader:
            return
        held = any(request.meta.get("held") for request in engine.downloader.active)
        self._watch.tick(list(engine.downloader.slots.values()), held)
        self._ticks += 1
        if self._ticks % round(1 / TICK) == 0:
            self._file()

    def _file(self) -> None:
        stats = self._crawler.stats.get_stats()
        samples = self._watch.samples(stats)
        self._frontier.sample(samples)
        self._bar.n = samples["responses"]
        self._bar.set_postfix(items=self._watch.items, waiting=self._frontier.waiting)

    def _closed(self, reason: str) -> None:
        self._loop.stop()
        self._bar.close()
        stats = self._crawler.stats.get_stats()
        self._frontier.sample(self._watch.samples(stats), finished=reason == "finished")
