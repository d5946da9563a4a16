"""Crawl the demo shop and compare with the truth: `python -m benchmarks.crawl [--products N]`.

For each style: one crawl from an empty folder, one killed three times with SIGKILL and started
again each time, one more over the finished folder that asks only for what has changed. Prints
products missing, doubled and extra, the share of fields equal to the truth, photos, speed and
memory. The shop runs on a free port of this machine and shares its cores with the crawl.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from data.cli import run
from data.crawl_items import ITEMS, read_items
from data.errors import SelvedgeError

ROOT = Path(__file__).resolve().parent.parent
STYLES = ("jsonld", "microdata", "script", "rendered")
KILLS = 3
_PLAIN = ("title", "brand", "category", "colors", "price", "gender")


@click.command("benchmarks.crawl")
@click.option("--products", type=click.IntRange(1), default=5000, show_default=True)
@click.option("--style", "styles", type=click.Choice(STYLES), multiple=True, default=STYLES[:3])
@click.option("--source", default="var/catalogue", show_default=True)
def command(products: int, styles: tuple[str, ...], source: str) -> None:
    """Print how whole, right and fast crawls of the demo shop are, killed ones too."""
    rows = []
    for style in styles:
        for kills in (0, KILLS):
            with tempfile.TemporaryDirectory() as folder, shop(products, source) as address:
                out = Path(folder)
                truth = read_truth(address)
                crawl(site_file(out, style, address), out / "crawl", items=len(truth), kills=kills)
                rows.append(measured(f"{style}, {kills} kills", out / "crawl", truth))
                if not kills:
                    crawl(site_file(out, style, address), out / "crawl", items=len(truth))
                    rows.append(measured(f"{style}, again", out / "crawl", truth))
            show(rows[-1:] if kills else rows[-2:])
    show(rows)


@contextmanager
def shop(products: int, source: str) -> Iterator[str]:
    """Run the demo shop; yields its address."""
    words = ["demo-shop", "--port", "0", "--products", str(products), "--source", source]
    server = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "data", *words], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    try:
        said = []
        for line in server.stderr or ():
            if found := re.search(r"Demo shop on (http://\S+)/", line):
                yield found[1]
                return
            said.append(line.strip())
        raise SelvedgeError(f"The demo shop did not start: {' '.join(said)[-300:]}")
    finally:
        server.terminate()
        server.wait(30)


def site_file(folder: Path, style: str, address: str) -> Path:
    """Write the style's site file for a shop at another address."""
    text = (ROOT / "data" / "sites" / f"demo-{style}.yaml").read_text(encoding="utf-8")
    path = folder / "site.yaml"
    path.write_text(text.replace("http://127.0.0.1:8765", address), encoding="utf-8")
    return path


def crawl(site: Path, out: Path, *, items: int = 0, kills: int = 0) -> None:
    """Crawl; with `kills`, kill the process that often on the way to about `items` items."""
    words = [sys.executable, "-m", "data", "crawl", str(site), "--out", str(out), "--allow-private"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    for number in range(1, kills + 1):
        process = subprocess.Popen(words, cwd=ROOT, **quiet)  # type: ignore[call-overload]  # noqa: S603
        while process.poll() is None and count_lines(out / ITEMS) < items * number // (kills + 1):
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
    finished = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)  # noqa: S603
    if finished.returncode:
        raise SelvedgeError(f"The crawl failed: {finished.stderr[-500:]}")


def count_lines(path: Path) -> int:
    """Return how many whole lines a file has, 0 where there is none."""
    return path.read_bytes().count(b"\n") if path.is_file() else 0


def read_truth(address: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what the shop truly sells by code and color."""
    with urllib.request.urlopen(f"{address}/truth.jsonl") as answer:  # noqa: S310 - our own shop
        products = [json.loads(line) for line in answer]
    return {(product["product_id"], product["variant"]): product for product in products}


def compare(out: Path, truth: dict[tuple[str, str], dict[str, Any]]) -> dict[str, Any]:
    """Return how a crawl folder differs from the truth.

    `fields` and `photos` are shares in [0, 1] over the products found; `differing` names fields.
    """
    items = list(read_items(out / ITEMS))
    found = {(item["product_id"], item["variant"]): item for item in items}
    pairs = [(item, truth[key]) for key, item in found.items() if key in truth]
    same = [entry for item, true in pairs for entry in fields_equal(item, true).items()]
    shown = sum(len(true["photos"]) for _, true in pairs)
    stored = sum(len(stored_photos(item, out) & set(true["photos"])) for item, true in pairs)
    return {
        "products": len(truth),
        "missing": len(truth.keys() - found.keys()),
        "doubled": len(items) - len(found),
        "extra": len(found.keys() - truth.keys()),
        "fields": sum(equal for _, equal in same) / max(1, len(same)),
        "photos": stored / max(1, shown),
        "differing": dict(Counter(name for name, equal in same if not equal)),
    }


def stored_photos(item: dict[str, Any], out: Path) -> set[str]:
    """Return the shop's names of an item's photos that are in the folder."""
    there = [photo for photo in item["images"] if (out / photo["path"]).is_file()]
    return {photo["url"].rpartition("/")[2] for photo in there}


def fields_equal(item: dict[str, Any], true: dict[str, Any]) -> dict[str, bool]:
    """Return, field by field, whether an item says what is true; white space does not count."""
    same = {name: item[name] == true[name] for name in _PLAIN}
    same["description"] = item["description"].split() == true["description"].split()
    for label, value in true["attributes"].items():
        same[label] = item["attributes"].get(label) == value
    return same


def measured(name: str, out: Path, truth: dict[tuple[str, str], dict[str, Any]]) -> dict[str, Any]:
    """Return one row: the comparison, and the last start's speed and memory."""
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    last = {row["what"]: list(row.values())[-1] for row in report["Starts"]}
    pages = {row["ending"]: row["count"] for row in report["Pages by ending"]}
    return {
        "crawl": name,
        **compare(out, truth),
        "pages": sum(pages.values()),
        "s": last["seconds"],
        "CPU s": last["seconds of the processor"],
        "responses/s": last["responses/s"],
        "polite": last["share of time lost to politeness"],
        "MB at 1/4": last["memory at a quarter, MB"],
        "MB at end": last["memory at the end, MB"],
    }


def show(rows: list[dict[str, Any]]) -> None:
    """Print rows as a table."""
    table = Table()
    for name in rows[0]:
        table.add_column(name)
    for row in rows:
        shares = {name: f"{row[name]:.2%}" for name in ("fields", "photos", "polite")}
        table.add_row(*(str(value) for value in (row | shares).values()))
    Console(width=180).print(table)


if __name__ == "__main__":
    run(command)
