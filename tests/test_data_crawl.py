"""Real crawls of the demo shop by the real command, killed on the way, and of hostile pages."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request

import pytest

from benchmarks.crawl import compare, crawl, read_truth, shop, site_file
from data.crawl_items import ITEMS, read_items
from tests.source import ROOT

pytestmark = pytest.mark.slow

HOSTILE = """
name: hostile
start: {address}/hostile/
contact: tests@example.org
politeness: {{delay: 0, concurrency: 8}}
limits: {{pages: 30, depth: 6}}
"""


@pytest.fixture(scope="module")
def address():
    """A shop of 30 generated products, about 45 with their colors."""
    with shop(30, "generated") as found:
        yield found


def start(site, out, *options):
    words = [sys.executable, "-m", "data", "crawl", str(site), "--out", str(out), *options]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True)


def report(out):
    """Return each table of a crawl's report as first column -> last column."""
    tables = json.loads((out / "report.json").read_text())
    cells = {name: [list(row.values()) for row in rows] for name, rows in tables.items()}
    return {name: {row[0]: row[-1] for row in rows} for name, rows in cells.items()}


def crawled(style, address, folder, *, kills=0):
    """Crawl a style and return its folder, found to be equal to the truth."""
    truth = read_truth(address)
    out = folder / "crawl"
    crawl(site_file(folder, style, address), out, items=len(truth), kills=kills)
    found = compare(out, truth)
    assert (found["missing"], found["doubled"], found["extra"]) == (0, 0, 0)
    assert (found["fields"], found["photos"], found["differing"]) == (1.0, 1.0, {})
    return out


def test_a_killed_crawl_finds_every_product_once_and_rightly(address, tmp_path):
    tables = report(crawled("jsonld", address, tmp_path, kills=1))
    endings = tables["Pages by ending"]
    assert endings.keys() == {"ok", "redirect", "redirected too often", "http 404", "robots.txt"}
    assert tables["Attributes found, of the items"]["Fit"] == 1.0
    with urllib.request.urlopen(f"{address}/asked.json") as answer:
        assert json.load(answer)["forbidden"] == 0


def test_attribute_tables_in_three_layouts_are_read(address, tmp_path):
    crawled("microdata", address, tmp_path)


def test_a_second_crawl_asks_what_has_changed_and_writes_nothing(address, tmp_path):
    out = crawled("script", address, tmp_path)
    before = (out / ITEMS).read_bytes()
    crawl(tmp_path / "site.yaml", out)
    assert (out / ITEMS).read_bytes() == before
    tables = report(out)
    counts = tables["Counts"]
    assert (counts["items"], counts["items new or changed"]) == (before.count(b"\n"), 0)
    assert tables["Starts"]["not modified"] >= counts["items"]


def test_hostile_pages_neither_hang_nor_poison_a_crawl(address, tmp_path):
    site = tmp_path / "hostile.yaml"
    site.write_text(HOSTILE.format(address=address))
    finished = start(site, tmp_path / "crawl", "--allow-private")
    assert finished.returncode == 0, finished.stderr
    tables = report(tmp_path / "crawl")
    endings = tables["Pages by ending"]
    assert endings["too large"] == 2
    assert endings["too large unpacked"] == 1
    assert endings["redirected off the site"] == 1
    assert tables["Noted"]["pages over the limit"] > 0
    assert tables["Photos by ending"]["no photo"] >= 2
    titles = {item["title"]: item for item in read_items(tmp_path / "crawl" / ITEMS)}
    assert titles.keys() == {"Sound beside deep JSON", "Tee with tricks", "Photos that are none"}
    assert all(item["images"] == [] for item in titles.values())
    assert titles["Tee with tricks"]["description"].startswith("Soft.")


def test_this_machine_is_refused_unless_allowed(address, tmp_path):
    port = address.rpartition(":")[2]
    site = tmp_path / "inside.yaml"
    urls = [f"http://{host}:{port}/jsonld/" for host in ("127.0.0.1", "localhost", "127.1")]
    site.write_text(f"name: inside\ncontact: me@example.org\nstart: {json.dumps(urls)}\n")
    finished = start(site, tmp_path / "crawl")
    assert finished.returncode == 1
    assert "No page of inside could be read" in finished.stderr
    assert report(tmp_path / "crawl")["Pages by ending"] == {"private address": 3}


def test_a_wrong_site_file_is_one_sentence(tmp_path):
    (tmp_path / "x.yaml").write_text("name: x\nstart: https://shop.example/\ncolour: red\n")
    finished = start(tmp_path / "x.yaml", tmp_path / "crawl")
    assert finished.returncode == 1
    assert "unknown key 'colour'; allowed: name, start" in finished.stderr
    assert "Traceback" not in finished.stderr
