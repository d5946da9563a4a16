"""The demo shop as a Flask application."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, abort, redirect, render_template, request

from data.demo_shop import pages
from data.demo_shop.faults import Faults
from data.demo_shop.hostile import blueprint as hostile
from data.demo_shop.photos import photo_bytes
from data.demo_shop.products import Product

_CHANGED = datetime(2026, 1, 1, tzinfo=UTC)
_ROBOTS = "User-agent: *\nDisallow: /*/private/\nDisallow: /*/cart\nSitemap: {0}sitemap.xml\n"
_LAYOUTS = 3  # of attribute tables


def create_app(products: list[Product], seed: int) -> Flask:
    """Return the shop; what it does wrong the first time is forgotten when it is made anew."""
    app = Flask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    shop = _Shop(products, seed)
    app.register_blueprint(hostile, url_prefix="/hostile")
    app.add_url_rule("/robots.txt", view_func=shop.robots)
    app.add_url_rule("/sitemap.xml", view_func=shop.sitemap_index)
    app.add_url_rule("/truth.jsonl", view_func=shop.truth)
    app.add_url_rule("/asked.json", view_func=shop.told)
    app.add_url_rule("/photos/<int:number>-<int:color>-<view>.jpg", view_func=shop.photo)
    style = f"/<any({','.join(pages.STYLES)}):style>"
    views: dict[str, Any] = {
        "/": shop.home,
        "/sitemap.xml": shop.sitemap,
        "/c/<slug>": shop.category,
        "/p/<code>": shop.product,
        "/old/<code>": shop.moved,
        "/round": shop.round,
        "/private/": shop.private,
        "/cart": shop.private,
    }
    for rule, view in views.items():
        app.add_url_rule(style + rule, view_func=view)
    app.add_url_rule("/rendered/api/products", view_func=shop.api_products)
    app.add_url_rule("/rendered/api/product/<int:number>/<int:color>", view_func=shop.api_product)
    app.after_request(shop.finish)
    return app


class _Shop:
    def __init__(self, products: list[Product], seed: int) -> None:
        self._products = products
        self._faults = Faults.of(len(products), seed)
        self._by_code = {product.code.lower(): product for product in products}
        names = sorted({product.category for product in products})
        self._categories = {name.lower().replace(" ", "-"): name for name in names}
        self._asked: Counter[str] = Counter()
        self._lock = threading.Lock()

    def home(self, style: str) -> str:
        if style == "rendered":
            return render_template("rendered_list.html", style=style)
        listed = [*self._categories.items(), ("new", "New")]
        return render_template("home.html", style=style, categories=listed)

    def category(self, style: str, slug: str) -> str:
        if slug == "new":  # every fifth product once more, as a campaign links it
            found = self._products[::5]
        else:
            name = self._categories.get(slug) or abort(404)
            found = [product for product in self._products if product.category == name]
        page = request.args.get("page", 1, type=int)
        shown = found[(page - 1) * pages.PER_PAGE : page * pages.PER_PAGE] or abort(404)
        links = [self._link(style, p) + ("?utm_source=new" if slug == "new" else "") for p in shown]
        more = page * pages.PER_PAGE < len(found)
        return render_template(
            "category.html", style=style, name=slug, links=links,
            next=f"/{style}/c/{slug}?page={page + 1}" if more else None,
        )  # fmt: skip

    def product(self, style: str, code: str) -> Response:
        base, _, color_text = code.partition("-")
        color = int(color_text) if color_text.isdecimal() else 0
        product = self._by_code.get(base) or abort(404)
        if color >= len(product.colors):
            abort(404)
        if answer := self._faults.before(product.number, request.path):
            return answer
        return self._faults.damage(product.number, _page(style, product, color))

    def moved(self, style: str, code: str) -> Any:
        product = self._by_code.get(code) or abort(404)
        return redirect(pages.product_path(style, product, 0), 301)

    def round(self, style: str) -> Any:
        step = request.args.get("step", 0, type=int)
        return redirect(f"/{style}/round?step={step + 1}")

    def private(self, style: str) -> str:
        return "Nothing to see here."

    def api_products(self) -> dict[str, Any]:
        at = request.args.get("offset", 0, type=int)
        shown = self._products[at : at + pages.PER_PAGE]
        links = [pages.product_path("rendered", product, 0) for product in shown]
        after = at + pages.PER_PAGE
        return {"links": links, "next": after if after < len(self._products) else None}

    def api_product(self, number: int, color: int) -> dict[str, Any]:
        product = self._products[number] if number < len(self._products) else abort(404)
        return {
            "name": product.title,
            "rows": pages.rows(product),
            "siblings": pages.siblings("rendered", product, color),
            "product": pages.json_ld("rendered", product, color),
        }

    def photo(self, number: int, color: int, view: str) -> Response:
        known = number < len(self._products) and color < len(self._products[number].colors)
        if not known or view not in ("front", "detail", "front-small"):
            abort(404)
        etag = f"{number}-{color}-{view}"
        if request.if_none_match.contains(etag):
            response = Response(status=304)
        else:
            body = photo_bytes(self._products[number], color, view)
            response = Response(body, mimetype="image/jpeg")
        response.set_etag(etag)
        return response

    def robots(self) -> Response:
        return Response(_ROBOTS.format(request.host_url), mimetype="text/plain")

    def sitemap_index(self) -> Response:
        links = [f"{request.host_url}{style}/sitemap.xml" for style in pages.STYLES]
        return _xml("sitemapindex", "sitemap", links)

    def sitemap(self, style: str) -> Response:
        """Every second product: the others are found by their categories alone."""
        paths = (pages.product_path(style, product, 0) for product in self._products[1::2])
        return _xml("urlset", "url", [request.host_url.rstrip("/") + path for path in paths])

    def truth(self) -> Response:
        lines = (
            json.dumps(product.truth(color), ensure_ascii=False) + "\n"
            for product in self._products
            for color in range(len(product.colors))
        )
        return Response(lines, mimetype="application/jsonl")

    def told(self) -> dict[str, int]:
        return dict(self._asked)

    def finish(self, response: Response) -> Response:
        """Count what was asked, and give every page its validators."""
        forbidden = "/private/" in request.path or request.path.endswith("/cart")
        with self._lock:
            self._asked[str(response.status_code)] += 1
            self._asked["forbidden"] += forbidden
        if response.status_code == 200 and not response.is_streamed:
            response.headers.setdefault("Cache-Control", "max-age=0")
            response.last_modified = _CHANGED
            response.add_etag()
            response.make_conditional(request)
        return response

    def _link(self, style: str, product: Product) -> str:
        if self._faults.kinds.get(product.number) == "moved":
            return f"/{style}/old/{product.code.lower()}"
        return pages.product_path(style, product, 0)


def _page(style: str, product: Product, color: int) -> str:
    return render_template(
        f"{style}.html",
        style=style,
        product=product,
        at=color,
        color=product.colors[color],
        canonical=request.host_url.rstrip("/") + pages.product_path(style, product, color),
        photos=pages.photo_paths(product, color),
        rows=pages.rows(product),
        layout=product.number % _LAYOUTS,
        siblings=pages.siblings(style, product, color),
        data=_data(style, product, color),
    )


def _data(style: str, product: Product, color: int) -> dict[str, Any]:
    make = {"jsonld": pages.json_ld, "script": pages.script_data}.get(style)
    return make(style, product, color) if make else {}


def _xml(root: str, entry: str, links: list[str]) -> Response:
    def lines() -> Iterator[str]:
        yield f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        yield from (f"<{entry}><loc>{link}</loc></{entry}>" for link in links)
        yield f"</{root}>"

    return Response("".join(lines()), mimetype="application/xml")
