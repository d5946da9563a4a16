"""A host that asks to be left alone is: what waits for it in a queue included."""

from __future__ import annotations

import pytest

from tests.crawl_fakes import PHOTOS, SHOP, Answer, crawl, product
from tests.pictures import photo

pytestmark = pytest.mark.slow

JPEG = Answer(body=photo())
URLS = [f"{PHOTOS}/{number}.jpg" for number in range(8)]


@pytest.mark.parametrize("delay", [0.005, 0])
def test_no_more_is_asked_at_once_than_allowed(tmp_path, delay):
    answers = {f"{SHOP}/p/1": product(1, *URLS)} | dict.fromkeys(URLS, JPEG)
    manners = {"delay": delay, "concurrency": 2}
    assert crawl(answers, tmp_path, start=("/p/1",), politeness=manners).at_once == 2
