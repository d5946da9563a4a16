"""Time one check over HTTP on a real server: `python -m benchmarks.http_check [--photo FILE]`.

Starts `python -m web serve` on a free port with a throw-away var folder, posts the seller's form
with one photo and its words again and again, and prints three figures: from the start of the
process to the first answer, the warm median of a check (photo sent, decoded, judged, page
rendered and received), and the worker's memory. Linux only (/proc), loopback only.
"""

from __future__ import annotations

import http.client
import io
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import click
from PIL import Image, ImageChops

from data.cli import run
from data.errors import SelvedgeError

ROOT = Path(__file__).resolve().parent.parent
BORDER = "selvedge-benchmark"
TITLE = "Men's striped cotton shirt"
DESCRIPTION = "A navy and white striped shirt with half sleeves.\nDo not iron on print."
FIELDS = {"wear": "upper", "item": "shirt", "length": "full_sleeve", "pattern": "striped"}
GOALS = {"first": 3.0, "median": 0.080, "memory": 250.0}  # seconds, seconds, MB


@click.command("benchmarks.http_check")
@click.option("--photo", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--checks", type=click.IntRange(1), default=60, show_default=True)
def command(photo: Path | None, checks: int) -> None:
    """Print start to first answer, warm median of one check and the worker's memory."""
    body = form(photo.read_bytes() if photo else made_photo())
    with tempfile.TemporaryDirectory() as var:
        began = time.perf_counter()
        server = start(Path(var))
        try:
            address = ready(server)
            check(address, body)
            first = time.perf_counter() - began
            times = [timed(address, body) for _ in range(checks)]
            memory = sum(resident(pid) for pid in children(server.pid))
        finally:
            server.terminate()
            server.wait(30)
    middle = statistics.median(times)
    slowest = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    click.echo(f"start to first answer  {first:6.2f} s   (goal < {GOALS['first']:.0f} s)")
    click.echo(
        f"one check, warm median {middle * 1000:6.1f} ms  (goal < {GOALS['median'] * 1000:.0f} ms; "
        f"95th percentile {slowest * 1000:.1f} ms; n = {checks})"
    )
    click.echo(f"worker resident memory {memory:6.1f} MB  (goal < {GOALS['memory']:.0f} MB)")


def start(var: Path) -> subprocess.Popen[str]:
    """Start the server on a free port; the settings of the shell stay out of it."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("SELVEDGE_")}
    return subprocess.Popen(
        [sys.executable, "-m", "web", "serve", "--port", "0"],
        cwd=ROOT,
        env=plain | {"SELVEDGE_VAR": str(var)},
        stdout=subprocess.DEVNULL,  # its log of requests
        stderr=subprocess.PIPE,
        text=True,
    )


def ready(server: subprocess.Popen[str]) -> str:
    """Wait for the line that says where the server answers. Raises SelvedgeError."""
    said = []
    for line in server.stderr or ():
        if found := re.search(r"answers on (http://\S+)", line):
            return found[1]
        said.append(line.strip())
    raise SelvedgeError(f"The server did not start: {' '.join(said)}")


def check(address: str, body: bytes) -> None:
    """Post the form and read the whole page. Raises SelvedgeError where there is no verdict."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    kind = {"Content-Type": f"multipart/form-data; boundary={BORDER}"}
    connection.request("POST", "/", body, kind)
    response = connection.getresponse()
    page = response.read().decode()
    connection.close()
    if response.status != 200 or "The photo shows" not in page:
        raise SelvedgeError(f"The check was answered with status {response.status}, no verdict.")


def timed(address: str, body: bytes) -> float:
    """Return the seconds one check takes, connection included."""
    began = time.perf_counter()
    check(address, body)
    return time.perf_counter() - began


def form(photo: bytes) -> bytes:
    """Return the seller's form with one photo as a multipart body."""
    words = {"title": TITLE, "description": DESCRIPTION} | FIELDS
    parts = [
        f'--{BORDER}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in words.items()
    ]
    parts.append(
        f'--{BORDER}\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'
    )
    return "".join(parts).encode() + photo + f"\r\n--{BORDER}--\r\n".encode()


def made_photo() -> bytes:
    """Return a JPEG of 1000 x 1333 pixels and about 500 kB, as heavy as a phone's photo."""
    size = (1000, 1333)
    light = Image.linear_gradient("L").resize(size)
    grain = Image.effect_noise(size, 12)  # a sensor's; smooth pictures decode too fast
    picture = Image.merge("RGB", [ImageChops.add(light, grain, 2)] * 3)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=95)
    return out.getvalue()


def children(pid: int) -> list[int]:
    """Return the processes a process has started: the server's workers."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def resident(pid: int) -> float:
    """Return a process's resident memory in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1000 if found else 0.0


if __name__ == "__main__":
    run(command)
