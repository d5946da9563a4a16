"""Rules that cannot be read forbid."""

from __future__ import annotations

import pytest

from tests.crawl_fakes import PHOTOS, PRIVATE, SHOP, Answer, crawl, product, to

pytestmark = pytest.mark.slow

NO_ANSWER = Answer(0)
RULES = f"{SHOP}/robots.txt"


@pytest.mark.parametrize(
    ("rules", "ending"),
    [
        (Answer(503), "robots.txt unread"),
        (Answer(429), "robots.txt unread"),
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
