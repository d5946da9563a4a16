"""How the released artifact behaves: the answer follows the words and nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.artifact import load_manifest
from data.errors import ArtifactError
from data.taxonomy import ATTRIBUTES, VALUES
from text.tagger import ARTIFACT, TextTagger

ROOT = Path(__file__).resolve().parent.parent
TITLE = "Nordblom Men Blue Striped Casual Shirt"
SAID = "Blue striped shirt, has a spread collar, full sleeves, one patch pocket and a curved hem."
BASE = {"wear": "upper", "item": "shirt", "length": "full_sleeve", "color": "single",
        "pattern": "striped"}  # fmt: skip

NO_SLEEVES = ("Sleeve Length: No", "Sleeve length : No", "Sleeves : No", "Sleeve Type: No",
              "Sleeves included: no", "Sleeve-length: No", "Sleeves:No", "Slv: No")  # fmt: skip
NO_PRINT = ("Printed? No print.", "Striped? No print", "Pattern? No pattern", "Print? No print",
            "Printed ? No print", "Pattern : no print", "Pattern : No pattern",
            "Print  :  No print")  # fmt: skip
NOT_SO = ("Striped : No", "Printed  :  No", "Printed ? No", "Striped? No stripes",
          "Printed? Not a print in sight")  # fmt: skip


@pytest.fixture(scope="module")
def tagger() -> TextTagger:
    return TextTagger.load()


def values(tagger: TextTagger, title: str, description: str = "") -> dict[str, str | None]:
    return {name: p.value for name, p in tagger.predict([(title, description)])[0].items()}


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("full sleeves", "half sleeves", {"length": "half_sleeve"}),
        ("full sleeves", "three-quarter sleeves", {"length": "three_quarter_sleeve"}),
        ("full sleeves", "long sleeves", {}),
        ("striped", "checked", {"pattern": "checked"}),
        ("striped", "printed", {"pattern": "printed"}),
        ("striped", "solid", {"pattern": "solid"}),
        ("blue", "maroon", {}),
        ("blue", "blue and white", {"color": "multi"}),
        ("blue", "multicoloured", {"color": "multi"}),
        ("shirt", "kurta", {"item": "kurta"}),
        ("shirt", "sweatshirt", {"item": "sweatshirt"}),
        ("full sleeves, ", "", {"length": None}),
        ("striped ", "", {"pattern": None}),
        ("blue ", "", {"color": None}),
    ],
)
def test_swapping_one_phrase_changes_its_answer_alone(
    tagger: TextTagger, old: str, new: str, changed: dict[str, str | None]
) -> None:
    title = TITLE.replace(old, new).replace(old.title(), new.title())
    said = SAID.replace(old, new).replace(old.capitalize(), new.capitalize())
    assert values(tagger, title, said) == {**BASE, **changed}


@pytest.mark.parametrize(
    "addition",
    [
        "Do not iron on print.",
        "Machine wash with like colours. Do not bleach the red parts.",
        "Team it with black jeans and white sneakers.",
        "Wear it under a checked blazer with half sleeves rolled up.",
        "The model is wearing a size M t-shirt.",
        "Customers also bought: printed kurta, floral skirt.",
        "Nordblom is a brand known for checks since 1921.",
        "Available in sizes S to XXL.",
    ],
)
def test_what_is_said_of_other_things_changes_nothing(tagger: TextTagger, addition: str) -> None:
    assert values(tagger, TITLE, f"{SAID} {addition}") == BASE


@pytest.mark.parametrize(
    ("text", "attribute", "value"),
    [
        ("Women top without sleeves", "length", "sleeveless"),
        ("Women top, no sleeves", "length", "sleeveless"),
        ("Shirt that is not striped", "pattern", None),
        ("Tee without any checks", "pattern", None),
        ("Kurta, pattern: no print", "pattern", "solid"),
        ("Kurta, pattern: No Pattern", "pattern", "solid"),
        ("Kurta with no pattern", "pattern", "solid"),
        ("Unpatterned kurta", "pattern", "solid"),
        ("Pattern: Self Design", "pattern", "solid"),
        ("Self-design kurta", "pattern", None),
        ("Kurta, striped: No", "pattern", None),
        ("Stripeless kurta", "pattern", None),
        ("Printless kurta", "pattern", None),
        ("Checkless kurta", "pattern", None),
        *((f"Men top. {said}", "length", "sleeveless") for said in NO_SLEEVES),
        *((f"Men top. {said}", "pattern", "solid") for said in NO_PRINT),
        *((f"Men top. {said}", "pattern", None) for said in NOT_SO),
        ("Men top. Full sleeves hood: No", "length", "full_sleeve"),
        ("Men top. Full sleeves: Yes. Sleeve pocket: No", "length", "full_sleeve"),
        ("Blue shirt", "length", None),
        ("Blue jeans", "length", None),
        ("Black shorts", "length", "above_knee"),
        ("Black capris", "length", "cropped"),
        ("Knee-length skirt", "length", "knee_length"),
        ("Leather wallet", "wear", None),
        ("Red maxi dress", "item", None),
        ("Kurta with palazzos and dupatta", "wear", None),
        ("FULL SLEEVE TSHIRT", "item", "t_shirt"),
        ("FULL SLEEVE TSHIRT", "length", "full_sleeve"),
        ("<b>checked</b>&nbsp;<i>shirt</i>", "pattern", "checked"),
        ("Men's joggers", "wear", "bottom"),
        ("Navy blue tee", "color", "single"),
        ("Black & white tee", "color", "multi"),
    ],
)
def test_plain_statements_are_read(
    tagger: TextTagger, text: str, attribute: str, value: str | None
) -> None:
    assert values(tagger, text)[attribute] == value


@pytest.mark.parametrize(
    "text", ["", " ", "\0\0", "lorem ipsum dolor sit amet", "xqzv", "👕🔥✨", "12345", "قميص أزرق"]
)
def test_nonsense_states_nothing(tagger: TextTagger, text: str) -> None:
    assert set(values(tagger, text, text).values()) == {None}


def test_the_longest_text_is_read_and_its_last_word_found(tagger: TextTagger) -> None:
    filler = ("Soft and airy all day long. " * 2000)[:49_900]
    read = tagger.predict([("Shirt", f"{filler} It has half sleeves.")])[0]["length"]
    assert read.value == "half_sleeve"
    assert [span.text for span in read.evidence or ()] == ["half sleeves"]
    assert (read.evidence or ())[0].start > 49_000


def test_evidence_of_an_answer_is_the_phrase_itself(tagger: TextTagger) -> None:
    read = tagger.predict([(TITLE, SAID)])[0]
    assert [span.text for span in read["length"].evidence or ()] == ["full sleeves"]
    assert {span.text.lower() for span in read["pattern"].evidence or ()} == {"striped"}


def test_answers_come_in_the_order_of_the_texts_and_do_not_touch(tagger: TextTagger) -> None:
    texts = [(TITLE, SAID), ("", ""), ("Black shorts", "long " * 3000), ("Red skirt", "")] * 9
    together = [[p.value for p in read.values()] for read in tagger.predict(texts)]
    assert together == [[p.value for p in tagger.predict([t])[0].values()] for t in texts]
    assert tagger.predict([]) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(max_size=120),
    st.text(max_size=200)
    | st.lists(
        st.sampled_from(
            ["<br>", "full", "sleeves", "\0", "ﬁ", "¾", "İ", "blue", "👕", "ß", "kurta"]
        )
    ).map(" ".join),
)
def test_any_text_is_answered_and_its_spans_are_exact(
    tagger: TextTagger, title: str, description: str
) -> None:
    texts = {"title": title, "description": description}
    read = tagger.predict([(title, description)])[0]
    assert tuple(read) == ATTRIBUTES
    for name, found in read.items():
        assert set(found.probabilities) == set(VALUES[name])
        assert sum(found.probabilities.values()) == pytest.approx(1.0, abs=1e-4)
        assert 0.0 <= found.confidence <= 1.0
        assert bool(found.evidence) == (found.value is not None)
        for span in found.evidence or ():
            assert texts[span.where][span.start : span.end] == span.text != ""


def test_the_artifact_is_small_and_says_how_it_was_made() -> None:
    manifest = load_manifest(ARTIFACT)
    assert sum(f.stat().st_size for f in ARTIFACT.iterdir()) <= 2_400_000
    assert {"seed", "command", "data", "versions", "temperature", "metrics"} <= set(manifest)


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_the_released_figures_reach_the_target(attribute: str) -> None:
    measured = load_manifest(ARTIFACT)["metrics"]["test"][attribute]["model"]
    assert measured["n"] >= 90
    assert measured["accuracy"] >= 0.90


def test_a_folder_without_an_artifact_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="No readable artifact"):
        TextTagger.load(tmp_path)


def test_an_artifact_of_other_labels_is_refused(tmp_path: Path) -> None:
    folder = shutil.copytree(ARTIFACT, tmp_path / "artifact")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["labels"] = manifest["labels"][1:]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ArtifactError, match="labels"):
        TextTagger.load(folder)


def test_serving_imports_no_training_library() -> None:
    # nltk takes scikit-learn, and with it pandas, where it finds it; the serving set has none.
    code = (
        "import sys; sys.modules['sklearn'] = None; from text.tagger import TextTagger;"
        "TextTagger.load().predict([('Blue shirt', '')]);"
        "heavy = {'tensorflow', 'keras', 'keras_nlp', 'torch', 'transformers', 'pandas'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_a_file_is_answered_line_by_line(tmp_path: Path) -> None:
    lines = [
        json.dumps({"listing_id": "A-1", "title": "Blue shorts", "description": None}),
        "not json",
        json.dumps({"listing_id": "A-2", "title": 7}),
        json.dumps({"title": "no id"}),
        json.dumps({"listing_id": 5, "images": [], "fields": {"wear": "hat"}}),
    ]
    (tmp_path / "texts.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "text", "predict", str(tmp_path / "texts.jsonl")]
    done = subprocess.run(
        [*command, "--out", str(tmp_path / "out.jsonl")], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [a["listing_id"] for a in answers] == ["A-1", None, "A-2", None, "5"]
    assert [a.get("error", {}).get("code") for a in answers] == [
        None, "bad_json", "invalid_listing", "invalid_listing", None,
    ]  # fmt: skip
    assert answers[0]["attributes"]["item"]["value"] == "shorts"
    assert answers[0]["attributes"]["item"]["evidence"][0]["in"] == "title"
    assert "2 listings answered, 3 error lines" in done.stderr


def test_explain_prints_the_words_and_the_answers() -> None:
    command = [sys.executable, "-m", "text", "explain", "--title", "Red checked shirt"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Red checked shirt" in done.stdout
    assert "not stated" in done.stdout
