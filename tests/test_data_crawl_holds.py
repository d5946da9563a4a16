"""A host that asks to be left alone is: what waits for it in a queue included."""

from __future__ import annotations

import io
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from tests.crawl_fakes import PHOTOS, SHOP, Answer, crawl, product, to
from tests.pictures import photo

pytestmark = pytest.mark.slow

JPEG = Answer(body=photo())
URLS = [f"{PHOTOS}/{number}.jpg" for number in range(8)]
LIST = Answer(body="".join(f"<a href=/p/{n}>{n}</a>" for n in range(8)).encode())
PAGES = {f"{SHOP}/p/{n}": product(n) for n in range(8)}


def view(number: int) -> bytes:
    """A photo that looks like that of no other number."""
    noise = np.random.default_rng(number).integers(0, 256, (16, 16, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).resize((128, 128)).save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize("delay", [0.1, 0])
def test_photos_in_the_queue_wait_as_the_host_asks(tmp_path, delay):
    busy = Answer(429, headers={"Retry-After": "2"})
    answers = {f"{SHOP}/p/1": product(1, *URLS)} | dict.fromkeys(URLS, JPEG)
    manners = {"delay": delay, "concurrency": 1}
    crawled = crawl(
        answers | {URLS[1]: [busy, JPEG]}, tmp_path, start=("/p/1",), politeness=manners
    )
    told = crawled.times(URLS[1])[0]
    later = [at for at, url in crawled.asked if at > told and url.startswith(PHOTOS)]
    assert len(later) == 7
    assert min(later) - told > 2
    assert set(crawled.photos.values()) == {"ok"}


def test_photos_that_are_redirected_are_asked_for_at_the_pace_of_their_host(tmp_path):
    urls = [f"{PHOTOS}/{number}.jpg" for number in range(18)]
    moved = {f"{SHOP}/{n}.jpg": to(url) for n, url in enumerate(urls[:6])}
    answers = {f"{SHOP}/p/1": product(1, *moved, *urls[6:])} | moved | dict.fromkeys(urls, JPEG)
    manners = {"delay": 0.2, "concurrency": 2}
    crawled = crawl(answers, tmp_path, start=("/p/1",), politeness=manners)
    times = [at for at, url in crawled.asked if url.startswith(PHOTOS)]
    assert len(times) == 19  # robots.txt too
    assert min(later - at for at, later in pairwise(times)) > 0.07  # the delay varies by a half


def test_a_shop_that_asks_for_hours_is_sent_nothing_more_and_goes_on_another_day(tmp_path):
    closed = Answer(503, headers={"Retry-After": "7200"})
    manners = {"delay": 0.1, "concurrency": 2}
    answers = {f"{SHOP}/": LIST} | PAGES
    first = crawl(answers | {f"{SHOP}/p/1": closed}, tmp_path, start=("/",), politeness=manners)
    told = first.times(f"{SHOP}/p/1")[0]
    assert [url for at, url in first.asked if at > told + 0.09] == []
    assert first.pages.keys() == {"ok", "retry-after too long", "left for later", "waiting"}
    again = crawl(answers, tmp_path, start=("/",), politeness=manners)
    assert again.pages == {"ok": 9}
    assert len(again.items) == 8


def test_a_shop_whose_first_page_asks_for_hours_is_asked_again_another_day(tmp_path):
    closed = Answer(503, headers={"Retry-After": "7200"})
    assert crawl({f"{SHOP}/": closed}, tmp_path, start=("/",)).pages == {"retry-after too long": 1}
    again = crawl({f"{SHOP}/": LIST} | PAGES, tmp_path, start=("/",))
    assert again.pages == {"ok": 9}


def test_a_product_whose_photos_the_shop_holds_for_hours_is_left_whole(tmp_path):
    urls = [f"{SHOP}/{number}.jpg" for number in range(8)]
    views = {url: Answer(body=view(number)) for number, url in enumerate(urls)}
    answers = {f"{SHOP}/p/1": product(1, *urls)} | views
    closed = Answer(429, headers={"Retry-After": "7200"})
    manners = {"delay": 0.05, "concurrency": 1}
    options = {"start": ("/p/1",), "politeness": manners}
    first = crawl(answers | {urls[1]: closed}, tmp_path, **options)
    assert (first.pages, first.items) == ({"left for later": 1}, [])
    assert set(first.photos.values()) == {"ok", "retry-after too long", "left for later"}
    again = crawl(answers, tmp_path, **options)
    assert again.pages == {"ok": 1}
    assert [len(item["images"]) for item in again.items] == [8]
    read = [url for url, ending in first.photos.items() if ending == "ok"]
    assert not any(again.times(url) for url in read)


def test_a_host_of_photos_that_asks_for_hours_does_not_end_the_crawl(tmp_path):
    closed = Answer(429, headers={"Retry-After": "7200"})
    answers = {f"{SHOP}/": LIST, f"{SHOP}/p/0": product(0, *URLS)} | PAGES
    answers |= {f"{SHOP}/p/{n}": product(n, URLS[n]) for n in range(8)}
    answers |= dict.fromkeys(URLS, closed)
    crawled = crawl(answers, tmp_path, start=("/",), politeness={"delay": 0.05, "concurrency": 1})
    assert crawled.pages == {"ok": 9}
    assert len([url for _, url in crawled.asked if url in URLS]) == 1
    assert sorted(set(crawled.photos.values())) == ["left for later", "retry-after too long"]


@pytest.mark.parametrize("delay", [0.005, 0])
def test_no_more_is_asked_at_once_than_allowed(tmp_path, delay):
    answers = {f"{SHOP}/p/1": product(1, *URLS)} | dict.fromkeys(URLS, JPEG)
    manners = {"delay": delay, "concurrency": 2}
    assert crawl(answers, tmp_path, start=("/p/1",), politeness=manners).at_once == 2
