"""The seller's page, request by request, with a checker that always sees the same shirt."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from data.errors import SelvedgeError, UnreadableImage
from data.remarks import Remarks, advice
from data.schema import Listing, Report
from tests.pictures import HEIC, bomb, photo
from tests.web_fakes import FakeChecker
from web.app import create_app
from web.settings import Settings

NASTY = '"><script>alert(1)</script>'
NASTY_NAME = "<script>alert(1)<script>.jpg"


@pytest.fixture
def checker() -> FakeChecker:
    return FakeChecker()


@pytest.fixture
def client(tmp_path: Path, checker: FakeChecker) -> FlaskClient:
    return create_app(Settings(var=tmp_path), checker).test_client()


def send(client: FlaskClient, *photos: bytes | tuple[str, bytes], **fields: Any) -> TestResponse:
    """Post the form as a browser does; a photo is bytes or (name, bytes)."""
    data = MultiDict(fields)
    for number, given in enumerate(photos, 1):
        name, content = given if isinstance(given, tuple) else (f"{number}.jpg", given)
        data.add("photos", (io.BytesIO(content), name))
    if not photos:  # what browsers send for an empty file input
        data.add("photos", (io.BytesIO(b""), ""))
    return client.post("/", data=data, content_type="multipart/form-data")


def page(response: TestResponse) -> str:
    """The page's text as a person reads it: no tags, entities resolved, single spaces."""
    bare = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", response.text, flags=re.S)
    return " ".join(html.unescape(bare).split())


def tokens(response: TestResponse) -> list[str]:
    return re.findall(r'name="kept" value="([^"]+)" checked', response.text)


def control(response: TestResponse, control_id: str) -> str:
    """The start tag of a control."""
    found = re.search(
        rf'<(?:input|select|textarea|fieldset)[^>]*"{control_id}"[^>]*>', response.text
    )
    assert found
    return found[0]


def test_the_empty_form_offers_every_choice_grouped_by_wear(client: FlaskClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    for wear, label in (("upper", "Upper wear"), ("bottom", "Bottom wear")):
        assert response.text.count(f'<optgroup label="{label}" data-wear="{wear}">') == 2
    for words in ("Three-quarter sleeve", "Track pants", "Several colors", "Not given"):
        assert words in page(response)
    assert "multiple" in control(response, "photos")
    assert 'capture="environment"' in control(response, "camera")


def test_a_wrong_field_is_named_in_the_agreement_table(client: FlaskClient) -> None:
    response = send(
        client,
        photo(),
        title="Striped shirt",
        description="With half sleeves.",
        wear="upper",
        item="shirt",
        length="full_sleeve",
        pattern="striped",
    )
    assert response.status_code == 200
    text = page(response)
    assert "3 of 4 fields agree; length looks wrong: the photo and the words say half sleeve." in (
        text
    )
    assert "Sleeve length Full sleeve" in text
    assert "half sleeve. Your field is 3% likely right." in text
    assert "very sure, 97%" in text
    assert "Use half sleeve and check again" in text
    assert re.search(r'<mark class="mark-length ?">half sleeves</mark>', response.text)
    assert "“half sleeves”" in text or '<q dir="auto">half sleeves</q>' in response.text


def test_the_suggestion_is_used_without_sending_the_photo_again(
    client: FlaskClient, checker: FakeChecker
) -> None:
    fields = {"title": "A shirt", "wear": "upper", "length": "full_sleeve"}
    first = send(client, photo(), **fields)
    button = re.search(r'name="use" value="(length:[^"]+)"', first.text)
    assert button
    second = send(client, **fields, kept=tokens(first), use=button[1])
    assert "All 2 given fields agree." in page(second)
    assert checker.listings[1].fields["length"] == "half_sleeve"
    assert checker.listings[1].images == checker.listings[0].images
    assert '<option value="half_sleeve" selected>' in second.text


def test_adopting_the_other_wear_clears_what_no_longer_goes_with_it(client: FlaskClient) -> None:
    response = send(
        client, photo(), wear="bottom", item="jeans", length="full_length", use="item:shirt"
    )
    assert response.status_code == 200
    assert "The wear type was changed to upper wear" in page(response)
    assert "Length was cleared, because full length does not go with upper wear." in page(response)


def test_a_suggestion_nobody_made_changes_nothing(client: FlaskClient) -> None:
    response = send(client, photo(), item="shirt", use="item:tuxedo")
    assert "not one of ours" in page(response)
    assert '<option value="shirt" selected>' in response.text


def test_pressing_enter_checks_again_and_uses_no_suggestion(client: FlaskClient) -> None:
    response = send(client, photo(), length="full_sleeve")
    first = re.search(r"<button[^>]*>", response.text)
    assert first  # Enter presses the first submit button of the page
    assert "name=" not in first[0]


def test_photos_are_shown_from_tokens_with_safe_headers(client: FlaskClient) -> None:
    token = tokens(send(client, photo("PNG")))[0]
    response = client.get(f"/photos/{token}")
    assert (response.status_code, response.mimetype) == (200, "image/jpeg")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"].startswith("private")


def test_out_of_scope_is_said_clearly(tmp_path: Path) -> None:
    app = create_app(Settings(var=tmp_path), FakeChecker(in_scope=False))
    text = page(send(app.test_client(), photo(), item="shirt"))
    assert "The photo does not show upper or bottom wear." in text
    assert "only upper and bottom wear can be checked" in text


def test_what_a_seller_can_mend_is_listed_in_the_checkers_words(tmp_path: Path) -> None:
    remarks = Remarks(quality=(("too_dark",), ()), foreign={"title": NASTY})
    app = create_app(Settings(var=tmp_path), FakeChecker(remarks=remarks))
    response = send(app.test_client(), photo())
    for sentence in advice(remarks):
        assert sentence in page(response)
    assert NASTY not in response.text
    assert "Worth mending" in page(response)


@pytest.mark.parametrize(("many", "shown"), [(1, ["1"]), (3, ["1", "2", "3", "1", "2", "3"])])
def test_photos_carry_the_numbers_that_advice_names(
    client: FlaskClient, many: int, shown: list[str]
) -> None:
    first = send(client, photo(), title="A shirt")
    response = send(client, *[photo()] * (many - 1), kept=tokens(first))
    # in the result, where a single photo needs no number, and in the form below it
    assert re.findall(r'<span class="name">Photo (\d)</span>', response.text) == shown


def test_nothing_to_mend_takes_no_room_on_the_page(client: FlaskClient) -> None:
    assert "Worth mending" not in page(send(client, photo()))


def test_an_empty_form_asks_for_a_photo_beside_the_control(
    client: FlaskClient, checker: FakeChecker
) -> None:
    response = send(client)
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert '<a href="#photos">Add at least one photo; a listing holds 1 to 8.</a>' in response.text
    assert 'aria-invalid="true"' in control(response, "photos")
    assert "photos-error" in control(response, "photos")
    assert checker.listings == []


@pytest.mark.parametrize(
    ("content", "says"), [(b"hello", "not a photo"), (HEIC, "HEIC"), (bomb(), "pixels")]
)
def test_one_bad_photo_is_named_and_the_good_ones_are_kept(
    client: FlaskClient, checker: FakeChecker, content: bytes, says: str
) -> None:
    response = send(client, photo(), (NASTY_NAME, content), photo(), title="My words")
    assert response.status_code == 422
    text = page(response)
    assert html.escape(f"“{NASTY_NAME}”: ") in response.text
    assert says in text
    assert len(tokens(response)) == 2
    assert 'value="My words"' in control(response, "title")
    assert NASTY_NAME not in response.text
    assert checker.listings == []
    again = send(client, kept=tokens(response), title="My words")
    assert again.status_code == 200
    assert len(checker.listings[0].images) == 2


def test_an_unknown_field_is_named_with_the_choices(client: FlaskClient) -> None:
    response = send(client, photo(), wear="upper", length="elbowish" + NASTY, title="Kept")
    text = page(response)
    assert response.status_code == 422
    assert "is not a choice for length: choose Sleeveless, Half sleeve" in text
    assert "Knee length, or" not in text  # only what goes with upper wear
    assert 'aria-invalid="true"' in control(response, "length")
    assert len(tokens(response)) == 1
    assert NASTY not in response.text


@pytest.mark.parametrize(
    ("fields", "wrong", "says"),
    [
        (
            {"wear": "upper", "item": "jeans"},
            "item",
            "Jeans does not go with upper wear: choose T-shirt",
        ),
        (
            {"item": "jeans", "length": "half_sleeve"},
            "length",
            "Half sleeve does not go with bottom wear: choose Above the knee",
        ),
    ],
)
def test_fields_that_contradict_each_other_are_named(
    client: FlaskClient, fields: dict[str, str], wrong: str, says: str
) -> None:
    response = send(client, photo(), **fields)
    assert response.status_code == 422
    assert says in page(response)
    assert 'aria-invalid="true"' in control(response, wrong)
    for value in fields.values():
        if value != "upper":
            assert f'<option value="{value}" selected>' in response.text


def test_a_wrong_radio_choice_is_said_at_its_group(client: FlaskClient) -> None:
    response = send(client, photo(), pattern="paisley")
    assert '<fieldset class="choice" role="radiogroup" aria-describedby="pattern-error"' in (
        response.text
    )


def test_more_than_eight_photos_keep_the_first_eight_and_say_so(client: FlaskClient) -> None:
    response = send(client, *[photo()] * 10)
    assert response.status_code == 422
    assert "10 photos given; a listing holds 1 to 8, so the last 2 were left out" in page(response)
    assert len(tokens(response)) == 8


def test_a_photo_over_the_size_limit_is_named(client: FlaskClient) -> None:
    response = send(client, photo(), ("big.jpg", photo() + b"\0" * 20_000_000))
    assert response.status_code == 422
    assert "“big.jpg”: The photo has more than" in page(response)
    assert "20 MB" in page(response)


def test_words_over_the_limit_are_counted_and_given_back(client: FlaskClient) -> None:
    words = "word " * 10_001
    response = send(client, photo(), description=words)
    assert response.status_code == 422
    assert "The description has 50005 characters; shorten it to 50000 or fewer." in page(response)
    assert words in response.text


def test_an_expired_photo_is_asked_for_again(client: FlaskClient) -> None:
    response = send(client, kept="A" * 22, title="Still here")
    assert response.status_code == 422
    assert "1 earlier photo is no longer kept here: add it again." in page(response)
    assert "Still here" in response.text


def test_markup_in_the_words_is_shown_and_not_run(client: FlaskClient) -> None:
    evil = f"half sleeves {NASTY}<img src=x onerror=alert(1)>"
    response = send(client, photo(), title=evil, description=evil + "</textarea>")
    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert "<img src=x" not in response.text
    assert response.text.count("</textarea>") == 1


def test_evidence_is_counted_in_the_lines_that_were_checked(
    client: FlaskClient, checker: FakeChecker
) -> None:
    response = send(client, photo(), description="One\r\ntwo\r\nhalf sleeves")
    assert checker.listings[0].description == "One\ntwo\nhalf sleeves"
    assert ">half sleeves</mark>" in response.text


def test_a_newline_the_seller_put_first_survives_the_round(client: FlaskClient) -> None:
    response = send(client, photo(), description="\r\nshirt")
    # browsers drop one newline after the tag: two must be written for one to stay
    assert re.search(r"<textarea[^>]*>\n\nshirt</textarea>", response.text)


def test_an_error_of_the_check_is_one_sentence_at_the_photos(tmp_path: Path) -> None:
    class Refusing(FakeChecker):
        def check(self, listings: Any) -> list[Report | SelvedgeError]:
            return [UnreadableImage("Photo 1 is too dark.", field="images") for _ in listings]

    response = send(create_app(Settings(var=tmp_path), Refusing()).test_client(), photo())
    assert response.status_code == 422
    assert '<a href="#photos">Photo 1 is too dark.</a>' in response.text


def test_what_is_checked_is_the_cleaned_photo_and_our_values(
    client: FlaskClient, checker: FakeChecker, tmp_path: Path
) -> None:
    send(client, ("../../etc/passwd", photo("PNG")), wear="Upper wear", length="Full sleeves")
    listing: Listing = checker.listings[0]
    assert listing.fields["length"] == "full_sleeve"
    assert listing.images[0].parent == tmp_path / "uploads"
    assert listing.images[0].read_bytes()[:2] == b"\xff\xd8"
