"""robots.txt of every host that is asked for anything, of those that only keep photos too."""

from __future__ import annotations

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from data.crawl_errors import PrivateAddress, RulesUnread, ending_of


class OnSite(OffsiteMiddleware):
    """Scrapy's filter of other domains, which lets their robots.txt pass.

    Scrapy 2.19 filters its own request for robots.txt of a host off the site, takes that for "no
    rules", and photos there were fetched against them. Only that request has this key.
    """

    def should_follow(self, request: Request, spider: Spider) -> bool:
        return _asks_rules(request) or super().should_follow(request, spider)


class Rules(RobotsTxtMiddleware):
    """Scrapy's robots.txt, and where it stops: rules that cannot be read.

    A host whose rules are there but cannot be read is not asked for anything (RFC 9309, 2.3.1.4);
    scrapy takes a server's error for "no rules".
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unread: dict[str, str] = {}  # host -> the ending of its pages

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
        elif not isinstance(exc, IgnoreRequest):  # of the network: the host's pages end like it
            self._unread[netloc] = ending_of(exc)
        super()._robots_error(exc, netloc)


def _asks_rules(request: Request) -> bool:
    return bool(request.meta.get("dont_obey_robotstxt"))
