"""robots.txt of every host that is asked for anything, of those that only keep photos too."""

from __future__ import annotations

from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from data.crawl_errors import LeftAlone, PrivateAddress, RulesUnread, TooPatient, ending_of

LONGEST_DELAY = 600.0  # seconds; no crawl with a longer one ends


class OnSite(OffsiteMiddleware):
    """Scrapy's filter of other domains, which lets their robots.txt pass.

    Scrapy 2.19 filters its own request for robots.txt of a host off the site, takes that for "no
    rules", and photos there were fetched against them. Only that request has this key.
    """

    def should_follow(self, request: Request, spider: Spider) -> bool:
        return _asks_rules(request) or super().should_follow(request, spider)


class Rules(RobotsTxtMiddleware):
    """Scrapy's robots.txt, and where it stops: rules that cannot be read, and Crawl-delay.

    A host whose rules are there but cannot be read is not asked for anything (RFC 9309, 2.3.1.4);
    scrapy takes a server's error for "no rules".
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unread: dict[str, str] = {}  # host -> the ending of its pages
        self._delays: dict[str, float] = {}  # by slot, seconds
        crawler.signals.connect(self._parsed, signals.robots_parsed)
        # AutoThrottle hears of an answer first, as extensions are made before middlewares.
        crawler.signals.connect(self._slow_down, signals.response_downloaded)
        crawler.signals.connect(self._slow_down, signals.request_reached_downloader)

    async def process_request(self, request: Request) -> None:  # type: ignore[override]
        await super().process_request(request)
        ending = self._unread.get(urlparse_cached(request).netloc)
        if ending and not _asks_rules(request):
            raise RulesUnread(ending)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            raise RulesUnread
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, RulesUnread | PrivateAddress):
            self._unread[netloc] = RulesUnread().ending
        # Of the network or of Retry-After: the host's pages end like it.
        elif isinstance(exc, TooPatient | LeftAlone) or not isinstance(exc, IgnoreRequest):
            self._unread[netloc] = ending_of(exc)
        super()._robots_error(exc, netloc)

    def _parsed(self, robotparser: Any, request: Request) -> None:
        delay = robotparser.crawl_delay(self._robotstxt_useragent)
        if delay:
            slot = self.crawler.engine.downloader.get_slot_key(request)
            self._delays[slot] = min(delay, LONGEST_DELAY)

    def _slow_down(self, request: Request) -> None:
        name = request.meta["download_slot"]
        if name in self._delays:
            slot = self.crawler.engine.downloader.slots[name]
            slot.delay, slot.jitter = max(slot.delay, self._delays[name]), 0.0


def _asks_rules(request: Request) -> bool:
    return bool(request.meta.get("dont_obey_robotstxt"))
