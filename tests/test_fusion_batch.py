"""The batch form: one output line per listing, whatever the listing; continued after a kill."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from data.errors import InvalidTable, SelvedgeError
from data.jsonl import CHUNK, to_line
from fusion.batch import check_file
from fusion.checker import Checker
from tests.conftest import ROOT, piped
from tests.fusion_fakes import (
    FakeImages,
    FakeTexts,
    assert_report,
    fake_checker,
    parameters,
    photo,
)

FULL = {"length": "full_sleeve"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    photo(tmp_path / "full.png", "red")
    photo(tmp_path / "half.png", "blue")
    (tmp_path / "broken.jpg").write_bytes(b"no photo")
    return tmp_path


def write(folder: Path, lines: list[object]) -> Path:
    path = folder / "listings.jsonl"
    text = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


def line(number: int, **changes: object) -> dict[str, object]:
    given = {"listing_id": f"A-{number}", "images": ["full.png"], "title": "Été", "fields": FULL}
    return given | changes


def read(path: Path) -> list[dict]:
    return [json.loads(text) for text in path.read_bytes().splitlines()]


def test_reports_come_in_the_order_of_the_listings(folder: Path) -> None:
    count = 2 * CHUNK + 3
    lines = [line(n, images=["half.png" if n % 5 == 0 else "full.png"]) for n in range(count)]
    summary = check_file(write(folder, lines), folder / "out.jsonl", fake_checker)
    reports = read(folder / "out.jsonl")
    assert [r["listing_id"] for r in reports] == [f"A-{n}" for n in range(count)]
    assert [r["status"] == "conflict" for r in reports] == [n % 5 == 0 for n in range(count)]
    assert summary.statuses.total() == count
    for report in reports:
        assert_report(report)


BAD_LINES = [
    ("{not json", None, "bad_json"),
    ("[1, 2]", None, "bad_json"),
    ('{"listing_id": "\\ud800"}', None, "bad_json"),
    ({"images": ["full.png"]}, None, "invalid_listing"),
    (line(1, images=["absent.png"]), "A-1", "missing_image"),
    (line(1, images=["broken.jpg"]), "A-1", "unreadable_image"),
    (line(1, images=[]), "A-1", "no_image"),
    (line(1, images=["full.png"] * 9), "A-1", "too_many_images"),
    (line(1, images="full.png"), "A-1", "invalid_listing"),
    (line(1, fields={"length": "very long"}), "A-1", "unknown_value"),
    (line(1, fields={"sleeves": "full"}), "A-1", "unknown_value"),
    (line(1, fields={"item": "jeans", "length": "half_sleeve"}), "A-1", "contradictory_fields"),
    (line(1, title=7), "A-1", "invalid_listing"),
]


@pytest.mark.parametrize(("bad", "listing_id", "code"), BAD_LINES)
def test_a_bad_line_yields_an_error_in_its_place(folder: Path, bad, listing_id, code) -> None:
    out = folder / "out.jsonl"
    summary = check_file(write(folder, [line(0), bad, line(2)]), out, fake_checker)
    first, error, last = read(out)
    assert (first["listing_id"], last["listing_id"]) == ("A-0", "A-2")
    assert list(error) == ["listing_id", "error"]
    assert (error["listing_id"], error["error"]["code"]) == (listing_id, code)
    assert error["error"]["message"]
    assert dict(summary.errors) == {code: 1}


def test_bytes_that_are_no_text_are_an_error_line(folder: Path) -> None:
    path = write(folder, [line(0)])
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes() + b"\n\xff\xfe\n  \n")
    check_file(path, folder / "out.jsonl", fake_checker)
    good, bad = read(folder / "out.jsonl")
    assert good["status"] == "consistent"
    assert bad["error"]["code"] == "bad_json"


@pytest.mark.parametrize("kept", [0, 40, 1_000, 5_000, 30_000])
def test_an_interrupted_file_ends_as_if_never_interrupted(folder: Path, kept, capsys) -> None:
    lines = [line(n) for n in range(30)]
    lines[3] = "{not json"
    listings, out = write(folder, lines), folder / "out.jsonl"
    check_file(listings, out, fake_checker)
    whole = out.read_bytes()
    out.write_bytes(whole[:kept])
    capsys.readouterr()
    summary = check_file(listings, out, fake_checker)
    assert out.read_bytes() == whole
    assert summary.before.total() == whole[:kept].count(b"\n")
    said = capsys.readouterr().err
    assert (f"after its {summary.before.total()} reports" in said) == (summary.before.total() > 0)


KILLED = """
import os, sys
from pathlib import Path
from fusion.batch import check_file
from tests.fusion_fakes import FakeImages, FakeTexts, parameters
from fusion.checker import Checker

class Dying(FakeImages):
    def predict(self, images):
        if len(self.calls) == 2:
            os.kill(os.getpid(), 9)
        return super().predict(images)

listings, out = map(Path, sys.argv[1:])
check_file(listings, out, lambda: Checker(Dying(), FakeTexts(), parameters(), model_version="fake"))
"""


def test_a_killed_process_is_continued(folder: Path) -> None:
    listings, out = write(folder, [line(n) for n in range(3 * CHUNK)]), folder / "out.jsonl"
    command = [sys.executable, "-c", KILLED, str(listings), str(out)]
    died = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert died.returncode == -9, died.stderr
    assert len(read(out)) == 2 * CHUNK
    assert check_file(listings, out, fake_checker).before.total() == 2 * CHUNK
    assert [r["listing_id"] for r in read(out)] == [f"A-{n}" for n in range(3 * CHUNK)]


def test_only_what_no_longer_holds_is_checked_again(folder: Path, capsys) -> None:
    lines = [line(n) for n in range(2 * CHUNK)]
    lines[3], lines[5] = line(3, images=["late.png"]), "{not json"
    listings, out = write(folder, lines), folder / "out.jsonl"
    check_file(listings, out, fake_checker)
    before = read(out)
    out.write_bytes(out.read_bytes()[: -len(to_line(before[-1])) + 20])  # killed in its last line
    photo(folder / "late.png", "red")
    lines[5], lines[9] = line(5), line(9, fields={"length": "half_sleeve"})
    fake = fake_checker()
    summary = check_file(write(folder, lines), out, lambda: fake)
    after = read(out)
    assert [n for n, (a, b) in enumerate(zip(before, after, strict=True)) if a != b] == [3, 5, 9]
    assert [r["listing_id"] for r in after] == [f"A-{n}" for n in range(2 * CHUNK)]
    assert [after[n]["status"] for n in (3, 5, 9)] == ["consistent", "consistent", "conflict"]
    assert summary.checked == 4
    assert "again: 2 that had an error, 1 whose listing had changed." in capsys.readouterr().err
    assert set(folder.glob("*out*")) | set(folder.glob(".*")) == {out}


def test_a_run_killed_while_it_mends_leaves_the_file_as_it_was(folder: Path) -> None:
    listings, out = write(folder, [line(n) for n in range(3 * CHUNK)]), folder / "out.jsonl"
    check_file(listings, out, fake_checker)
    whole = out.read_bytes()
    write(folder, [line(n, title="anew") for n in range(3 * CHUNK)])
    command = [sys.executable, "-c", KILLED, str(listings), str(out)]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == -9
    assert out.read_bytes() == whole
    assert check_file(listings, out, fake_checker).checked == 3 * CHUNK


def test_listings_exported_anew_in_another_order_of_keys_have_not_changed(folder: Path) -> None:
    given = line(0, fields={"length": "full_sleeve", "item": "shirt"})
    listings, out = write(folder, [given, line(1)]), folder / "out.jsonl"
    check_file(listings, out, fake_checker)
    whole = out.read_bytes()
    turned = dict(reversed(given.items())) | {"fields": {"item": "shirt", **FULL}}
    write(folder, [json.dumps(turned, ensure_ascii=False), line(1)])
    assert check_file(listings, out, fake_checker).checked == 0
    assert out.read_bytes() == whole


def test_a_line_broken_since_is_an_error_in_its_place(folder: Path, capsys) -> None:
    lines: list[object] = [line(0), line(1, images=["absent.png"]), line(2)]
    listings, out = write(folder, lines), folder / "out.jsonl"
    check_file(listings, out, fake_checker)
    whole = out.read_bytes()
    check_file(write(folder, ["{broken", {"images": []}, line(2)]), out, fake_checker)
    assert [r["listing_id"] for r in read(out)] == [None, None, "A-2"]
    assert [r["error"]["code"] for r in read(out)[:2]] == ["bad_json", "invalid_listing"]
    said = capsys.readouterr().err
    assert "again: 1 that had an error, 1 whose listing had changed." in said
    check_file(write(folder, lines), out, fake_checker)
    assert out.read_bytes() == whole


def test_a_file_of_no_listings_replaces_no_reports(folder: Path) -> None:
    listings, out = write(folder, [line(0), line(1)]), folder / "out.jsonl"
    check_file(listings, out, fake_checker)
    whole = out.read_bytes()
    with pytest.raises(InvalidTable, match="2 listings, and no line in their place gives"):
        check_file(write(folder, ["id,title", "A-0,Shirt", "A-1,Shirt"]), out, fake_checker)
    assert out.read_bytes() == whole


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError])
def test_what_was_mended_before_an_interruption_is_kept(folder: Path, stop) -> None:
    count = 4 * CHUNK
    listings, out = write(folder, [line(n) for n in range(count)]), folder / "out.jsonl"
    check_file(listings, out, fake_checker)
    old = out.read_bytes()
    anew = [line(n, title="anew", images=["half.png"]) for n in range(count)]
    write(folder, [line(0), *anew[1:]])

    class Stopped(FakeImages):
        def predict(self, images):
            if len(self.calls) == 2:
                raise stop
            return super().predict(images)

    with pytest.raises(stop):
        check_file(
            listings, out,
            lambda: Checker(Stopped(), FakeTexts(), parameters(), model_version="fake"),
        )  # fmt: skip
    statuses = [report["status"] for report in read(out)]
    done = 1 + 2 * CHUNK  # the first report held and was copied, then two chunks were mended
    assert statuses == ["consistent", *["conflict"] * (done - 1), *["consistent"] * (count - done)]
    assert out.read_bytes().splitlines()[done:] == old.splitlines()[done:]
    assert set(folder.glob("*out*")) | set(folder.glob(".*")) == {out}
    assert check_file(listings, out, fake_checker).checked == count - done
    assert [report["listing_id"] for report in read(out)] == [f"A-{n}" for n in range(count)]
    assert [report["status"] for report in read(out)][1:] == ["conflict"] * (count - 1)


def test_a_report_that_does_not_tell_its_listing_is_made_anew(folder: Path, capsys) -> None:
    listings, out = write(folder, [line(0)]), folder / "out.jsonl"
    check_file(listings, out, fake_checker)
    whole = out.read_bytes()
    [report] = read(out)
    del report["input_digest"]
    out.write_bytes(to_line(report))
    check_file(listings, out, fake_checker)
    assert out.read_bytes() == whole
    said = capsys.readouterr().err
    assert "again: 1 that did not tell their listing." in said
    assert "changed" not in said


def test_a_mistyped_key_is_told(folder: Path, capsys) -> None:
    listings = write(folder, [line(0, field=FULL), line(1)])
    check_file(listings, folder / "out.jsonl", fake_checker)
    assert '"field" (1); a listing has listing_id' in capsys.readouterr().err


def test_a_second_run_into_the_same_file_is_refused(folder: Path) -> None:
    listings, out = write(folder, [line(n) for n in range(3)]), folder / "out.jsonl"
    refused = []

    class Slow(FakeImages):
        def predict(self, images):
            with pytest.raises(SelvedgeError, match="Another run is writing to"):
                check_file(listings, out, fake_checker)
            refused.append(True)
            return super().predict(images)

    check_file(
        listings, out,
        lambda: Checker(Slow(), FakeTexts(), parameters(), model_version="fake"),
    )  # fmt: skip
    assert refused
    assert [r["listing_id"] for r in read(out)] == ["A-0", "A-1", "A-2"]


def test_a_feed_that_grows_meanwhile_is_checked_to_its_end(folder: Path, capsys) -> None:
    listings, out = write(folder, [line(n) for n in range(CHUNK)]), folder / "out.jsonl"

    class Growing(FakeImages):
        def predict(self, images):
            write(folder, [line(n) for n in range(CHUNK + 1)])
            return super().predict(images)

    summary = check_file(
        listings, out,
        lambda: Checker(Growing(), FakeTexts(), parameters(), model_version="fake"),
    )  # fmt: skip
    assert summary.checked == len(read(out)) == CHUNK + 1
    assert (
        f"held {CHUNK} listings at first, {CHUNK + 1} were read: it grew" in capsys.readouterr().err
    )


def test_no_listings_make_an_empty_file(folder: Path) -> None:
    listings, out = folder / "listings.jsonl", folder / "out.jsonl"
    listings.write_text("")
    assert str(check_file(listings, out, fake_checker)) == "Listings checked: 0."
    assert out.read_bytes() == b""


def test_a_report_that_lacks_only_its_line_end_is_written_anew(folder: Path) -> None:
    listings, out = write(folder, [line(0), line(1)]), folder / "out.jsonl"
    check_file(listings, out, fake_checker)
    whole = out.read_bytes()
    out.write_bytes(whole[:-1])
    check_file(listings, out, fake_checker)
    assert out.read_bytes() == whole


def test_a_finished_file_is_left_alone_and_said_to_be_finished(folder: Path, capsys) -> None:
    listings, out = write(folder, [line(0)]), folder / "out.jsonl"
    check_file(listings, out, fake_checker)
    before = out.read_bytes()
    capsys.readouterr()
    check_file(listings, out, fake_checker)
    assert out.read_bytes() == before
    assert "is complete" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"my notes", "something else than reports"),
        (b"my notes\n", "line 1 is not a report"),
        (b'{"listing_id": "A-0", "images": []}', "something else than reports"),
        (b'{"listing_id": "A-0", "images": []}\n', "line 1 is not a report"),
        (b'{"listing_id": "B-9", "error": {}}\n', "reports on listing B-9 where listing A-0"),
        (b'{"listing_id": "A-0", "model_version": "old"}\n', "made by models old, these are fake"),
        (b'{"listing_id": "A-0", "error": {}}\n' * 2, "where the end of the listings is due"),
    ],
)
def test_a_file_that_is_not_this_runs_is_refused_and_kept(folder: Path, content, named) -> None:
    listings, out = write(folder, [line(0)]), folder / "out.jsonl"
    out.write_bytes(content)
    with pytest.raises(InvalidTable, match=named):
        check_file(listings, out, fake_checker)
    assert out.read_bytes() == content


def test_a_pipe_of_listings_is_checked_whole(folder: Path) -> None:
    content = write(folder, [line(n) for n in range(3)]).read_bytes()
    out = folder / "out.jsonl"
    pipe = piped(folder / "pipe", content)
    assert check_file(pipe, out, fake_checker).statuses.total() == 3
    assert [r["listing_id"] for r in read(out)] == ["A-0", "A-1", "A-2"]
