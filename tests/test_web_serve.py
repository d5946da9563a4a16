"""`python -m web serve` as a process: what it says when it cannot start, and one real check."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from data.errors import SelvedgeError
from tests.pictures import photo

ROOT = Path(__file__).resolve().parent.parent


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    plain = {k: v for k, v in os.environ.items() if not k.startswith("SELVEDGE_")}
    return plain | {"SELVEDGE_VAR": str(tmp_path), "OMP_NUM_THREADS": "1"} | more


def web(tmp_path: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "web", *words],
        cwd=ROOT,
        env=environment(tmp_path, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_names_every_setting(tmp_path: Path) -> None:
    done = web(tmp_path, "serve", "--help")
    assert done.returncode == 0
    for name in ("--port", "SELVEDGE_PORT", "SELVEDGE_KEEP_MINUTES", "127.0.0.1"):
        assert name in done.stdout


def test_help_imports_no_server_and_no_model(tmp_path: Path) -> None:
    program = (
        "import sys\nsys.argv = ['web', 'serve', '--help']\n"
        "from web.__main__ import cli\ncli.main(standalone_mode=False)\n"
        "print([n for n in ('flask', 'gunicorn', 'PIL', 'numpy') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip().endswith("[]"), done.stderr


@pytest.mark.parametrize(
    ("words", "more", "says"),
    [
        (
            [],
            {"SELVEDGE_PORT": "eighty"},
            'SELVEDGE_PORT is "eighty"; allowed: a whole number 0 to 65535',
        ),
        ([], {"SELVEDGE_THREADS": "0"}, "allowed: a whole number 1 to 64"),
        ([], {"SELVEDGE_TREADS": "4"}, "SELVEDGE_TREADS is not a setting"),
        (["--host", "256.0.0.1"], {}, "Cannot listen on 256.0.0.1"),
    ],
)
def test_a_wrong_setting_is_one_sentence(
    tmp_path: Path, words: list[str], more: dict[str, str], says: str
) -> None:
    done = web(tmp_path, "serve", *words, **more)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_port_in_use_is_named_at_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = web(tmp_path, "serve", "--port", str(port))
    assert done.returncode == 1
    assert f"Cannot listen on 127.0.0.1 port {port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_written_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = web(tmp_path, "serve", "--port", "0", SELVEDGE_VAR=str(tmp_path / "file"))
    assert done.returncode == 1
    assert done.stderr.startswith("Error: SELVEDGE_VAR is")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--reload"], "--reload"),
        (["--port", "99999"], "Invalid value for '--port': 99999 is not in the range 0<=x<=65535"),
        (["--port", "eighty"], "Invalid value for '--port'"),
    ],
)
def test_a_wrong_option_is_a_usage_error(tmp_path: Path, words: list[str], says: str) -> None:
    done = web(tmp_path, "serve", *words)
    assert done.returncode == 2
    assert says in done.stderr


def real_checker() -> None:
    """Skip where the released artifacts are not there."""
    from fusion.checker import Checker

    try:
        Checker.load()
    except SelvedgeError as error:
        pytest.skip(f"needs the released artifacts: {error.message}")


@pytest.mark.slow
def test_a_real_check_is_answered_over_http(tmp_path: Path) -> None:
    real_checker()
    server = subprocess.Popen(
        [sys.executable, "-m", "web", "serve", "--port", "0"],
        cwd=ROOT,
        env=environment(tmp_path),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stderr is not None
        ready = re.search(r"http://127\.0\.0\.1:\d+", server.stderr.readline())
        assert ready
        answer = post(ready[0], photo(size=(300, 400)))
    finally:
        server.terminate()
        code = server.wait(30)
        assert server.stderr is not None
        server.stderr.close()
    assert "The photo shows" in answer
    assert code == 0


def post(address: str, content: bytes) -> str:
    body = (
        b'--X\r\nContent-Disposition: form-data; name="title"\r\n\r\nA shirt\r\n'
        b'--X\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'
        + content
        + b"\r\n--X--\r\n"
    )
    request = urllib.request.Request(
        address, body, {"Content-Type": "multipart/form-data; boundary=X"}
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        return str(response.read().decode())
