"""Pages made to hang or to poison a crawl: linked from /hostile/ alone."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator

from flask import Blueprint, Response, redirect, request

blueprint = Blueprint("hostile", __name__)

_LINKS = (
    "deep-html", "deep-json", "deep-microdata", "bomb", "huge", "endless", "mojibake", "binary",
    "injected", "many-links", "to-private", "maze/1", "bad-photos",
)  # fmt: skip


@blueprint.get("/")
def index() -> str:
    """List every hostile page."""
    return _html("".join(f'<a href="/hostile/{name}">{name}</a> ' for name in _LINKS))


@blueprint.get("/deep-html")
def deep_html() -> str:
    """100,000 elements within each other."""
    return _html("<div>" * 100_000 + "deep")


@blueprint.get("/deep-json")
def deep_json() -> str:
    """JSON-LD of 100,000 lists within each other, and beside it a sound product."""
    return _html(_json_ld("[" * 100_000), _product("Sound beside deep JSON"))


@blueprint.get("/deep-microdata")
def deep_microdata() -> str:
    """Microdata items within each other."""
    scope = '<div itemprop="x" itemscope itemtype="https://schema.org/Product">'
    return _html(scope * 3_000)


@blueprint.get("/bomb")
def bomb() -> Response:
    """60 MB of zeros that arrive as 60 kB."""
    body = gzip.compress(b"\0" * 60_000_000, 9)
    return Response(body, headers={"Content-Encoding": "gzip"}, mimetype="text/html")


@blueprint.get("/huge")
def huge() -> Response:
    """A page that says it has 20 MB, and has."""
    return Response(_html("x" * 20_000_000), mimetype="text/html")


@blueprint.get("/endless")
def endless() -> Response:
    """A page without end."""

    def forever() -> Iterator[bytes]:
        while True:
            yield b"<p>more</p>" * 1000

    return Response(forever(), mimetype="text/html")


@blueprint.get("/mojibake")
def mojibake() -> Response:
    """Bytes that are no text in the charset declared."""
    return Response(bytes(range(256)) * 40, content_type="text/html; charset=utf-8")


@blueprint.get("/binary")
def binary() -> Response:
    """No page at all."""
    return Response(bytes(range(256)) * 40, mimetype="application/octet-stream")


@blueprint.get("/injected")
def injected() -> str:
    """A product whose texts hold scripts, markup and control characters."""
    return _html(
        _product(
            "Tee <script>alert(1)</script>\u0000\u202e with tricks",
            description="<p>Soft.</p><style>p{}</style><script>steal()</script>\ud800",
            sku="<b>X1</b>",
            image="javascript:alert(1)",
        )
    )


@blueprint.get("/many-links")
def many_links() -> str:
    """50,000 links to nowhere."""
    return _html("".join(f'<a href="/hostile/none/{n}">{n}</a>' for n in range(50_000)))


@blueprint.get("/to-private")
def to_private() -> Response:
    """A redirect into a private network."""
    return redirect("http://169.254.169.254/latest/meta-data/")  # type: ignore[return-value]


@blueprint.get("/maze/<int:step>")
def maze(step: int) -> str:
    """A corridor without end."""
    return _html(f'<a href="/hostile/maze/{step + 1}">on</a>')


@blueprint.get("/bad-photos")
def bad_photos() -> str:
    """A product whose photos are none."""
    photos = [f"/hostile/{name}" for name in ("binary", "bomb", "endless", "deep-html", "none/1")]
    return _html(_product("Photos that are none", image=photos, sku="X2"))


@blueprint.get("/none/<int:number>")
def nowhere(number: int) -> Response:
    """Nothing."""
    return Response(f"No page {number} at {request.path}.", 404)


def _product(name: str, **values: object) -> str:
    return _json_ld(json.dumps({"@type": "Product", "name": name, **values}).replace("</", "<\\/"))


def _json_ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def _html(*body: str) -> str:
    return f"<!doctype html><html><head></head><body>{''.join(body)}</body></html>"
