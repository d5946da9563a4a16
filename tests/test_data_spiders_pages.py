"""Saved pages of every kind, and what the two spiders read from them."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy.http import HtmlResponse

from data.crawl_site import Site, parse_site
from data.spiders.items import Item, make_item
from data.spiders.pages import read_page, read_script_page, read_sitemap, wanted
from tests.source import ROOT

PAGES = ROOT / "tests" / "fixtures" / "pages"
URL = "https://shop.example/p/1"
PLAIN = {"name": "shop", "start": "https://shop.example/", "contact": "me@example.org"}
MYNTRA = {
    "kind": "script",
    "script": {
        "variable": "window.__myx",
        "product": "pdpData",
        "links": "pdpData.colours[].url",
        "fields": {
            "product_id": "id",
            "title": "name",
            "brand": "brand.name",
            "description": "descriptors[0].description",
            "category": "analytics.articleType",
            "gender": "analytics.gender",
            "colors": "[baseColour]",
            "price": "price.discounted",
            "attributes": "articleAttributes",
            "images": "media.albums[].images[].src",
        },
    },
}


def response(html: str | bytes, url: str = URL, **headers: str) -> HtmlResponse:
    body = html if isinstance(html, bytes) else html.encode()
    return HtmlResponse(url, body=body, headers={"Content-Type": "text/html", **headers})


def read_one(page: HtmlResponse, site: Site) -> list[Item]:
    """Return the items of one page, as the site's spider yields them."""
    read = read_page if site.kind == "product" else read_script_page
    items = (make_item(site.name, page.url, record) for record in read(page, site).records)
    return [item for item in items if item]


def saved(name: str, url: str = URL, **site: object) -> list[dict]:
    return read_one(response((PAGES / f"{name}.html").read_bytes(), url), parse_site(PLAIN | site))


def test_json_ld_in_a_graph_beside_a_broken_script():
    (item,) = saved("jsonld")
    assert item == {
        "shop": "shop",
        "url": "https://shop.example/p/kurta-77",
        "product_id": "77",
        "variant": "Navy Blue / White",
        "title": "Cotton Kurta & more",
        "brand": "Asha",
        "description": "Soft cotton.\nThree quarter sleeves",
        "category": "Kurtas",
        "attributes": {
            "Neck": "Round",
            "Sleeve Length": "3/4 Sleeves",
            "Pattern": "Striped",
            "Material": "Cotton",
        },
        "colors": ["Navy Blue", "White"],
        "price": 1299.5,
        "gender": "Women",
        "images": ["https://shop.example/img/77-a.jpg", "https://cdn.example/77-b.jpg"],
    }


def test_a_group_gives_one_item_a_color_and_sizes_none():
    items = saved("group")
    assert [(i["product_id"], i["variant"], i["title"], i["price"]) for i in items[:2]] == [
        ("P5", "Red", "Polo", 10.0),
        ("P5", "Sea", "Polo in Sea", None),
    ]
    assert [i["images"] for i in items[:2]] == [
        ["https://shop.example/5r.jpg"],
        ["https://shop.example/5s.jpg"],
    ]
    assert len(items) == 2
    assert all(i["brand"] == "Dune" and i["attributes"]["Pattern"] == "Solid" for i in items)


def test_microdata_with_an_attribute_table():
    (item,) = saved("microdata")
    assert (item["product_id"], item["title"], item["brand"]) == ("J-9", "Denim Jacket", "Ember")
    assert (item["variant"], item["gender"], item["price"]) == ("Indigo", "Women", 2499.0)
    assert item["description"] == "Washed."
    assert item["attributes"]["Sleeve Length"] == "Long Sleeves"
    assert [i.rpartition("/")[2] for i in item["images"]] == ["j9.jpg", "j9-back.jpg"]


def test_rdfa():
    (item,) = saved("rdfa")
    assert (item["product_id"], item["title"], item["brand"]) == ("T-4", "Linen Trousers", "Dune")
    assert (item["colors"], item["price"]) == (["Sand"], 999.0)
    assert item["images"] == ["https://shop.example/t4.jpg"]


def test_open_graph():
    (item,) = saved("opengraph")
    assert (item["product_id"], item["title"], item["brand"]) == ("S-1", "Wool Sweater", "Bluebird")
    assert (item["colors"], item["price"], len(item["images"])) == (["Grey"], 1799.0, 2)
    assert item["attributes"] == {"Pattern": "Argyle"}


def test_a_list_page_gives_links_and_no_items():
    page = response((PAGES / "list.html").read_bytes(), "https://shop.example/c/tops")
    found = read_page(page, parse_site(PLAIN))
    assert found.records == []
    assert {link.removeprefix("https://shop.example") for link in found.links} == {
        *(f"/p/{n}" for n in (1, 2, 3, 4)),
        "/c/tops?page=2",
        "/c/tops?page=3",
    }


def test_links_leave_neither_the_shop_nor_its_products():
    page = response((PAGES / "jsonld.html").read_bytes())
    assert read_page(page, parse_site(PLAIN)).links == ["https://shop.example/p/kurta-78"]


def test_a_script_variable_as_on_myntra():
    (item,) = saved("script", **MYNTRA)
    assert (item["product_id"], item["title"], item["brand"]) == (
        "1364628",
        "Roadster Men Shirt",
        "Roadster",
    )
    assert item["attributes"] == {
        "Sleeve Length": "Long Sleeves",
        "Pattern": "Checked",
        "Occasion": "Casual",
    }
    assert item["description"] == "Blue & white checked shirt; a };{ brace"
    assert (item["variant"], item["gender"], item["price"]) == ("Blue", "Men", 779.0)
    assert len(item["images"]) == 2


def test_selectors_speak_where_structured_data_does_not():
    html = '<div class="n">Blue Tee</div><b id="c">Red, Blue</b><img class="z" src="/1.jpg">'
    selectors = {"title": ".n", "colors": "//b[@id='c']/text()", "images": "img.z::attr(src)"}
    (item,) = read_one(response(html), parse_site(PLAIN | {"selectors": selectors}))
    assert (item["title"], item["colors"]) == ("Blue Tee", ["Red", "Blue"])
    assert item["images"] == ["https://shop.example/1.jpg"]


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("<p>Caf\u00e9".encode(), "utf-9"),
        (b"\xef\xbb\xbf" + "<p>Caf\u00e9".encode(), "iso-8859-1"),
        ("<meta charset=windows-1252><p>Caf\u00e9".encode("cp1252"), None),
    ],
)
def test_a_wrong_charset_is_seen_through(body, charset):
    data = '<script type="application/ld+json">{"@type": "Product", "name": "Caf\u00e9"}</script>'
    kind = f"text/html; charset={charset}" if charset else "text/html"
    encoding = "cp1252" if charset is None else "utf-8"
    page = response(body + data.encode(encoding), **{"Content-Type": kind})
    (item,) = read_one(page, parse_site(PLAIN))
    assert item["title"] == "Caf\u00e9"


@pytest.mark.parametrize(
    "html",
    [
        "",
        "\x00" * 5000,
        "<div>" * 50_000 + "x",
        '<script type="application/ld+json">' + "[" * 50_000 + "</script>",
        '<script type="application/ld+json">' + '{"a":' * 50_000 + "</script>",
        '<div itemprop="x" itemscope itemtype="https://schema.org/Product">' * 2000,
        '<script type="application/ld+json">{"@type":"Product","name":{"@type":"x"}}</script>',
        '<script type="application/ld+json">[1, null, "x", [[]], {"name": true}]</script>',
        '<meta property="og:type" content="product">',
        '<div typeof="Product" vocab="http://schema.org/"><p property="name">',
    ],
    ids=range(10),
)
def test_hostile_pages_are_read_and_give_nothing(html):
    assert read_one(response(html), parse_site(PLAIN)) == []


def test_script_and_markup_in_texts_are_gone():
    data = {
        "@type": "Product",
        "name": "Tee <script>alert(1)</script>\u0000\u202eX",
        "description": "<style>p{}</style>Soft\ud800",
        "image": ["javascript:alert(1)", "http://[bad", {"url": 5}, 7],
    }
    text = json.dumps(data).replace("</", "<\\/")
    html = f'<script type="application/ld+json">{text}</script>'
    (item,) = read_one(response(html), parse_site(PLAIN))
    assert (item["title"], item["description"]) == ("Tee X", "Soft?")
    assert [i for i in item["images"] if not i.startswith("https://")] == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["@type", "@graph", "name", "image", "offers", "color", "url", "hasVariant", "brand",
             "additionalProperty", "value", "sku", "price", "isVariantOf", "category"]
        ),
        inner | st.sampled_from(["Product", "ProductGroup"]),
        max_size=6,
    ),
    max_leaves=30,
)  # fmt: skip


@settings(max_examples=50)
@given(json_values)
def test_any_json_ld_gives_sound_items_or_none(value):
    text = json.dumps([{"@type": "Product", "name": "x", "extra": value}, value])
    html = f'<script type="application/ld+json">{text.replace("</", "<")}</script>'
    for item in read_one(response(html), parse_site(PLAIN)):
        json.dumps(item, allow_nan=False).encode()
        assert item["title"]


@given(st.text(max_size=300))
def test_any_script_text_is_read_or_refused(text):
    html = f"<script>window.__myx = {{{text}</script>"
    read_one(response(html.encode("utf-8", "replace")), parse_site(PLAIN | MYNTRA))


def test_sitemaps_and_indexes_are_told_apart():
    urls = b"<urlset><url><loc> /p/1 </loc></url><url><loc>https://shop.example/p/2</loc></url></urlset>"
    index = (
        b"<sitemapindex><sitemap><loc>https://shop.example/s1.xml</loc></sitemap></sitemapindex>"
    )
    base = "https://shop.example/sitemap.xml"
    assert read_sitemap(urls, base) == (
        ["https://shop.example/p/1", "https://shop.example/p/2"],
        [],
    )
    assert read_sitemap(index, base) == ([], ["https://shop.example/s1.xml"])


@given(st.binary(max_size=200))
def test_any_bytes_are_a_sitemap_or_refused(body):
    with contextlib.suppress(ValueError):
        read_sitemap(body, URL)


def test_patterns_of_the_site_file_decide_what_is_followed():
    site = parse_site(PLAIN | {"product": r"/p/\d+", "follow": ["/women/"]})
    assert wanted("https://shop.example/p/12", site)
    assert wanted("https://m.shop.example/women/tops", site)
    assert not wanted("https://shop.example/men/", site)
    assert not wanted("https://other.example/p/12", site)
