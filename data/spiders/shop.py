"""The two spiders: pages with structured data, and pages whose data sits in a script variable."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import scrapy
from scrapy.http import Response, TextResponse
from scrapy.utils.gz import gunzip

from data.crawl_job import Job
from data.spiders.items import make_item
from data.spiders.limit import time_limit
from data.spiders.pages import (
    Found,
    on_site,
    priority,
    read_page,
    read_script_page,
    read_sitemap,
)
from data.spiders.urls import clean_url

MAX_SITEMAP = 50_000_000  # bytes, unpacked: the format's own limit


class ShopSpider(scrapy.Spider):
    """Follows a shop's links and yields an item for each color of each product."""

    def __init__(self, job: Job) -> None:
        super().__init__(name=job.site.name)
        self.job = job
        self.site = site = job.site
        self.allowed_domains = list(site.allowed_domains)
        self.request_meta = {"render": True} if site.render else {}

    async def start(self) -> AsyncIterator[Any]:
        for url in self.site.start:
            kind = "sitemap" if url.partition("?")[0].endswith((".xml", ".xml.gz")) else "page"
            yield scrapy.Request(clean_url(url) or url, meta={"kind": kind})

    def parse(self, response: Response) -> Iterator[Any]:
        if not isinstance(response, TextResponse):
            self.job.frontier.note("pages that are no text")
            return
        with time_limit():
            found = self.read(response)
        for problem in found.problems:
            self.job.frontier.note(problem)
        for record in found.records:
            if item := make_item(self.site.name, response.url, record):
                yield item
        for link in found.links:
            yield self._request(link)

    def parse_sitemap(self, response: Response) -> Iterator[Any]:
        body = response.body
        try:
            if body.startswith(b"\x1f\x8b"):
                body = gunzip(body, max_size=MAX_SITEMAP)
            pages, sitemaps = read_sitemap(body, response.url)
        except ValueError:
            self.job.frontier.note("unreadable sitemap")
            return
        for link in pages:
            if on_site(link, self.site):
                yield self._request(link)
        for link in sitemaps:
            if on_site(link, self.site):
                yield scrapy.Request(link, meta={"kind": "sitemap"})

    def read(self, response: TextResponse) -> Found:
        return read_page(response, self.site)

    def _request(self, link: str) -> scrapy.Request:
        return scrapy.Request(link, priority=priority(link, self.site))


class ScriptSpider(ShopSpider):
    """The same for pages whose data sits in a script variable, as on Myntra."""

    def read(self, response: TextResponse) -> Found:
        return read_script_page(response, self.site)
