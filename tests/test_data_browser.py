"""Pages that exist only after JavaScript, in a real Chromium: whole, bounded, and cleaned up."""

from __future__ import annotations

import asyncio
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager
from scrapy.statscollectors import MemoryStatsCollector

from data.browser import RenderMiddleware
from data.crawl_frontier import Frontier
from data.errors import SelvedgeError
from data.render import Traffic
from data.render_gate import Gate
from tests.conftest import ROOT

LIST = b"""<body><div class="cookie-note" style="position:fixed;top:0">This shop uses cookies.
<button onclick="this.parentNode.remove(); agreed = true">Accept all</button></div>
<button id="buy" onclick="document.title = 'bought'">OK</button><ul id="list"></ul><script>
let agreed = false, page = 0, busy = false;
async function more() {
  if (!agreed || busy) return;
  busy = true;
  const answer = await fetch("/more/" + page);
  if (answer.ok) {
    page += 1;
    for (const name of await answer.json()) {
      const line = document.createElement("li");
      line.style.height = "900px";
      line.textContent = name;
      list.append(line);
    }
  }
  busy = false;
}
list.style.minHeight = "3000px";
addEventListener("scroll", more);
</script></body>"""
GROWS = b"""<body style="height:3000px"><ul id="list"></ul><script>
addEventListener("scroll", () => { for (let i = 0; i < 5; i++) {
  const line = document.createElement("li"); line.style.height = "500px"; list.append(line); } });
</script></body>"""
HUGE = b"<body><script>document.body.textContent = 'x'.repeat(3000000)</script></body>"
ITEMS = [["a", "b"], ["c"], ["d", "e"], []]


class Shop:
    """A small site on this machine; `asked` holds every path it was asked for, in order."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.meet: Callable[[], None] = lambda: None  # what happens when /deadly is asked for
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                status, headers, body = site.answer(self.path)
                self.send_response(status)
                for name, value in {"Content-Type": "text/html", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with suppress(OSError):  # the browser was killed
                    self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        if path.startswith("/more/"):
            at = int(path.removeprefix("/more/"))
            if at == 2 and self.asked.count(path) == 1:
                return 429, {}, b"slow down"
            return 200, {"Content-Type": "application/json"}, json.dumps(ITEMS[min(at, 3)]).encode()
        if path == "/deadly":
            self.meet()
        fixed = {
            "/list": (200, {}, LIST),
            "/grows": (200, {}, GROWS),
            "/huge": (200, {}, HUGE),
            "/hangs": (200, {}, b"<script>while (true) {}</script>"),
            "/busy": (429, {"Retry-After": "7"}, b"later"),
            "/latin": (200, {"Content-Type": "text/html; charset=latin-1"}, b"<p>caf\xe9</p>"),
            "/moved": (302, {"Location": "/latin"}, b""),
            "/deadly": (200, {}, b"<p>alive</p>"),
        }
        return fixed.get(path, (404, {}, b"<p>nothing here</p>"))


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    site = Shop()
    thread = threading.Thread(target=site.server.serve_forever)
    thread.start()
    yield site
    site.server.shutdown()
    thread.join()
    site.server.server_close()


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as loop:
        yield loop


def _middleware(**settings: Any) -> RenderMiddleware:
    if not shutil.which("chromium") or not shutil.which("chromedriver"):
        pytest.skip("needs chromium and chromedriver on the PATH (Debian: chromium-driver)")
    crawler = SimpleNamespace(
        settings=Settings(
            {"ALLOW_PRIVATE": True, "USER_AGENT": "Test/1 (+a@b.example)", **settings}
        ),
        signals=SignalManager(),
        engine=SimpleNamespace(
            downloader=SimpleNamespace(slots={}, get_slot_key=lambda request: request.url)
        ),
    )
    crawler.stats = MemoryStatsCollector(SimpleNamespace(settings=crawler.settings))  # type: ignore[arg-type]
    middleware = RenderMiddleware.from_crawler(crawler)  # type: ignore[arg-type]
    middleware.said = crawler.stats.get_value  # type: ignore[attr-defined]
    return middleware


@pytest.fixture(scope="module")
def browser(
    runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RenderMiddleware]:
    """A middleware of one browser, shared by the tests that do not end it."""
    frontier = Frontier(tmp_path_factory.mktemp("crawl") / "frontier.sqlite")
    limits = {"RENDER_TIMEOUT": 300, "RENDER_SCROLLS": 8, "DOWNLOAD_MAXSIZE": 1_000_000}
    middleware = _middleware(FRONTIER=frontier, **limits)
    middleware.frontier = frontier  # type: ignore[attr-defined]
    yield middleware
    runner.run(middleware.close())
    frontier.close()


@pytest.fixture
def render(browser: RenderMiddleware, runner: asyncio.Runner, shop: Shop) -> Callable[[str], Any]:
    def ask(path: str) -> Any:
        return runner.run(browser.process_request(Request(shop.url + path, meta={"render": True})))

    return ask


def _gone(pid: int) -> bool:
    """Wait, as the kernel tells it, until a process has ended; False after 20 seconds."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 20)[0])
    finally:
        os.close(handle)


@pytest.mark.browser
def test_a_list_behind_a_consent_banner_is_scrolled_to_its_end(
    render: Callable[[str], Any], shop: Shop
) -> None:
    response = render("/list")
    assert response.css("li::text").getall() == ["a", "b", "c", "d", "e"]
    assert not response.css(".cookie-note")
    assert response.css("title::text").get() != "bought"  # an OK outside a banner is left alone
    assert shop.asked.count("/more/2") == 2  # refused once, asked again


@pytest.mark.browser
def test_a_request_that_does_not_ask_for_it_passes_untouched(
    browser: RenderMiddleware, runner: asyncio.Runner
) -> None:
    for request in (
        Request("http://a.example"),
        Request("http://a.example", meta={"render": False}),
    ):
        assert runner.run(browser.process_request(request)) is None
    post = Request("http://a.example", method="POST", meta={"render": True})
    assert runner.run(browser.process_request(post)) is None


@pytest.mark.browser
def test_status_headers_and_final_address_are_the_shops_and_the_text_is_whole(
    render: Callable[[str], Any], shop: Shop
) -> None:
    busy, moved = render("/busy"), render("/moved")
    assert (busy.status, busy.headers["Retry-After"]) == (429, b"7")
    assert render("/nowhere").status == 404
    assert (moved.status, moved.url) == (200, f"{shop.url}/latin")
    assert moved.css("p::text").get() == "caf\u00e9"
    assert moved.headers.getlist("Content-Type") == [b"text/html; charset=utf-8"]


@pytest.mark.browser
def test_a_page_without_end_is_cut_and_that_is_counted(
    render: Callable[[str], Any], browser: RenderMiddleware
) -> None:
    assert len(render("/grows").css("li")) >= 40
    assert browser.said("render/cut/scrolls") == 1
    assert browser.frontier.notes() == {"rendered pages cut short: scrolls": 1}


@pytest.mark.browser
def test_a_page_too_large_is_given_up_with_its_reason_and_the_next_one_read(
    render: Callable[[str], Any], browser: RenderMiddleware
) -> None:
    with pytest.raises(SelvedgeError) as caught:
        render("/huge")
    assert caught.value.code == "render_too_large"
    assert browser.said("render/failed/render_too_large") == 1
    assert render("/latin").status == 200


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/hangs", "/deadly"])
def test_a_page_that_hangs_is_given_up_and_costs_one_browser(
    runner: asyncio.Runner, shop: Shop, path: str
) -> None:
    middleware = _middleware(RENDER_TIMEOUT=1)
    # Beside a renderer that loops: a driver that no longer answers.
    shop.meet = lambda: [os.kill(one.pids[0], signal.SIGSTOP) for one in middleware.pool.browsers]
    request = Request(shop.url + path, meta={"render": True})
    with pytest.raises(SelvedgeError, match="did not load within 1 s") as caught:
        runner.run(middleware.process_request(request))
    shop.meet = lambda: None
    runner.run(middleware.close())
    assert caught.value.code == "render_timeout"
    assert middleware.said("render/browsers_replaced") == 1
    assert not middleware.pool.browsers


@pytest.mark.browser
def test_a_browser_killed_in_the_middle_of_a_page_is_replaced_and_the_page_read(
    render: Callable[[str], Any], browser: RenderMiddleware, shop: Shop
) -> None:
    render("/latin")
    asked = shop.asked.count("/deadly")

    def kill_once() -> None:
        if shop.asked.count("/deadly") == asked + 1:
            (victim,) = browser.pool.browsers
            os.kill(victim.pids[1], signal.SIGKILL)

    shop.meet = kill_once
    before = browser.pool.replaced
    assert render("/deadly").css("p::text").get() == "alive"
    assert browser.pool.replaced == before + 1
    shop.meet = lambda: [os.kill(each.pids[1], signal.SIGKILL) for each in browser.pool.browsers]
    with pytest.raises(SelvedgeError, match="Chromium ended while it loaded"):
        render("/deadly")
    assert browser.said("render/failed/render_crash") == 1
    shop.meet = lambda: None


@pytest.mark.browser
def test_a_private_address_is_refused_before_anything_reaches_it_and_nothing_is_left_running(
    runner: asyncio.Runner, shop: Shop
) -> None:
    middleware = _middleware(ALLOW_PRIVATE=False)
    asked = len(shop.asked)
    with pytest.raises(SelvedgeError) as caught:
        runner.run(middleware.process_request(Request(f"{shop.url}/latin", meta={"render": True})))
    (browser,) = middleware.pool.browsers
    runner.run(middleware.close())
    assert caught.value.code == "render_unreachable"
    assert middleware.said("render/private_addresses_refused") >= 1
    assert len(shop.asked) == asked
    assert all(_gone(pid) for pid in browser.pids)


@pytest.mark.browser
def test_a_page_that_no_server_answered_is_out_of_reach_though_the_driver_loaded_something(
    runner: asyncio.Runner,
) -> None:
    middleware = _middleware()
    with pytest.raises(SelvedgeError, match="no answer") as caught:
        runner.run(middleware.process_request(Request("about:blank", meta={"render": True})))
    (browser,) = middleware.pool.browsers
    alive = browser.alive
    runner.run(middleware.close())
    assert caught.value.code == "render_unreachable"
    assert alive, "the browser itself is well"


ORPHAN = """
import os, shutil, signal
from data.render import Browser, RenderSettings
paths = shutil.which("chromium"), shutil.which("chromedriver")
browser = Browser(RenderSettings(*paths, "Test/1", 9, 9, 10**6), 9)
print(*browser.pids, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.browser
@pytest.mark.skipif(not shutil.which("setpriv"), reason="needs setpriv (util-linux)")
def test_a_crawl_that_is_killed_leaves_no_browser_behind() -> None:
    _middleware()  # skips where there is no Chromium
    done = subprocess.run([sys.executable, "-c", ORPHAN], cwd=ROOT, capture_output=True, text=True)
    pids = [int(word) for word in done.stdout.split()]
    assert len(pids) == 2, done.stderr
    assert all(_gone(pid) for pid in pids)


def test_a_browser_that_is_not_there_is_told(runner: asyncio.Runner, tmp_path: Any) -> None:
    crawler = SimpleNamespace(
        settings=Settings({"BROWSER_BINARY": str(tmp_path), "BROWSER_DRIVER": str(tmp_path)}),
        signals=SignalManager(),
        stats=None,
        engine=SimpleNamespace(
            downloader=SimpleNamespace(slots={}, get_slot_key=lambda request: request.url)
        ),
    )
    middleware = RenderMiddleware.from_crawler(crawler)  # type: ignore[arg-type]
    with pytest.raises(SelvedgeError, match="Chromium did not start"):
        runner.run(middleware.process_request(Request("http://a.example", meta={"render": True})))
    runner.run(middleware.close())


@pytest.mark.parametrize(("allowed", "reply"), [(True, 0), (False, 2)])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_gate_leads_to_private_addresses_only_where_that_is_allowed(
    runner: asyncio.Runner, shop: Shop, host: str, allowed: bool, reply: int
) -> None:
    async def ask() -> int:
        gate = Gate(allow_private=allowed)
        await gate.open()
        reader, writer = await asyncio.open_connection("127.0.0.1", gate.port)
        name = host.encode()
        port = shop.server.server_port.to_bytes(2, "big")
        writer.write(b"\x05\x01\x00" + b"\x05\x01\x00\x03" + bytes([len(name)]) + name + port)
        answer = await reader.readexactly(2 + 10)
        writer.close()
        gate.close()
        return answer[3]

    assert runner.run(ask()) == reply


@pytest.mark.parametrize("said", [b"GET / HTTP/1.1\r\n\r\n", b"\x05\x01\x00\x05\x02\x00\x01", b""])
def test_the_gate_hangs_up_on_whoever_speaks_another_language(
    runner: asyncio.Runner, said: bytes
) -> None:
    async def ask() -> bytes:
        gate = Gate(allow_private=True)
        await gate.open()
        reader, writer = await asyncio.open_connection("127.0.0.1", gate.port)
        writer.write(said)
        writer.write_eof()
        answer = await reader.read()
        writer.close()
        gate.close()
        return answer

    assert len(runner.run(ask())) <= 2


def test_traffic_knows_what_is_under_way_and_what_failed() -> None:
    def entry(method: str, **params: Any) -> dict[str, str]:
        return {
            "message": json.dumps({"message": {"method": f"Network.{method}", "params": params}})
        }

    def answer(
        kind: str, status: int, frame: str, url: str = "https://shop.example/1"
    ) -> dict[str, str]:
        return entry(
            "responseReceived",
            type=kind,
            frameId=frame,
            loaderId="page",
            response={"status": status, "headers": {"a": str(status)}, "url": url},
        )

    def asked(request: str, loader: str) -> dict[str, str]:
        return entry("requestWillBeSent", requestId=request, loaderId=loader)

    traffic = Traffic("main")
    traffic.read([answer("Document", 200, "main", "chrome://new-tab-page/")])
    assert traffic.status == 0, "that is not the page asked for"
    traffic.read([asked("new tab's picture", "new tab"), answer("Document", 200, "main")])
    assert not traffic.busy
    traffic.read([asked("1", "page"), answer("Document", 200, "main")])
    assert traffic.busy
    traffic.read([answer("Document", 404, "an advertisement"), answer("Fetch", 429, "main")])
    traffic.read([answer("Image", 404, "main"), entry("loadingFinished", requestId="1")])
    assert (traffic.busy, traffic.status, traffic.headers, traffic.failed) == (
        *(False, 200),
        *({"a": "200"}, 1),
    )
