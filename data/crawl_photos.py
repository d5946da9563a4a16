"""Photos of products: fetched once per address, verified, stored by content, doubles left out."""

from __future__ import annotations

import asyncio
import hashlib
import io
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from data.crawl_errors import LeftAlone, PhotosLeft, ending_of
from data.crawl_frontier import LATER, OK, PASSING
from data.crawl_job import job_of
from data.errors import UnreadableImage
from data.files import write_whole
from data.images import MAX_BYTES, open_image
from data.spiders.items import Item

Stored = dict[str, Any]

# Bits of 64 in which the perceptual hashes of two photos of one product may differ and still be
# the same view: sizes and qualities of one picture differ in 0 to 4, two views in 12 and more.
SAME_VIEW = 6
_BAD = "no photo"
_SHOWN = ("sha256", "phash", "path", "width", "height")  # of what is stored, in an item
_VALIDATORS = (("etag", "ETag"), ("modified", "Last-Modified"))


class PhotoPipeline:
    """Replaces the addresses in an item's `images` by its stored photos."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._frontier, self._folder = job_of(crawler).frontier, job_of(crawler).out
        self._watch = job_of(crawler).watch
        self._under_way: dict[str, asyncio.Future[Stored | None]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PhotoPipeline:
        return cls(crawler)

    async def process_item(self, item: Item) -> Item:
        urls, page = item["images"], item["url"]
        photos = await asyncio.gather(*(self._photo(url, page) for url in urls))
        if self._watch.shop_closed and any(self._left(url) for url in urls):
            raise PhotosLeft  # an item of this run stays as it is: the next start could not mend it
        found = [_described(u, p, page) for u, p in zip(urls, photos, strict=True) if p]
        kept = distinct(found)
        for _ in range(len(found) - len(kept)):
            self._frontier.note("photos that repeat another of their product")
        return {**item, "images": kept}

    def _left(self, url: str) -> bool:
        known = self._frontier.photo(url)
        return known is not None and known[2] in LATER

    async def _photo(self, url: str, page: str) -> Stored | None:
        """Return what is stored of a photo, fetching it where this run has not yet."""
        known = self._frontier.photo(url)
        if known and known[0] == self._frontier.run:
            return known[1]
        if url not in self._under_way:
            self._under_way[url] = asyncio.ensure_future(self._fetch(url, known and known[1], page))
            self._under_way[url].add_done_callback(lambda _: self._under_way.pop(url))
        return await self._under_way[url]

    async def _fetch(self, url: str, before: Stored | None, page: str) -> Stored | None:
        stored, ending = None, OK
        try:
            response = await self._ask(_request(url, before, page))
            if response.status == 304 and before:
                stored = before
            elif response.status == 200:
                stored = store_photo(response.body, self._folder) | _validators(response)
            else:
                ending = f"http {response.status}"
        except UnreadableImage:
            ending = _BAD
        # Whatever a library raises for one photo, the others of the shop are still fetched.
        except Exception as error:  # noqa: BLE001
            ending = self._ending(error)
        if ending in PASSING:  # what is stored from an earlier crawl may well still be shown
            stored = before
        self._frontier.keep_photo(url, stored, ending)
        return stored

    async def _ask(self, request: Request) -> Response:
        if self._watch.shop_closed:
            raise LeftAlone(f"{request.url} is not asked for as the crawl ends")
        return await self._crawler.engine.download_async(request)

    def _ending(self, error: Exception) -> str:
        ending = ending_of(error)
        # What an engine raises that is closing, for a redirect too, says nothing of the photo.
        return ending_of(LeftAlone()) if self._watch.shop_closed and ending not in LATER else ending


def store_photo(body: bytes, folder: Path) -> Stored:
    """Verify a photo, store it under its content's hash in `folder`/photos and describe it.

    A JPEG is stored as it came, another format as a JPEG. Raises UnreadableImage.
    """
    import imagehash

    image = open_image(body)
    if not body.startswith(b"\xff\xd8"):
        out = io.BytesIO()
        image.save(out, "JPEG", quality=95)
        body = out.getvalue()
    digest = hashlib.sha256(body).hexdigest()
    path = Path("photos") / digest[:2] / f"{digest}.jpg"
    if not (folder / path).is_file():
        write_whole(folder / path, lambda partial: partial.write_bytes(body))
    width, height = image.size
    seen = str(imagehash.phash(image))
    return {"sha256": digest, "phash": seen, "path": str(path), "width": width, "height": height}


def distinct(photos: list[Stored]) -> list[Stored]:
    """Keep one photo of each view, the largest, in the order the page shows the views."""
    kept: list[Stored] = []
    for photo in photos:
        at = next((i for i, other in enumerate(kept) if _same_view(photo, other)), None)
        if at is None:
            kept.append(photo)
        elif photo["width"] * photo["height"] > kept[at]["width"] * kept[at]["height"]:
            kept[at] = photo
    return kept


def _same_view(photo: Stored, other: Stored) -> bool:
    if photo["sha256"] == other["sha256"]:
        return True
    differ = (int(photo["phash"], 16) ^ int(other["phash"], 16)).bit_count()
    return differ <= SAME_VIEW


def _request(url: str, before: Stored | None, page: str) -> Request:
    headers = {"Accept": "image/*", "Referer": page}
    for name, header in (("etag", "If-None-Match"), ("modified", "If-Modified-Since")):
        if before and name in before:
            headers[header] = before[name]
    # A shop's photos often lie on another host. They are kept as photos, not in the page cache.
    # No handle_httpstatus_all: it would switch redirects off, and many shops redirect their photos.
    meta = {"allow_offsite": True, "dont_cache": True, "download_maxsize": MAX_BYTES}
    return Request(url, headers=headers, meta=meta, callback=NO_CALLBACK)


def _validators(response: Any) -> Stored:
    """Return what asks later whether the photo has changed."""
    given = {name: response.headers.get(header) for name, header in _VALIDATORS}
    return {name: value.decode("latin-1") for name, value in given.items() if value}


def _described(url: str, stored: Stored, page: str) -> Stored:
    return {"url": url} | {name: stored[name] for name in _SHOWN} | {"page": page}
