"""The whole way: a shop, its crawl, the table, a few training steps, the check of a listing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from data.__main__ import cli
from data.export import choose, export
from data.importing import save
from data.jsonl import read_listing
from data.schema import Listing
from data.sellers import import_seller_photos
from data.table import LISTINGS, read_table, split_of, write_table
from data.taxonomy import ATTRIBUTES
from tests.conftest import ROOT
from tests.dumps import photo

PRODUCTS = 16
BATCH = 4
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shop() -> Iterator[str]:
    """The address of a demo shop with generated products, run as a person runs it."""
    command = [sys.executable, "-m", "data", "demo-shop", "--port", "0"]
    command += ["--products", str(PRODUCTS), "--source", "generated"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        lines = iter(server.stderr.readline, "")
        said = next((line for line in lines if "http://" in line), "")
        yield said.split()[-1].rstrip("/")
        server.terminate()


def _crawl(shop: str, style: str, out: Path, *options: str) -> list[dict[str, Any]]:
    """Crawl one style of the shop with the site file a person would use; returns the items."""
    site = (ROOT / "data" / "sites" / f"demo-{style}.yaml").read_text("utf-8")
    file = out.with_suffix(".yaml")
    file.write_text(site.replace("http://127.0.0.1:8765", shop), "utf-8")
    command = [sys.executable, "-m", "data", "crawl", str(file), "--out", str(out)]
    command += ["--allow-private", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in (out / "items.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def crawled(shop: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop") / "crawl"
    _crawl(shop, "jsonld", folder)
    return folder


@pytest.fixture(scope="module")
def var(crawled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables that training reads: the shop's, two sellers' photos, one judged by eye."""
    var = tmp_path_factory.mktemp("var")
    result = CliRunner().invoke(cli, ["wrangle", str(crawled), "--out", str(var / "shop")])
    assert result.exit_code == 0, result.output
    # Training learns from each source's own train split how far to trust it.
    one, two = [n for n in range(1, 50) if split_of(f"seller-{n}") == "train"][:2]
    three = next(n for n in range(1, 50) if split_of(f"seller-{n}") == "validation")
    for number in (one, two, three):
        photo(var / "raw" / "images" / f"{number}.jpg", (number, 40, 40))
    (var / "raw" / "images.csv").write_text(
        "image,sender_id,label,kids\n"
        f"{one},{one},Pants,False\n{two},{two},Shirt,False\n{three},{three},Skirt,False\n"
    )
    sellers = save(import_seller_photos(var / "raw"), var / "seller_photos")
    judged = sellers.iloc[[0, 2]][["source", "listing_id", "scope", *ATTRIBUTES]]
    judged = judged.assign(passes=2, sure=1, picked=False)
    write_table(judged, var / "annotations" / "photos.parquet", "photos")
    return var


def test_every_crawled_product_is_a_listing_with_photos_and_fields(
    crawled: Path, var: Path
) -> None:
    frame = read_table(var / "shop" / LISTINGS)
    items = (crawled / "items.jsonl").read_text("utf-8").splitlines()
    assert len(frame) == len(items) >= PRODUCTS
    assert set(frame["scope"]) == {"in"}
    assert frame[["wear", "item", "pattern"]].notna().all(axis=None)
    assert all(Path(path).is_file() for images in frame["images"] for path in images)
    assert frame.groupby("group")["split"].nunique().max() == 1


def _train(var: Path) -> Any:
    """The recipe on the shop's photos, one round of two courses of an epoch, with a tiny body."""
    keras = pytest.importorskip("keras")
    from training.recipe import MANY_GARMENTS, RARE_LENGTHS, Recipe, Round
    from training.vision import train

    if not (var / "body.keras").exists():
        find = keras.layers.Conv2D(8, 32, strides=32, activation="relu")
        keras.Sequential([keras.Input((None, None, 3)), find]).save(var / "body.keras")
    both = Round((RARE_LENGTHS, MANY_GARMENTS), small=1, large=0, averaged=1)
    recipe = Recipe(rounds=(both,), frozen=0, size=3 * BATCH, batch=BATCH)
    return train(var, var / "body.keras", recipe)[0]


@pytest.fixture(scope="module")
def trained(var: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An image artifact of the shop's own network."""
    model = _train(var)
    from data.artifact import save_manifest
    from training.calibrate import NEUTRAL
    from training.release import export_onnx

    folder = tmp_path_factory.mktemp("artifact")
    export_onnx(model, folder / "model.onnx")
    save_manifest(folder, NEUTRAL)
    return folder


def test_training_goes_on_where_it_stopped_and_courses_differ(var: Path, trained: Path) -> None:
    run = var / "runs" / "vision"
    first, second = sorted(run.glob("course-*/epoch-01.keras"))
    assert first.read_bytes() != second.read_bytes()
    kept, written = first.stat().st_mtime_ns, second.stat().st_mtime_ns
    second.unlink()
    (run / "round-1.keras").unlink()
    kernel = _train(var).get_layer("item_map").get_weights()[0]
    assert first.stat().st_mtime_ns == kept
    assert second.stat().st_mtime_ns > written
    import keras

    each = [keras.models.load_model(path, compile=False) for path in (first, second)]
    kernels = [model.get_layer("item_map").get_weights()[0] for model in each]
    np.testing.assert_allclose(kernel, np.mean(kernels, axis=0), rtol=1e-5)
    assert not np.allclose(*kernels)


def test_a_crawled_listing_is_checked_by_the_network_trained_on_its_shop(
    var: Path, trained: Path, tmp_path: Path
) -> None:
    from fusion.checker import Checker
    from tests.fusion_fakes import assert_report

    chosen = choose(read_table(var / "shop" / LISTINGS), split=None, limit=1, only=None)
    export(chosen, tmp_path / "listings.jsonl")
    (line,) = (tmp_path / "listings.jsonl").read_bytes().splitlines()
    listing = read_listing(line, tmp_path)
    assert isinstance(listing, Listing)
    (report,) = Checker.load(vision_dir=trained).check([listing])
    assert_report(report.to_json())
    assert report.attributes["wear"].text.value == chosen["wear"].iloc[0]


@pytest.mark.browser
def test_the_shop_that_needs_javascript_says_the_same(
    shop: str, crawled: Path, tmp_path: Path
) -> None:
    if not shutil.which("chromium") or not shutil.which("chromedriver"):
        pytest.skip("needs chromium and chromedriver on the PATH (Debian: chromium-driver)")
    rendered = _crawl(shop, "rendered", tmp_path / "crawl", "--limit", "4")
    plain = pd.read_json(crawled / "items.jsonl", lines=True, dtype=False)
    plain = plain.set_index(["product_id", "variant"])
    assert len(rendered) >= 4
    for item in rendered:
        same = plain.loc[item["product_id"], item["variant"]]
        for name in ("title", "brand", "description", "category", "attributes", "colors"):
            assert item[name] == same[name], name
        assert {image["sha256"] for image in item["images"]} == {
            image["sha256"] for image in same["images"]
        }
