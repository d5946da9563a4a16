"""The demo shop: the same at every start, and as faulty as it says."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from data.demo_shop.app import create_app
from data.demo_shop.faults import Faults
from data.demo_shop.photos import photo_bytes
from data.demo_shop.products import load_products

PRODUCTS = load_products(None, 1000, 7)


@pytest.fixture
def client() -> FlaskClient:
    return create_app(PRODUCTS, 7).test_client()


def test_products_are_the_same_every_time():
    assert load_products(None, 1000, 7) == PRODUCTS
    assert load_products(None, 1000, 8) != PRODUCTS
    assert any(len(product.colors) > 1 for product in PRODUCTS)
    assert any(product.repeats_photo for product in PRODUCTS)


def test_as_many_products_are_generated_as_asked_for_and_they_differ():
    assert len(PRODUCTS) == 1000
    assert len({product.title for product in PRODUCTS}) == 1000
    told = {(p.description, *p.attributes.values(), p.brand, p.gender) for p in PRODUCTS}
    assert len(told) > 950
    assert len({photo_bytes(product, 0, "front") for product in PRODUCTS}) == 1000


def test_the_truth_has_a_line_for_every_color(client):
    lines = [json.loads(line) for line in client.get("/truth.jsonl").text.splitlines()]
    assert len(lines) == sum(len(product.colors) for product in PRODUCTS)
    assert len({(line["product_id"], line["variant"]) for line in lines}) == len(lines)


@pytest.mark.parametrize("style", ["jsonld", "microdata", "script", "rendered"])
def test_every_page_of_a_style_leads_on(client, style):
    for path in (f"/{style}/", f"/{style}/p/d00001", f"/{style}/sitemap.xml", "/robots.txt"):
        assert client.get(path).status_code in (200, 429, 500)
    assert client.get(f"/{style}/p/none").status_code == 404


def test_faults_happen_once_and_are_the_same_every_time():
    faults = Faults.of(len(PRODUCTS), 7)
    assert faults.kinds == Faults.of(len(PRODUCTS), 7).kinds
    broken = next(at for at, kind in faults.kinds.items() if kind == "broken once")
    busy = next(at for at, kind in faults.kinds.items() if kind == "busy once")
    assert faults.before(broken, "/p/1").status_code == 500
    assert faults.before(broken, "/p/1") is None
    answer = faults.before(busy, "/p/2")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")


def test_pages_and_photos_say_when_they_have_not_changed(client):
    for path in ("/jsonld/", "/photos/0-0-front.jpg"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code, again.data) == (200, 304, b"")


def test_the_list_that_scripts_load_ends(client):
    links, at = [], 0
    while at is not None:
        page = client.get(f"/rendered/api/products?offset={at}").json
        links += page["links"]
        at = page["next"]
    assert len(set(links)) == len(links) == len(PRODUCTS)
