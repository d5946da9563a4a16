"""Manners and safety: private addresses, Retry-After, kinds of errors."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request, signals
from scrapy.core.downloader import Slot
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from data.crawl_errors import LeftAlone, PrivateAddress, TooPatient, ending_of
from data.crawl_guard import PublicOnly, is_literal, is_public
from data.crawl_job import Job
from data.crawl_retry import PatientRetry, retry_after
from data.crawl_settings import LEAST_DELAY, settings_for
from data.crawl_site import parse_site
from data.crawl_watch import Watch
from data.spiders.shop import ShopSpider

NOW = 1_790_000_000.0  # Mon, 21 Sep 2026 14:13:20 GMT


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",  # noqa: S104
     "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1",
     "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "ff02::1"],
)  # fmt: skip
def test_private_addresses_are_known_in_every_dress(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f::1", "::ffff:93.184.215.14"])
def test_public_addresses_are_known(address):
    assert is_public(address)


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]:80/x", "http://10.0.0.9/"])
def test_an_address_written_out_is_refused(url):
    with pytest.raises(PrivateAddress):
        asyncio.run(PublicOnly().process_request(Request(url)))


def test_a_name_is_not_taken_for_an_address():
    assert not is_literal("127.0.0.1.shop.example")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120.0), (" 0 ", 0.0), ("Mon, 21 Sep 2026 14:14:20 GMT", 60.0),
     ("Mon, 21 Sep 2020 14:14:20 GMT", 0.0), ("soon", None), ("-5", None), ("", None)],
)  # fmt: skip
def test_retry_after_is_a_number_or_a_date(value, seconds):
    assert retry_after(value, NOW) == seconds


@given(st.text(max_size=60))
def test_any_retry_after_is_read_or_refused(value):
    seconds = retry_after(value, NOW)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (IgnoreRequest("Forbidden by robots.txt"), "robots.txt"),
        (IgnoreRequest("max redirections reached"), "redirected too often"),
        (PrivateAddress("x"), "private address"),
        (TimeoutError(), "timeout"),
        (KeyError("x"), "error KeyError"),
    ],
)
def test_errors_are_counted_by_kind(error, kind):
    assert ending_of(error) == kind


def test_a_shop_is_asked_slowly_by_someone_with_an_address():
    site = parse_site(
        {"name": "a", "start": "https://shop.example/", "contact": "https://me.example/bot"}
    )
    settings = settings_for(site, Path("out"), allow_private=False)
    assert "+https://me.example/bot" in settings["USER_AGENT"]
    assert settings["ROBOTSTXT_OBEY"]
    assert settings["AUTOTHROTTLE_ENABLED"]
    assert settings["DOWNLOAD_DELAY"] == 1.0
    assert settings["CONCURRENT_REQUESTS_PER_DOMAIN"] == 2
    assert settings["TWISTED_DNS_RESOLVER"] == "data.crawl_guard.PublicResolver"


def patient() -> PatientRetry:
    """The middleware as scrapy makes it, for a spider that asks nothing."""
    site = parse_site({"name": "a", "start": "https://shop.example/", "contact": "me@b.example"})
    crawler = get_crawler(ShopSpider)
    crawler.spider = ShopSpider.from_crawler(crawler, Job(site, Path(), None, Watch()))
    return PatientRetry.from_crawler(crawler)


def test_retry_after_holds_the_host_and_a_longer_one_adds_only_the_rest():
    retry = patient()
    request = Request("https://shop.example/p/1", meta={"page": 1})
    for seconds in ("30", "20", "40"):
        answer = Response(request.url, status=429, headers={"Retry-After": seconds})
        again = retry.process_response(request, answer)
        assert (again.url, again.meta["page"], again.dont_filter) == (request.url, 1, False)
    assert retry.waited == pytest.approx(40, abs=1)


def test_an_answer_is_heard_once():
    retry, request = patient(), Request("https://shop.example/p/1")
    answer = Response(request.url, status=429, headers={"Retry-After": "30"})
    retry.crawler.signals.send_catch_log(
        signals.response_downloaded, response=answer, request=request
    )
    held = retry.waited
    retry.process_response(request, answer)
    assert held > 29
    assert retry.waited == held


def test_a_shop_that_asks_for_hours_is_left_alone():
    request = Request("https://shop.example/p/1")
    answer = Response(request.url, status=503, headers={"Retry-After": "7200"})
    with pytest.raises(TooPatient) as caught:
        patient().process_response(request, answer)
    assert ending_of(caught.value) == "retry-after too long"


def test_a_host_left_alone_is_sent_nothing_when_less_time_remains_than_a_crawl_waits():
    retry, request = patient(), Request("https://shop.example/p/1")
    answer = Response(request.url, status=503, headers={"Retry-After": "601"})
    with pytest.raises(TooPatient):
        retry.process_response(request, answer)

    async def later() -> None:
        await asyncio.sleep(1.1)  # now 600 s remain
        await asyncio.wait_for(retry.process_request(request), 0.1)

    with pytest.raises(LeftAlone):
        asyncio.run(later())


@pytest.mark.parametrize(
    ("delay", "held", "lost"), [(1.0, 0.0, 1.0), (LEAST_DELAY, 60.0, 1.0), (LEAST_DELAY, 0.0, 0.0)]
)
def test_a_queue_is_lost_to_politeness_while_manners_hold_it(delay, held, lost):
    slot, watch = Slot(concurrency=2, delay=delay), Watch()
    slot.queue.append((Request("https://shop.example/"), None))
    slot.lastseen = time.monotonic() + held
    watch.tick([slot], held=False)
    assert watch.samples({})["polite"] == lost
