"""Error answers in one shape: a page with one sentence, or the same as JSON for a machine."""

from __future__ import annotations

from contextlib import suppress

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import (
    ClientDisconnected,
    HTTPException,
    InternalServerError,
    RequestEntityTooLarge,
    RequestTimeout,
)

from data.images import MAX_BYTES
from data.schema import MAX_IMAGES, MAX_TEXT

REQUEST_ID = "selvedge.request"  # where a request's WSGI environment has its id, 8 hex digits

# status: (code for machines, heading)
KNOWN = {
    400: ("bad_request", "That request could not be read"),
    404: ("not_found", "Nothing is here"),
    405: ("method_not_allowed", "That does not work here"),
    408: ("timeout", "The upload stalled"),
    413: ("too_large", "That is too much at once"),
    415: ("unsupported_media_type", "That is not the form"),
    422: ("invalid_listing", "That listing cannot be checked"),
    500: ("internal", "Something broke on our side"),
}


def register(app: Flask) -> None:
    """Answer every HTTP error, and every unexpected exception, in our one shape."""
    app.register_error_handler(HTTPException, _answer)


def prefers_json() -> bool:
    """Tell whether the one who asks would rather have JSON than a page."""
    kinds = request.accept_mimetypes
    return kinds["application/json"] > kinds["text/html"]


def _answer(error: HTTPException) -> ResponseReturnValue:
    # Flask logs the traceback of an unexpected exception before it comes here as a 500.
    if isinstance(error, RequestEntityTooLarge):
        with suppress(OSError, ClientDisconnected):  # stalled or gone: answer what is refused
            _drain()
    if isinstance(error, ClientDisconnected) and isinstance(error.__context__, BlockingIOError):
        error = RequestTimeout(
            "The rest of the listing did not arrive in time; check your connection and send it "
            "again: your browser's Back button brings back what you typed."
        )
    status = error.code or 500
    if status < 400:  # a redirect is not a mistake
        return error.get_response()
    code, heading = KNOWN.get(status, (error.name.lower().replace(" ", "_"), error.name))
    message = _sentence(error)
    headers = [(n, v) for n, v in error.get_headers() if n in ("Allow", "Retry-After")]
    if prefers_json():
        return jsonify(error={"code": code, "message": message}), status, headers
    return render_template("error.html", heading=heading, message=message), status, headers


def _sentence(error: HTTPException) -> str:
    length, limit = request.content_length, request.max_content_length or 0
    if isinstance(error, RequestEntityTooLarge) and length is not None and length <= limit:
        return (
            f"The form holds more than {(request.max_form_memory_size or 0) // 1_000_000} MB of "
            f"text or more than {request.max_form_parts} parts; shorten the words to {MAX_TEXT} "
            "characters and send the form's own fields alone."
        )
    if isinstance(error, RequestEntityTooLarge):
        return (
            f"The listing you sent is larger than {limit // 1_000_000} MB; send up to "
            f"{MAX_IMAGES} photos of up to {MAX_BYTES // 1_000_000} MB each: your browser's Back "
            f"button brings back what you typed."
        )
    if isinstance(error, InternalServerError):
        return (
            "The check failed and the failure was logged as request "
            f"{request.environ[REQUEST_ID]}; try again in a minute."
        )
    if error.code == 404:
        return "There is no such page, or the photo has expired; the form is on the front page."
    if error.code == 405:
        allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        return f"{request.method} is not possible on this address; allowed: {allowed}."
    return error.description or error.name


def _drain() -> None:
    """Read the rest of a refused upload, up to four times the limit.

    A server that answers and closes while the browser still sends makes it show "connection
    reset" in place of our page.
    """
    limit, length = request.max_content_length or 0, request.content_length or 0
    if length <= limit:  # refused in the middle of parsing; this stream knows where it stands
        request.stream.exhaust()  # type: ignore[attr-defined]
        return
    left, source = min(length, 4 * limit), request.environ["wsgi.input"]
    while left > 0 and (chunk := source.read(min(left, 1 << 16))):
        left -= len(chunk)
