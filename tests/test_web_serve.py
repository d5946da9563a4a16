"""`python -m web serve` as a process: what it says when it cannot start, and one real check."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
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


FAKE = """
import os
from tests.web_fakes import FakeChecker
from web.serve import listen, run
from web.settings import Settings

settings = Settings.read(os.environ, port="0")
run(settings, listen(settings, stall_seconds=1), FakeChecker())
"""


@contextmanager
def serving(tmp_path: Path, *words: str, **more: str) -> Iterator[tuple[str, list[str]]]:
    """A server process: its address, and a list that has both its logs once it has ended."""
    logs: list[str] = []
    server = subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env=environment(tmp_path, PYTHONPATH=str(ROOT), **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    try:
        ready = re.search(r"http://127\.0\.0\.1:\d+", server.stderr.readline())
        assert ready
        yield ready[0], logs
    finally:
        server.terminate()
        logs += server.communicate(timeout=30)
    assert server.returncode == 0


def test_a_hangup_starts_the_worker_anew_and_keeps_answering(tmp_path: Path) -> None:
    with serving(tmp_path, "-c", FAKE) as (address, _):
        [server] = [child for child in psutil.Process().children() if FAKE in child.cmdline()]
        before = server.children()
        server.send_signal(signal.SIGHUP)
        assert psutil.wait_procs(before, timeout=30)[0] == before
        with urllib.request.urlopen(f"{address}/healthz", timeout=30) as response:
            assert response.status == 200


def start_upload(address: str) -> socket.socket:
    """Send the head of an upload and a few bytes of a photo."""
    host, port = address.removeprefix("http://").split(":")
    client = socket.create_connection((host, int(port)), timeout=30)
    client.sendall(
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n"
        b"Content-Type: multipart/form-data; boundary=X\r\n\r\n--X\r\nContent-Disposition: "
        b'form-data; name="photos"; filename="a.jpg"\r\n\r\nxxxx'
    )
    return client


def test_uploads_that_stall_are_cut_off_and_others_are_answered(tmp_path: Path) -> None:
    with serving(tmp_path, "-c", FAKE, SELVEDGE_THREADS="8") as (address, logs):
        stalled = [start_upload(address) for _ in range(12)]
        for _ in range(2):  # after each stall of a second, not after two more for each client
            with urllib.request.urlopen(f"{address}/healthz", timeout=5) as response:
                assert response.status == 200
        for client in stalled:
            assert client.recv(100).startswith(b"HTTP/1.1 408 ")
            client.close()
    assert "Traceback" not in "".join(logs)


def test_each_request_is_one_line_of_the_log_without_tokens(tmp_path: Path) -> None:
    with serving(tmp_path, "-c", FAKE) as (address, logs):
        page = post(address, photo())
        token = re.search(r"/photos/([\w-]{22})", page)
        assert token
        urllib.request.urlopen(address + token[0], timeout=30).close()
        for method, path in (("GET", "/no%0Aline?who=me"), ("DELETE", token[0])):
            request = urllib.request.Request(f"{address}{path}", method=method)
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(request, timeout=30)
            caught.value.close()
    lines = [
        re.sub(r"^\[.+?\] [0-9a-f]{8} |\d+ ms \d+ ", "", line) for line in logs[0].splitlines()
    ]
    assert sorted(lines) == [  # each thread writes its own line, once it has answered
        "DELETE /photos/... 405 bytes",
        "GET /no%0Aline 404 bytes",
        "GET /photos/<token> 200 bytes",
        "POST / 200 bytes",
    ]


def test_headers_that_stall_are_cut_off_and_hold_nobody_back(tmp_path: Path) -> None:
    with serving(tmp_path, "-c", FAKE, SELVEDGE_THREADS="8") as (address, logs):
        host, port = address.removeprefix("http://").split(":")
        stalled = [socket.create_connection((host, int(port)), timeout=30) for _ in range(8)]
        for client in stalled:
            client.sendall(b"GET / HT")
        assert stalled[0].recv(100) == b""
        # Waiting two seconds for each to close in turn would take longer.
        with urllib.request.urlopen(f"{address}/healthz", timeout=8) as response:
            assert response.status == 200
        for client in stalled:
            client.close()
    assert "Traceback" not in "".join(logs)


@pytest.mark.slow
def test_a_real_check_is_answered_over_http(tmp_path: Path) -> None:
    real_checker()
    with serving(tmp_path, "-m", "web", "serve", "--port", "0") as (address, _):
        answer = post(address, photo(size=(300, 400)))
    assert "The photo shows" in answer


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
