"""robots.txt of every host that is asked for anything, of those that only keep photos too."""

from __future__ import annotations

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware


class OnSite(OffsiteMiddleware):
    """Scrapy's filter of other domains, which lets their robots.txt pass.

    Scrapy 2.19 filters its own request for robots.txt of a host off the site, takes that for "no
    rules", and photos there were fetched against them. Only that request has this key.
    """

    def should_follow(self, request: Request, spider: Spider) -> bool:
        asks_rules = bool(request.meta.get("dont_obey_robotstxt"))
        return asks_rules or super().should_follow(request, spider)
