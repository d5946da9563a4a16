"""Addresses: one spelling each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.spiders.urls import clean_url, is_fruitless


@pytest.mark.parametrize(
    ("url", "cleaned"),
    [
        ("https://Shop.example/p/1#photos", "https://shop.example/p/1"),
        ("/p/1?utm_source=mail&b=2&a=1&gclid=x", "https://shop.example/p/1?a=1&b=2"),
        ("//cdn.example/1.jpg", "https://cdn.example/1.jpg"),
        ("  p/2 ", "https://shop.example/p/2"),
        ("/p/caf\u00e9", "https://shop.example/p/caf%C3%A9"),
    ],
)
def test_one_page_has_one_spelling(url, cleaned):
    assert clean_url(url, "https://shop.example/") == cleaned


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "mailto:a@b.example", "http://:80/", "http://[::1",
     "https://user:pass@shop.example/", "https://shop.example/" + "x" * 3000, "ftp://a.example/b"],
)  # fmt: skip
def test_what_is_no_page_of_a_shop_is_none(url):
    assert clean_url(url, "https://shop.example/") is None


@given(st.text(max_size=200))
def test_any_text_is_cleaned_once_and_for_all_or_refused(text):
    cleaned = clean_url(text, "https://shop.example/a/")
    assert cleaned is None or clean_url(cleaned) == cleaned


@pytest.mark.parametrize("path", ["/cart", "/login/", "/account.html", "/c/x?sort=price"])
def test_carts_logins_and_other_sortings_lead_to_no_product(path):
    assert is_fruitless("https://shop.example" + path)


@pytest.mark.parametrize("path", ["/p/cartoon-tee", "/c/bags", "/women/tops?page=2", "/help-tee"])
def test_products_and_lists_are_not_fruitless(path):
    assert not is_fruitless("https://shop.example" + path)
