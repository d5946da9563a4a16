"""A headless Chromium that loads one page at a time: waits, closes banners, scrolls to the end."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.remote_connection import RemoteConnection
from urllib3.exceptions import HTTPError, MaxRetryError, ReadTimeoutError

from data.errors import SelvedgeError
from data.render_page import (
    CLOSE_CONSENT,
    CONSENT_SELECTORS,
    CONSENT_TEXTS,
    HTML,
    LENGTH,
    MEASURE,
    SCROLL,
    SCROLLABLE,
)

_POLL = 0.1  # seconds between looks at a page that loads
_QUIET = 0.4  # seconds without traffic after which nothing more is coming
_TRIES = 3  # scrolls after an answer that failed (429, 500), at growing intervals
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",  # UDP would pass the gate by
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--mute-audio",
    "--js-flags=--max-old-space-size=512",
    "--proxy-bypass-list=<-loopback>",  # else loopback addresses never reach the gate
    "--remote-debugging-pipe",  # Chromium ends with its driver, also where that is killed
)
_PREFS = {
    "profile.managed_default_content_settings.images": 2,  # photos are fetched by the crawl itself
    "download_restrictions": 3,
}


@dataclass(frozen=True, slots=True)
class RenderSettings:
    """How pages are rendered; `timeout` in seconds a page, `max_bytes` of its HTML."""

    binary: str | None
    driver: str | None
    user_agent: str
    timeout: float
    scrolls: int
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page after JavaScript; `cut` tells why it may not be whole, or is None."""

    url: str
    status: int
    headers: Mapping[str, str]
    html: str
    scrolls: int = 0
    cut: str | None = None


@dataclass(slots=True)
class Traffic:
    """What a page asks for and gets, read from Chromium's network log."""

    frame: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    failed: int = 0  # answers to scripts that were errors
    _open: dict[str, str] = field(default_factory=dict)  # request: the document that asks for it

    @property
    def busy(self) -> bool:
        return bool(self._open)

    def read(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Take in new entries of the driver's `performance` log."""
        for entry in entries:
            message = json.loads(entry["message"])["message"]
            event, told = message["method"], message["params"]
            if event == "Network.requestWillBeSent":
                self._open[told["requestId"]] = told["loaderId"]
            elif event in ("Network.loadingFinished", "Network.loadingFailed"):
                self._open.pop(told["requestId"], None)
            elif event == "Network.responseReceived":
                self._answer(told)

    def _answer(self, told: Mapping[str, Any]) -> None:
        response = told["response"]
        served = response["url"].startswith("http")  # not Chromium's own new tab
        if served and told["type"] == "Document" and told.get("frameId") == self.frame:
            self.status, self.headers = response["status"], dict(response["headers"])
            # Nothing tells how the requests of the document before it end, Chromium's own new tab
            # among them.
            own = told["loaderId"]
            self._open = {request: by for request, by in self._open.items() if by == own}
        elif told["type"] in ("XHR", "Fetch") and response["status"] >= 400:
            self.failed += 1


class Browser:
    """One Chromium and its driver, with their `pids`; once not `alive` it must be replaced."""

    def __init__(self, settings: RenderSettings, gate: int) -> None:
        """Start it, its traffic led through the gate at that port. Raises SelvedgeError."""
        self.alive = True
        self.pages = 0
        self._settings = settings
        self._profile = tempfile.TemporaryDirectory(
            prefix="selvedge-browser-", ignore_cleanup_errors=True
        )
        try:
            self._driver = _start(settings, gate, self._profile.name)
        except (WebDriverException, HTTPError, OSError) as error:
            self._profile.cleanup()
            raise SelvedgeError(
                f"Chromium did not start ({_first_line(error)}).", code="render_start"
            ) from None
        self.pids = [
            self._driver.service.process.pid,
            self._driver.capabilities["goog:processID"],
        ]

    def render(self, url: str, *, pause: float) -> Rendered:
        """Load a page and scroll to its end, `pause` seconds before each scroll.

        Raises SelvedgeError with the code render_timeout, render_unreachable, render_too_large or
        render_crash.
        """
        self.pages += 1
        try:
            return self._render(url, pause)
        except (WebDriverException, HTTPError, OSError) as error:
            raise self._failed(url, error) from None

    def _failed(self, url: str, error: Exception) -> SelvedgeError:
        """Return what to tell of a page; only one out of reach leaves the browser usable."""
        reason = _first_line(error)
        # The driver waits for a page that hangs, so it may be the one that no longer answers.
        cause = error.reason if isinstance(error, MaxRetryError) else error
        hangs = isinstance(cause, TimeoutException | ReadTimeoutError)
        if not hangs and "net::ERR_" in reason:
            return SelvedgeError(f"{url} cannot be reached ({reason}).", code="render_unreachable")
        self.alive = False  # a page that hangs would hang the next one too
        if hangs:
            return SelvedgeError(
                f"{url} did not load within {self._settings.timeout:g} s.", code="render_timeout"
            )
        return SelvedgeError(
            f"Chromium ended while it loaded {url} ({reason}).", code="render_crash"
        )

    def _render(self, url: str, pause: float) -> Rendered:
        driver, deadline = self._driver, time.monotonic() + self._settings.timeout
        self._log()  # forget the page before
        traffic = Traffic(driver.current_window_handle)
        driver.get(url)
        self._settle(traffic, deadline)
        if not traffic.status:
            # Chromium's own page, as of a refused connection: where the machine is busy, the driver
            # may take it for the page asked for and raise nothing.
            raise SelvedgeError(f"{url} cannot be reached: no answer.", code="render_unreachable")
        if driver.execute_script(CLOSE_CONSENT, CONSENT_SELECTORS, CONSENT_TEXTS):
            self._settle(traffic, deadline)
        scrolls, cut = self._scroll(traffic, deadline, pause)
        length = driver.execute_script(LENGTH)
        if length > self._settings.max_bytes:
            raise SelvedgeError(
                f"{url} grew to {length} characters; at most {self._settings.max_bytes} are read.",
                code="render_too_large",
            )
        html = driver.execute_script(HTML)
        return Rendered(driver.current_url, traffic.status, traffic.headers, html, scrolls, cut)

    def _scroll(self, traffic: Traffic, deadline: float, pause: float) -> tuple[int, str | None]:
        """Scroll until the page no longer grows; returns how often, and what stopped it early."""
        driver, tries = self._driver, 0
        if not driver.execute_script(SCROLLABLE):
            return 0, None
        for scrolls in range(self._settings.scrolls):
            size, failed = driver.execute_script(MEASURE), traffic.failed
            time.sleep(pause + tries)
            driver.execute_script(SCROLL)
            if self._settle(traffic, deadline, grown_from=size):
                tries = 0
            elif driver.execute_script(CLOSE_CONSENT, CONSENT_SELECTORS, CONSENT_TEXTS):
                continue  # a banner that came late may have held the page back
            elif time.monotonic() > deadline:
                return scrolls, "time"
            elif traffic.failed == failed:
                return scrolls, None
            elif (tries := tries + 1) > _TRIES:
                return scrolls, "errors"
        return self._settings.scrolls, "scrolls" if self._settings.scrolls else None

    def _settle(
        self, traffic: Traffic, deadline: float, grown_from: list[int] | None = None
    ) -> bool:
        """Wait until nothing more is coming, or the page has grown; returns whether it has."""
        driver, quiet_since = self._driver, time.monotonic()
        while (now := time.monotonic()) < deadline:
            traffic.read(self._log())
            if traffic.busy:
                quiet_since = now
            elif grown_from is not None and driver.execute_script(MEASURE) > grown_from:
                return True
            elif now - quiet_since > _QUIET:
                return False
            time.sleep(_POLL)
        return False

    def _log(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self._driver.get_log("performance")  # type: ignore[no-untyped-call]
        return entries

    def close(self) -> None:
        """End browser and driver, by force where they no longer listen, and remove the profile."""
        if self.alive:
            _set_patience(self._driver, 5)
            with suppress(WebDriverException, HTTPError, OSError):
                self._driver.quit()
        for pid in self.pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._driver.service.process.wait()
        self._profile.cleanup()


class _MortalService(Service):
    """A driver that the kernel ends when the crawl's process is killed (util-linux `setpriv`)."""

    def __init__(self, driver: str) -> None:
        self._wrapper = shutil.which("setpriv")
        self._wrapped = ["--pdeathsig", "KILL", driver] if self._wrapper else []
        super().__init__(self._wrapper or driver)

    def command_line_args(self) -> list[str]:
        return [*self._wrapped, *super().command_line_args()]


def _start(settings: RenderSettings, gate: int, profile: str) -> webdriver.Chrome:
    if not settings.binary or not settings.driver:
        missing = "Chromium" if not settings.binary else "ChromeDriver"
        raise SelvedgeError(
            f"No {missing} found to render pages with: install chromium and chromium-driver, or "
            "set BROWSER_BINARY and BROWSER_DRIVER.",
            code="render_start",
        )
    options = webdriver.ChromeOptions()
    options.binary_location = settings.binary
    options.page_load_strategy = "eager"
    options.unhandled_prompt_behavior = "dismiss"
    own = [f"--proxy-server=socks5://127.0.0.1:{gate}", f"--user-data-dir={profile}"]
    own += [f"--user-agent={settings.user_agent}", *(["--no-sandbox"] * (os.geteuid() == 0))]
    for flag in (*_FLAGS, *own):
        options.add_argument(flag)
    options.add_experimental_option("prefs", _PREFS)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    options.add_experimental_option("perfLoggingPrefs", {"enablePage": False})
    driver = webdriver.Chrome(options=options, service=_MortalService(settings.driver))
    driver.set_page_load_timeout(settings.timeout)
    driver.set_script_timeout(settings.timeout)
    # A driver that no longer answers is given up a little after the page would have been.
    _set_patience(driver, settings.timeout + 5)
    return driver


def _set_patience(driver: webdriver.Chrome, seconds: float) -> None:
    connection = driver.command_executor
    if isinstance(connection, RemoteConnection):
        connection.client_config.timeout = seconds


def _first_line(error: Exception) -> str:
    return str(getattr(error, "msg", None) or error).partition("\n")[0][:160]
