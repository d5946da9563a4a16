"""Photos on other hosts and behind redirects: collected as far as each host allows, no further."""

from __future__ import annotations

import pytest

from tests.crawl_fakes import PHOTOS, PRIVATE, SHOP, Answer, Crawled, crawl, product, to
from tests.pictures import photo

pytestmark = pytest.mark.slow

FORBIDDING, OPEN, TRICKY = PHOTOS, "http://93.184.215.16", "http://93.184.215.17"
NOTHING = Answer(body=b"User-agent: *\nDisallow: /\n")
JPEG = Answer(body=photo(), headers={"Content-Type": "image/jpeg", "ETag": '"1"'})
PICTURES = {
    f"{SHOP}/own.jpg": JPEG,
    f"{OPEN}/open.jpg": JPEG,
    f"{FORBIDDING}/forbidden.jpg": JPEG,
    f"{PRIVATE}/private.jpg": JPEG,
    f"{TRICKY}/tricky.jpg": JPEG,
    f"{SHOP}/moved.jpg": to("/own.jpg"),
    f"{SHOP}/moved-away.jpg": to(f"{OPEN}/open.jpg"),
    f"{SHOP}/to-forbidden.jpg": to(f"{FORBIDDING}/forbidden.jpg"),
    f"{SHOP}/to-private.jpg": to(f"{PRIVATE}/private.jpg"),
    f"{SHOP}/to-file.jpg": to("file:///etc/passwd"),
    f"{SHOP}/round.jpg": to("/round.jpg"),
    f"{SHOP}/gone.jpg": Answer(410),
    f"{SHOP}/broken.jpg": Answer(500),
    f"{SHOP}/page.jpg": Answer(body=b"<html>"),
}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory) -> Crawled:
    """One product that shows them all."""
    answers = {
        f"{SHOP}/p/1": product(1, *PICTURES),
        f"{FORBIDDING}/robots.txt": NOTHING,
        # Its rules lie behind a redirect, and another's would be fetched from within.
        f"{OPEN}/robots.txt": to(f"{SHOP}/robots.txt"),
        f"{TRICKY}/robots.txt": to(f"{PRIVATE}/robots.txt"),
    }
    return crawl(answers | PICTURES, tmp_path_factory.mktemp("crawl"), start=("/p/1",))


@pytest.mark.parametrize(
    ("url", "ending"),
    [
        (f"{SHOP}/own.jpg", "ok"),
        (f"{OPEN}/open.jpg", "ok"),
        (f"{FORBIDDING}/forbidden.jpg", "robots.txt"),
        (f"{PRIVATE}/private.jpg", "private address"),
        (f"{SHOP}/moved.jpg", "ok"),
        (f"{SHOP}/moved-away.jpg", "ok"),
        (f"{SHOP}/to-forbidden.jpg", "robots.txt"),
        (f"{SHOP}/to-private.jpg", "private address"),
        (f"{SHOP}/to-file.jpg", "http 302"),
        (f"{SHOP}/round.jpg", "redirected too often"),
        (f"{SHOP}/gone.jpg", "http 410"),
        (f"{SHOP}/broken.jpg", "http 500"),
        (f"{SHOP}/page.jpg", "no photo"),
    ],
)
def test_a_photo_ends_as_its_host_says(crawled, url, ending):
    assert crawled.photos[url] == ending


def test_nothing_is_asked_of_whom_it_must_not_be(crawled):
    asked = {url for _, url in crawled.asked}
    assert f"{FORBIDDING}/forbidden.jpg" not in asked
    assert not any(url.startswith(PRIVATE) for url in asked)
    assert {f"{host}/robots.txt" for host in (FORBIDDING, OPEN, TRICKY)} <= asked


def test_a_redirect_ends_after_a_few_steps(crawled):
    assert len(crawled.times(f"{SHOP}/round.jpg")) == 6


def test_pages_off_the_site_are_refused_still(tmp_path):
    answers = {
        f"{SHOP}/": Answer(body=f'<a href="{OPEN}/p/1">1</a><a href="/off">2</a>'.encode()),
        f"{SHOP}/off": to(f"{OPEN}/p/2"),
        f"{OPEN}/p/1": product(1),
        f"{OPEN}/p/2": product(2),
    }
    crawled = crawl(answers, tmp_path, start=("/",))
    assert crawled.pages == {"ok": 1, "redirected off the site": 1}
    assert not any(url.startswith(OPEN) for _, url in crawled.asked)


def test_a_photo_behind_a_redirect_is_asked_later_whether_it_has_changed(tmp_path):
    answers = {
        f"{SHOP}/p/1": product(1, f"{SHOP}/moved-away.jpg"),
        f"{SHOP}/moved-away.jpg": to(f"{OPEN}/open.jpg"),
        f"{OPEN}/open.jpg": JPEG,
    }
    first = crawl(answers, tmp_path, start=("/p/1",))
    answers[f"{OPEN}/open.jpg"] = Answer(304)
    again = crawl(answers, tmp_path, start=("/p/1",))
    assert first.items == again.items
    assert [len(item["images"]) for item in again.items] == [1]
    assert again.photos == {f"{SHOP}/moved-away.jpg": "ok"}


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (Answer(503), 1),
        (Answer(429, headers={"Retry-After": "7200"}), 1),
        (Answer(0), 1),
        (Answer(404), 0),
    ],
)
def test_a_photo_that_fails_later_by_bad_luck_is_not_lost(tmp_path, answer, kept):
    url = f"{PHOTOS}/1.jpg"
    answers = {f"{SHOP}/p/1": product(1, url), url: JPEG}
    crawl(answers, tmp_path, start=("/p/1",))
    again = crawl(answers | {url: answer}, tmp_path, start=("/p/1",))
    assert [len(item["images"]) for item in again.items] == [kept]
    assert again.photos != {url: "ok"}
    answers[url] = Answer(304) if kept else JPEG
    assert len(crawl(answers, tmp_path, start=("/p/1",)).items[0]["images"]) == 1
