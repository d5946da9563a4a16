"""Rules that cannot be read forbid; Crawl-delay is kept to."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.crawl_fakes import PHOTOS, PRIVATE, SHOP, Answer, crawl, product, to
from tests.pictures import photo

pytestmark = pytest.mark.slow

NO_ANSWER = Answer(0)
RULES = f"{SHOP}/robots.txt"


@pytest.mark.parametrize(
    ("rules", "ending"),
    [
        (Answer(503), "robots.txt unread"),
        (Answer(429), "robots.txt unread"),
        (Answer(503, headers={"Retry-After": "7200"}), "retry-after too long"),
        (to(f"{PRIVATE}/robots.txt"), "robots.txt unread"),
        (NO_ANSWER, "timeout"),
        (Answer(403), "ok"),
        (Answer(404), "ok"),
        ([Answer(503), Answer()], "ok"),
    ],
)
def test_rules_that_are_there_and_cannot_be_read_forbid(tmp_path, rules, ending):
    crawled = crawl({f"{SHOP}/p/1": product(1), RULES: rules}, tmp_path, start=("/p/1",))
    assert crawled.pages == {ending: 1}
    assert bool(crawled.times(f"{SHOP}/p/1")) == (ending == "ok")


def test_a_host_of_photos_whose_rules_cannot_be_read_is_left_alone(tmp_path):
    answers = {f"{SHOP}/p/1": product(1, f"{PHOTOS}/1.jpg"), f"{PHOTOS}/robots.txt": Answer(500)}
    crawled = crawl(answers, tmp_path, start=("/p/1",))
    assert crawled.pages == {"ok": 1}
    assert crawled.photos == {f"{PHOTOS}/1.jpg": "robots.txt unread"}
    assert not crawled.times(f"{PHOTOS}/1.jpg")


@pytest.mark.parametrize("delay", [0, 0.1])  # with and without AutoThrottle
def test_a_crawl_delay_is_kept_to_by_pages_and_photos(tmp_path, delay):
    photos = [f"{SHOP}/{number}.jpg" for number in range(3)]
    answers = {
        RULES: Answer(body=b"User-agent: *\nCrawl-delay: 0.6\n"),
        f"{SHOP}/": Answer(body=b"<a href=/p/1>1</a><a href=/p/2>2</a>"),
        f"{SHOP}/p/1": product(1, *photos),
        f"{SHOP}/p/2": product(2),
    } | dict.fromkeys(photos, Answer(body=photo()))
    manners = {"delay": delay, "concurrency": 4}
    crawled = crawl(answers, tmp_path, start=("/",), politeness=manners)
    times = [at for at, _ in crawled.asked]
    assert len(times) == 7
    assert min(later - at for at, later in pairwise(times)) > 0.5


def test_a_longer_delay_of_the_site_file_stays(tmp_path):
    answers = {RULES: Answer(body=b"User-agent: *\nCrawl-delay: 0.1\n"), f"{SHOP}/": product(1)}
    manners = {"delay": 1.2, "concurrency": 1}
    crawled = crawl(answers, tmp_path, start=("/",), politeness=manners)
    assert crawled.asked[1][0] - crawled.asked[0][0] > 1.1
