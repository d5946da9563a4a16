"""What the pages need at run time: something that checks listings, and the photo store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from flask import Flask, current_app

from data.errors import SelvedgeError
from data.schema import Listing, Report
from web.uploads import UploadStore

KEY = "selvedge"


class Checks(Protocol):
    """What `fusion.checker.Checker` offers the pages; safe to call from several threads."""

    model_version: str

    def check(self, listings: Sequence[Listing]) -> list[Report | SelvedgeError]:
        """Return one report per listing, same order; an error where it could not be read."""


@dataclass(frozen=True, slots=True)
class Services:
    """Made once by `create_app`, never reassigned."""

    checker: Checks
    uploads: UploadStore


def install(app: Flask, services: Services) -> None:
    """Hang the services on the app, where `services()` finds them during a request."""
    app.extensions[KEY] = services


def services() -> Services:
    """Return the services of the app that answers the current request."""
    found: Services = current_app.extensions[KEY]
    return found
