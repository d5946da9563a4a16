from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageDraw

from data.artifact import load_manifest, save_manifest
from data.errors import ArtifactError, UnreadableImage
from data.taxonomy import ATTRIBUTES, VALUES, WEAR_OF
from tests.pictures import photo
from tests.tiny_artifacts import write_vision
from vision.heads import HEADS
from vision.tagger import ImageTagger, probabilities, with_clear_wear

ROOT = Path(__file__).resolve().parent.parent
T_SHIRT = [
    *((170, 120), (310, 120), (440, 220), (395, 290), (340, 245)),
    *((340, 520), (140, 520), (140, 245), (85, 290), (40, 220)),
]


@pytest.fixture(scope="module")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> ImageTagger:
    return ImageTagger.load(write_vision(tmp_path_factory.mktemp("tiny") / "vision"))


@given(arrays(np.float64, sum(map(len, HEADS.values())), elements=st.floats(-1e4, 1e4)))
def test_probabilities_sum_to_one_and_item_and_length_follow_the_wear_type(row: np.ndarray) -> None:
    ends = np.cumsum([len(values) for values in HEADS.values()])
    table = probabilities(dict(zip(HEADS, np.split(row, ends[:-1]), strict=True)))
    for head in HEADS:
        assert table[head].sum() == pytest.approx(1)
    for head, wear_of in WEAR_OF.items():
        upper = [wear_of[value] == "upper" for value in VALUES[head]]
        assert table[head][upper].sum() == pytest.approx(table["wear"][0])


def test_a_photo_gets_all_five_attributes_and_its_maps(tagger: ImageTagger) -> None:
    [result] = tagger.predict([photo()])
    assert tuple(result.attributes) == ATTRIBUTES
    assert result.attributes["item"].value == "shirt"
    assert result.maps["length"].shape[-1] == len(VALUES["length"])


def test_where_no_end_of_a_sleeve_is_in_the_photo_the_length_alone_is_not_named(
    tmp_path: Path,
) -> None:
    folder = write_vision(tmp_path / "vision")
    save_manifest(folder, {**load_manifest(folder), "shown_threshold": 0.999})
    [result] = ImageTagger.load(folder).predict([photo()])  # shown by 1 / (1 + exp(-6)), 0.9975
    said = {name: answer.value for name, answer in result.attributes.items()}
    assert said.pop("length") is None
    assert None not in said.values()
    ends = result.in_scope / (1 + np.exp(-6))
    assert result.attributes["length"].confidence == pytest.approx(1 - ends, abs=1e-6)
    assert sum(result.attributes["length"].probabilities.values()) == pytest.approx(1)


def test_a_photo_of_no_clear_wear_type_is_less_surely_in_scope(tmp_path: Path) -> None:
    folder = write_vision(tmp_path / "vision")  # both distances are 6
    save_manifest(folder, {**load_manifest(folder), "clear_wear": {"share": 0.5, "bias": -4.0}})
    [result] = ImageTagger.load(folder).predict([photo()])
    assert result.in_scope == pytest.approx(1 / (1 + np.exp(-5)), abs=1e-6)
    logits = {head: np.zeros((2, len(values)), np.float32) for head, values in HEADS.items()}
    logits["wear"][:, 0] = [8.0, -8.0]
    heard = with_clear_wear(logits, share=0.25, bias=-1.0)
    assert heard["scope"].tolist() == [[1.0, 0.0], [1.0, 0.0]], "upper and bottom count alike"
    assert not logits["scope"].any(), "what was handed in stays"
    assert all(heard[head] is logits[head] for head in set(HEADS) - {"scope"})


def test_photos_are_answered_in_order_past_one_batch(tagger: ImageTagger) -> None:
    # every third is a landscape photo, whose canvas lies
    photos = [photo(size=(60 + 60 * (n % 3 == 0), 80 + n)) for n in range(20)]
    together = tagger.predict(photos)
    alone = [tagger.predict([one])[0] for one in photos]
    for one, other in zip(together, alone, strict=True):
        assert one.attributes["length"].probabilities == pytest.approx(
            other.attributes["length"].probabilities
        )


def test_what_is_no_photo_is_refused(tagger: ImageTagger) -> None:
    with pytest.raises(UnreadableImage):
        tagger.predict([photo(), b"no photo"])


def test_a_file_of_photos_is_answered_line_by_line(tmp_path: Path) -> None:
    if not (ROOT / "vision" / "artifact" / "manifest.json").is_file():
        pytest.fail("the released image artifact is missing: python -m training vision makes it")
    (tmp_path / "red.jpg").write_bytes(photo())
    shirt = Image.new("RGB", (480, 640), "white")
    ImageDraw.Draw(shirt).polygon(T_SHIRT, fill="red")
    shirt.save(tmp_path / "shirt.jpg")
    lines = [
        {"listing_id": "A-1", "images": ["red.jpg", "red.jpg"], "fields": {"item": "hat"}},
        {"listing_id": "A-4", "images": ["shirt.jpg", "red.jpg"]},
        {"listing_id": "A-2", "images": ["gone.jpg"]},
        {"listing_id": "A-3", "images": []},
    ]
    source, out = tmp_path / "images.jsonl", tmp_path / "answers.jsonl"
    source.write_text("\n".join(map(json.dumps, lines)) + "\nnot json\n")
    command = [sys.executable, "-m", "vision", "predict", str(source), "--out", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    first, shown, *bad = [json.loads(line) for line in out.read_text().splitlines()]
    assert first["listing_id"] == "A-1"
    assert set(first["attributes"]["length"]) == {"value", "confidence", "probabilities"}
    assert first["odd_photo"] is None
    assert (first["no_garment"], shown["no_garment"]) == ([], [2])
    assert len(first["quality"]) == 2
    [row] = [
        line
        for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| `python -m vision predict ")
    ]
    beside = set(first) - {"listing_id", "in_scope", "attributes"}
    assert not {key for key in beside if f"`{key}`" not in row}
    codes = [line["error"]["code"] for line in bad]
    assert codes == ["missing_image", "no_image", "bad_json"]


def test_an_artifact_of_one_canvas_alone_is_refused_when_it_is_loaded(tmp_path: Path) -> None:
    folder = write_vision(tmp_path / "vision")
    manifest = load_manifest(folder)
    network = onnx.load(folder / "model.onnx")
    sides = network.graph.input[0].type.tensor_type.shape.dim[1:3]
    sides[0].dim_value, sides[1].dim_value = 256, 192
    onnx.save(network, folder / "model.onnx")
    del manifest["files"]  # save_manifest names the new file's digest
    save_manifest(folder, manifest)
    with pytest.raises(ArtifactError, match="no landscape ones"):
        ImageTagger.load(folder)


@pytest.mark.parametrize(
    ("name", "threshold"),
    [
        ("scope_threshold", 0.5),
        ("scope_threshold", {"studio": 0.5}),
        ("scope_threshold", None),
        ("shown_threshold", None),
        ("clear_wear", 0.5),
        ("clear_wear", {"share": 0.5}),
    ],
)
def test_a_manifest_without_its_thresholds_is_refused(
    tmp_path: Path, name: str, threshold: object
) -> None:
    folder = write_vision(tmp_path / "vision")
    save_manifest(folder, {**load_manifest(folder), name: threshold})
    with pytest.raises(ArtifactError, match="wanted by domain"):
        ImageTagger.load(folder)
