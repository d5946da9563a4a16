"""Scrapy's settings for one crawl: manners and bounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from data.crawl_site import Site

PAGE_BYTES = 5_000_000  # of one page, unpacked too; the largest product pages have about 2 MB
# Seconds: without any delay scrapy 2.19 sends a whole queue at once, whatever the concurrency, and
# knows no holding it.
LEAST_DELAY = 0.001
NO_ITEM_PAGES = 2_000  # in a row without a product: a maze, or patterns that match nothing


def settings_for(
    site: Site, out: Path, *, allow_private: bool, limit: int | None = None
) -> dict[str, Any]:
    """Return the settings of a crawl that ends after `limit` items (None: with the shop)."""
    return {
        "ALLOW_PRIVATE": allow_private,
        **_manners(site),
        **_bounds(site, limit),
        **_components(site, allow_private),
        "HTTPCACHE_ENABLED": True,
        "HTTPCACHE_DIR": str((out / "httpcache").resolve()),
        "HTTPCACHE_POLICY": "scrapy.extensions.httpcache.RFC2616Policy",
        "HTTPCACHE_STORAGE": "data.crawl_cache.SqliteCacheStorage",
        "LOG_LEVEL": "CRITICAL",  # every error is counted by kind in the report
        "TELNETCONSOLE_ENABLED": False,
    }


def user_agent(site: Site) -> str:
    """Return who asks and how to reach them."""
    return f"Selvedge/1.0 (research crawler; +{site.contact})"


def _manners(site: Site) -> dict[str, Any]:
    polite = site.politeness
    return {
        "USER_AGENT": user_agent(site),
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": "Selvedge",
        "DOWNLOAD_DELAY": max(polite.delay, LEAST_DELAY),
        "CONCURRENT_REQUESTS_PER_DOMAIN": polite.concurrency,
        "CONCURRENT_REQUESTS": 2 * polite.concurrency,  # the shop and the host of its photos
        "AUTOTHROTTLE_ENABLED": polite.delay > 0,
        "AUTOTHROTTLE_START_DELAY": polite.delay,
        "AUTOTHROTTLE_MAX_DELAY": 60.0,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": float(polite.concurrency),
        "RETRY_TIMES": 4,
        "COOKIES_ENABLED": False,  # nobody is followed, and no page depends on the one before
    }


def _bounds(site: Site, limit: int | None) -> dict[str, Any]:
    return {
        "DOWNLOAD_MAXSIZE": PAGE_BYTES,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_TIMEOUT": 30,
        "DNS_TIMEOUT": 20,
        "DEPTH_LIMIT": site.limits.depth,
        "REDIRECT_MAX_TIMES": 5,
        "CLOSESPIDER_PAGECOUNT_NO_ITEM": NO_ITEM_PAGES,
        "CLOSESPIDER_ITEMCOUNT": limit or 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "HTTPPROXY_ENABLED": False,  # a proxy would resolve names behind the guard's back
        "METAREFRESH_ENABLED": False,
    }


def _components(site: Site, allow_private: bool) -> dict[str, Any]:
    guard = {} if allow_private else {"data.crawl_guard.PublicOnly": 60}
    resolver = {} if allow_private else {"TWISTED_DNS_RESOLVER": "data.crawl_guard.PublicResolver"}
    browser = {"data.browser.RenderMiddleware": 950} if site.render else {}
    return {
        **resolver,
        "SCHEDULER": "data.crawl_scheduler.FrontierScheduler",
        "DOWNLOADER_MIDDLEWARES": {
            **guard,
            **browser,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "data.crawl_robots.OnSite": 50,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "data.crawl_robots.Rules": 100,
            "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
            "data.crawl_retry.PatientRetry": 550,
        },
        "SPIDER_MIDDLEWARES": {"data.crawl_scheduler.SettlePages": 10},
        "ITEM_PIPELINES": {
            "data.crawl_photos.PhotoPipeline": 100,
            "data.crawl_items.ItemPipeline": 900,
        },
        "EXTENSIONS": {"data.crawl_watch.WatchExtension": 0},
    }
