"""Coming back when the shop says so: Retry-After, which scrapy does not know, holds a host."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from email.utils import parsedate_to_datetime

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.httpobj import urlparse_cached

from data.crawl_errors import TooPatient
from data.crawl_job import job_of

LONGEST = 600.0  # seconds a crawl waits; a shop that asks for more is left for another day


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
        self.waited = 0.0  # seconds that a host was held, summed over hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PatientRetry:
        middleware = super().from_crawler(crawler)
        job_of(crawler).watch.held = lambda: middleware.waited
        return middleware

    async def process_request(self, request: Request) -> None:
        host = urlparse_cached(request).netloc
        while (left := self._not_before[host] - time.monotonic()) > 0:
            request.meta["held"] = True  # the watch counts this time as lost to manners
            await asyncio.sleep(left)
        request.meta.pop("held", None)

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        given = response.headers.get("Retry-After")
        if response.status in (429, 503) and given:
            seconds = retry_after(given.decode("latin-1"), time.time())
            if seconds is not None and seconds > LONGEST:
                raise TooPatient(f"{request.url} asks to wait {seconds:.0f} s")
            self._hold(urlparse_cached(request).netloc, seconds or 0.0)
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

    def _hold(self, host: str, seconds: float) -> None:
        now = time.monotonic()
        until = max(self._not_before[host], now + seconds)
        self.waited += until - max(self._not_before[host], now)
        self._not_before[host] = until
