"""The web app: `create_app` puts settings, checker, photo store and pages together."""

from __future__ import annotations

import os
import secrets
from types import TracebackType
from urllib.parse import quote

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from web import errors, seller
from web.services import Checks, Services, install, services
from web.settings import SettingError, Settings
from web.uploads import UploadStore

HEADERS = {
    # blob: is the preview of a photo the seller has just chosen; nothing else comes from elsewhere.
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self' blob:; style-src 'self'; script-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Not no-store: the Back button must bring back what the seller typed.
    "Cache-Control": "private, no-cache",
}


class _App(Flask):
    def log_exception(
        self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]
    ) -> None:
        marks = (request.environ[name] for name in (errors.REQUEST_ID, "selvedge.route"))
        self.logger.error("Request %s failed: %s", *marks, exc_info=exc_info)


def create_app(settings: Settings | None = None, checker: Checks | None = None) -> Flask:
    """Make the app; without arguments from the environment, with the released artifacts.

    Raises SettingError for a wrong setting and ArtifactError for an artifact that does not load.
    """
    settings = settings or Settings.read(os.environ)
    store = _open_store(settings)
    if checker is None:
        from fusion.checker import Checker  # onnxruntime only where the real one is wanted

        checker = Checker.load(review_below=settings.review_below / 100 or None)
    app = _App(__name__)
    app.config.update(
        MAX_CONTENT_LENGTH=settings.request_mb * 1_000_000,
        MAX_FORM_MEMORY_SIZE=2_000_000,  # bytes a text field may take; sentences start at 50,000
        MAX_FORM_PARTS=100,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    install(app, Services(checker=checker, uploads=store))
    app.register_blueprint(seller.blueprint)
    errors.register(app)
    app.add_url_rule("/healthz", "healthz", _healthz)
    app.before_request(_mark)
    app.after_request(_secure)
    return app


def _open_store(settings: Settings) -> UploadStore:
    try:
        return UploadStore(settings.var / "uploads", keep_seconds=settings.keep_minutes * 60)
    except OSError as error:
        raise SettingError(
            f'SELVEDGE_VAR is "{settings.var}": photos cannot be kept there '
            f"({error.strerror or error}); give a folder that can be written."
        ) from None


def _mark() -> None:
    """Leave for the logs an id, and the route: a path would hold the tokens of photos.

    Of a path without a route the first part alone is left: `/photos/...` by a wrong method.
    """
    request.environ[errors.REQUEST_ID] = secrets.token_hex(4)
    first, *more = request.path.lstrip("/").split("/")
    path = f"/{quote(first)[:100]}{'/...' if more else ''}"
    request.environ["selvedge.route"] = request.url_rule.rule if request.url_rule else path


def _healthz() -> ResponseReturnValue:
    """Say that requests are answered, and by which models; 503 where photos cannot be kept."""
    try:
        services().uploads.try_writing()
    except OSError as error:
        message = f"Photos cannot be kept ({error.strerror or error}); mend the uploads' folder."
        return jsonify(error={"code": "uploads", "message": message}), 503
    return jsonify(status="ok", model_version=services().checker.model_version)


def _secure(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
