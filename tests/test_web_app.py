"""The app as a whole: headers, health, errors in one shape, and what it must not import."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.pictures import photo
from tests.web_fakes import FakeChecker
from web.app import create_app
from web.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("tensorflow", "keras", "torch", "transformers", "pandas")


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return create_app(Settings(var=tmp_path, request_mb=1), FakeChecker())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_health_names_the_model_version(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok", "model_version": "fake-1"}


def test_health_fails_where_photos_cannot_be_kept(client: FlaskClient, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "uploads")
    (tmp_path / "uploads").write_text("in the way")
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json is not None
    assert response.json["error"]["code"] == "uploads"


@pytest.mark.parametrize("address", ["/", "/healthz", "/nowhere", "/static/selvedge.css"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers


def test_pages_hold_no_inline_script_or_style(client: FlaskClient) -> None:
    text = client.get("/").text + client.get("/nowhere").text
    assert "style=" not in text
    assert "<style" not in text
    assert "onclick" not in text
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text


@pytest.mark.parametrize(
    ("method", "address", "status", "code", "says"),
    [
        ("GET", "/nowhere", 404, "not_found", "no such page"),
        ("GET", "/photos/" + "a" * 22, 404, "not_found", "expired"),
        ("DELETE", "/", 405, "method_not_allowed", "DELETE is not possible"),
    ],
)
def test_errors_are_one_sentence_for_people_and_for_machines(
    client: FlaskClient, *, method: str, address: str, status: int, code: str, says: str
) -> None:
    shown = client.open(address, method=method, headers={"Accept": "text/html"})
    assert (shown.status_code, shown.mimetype) == (status, "text/html")
    assert says in shown.text
    answered = client.open(address, method=method, headers={"Accept": "application/json"})
    assert answered.status_code == status
    assert answered.json is not None
    assert answered.json["error"]["code"] == code
    assert says in answered.json["error"]["message"]


def test_a_wrong_method_says_which_are_allowed(client: FlaskClient) -> None:
    response = client.delete("/")
    assert "allowed: GET, HEAD, OPTIONS, POST." in response.text
    assert "POST" in response.headers["Allow"]


TEXT_OR_PARTS = "more than 2 MB of text or more than 100 parts"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"photos": (io.BytesIO(b"x" * 4_000_000), "a.jpg")}, "is larger than 3 MB"),
        ({"title": "x" * 2_100_000}, TEXT_OR_PARTS),
        ({"photos": [(io.BytesIO(b"x"), "a.jpg") for _ in range(200)]}, TEXT_OR_PARTS),
    ],
)
def test_a_request_that_is_too_much_is_told_what_is(
    tmp_path: Path, data: dict[str, Any], says: str
) -> None:
    client = create_app(Settings(var=tmp_path, request_mb=3), FakeChecker()).test_client()
    response = client.post("/", data=data, content_type="multipart/form-data")
    assert response.status_code == 413
    assert says in response.text


def test_a_listing_as_json_is_told_what_is_allowed(client: FlaskClient) -> None:
    response = client.post("/", json={"title": "A shirt"}, headers={"Accept": "application/json"})
    assert response.status_code == 415
    assert response.json is not None
    assert response.json["error"] == {
        "code": "unsupported_media_type",
        "message": "The form came as “application/json”; allowed: multipart/form-data or "
        "application/x-www-form-urlencoded.",
    }


def test_mistakes_are_told_to_a_machine_in_the_shape_of_errors(client: FlaskClient) -> None:
    response = client.post("/", data={"item": "tuxedo"}, headers={"Accept": "application/json"})
    assert response.status_code == 422
    assert response.json is not None
    assert response.json["error"]["code"] == "invalid_listing"
    message = response.json["error"]["message"]
    assert message.startswith("Add at least one photo; a listing holds 1 to 8. “tuxedo” is not")


class Stalled(io.BytesIO):
    """A body whose rest never arrives, as a socket with a bound on silence reads it."""

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        raise BlockingIOError

    read = readinto  # type: ignore[assignment]


@pytest.mark.parametrize(("length", "status"), [(900_000, 408), (2_000_000, 413)])
def test_an_upload_that_stalls_is_told_so(client: FlaskClient, length: int, status: int) -> None:
    response = client.post(
        "/",
        environ_overrides={"wsgi.input": Stalled(), "CONTENT_LENGTH": str(length)},
        content_type="multipart/form-data; boundary=X",
        headers={"Accept": "application/json"},
    )
    assert response.status_code == status
    assert response.json is not None
    assert response.json["error"]["code"] == ("timeout" if status == 408 else "too_large")


def test_a_failure_of_ours_is_a_page_without_details(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> str:
        raise RuntimeError("secret detail")

    app.add_url_rule("/fail", view_func=fail)
    response = client.get("/fail")
    assert response.status_code == 500
    assert "secret" not in response.text
    named = re.search(r"the failure was logged as request ([0-9a-f]{8});", response.text)
    assert named
    assert f"Request {named[1]} failed: /fail" in caplog.text
    assert "secret detail" in caplog.text


def test_a_failing_check_is_a_500_and_the_next_one_works(tmp_path: Path) -> None:
    class Flaky(FakeChecker):
        def check(self, listings):  # type: ignore[no-untyped-def]
            if not self.listings:
                self.listings += listings
                raise RuntimeError("out of luck")
            return super().check(listings)

    client = create_app(Settings(var=tmp_path), Flaky()).test_client()
    statuses = [
        client.post("/", data={"photos": (io.BytesIO(photo()), "a.jpg")}).status_code
        for _ in range(2)
    ]
    assert statuses == [500, 200]


def test_serving_imports_no_training_library(tmp_path: Path) -> None:
    program = (
        # nltk takes scikit-learn, and with it pandas, where it finds it; the serving set has none.
        "import sys; sys.modules['sklearn'] = None\n"
        "import web.app, web.serve, fusion.checker\n"
        "try:\n"
        "    web.app.create_app()\n"
        "except Exception as error:\n"
        "    assert type(error).__name__ == 'ArtifactError', error\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "SELVEDGE_VAR": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "[]", done.stderr
