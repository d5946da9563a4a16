"""A shop's own table is all that training needs: from its CSV to an artifact that answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

keras = pytest.importorskip("keras")

from data.__main__ import cli  # noqa: E402
from data.errors import InvalidTable  # noqa: E402
from data.table import LISTINGS, read_table, write_table  # noqa: E402
from data.taxonomy import ATTRIBUTES, VALUES  # noqa: E402
from tests.dumps import photo  # noqa: E402
from tests.test_training_vision import tiny_start  # noqa: E402
from tests.tiny_artifacts import write_vision  # noqa: E402
from training import calibrate, quantize, siblings  # noqa: E402
from training.evaluate import figures, print_figures  # noqa: E402
from training.photos import draw, load_photos  # noqa: E402
from training.recipe import HARD_NEGATIVES, RARE_LENGTHS, Recipe, Round  # noqa: E402
from training.release import release_vision  # noqa: E402
from training.targets import build_targets  # noqa: E402
from training.vision import train  # noqa: E402
from vision.model import body_of  # noqa: E402
from vision.tagger import ImageTagger  # noqa: E402

PRODUCTS = 40
TINY = Recipe(
    rounds=(
        Round((RARE_LENGTHS,), 1, 0, 1),
        Round((replace(HARD_NEGATIVES, closeups=0.5),), 0, 1, 1),
    ),
    released=1,
    frozen=0,
    size=8,
    batch=4,
)


def write_shop(folder: Path) -> Path:
    """A CSV of shirts and jeans, a photo each; returns it."""
    rows = ["listing_id,images,title,wear,item,length,color,pattern"]
    for number in range(PRODUCTS):
        photo(folder / f"{number}.jpg", (number * 6, 40, 200 - number))
        upper = "upper,shirt,full sleeves,single,plain"
        said = upper if number % 2 else "bottom,jeans,full length,multi,plain"
        rows.append(f"A{number},{number}.jpg,Garment number {number},{said}")
    (folder / "shop.csv").write_text("\n".join(rows) + "\n")
    return folder / "shop.csv"


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """The table of a shop, and nothing else."""
    out = tmp_path / "var" / "shop"
    result = CliRunner().invoke(
        cli, ["import-listings", str(write_shop(tmp_path)), "--out", str(out)]
    )
    assert result.exit_code == 0, result.output
    return tmp_path / "var"


def test_a_shop_alone_is_loaded_learned_from_in_its_words_and_drawn(var: Path) -> None:
    photos = load_photos(var)
    assert len(photos) == PRODUCTS
    assert set(photos["source"]) == {"listings"}
    assert not photos["annotated"].any()
    assert set(photos["seen_color"]) == {"single", "multi"}, "its field, not only its words"
    rows = draw(photos, 200, seed=1)
    assert set(photos["split"][rows]) == {"train"}
    shirts = photos.index[photos["seen_item"] == "shirt"]
    likely = build_targets(photos)["item"][shirts, 0].argmax(axis=1)
    assert set(np.array(VALUES["item"])[likely]) == {"shirt"}


def test_a_shop_stands_beside_other_tables_and_those_without_photos_are_no_hindrance(
    var: Path,
) -> None:
    shop = read_table(var / "shop" / LISTINGS)
    texts = shop.assign(image=None, images=[[] for _ in range(len(shop))], source="descriptions")
    write_table(texts, var / "descriptions" / LISTINGS, "listings")
    sold = shop[:5].assign(source="catalogue")
    write_table(sold, var / "catalogue" / LISTINGS, "listings")
    judged = sold[["source", "listing_id", "scope", *ATTRIBUTES]]
    judged = judged.assign(passes=2, sure=1, picked=False)
    write_table(judged, var / "annotations" / "photos.parquet", "photos")
    photos = load_photos(var)
    assert photos["source"].value_counts().to_dict() == {"listings": PRODUCTS, "catalogue": 5}
    assert photos["annotated"].sum() == 5


def test_no_table_with_photos_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InvalidTable, match=r"No table under .* has photos: import one"):
        load_photos(tmp_path)


def test_too_few_products_to_calibrate_on_are_told_in_one_sentence(var: Path) -> None:
    shop = read_table(var / "shop" / LISTINGS)
    write_table(shop[shop["split"] == "train"], var / "shop" / LISTINGS, "listings")
    with pytest.raises(InvalidTable, match="none is in the validation split: more products"):
        train(var, var / "body.keras", TINY)


@pytest.mark.parametrize("job", [calibrate, quantize])
def test_an_artifact_is_left_as_it_is_where_no_photo_can_tell(var: Path, job) -> None:
    shop = read_table(var / "shop" / LISTINGS)
    write_table(shop[shop["split"] == "train"], var / "shop" / LISTINGS, "listings")
    out = write_vision(var.parent / "artifact")
    before = (out / "manifest.json").read_bytes()
    done = CliRunner().invoke(job.command, ["--var", str(var), "--out", str(out)])
    assert isinstance(done.exception, InvalidTable)
    assert (out / "manifest.json").read_bytes() == before


def test_several_photos_are_measured_of_a_shop_of_one_product_too(var: Path) -> None:
    shop = read_table(var / "shop" / LISTINGS)
    one = shop[shop["split"] == "test"][:1]
    write_table(pd.concat([shop[shop["split"] == "validation"], one]),
                var / "shop" / LISTINGS, "listings")  # fmt: skip
    done = CliRunner().invoke(siblings.command, ["--var", str(var)], catch_exceptions=False)
    assert "test, listings: the stranger is named in none of 0" in done.output


def test_a_table_imported_twice_is_refused(var: Path) -> None:
    write_table(read_table(var / "shop" / LISTINGS), var / "again" / LISTINGS, "listings")
    with pytest.raises(InvalidTable, match=f"{PRODUCTS} listings under .* are in two tables"):
        load_photos(var)


def test_a_source_without_a_photo_to_learn_from_says_nothing(var: Path) -> None:
    photos = load_photos(var).assign(split="validation")
    item = build_targets(photos)["item"]
    np.testing.assert_array_equal(item[:, 0], item[:, 1])


@pytest.mark.slow
def test_a_network_is_trained_and_released_on_a_shop_alone(
    var: Path, tmp_path: Path, capsys
) -> None:
    start = keras.models.load_model(tiny_start(tmp_path), compile=False)
    body_of(start).save(tmp_path / "body.keras")
    model, photos, pixels = train(var, tmp_path / "body.keras", TINY)
    told = capsys.readouterr().out
    assert f"{PRODUCTS} photos under {var}: {PRODUCTS} of listings" in told
    assert "no validation photo is annotated" in told
    release_vision(model, photos, pixels, out=tmp_path / "artifact", recipe={})
    told = capsys.readouterr().out
    assert "stays in float32: What int8 loses is unknown" in told
    assert "listings: no photo is annotated, so no attribute is measured" in told
    (seen,) = ImageTagger.load(tmp_path / "artifact").predict([Path(photos["image"][0])])
    assert set(seen.attributes) == set(ATTRIBUTES)
    train(var, tmp_path / "body.keras", TINY)
    assert "this run is finished; releasing what it gave" in capsys.readouterr().out
    changed = read_table(var / "shop" / LISTINGS).assign(pattern="striped")
    write_table(changed, var / "shop" / LISTINGS, "listings")
    train(var, tmp_path / "body.keras", TINY)
    assert "the run there differs in data" in capsys.readouterr().out


def test_an_unannotated_source_is_measured_by_its_scope_alone(capsys) -> None:
    known = {"source": "listings", "group": "g", "scope": "in", "picked": False}
    empty = dict.fromkeys(f"true_{name}" for name in ATTRIBUTES)
    said = {f"said_{name}": VALUES[name][0] for name in ATTRIBUTES}
    found = figures(pd.DataFrame([{**known, **empty, **said}]))
    assert found == {"listings": {"scope": {"out": 0, "caught": None, "in": 1, "false_alarms": 0}}}
    print_figures(found)
    assert "none of 0 photos out of scope caught, 0.0% of 1 others" in capsys.readouterr().out
