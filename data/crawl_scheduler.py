"""Between scrapy and the frontier: the scheduler, and the middleware that settles pages."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler

from data.crawl_errors import PhotosLeft, ending_of
from data.crawl_frontier import OK, Page
from data.crawl_job import job_of

# What a request must keep when it is filed; the rest of its meta is about one download.
_KEPT = ("depth", "redirect_times", "redirect_ttl", "redirect_urls")
OFF_SITE = "redirected off the site"


class FrontierScheduler(BaseScheduler):
    """Hands out the frontier's pages. A page's number travels as `meta["page"]`, through retries.

    A retry waits in memory, for its page is still under way in the frontier. A redirect is filed
    as a page of its own, so that a target known already is not fetched twice.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._frontier = job_of(crawler).frontier
        self._retries: deque[Request] = deque()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FrontierScheduler:
        return cls(crawler)

    def has_pending_requests(self) -> bool:
        return bool(self._retries or self._frontier.waiting)

    def enqueue_request(self, request: Request) -> bool:
        page = request.meta.get("page")
        if page is not None and request.meta.get("address") == request.url:
            self._retries.append(request)
            return True
        added = self._frontier.add([page_of(request)])
        if page is not None:
            self._frontier.finish(page, "redirect")
        return bool(added)

    def next_request(self) -> Request | None:
        if self._retries:
            return self._retries.popleft()
        page = self._frontier.take()
        return None if page is None else self._request(page)

    def close(self, reason: str) -> None:
        # Nothing answers any more: a page still taken was redirected to where we may not go.
        if reason == "finished":
            self._frontier.finish_taken(OFF_SITE)

    def _request(self, page: Page) -> Request:
        spider: Any = self._crawler.spider
        return Request(
            page.url,
            callback=spider.parse_sitemap if page.kind == "sitemap" else spider.parse,
            errback=self._failed,
            meta=dict(page.meta) | {"page": page.id, "address": page.url} | spider.request_meta,
            priority=page.priority,
        )

    def _failed(self, failure: Any) -> None:
        self._frontier.finish(failure.request.meta["page"], ending_of(failure.value))


def page_of(request: Request) -> Page:
    """Return the page that a spider's or a redirect's request asks for."""
    meta = {name: request.meta[name] for name in _KEPT if name in request.meta}
    kind = request.meta.get("kind", "page")
    return Page(request.url, kind, min(request.priority, 1), meta)


class SettlePages:
    """Spider middleware next to the engine: files a page's links, and ends it after its items."""

    def __init__(self, crawler: Crawler) -> None:
        self._frontier = job_of(crawler).frontier
        self._open: Counter[int] = Counter()
        crawler.signals.connect(self._item_dropped, signals.item_dropped)
        for signal in (signals.item_scraped, signals.item_error):
            crawler.signals.connect(self._item_ended, signal)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SettlePages:
        return cls(crawler)

    async def process_spider_output(
        self, response: Any, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        page = response.meta["page"]
        self._open[page] += 1
        found = []
        try:
            async for output in result:
                if isinstance(output, Request):
                    found.append(page_of(output))
                else:
                    self._open[page] += 1
                    yield output
        except Exception as error:
            self._frontier.finish(page, ending_of(error))
            raise
        finally:
            self._frontier.add(found)
            self._end_one(page)

    def _item_dropped(self, response: Any, exception: Exception) -> None:
        if isinstance(exception, PhotosLeft):
            self._frontier.finish(response.meta["page"], ending_of(exception))
        self._end_one(response.meta["page"])

    def _item_ended(self, response: Any, spider: Spider) -> None:
        self._end_one(response.meta["page"])

    def _end_one(self, page: int) -> None:
        self._open[page] -= 1
        if not self._open[page]:
            del self._open[page]
            self._frontier.finish(page, OK)
