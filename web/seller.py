"""The seller's page: a form, and the agreement table of what was sent."""

# Cross-site requests: there is no account, no cookie and no session, and a check changes nothing
# but adding photos that expire, so a forged POST could only make a browser check the forger's own
# listing. A CSRF token would need a cookie to compare with and would protect nothing; whoever adds
# an account (and with it a SameSite cookie) must add one. What is kept between two requests is
# reached by tokens of 128 random bits alone, which no other site can know.

from __future__ import annotations

import threading
from typing import Any

from flask import Blueprint, Response, abort, render_template, request

from data.errors import SelvedgeError
from data.images import MAX_BYTES
from data.schema import MAX_IMAGES, Report
from data.taxonomy import ITEMS_BY_WEAR, LENGTHS_BY_WEAR, VALUES, WEARS
from web.errors import prefers_json
from web.labels import ATTRIBUTE_LABELS, VALUE_LABELS, attribute_label, join, wear_of
from web.services import services
from web.submission import CONTROLS, Submission, read
from web.verdict import Verdict, explain

blueprint = Blueprint("seller", __name__)

FORMS = ["multipart/form-data", "application/x-www-form-urlencoded"]

# Most threads wait for slow clients; more checks at once than cores are not faster, only larger.
_checking = threading.BoundedSemaphore(2)


@blueprint.get("/")
def show() -> str:
    """Show the empty form."""
    return _page(Submission())


@blueprint.post("/")
def check() -> tuple[str, int]:
    """Check what was sent: the agreement table, or the form with a sentence beside each mistake."""
    if request.mimetype not in FORMS:
        kind = f"as “{request.mimetype[:60]}”" if request.mimetype else "without a content type"
        abort(415, f"The form came {kind}; allowed: {join(FORMS, 'or')}.")
    sent = read(request.form, request.files, services().uploads)
    if not sent.errors:
        outcome = _check(sent)
        if isinstance(outcome, Report):
            verdict = explain(outcome, title=sent.title, description=sent.description)
            return _page(sent, verdict), 200
        control = outcome.field if outcome.field in CONTROLS else "photos"
        sent.complain(control, outcome.message)
    if prefers_json():
        abort(422, " ".join(s for sentences in sent.errors.values() for s in sentences))
    return _page(sent), 422


@blueprint.get("/photos/<token>")
def photo(token: str) -> Response:
    """Send a small version of an uploaded photo to who knows its token."""
    content = services().uploads.thumbnail(token)
    if content is None:
        abort(404)
    response = Response(content, mimetype="image/jpeg")
    # private: shared caches must not keep what expires here
    response.headers["Cache-Control"] = "private, max-age=600"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _check(sent: Submission) -> Report | SelvedgeError:
    try:
        listing = sent.listing(services().uploads)
        with _checking:
            return services().checker.check([listing])[0]
    except SelvedgeError as error:
        return error


def _page(sent: Submission, verdict: Verdict | None = None) -> str:
    wear = wear_of(sent.fields)
    context: dict[str, Any] = {
        "sent": sent,
        "verdict": verdict,
        "wear": wear,
        "wears": WEARS,
        "values": VALUES,
        "grouped": {"item": ITEMS_BY_WEAR, "length": LENGTHS_BY_WEAR},
        "value_labels": VALUE_LABELS,
        "attribute_labels": ATTRIBUTE_LABELS,
        "length_label": attribute_label("length", wear),
        "limits": {"photos": MAX_IMAGES, "bytes": MAX_BYTES},
        "keep_minutes": round(services().uploads.keep_seconds / 60),
    }
    return render_template("seller/page.html", **context)
