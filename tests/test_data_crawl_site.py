"""A site file: small, checked whole, wrong keys told with the allowed ones."""

from __future__ import annotations

import pytest

from data.crawl_site import Politeness, parse_site, read_site
from data.errors import InvalidTable
from tests.source import ROOT

PLAIN = {"name": "shop", "start": "https://shop.example/", "contact": "me@example.org"}


def test_three_keys_are_enough_and_the_domain_follows_from_the_start():
    site = parse_site({**PLAIN, "start": ["https://shop.example/a", "https://shop.example/b"]})
    assert site.allowed_domains == ("shop.example",)
    assert (site.kind, site.render, site.politeness) == ("product", False, Politeness(1.0, 2))


@pytest.mark.parametrize("path", sorted((ROOT / "data" / "sites").glob("*.yaml")), ids=str)
def test_every_site_file_that_comes_with_the_project_is_sound(path):
    assert read_site(path).name == path.stem


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"colour": 1}, "unknown key 'colour'; allowed: name, start, contact"),
        ({"name": "My Shop"}, "small letters"),
        ({"name": None}, 'lacks the key "name"'),
        ({"start": "ftp://shop.example"}, "http or https"),
        ({"start": ["https://[x"]}, "http or https"),
        ({"contact": "a\nb"}, "a line of text"),
        ({"allowed_domains": ["https://shop.example/"]}, "domains such as"),
        ({"kind": "api"}, "product or script"),
        ({"kind": "script"}, "go together"),
        ({"product": "("}, "not a regular expression"),
        ({"follow": [3]}, "a line of text"),
        ({"render": "yes"}, "true or false"),
        ({"selectors": {"size": "p"}}, "unknown key 'size'"),
        ({"selectors": {"title": "h1["}}, "title is no selector"),
        ({"selectors": {"title": "//h1["}}, "title is no selector"),
        ({"politeness": {"delay": -1}}, "from 0 to 3600"),
        ({"politeness": {"concurrency": 1.5}}, "a whole number"),
        ({"politeness": {"speed": 1}}, "allowed: delay, concurrency"),
        ({"limits": {"pages": True}}, "a whole number"),
        ({"kind": "script", "script": {"variable": "x"}}, 'lacks the key "product"'),
        (
            {
                "kind": "script",
                "script": {"variable": "x", "product": "a[", "fields": {"title": "b"}},
            },
            "no JMESPath expression",
        ),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence(change, words):
    with pytest.raises(InvalidTable) as caught:
        parse_site(PLAIN | change, "shop.yaml")
    assert words in caught.value.message
    assert caught.value.code == "invalid_site"


@pytest.mark.parametrize(
    ("content", "words"), [(b"a: [", "not YAML"), (b"\xff\xfe", "cannot be read"), (b"", "mapping")]
)
def test_a_file_that_is_no_mapping_is_told(tmp_path, content, words):
    (tmp_path / "x.yaml").write_bytes(content)
    with pytest.raises(InvalidTable, match=words):
        read_site(tmp_path / "x.yaml")
