"""The kinds of errors that a crawl counts: few words, the same for every cause of one kind."""

from __future__ import annotations

import asyncio

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    DropItem,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.spidermiddlewares.httperror import HttpError

from data.errors import SelvedgeError
from data.spiders.limit import TooSlow


class PrivateAddress(IgnoreRequest):
    """The host is this machine or in a private network."""


class TooPatient(IgnoreRequest):
    """The shop asks to come back later than a crawl waits."""


class LeftAlone(IgnoreRequest):
    """Nothing was sent: the host has asked to come back later than a crawl waits."""


class PhotosLeft(DropItem):
    """Photos of a product were left for later, and so is its page."""

    def __init__(self) -> None:
        super().__init__("photos left for later", log_level="DEBUG")


class RulesUnread(IgnoreRequest):
    """The host's robots.txt cannot be read, so nothing there may be."""

    def __init__(self, ending: str = "robots.txt unread") -> None:
        super().__init__(ending)
        self.ending = ending


# First match counts; scrapy says "robots.txt" and "redirections" only in words.
_KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (PrivateAddress, "private address"),
    (TooSlow, "too slow to read"),
    (TooPatient, "retry-after too long"),
    (LeftAlone, "left for later"),
    (PhotosLeft, "left for later"),
    (DownloadTimeoutError, "timeout"),
    (asyncio.TimeoutError, "timeout"),
    (DownloadCancelledError, "too large"),
    (ResponseDataLossError, "cut short"),
    (CannotResolveHostError, "no address"),
    (UnsupportedURLSchemeError, "unsupported address"),
    (DownloadConnectionRefusedError, "connection lost"),
    (DownloadFailedError, "connection lost"),
)


def ending_of(error: BaseException) -> str:
    """Return the kind of an error: "http 404", "timeout", "robots.txt" ..."""
    if isinstance(error, HttpError):
        return f"http {error.response.status}"
    if isinstance(error, RulesUnread):
        return error.ending
    if isinstance(error, SelvedgeError):  # of the browser: render_timeout, render_crash ...
        return error.code.replace("_", " ")
    for kind, name in _KINDS:
        if isinstance(error, kind):
            return name
    if isinstance(error, IgnoreRequest):
        words = str(error)
        for sign, name in (
            ("robots.txt", "robots.txt"),
            ("redirections", "redirected too often"),
            ("offsite", "off the site"),
            ("decompress", "too large unpacked"),
            ("exceeded", "too large unpacked"),
        ):
            if sign in words:
                return name
        return "refused"
    return f"error {type(error).__name__}"
