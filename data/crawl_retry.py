"""Coming back when the shop says so: Retry-After, which scrapy does not know, holds a host."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from email.utils import parsedate_to_datetime

from scrapy import Request, signals
from scrapy.core.downloader import Slot
from scrapy.core.engine import ExecutionEngine
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.httpobj import urlparse_cached

from data.crawl_errors import LeftAlone, TooPatient
from data.crawl_job import job_of
from data.spiders.pages import on_site

LONGEST = 600.0  # seconds a crawl waits; a shop that asks for more is left for another day
LEFT = "retry_after"  # why a crawl ends then


def retry_after(value: str, now: float) -> float | None:
    """Return the seconds a Retry-After header asks for (a number or an HTTP date), None if broken.

    now: seconds since 1970.
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None


class PatientRetry(RetryMiddleware):
    """Scrapy's retries; after a Retry-After nothing is sent to that host until the time is over."""

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._not_before: defaultdict[str, float] = defaultdict(float)  # host -> monotonic seconds
        self._left: set[str] = set()  # hosts that are sent nothing more, whatever time is left
        self._engine: ExecutionEngine | None = None  # once the crawl has begun
        self._end: asyncio.Future[None] | None = None  # of the crawl
        self.waited = 0.0  # seconds that a host was held, summed over hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PatientRetry:
        middleware = super().from_crawler(crawler)
        job_of(crawler).watch.held = lambda: middleware.waited
        crawler.signals.connect(middleware._opened, signals.spider_opened)
        # Comes before the next request leaves the queue, which process_response does not.
        crawler.signals.connect(middleware._downloaded, signals.response_downloaded)
        return middleware

    def _opened(self) -> None:
        self._engine = self.crawler.engine

    async def process_request(self, request: Request) -> None:
        host = urlparse_cached(request).netloc
        request.meta.pop("download_slot", None)  # a redirect brings that of the host it comes from
        self._refuse(host)
        while (left := self._not_before[host] - time.monotonic()) > 0:
            request.meta["held"] = True  # the watch counts this time as lost to manners
            await asyncio.sleep(left)
            self._refuse(host)
        request.meta.pop("held", None)

    def _refuse(self, host: str) -> None:
        if host in self._left:
            raise LeftAlone(f"{host} asks to come back another day")

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        # A rendered page comes from the browser: only here is it heard.
        if not request.meta.pop("heard", False):
            self._heard(response, request)
        if (seconds := _asked(response)) > LONGEST:
            raise TooPatient(f"{request.url} asks to wait {seconds:.0f} s")
        result = super().process_response(request, response)
        if isinstance(result, Request):
            # Scrapy lets a retried request go off the site; ours is known to the frontier anyway.
            result.dont_filter = False
        return result

    def process_exception(self, request: Request, exception: Exception) -> Request | None:  # type: ignore[override]
        result = super().process_exception(request, exception)
        if isinstance(result, Request):
            result.dont_filter = False
        return result  # type: ignore[return-value]

    def _downloaded(self, response: Response, request: Request) -> None:
        self._heard(response, request)
        request.meta["heard"] = True  # process_response must not hold the host once more

    def _heard(self, response: Response, request: Request) -> None:
        seconds = _asked(response)
        if seconds > LONGEST:
            self._leave_alone(request, seconds)
        elif seconds:
            self._hold(request, seconds)

    def _hold(self, request: Request, seconds: float) -> None:
        host, now = urlparse_cached(request).netloc, time.monotonic()
        until = max(self._not_before[host], now + seconds)
        self.waited += until - max(self._not_before[host], now)
        self._not_before[host] = until
        if slot := self._slot(request):  # what queues there has passed process_request
            slot.lastseen = max(slot.lastseen, until)

    def _leave_alone(self, request: Request, seconds: float) -> None:
        """Send nothing more to a host in this start, which ends where it is the shop's."""
        host = urlparse_cached(request).netloc
        self._left.add(host)
        slot = self._slot(request)
        while slot and slot.queue:
            slot.queue.popleft()[1].errback(LeftAlone(f"{host} asks to wait {seconds:.0f} s"))
        if self._engine and on_site(request.url, job_of(self.crawler).site):
            job_of(self.crawler).watch.shop_closed = True
            end = self._engine.close_spider_async
            self._end = self._end or asyncio.ensure_future(end(reason=LEFT))

    def _slot(self, request: Request) -> Slot | None:
        slots = self._engine.downloader.slots if self._engine else {}
        return slots.get(request.meta.get("download_slot", ""))


def _asked(response: Response) -> float:
    """Return the seconds that an answer asks to wait, 0 where it does not."""
    given = response.headers.get("Retry-After")
    if response.status not in (429, 503) or not given:
        return 0.0
    return retry_after(given.decode("latin-1"), time.time()) or 0.0
