"""`python -m data demo-shop`: the demo shop on gunicorn, in this process's one worker."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from data.errors import SelvedgeError
from data.table import LISTINGS

if TYPE_CHECKING:
    from data.demo_shop.products import Product

GENERATED = "generated"
HOST = "127.0.0.1"
_THREADS = 16  # a slow answer holds one
_SEED = 7


@click.command("demo-shop")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8765, show_default=True, help="0: a free one."
)
@click.option("--products", type=click.IntRange(min=1), default=5000, show_default=True)
@click.option(
    "--source", default="var/catalogue", show_default=True, help="An import, or 'generated'."
)
def command(port: int, products: int, source: str) -> None:
    """Serve a local shop to try a crawl on, in four styles, with the faults of real shops.

    /jsonld/, /microdata/, /script/ and /rendered/ show the same products; data/sites/ has a site
    file for each. The faults are the same at every start.
    """
    from data.demo_shop.products import load_products

    path = Path(source) / LISTINGS
    found = source != GENERATED and path.is_file()
    if source != GENERATED and not found:
        click.echo(f"No table at {path}: showing {products} generated products.", err=True)
    shown = load_products(path if found else None, products, _SEED)
    _serve(shown, _listen(port))


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port), backlog=256)
    except OSError as error:
        raise SelvedgeError(
            f"Cannot listen on {HOST} port {port}: {error.strerror}; choose another with --port."
        ) from None


def _serve(products: list[Product], listener: socket.socket) -> None:
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in _gunicorn_settings(listener).items():
                self.cfg.set(name, value)

        def load(self) -> object:
            from data.demo_shop.app import create_app

            return create_app(products, _SEED)

    master = os.getpid()
    try:
        Server().run()
    except SystemExit as done:
        if os.getpid() == master:  # gunicorn has codes of its own; its worker tells it by them
            sys.exit(1 if done.code else 0)
        raise


def _gunicorn_settings(listener: socket.socket) -> dict[str, object]:
    address = f"http://{HOST}:{listener.getsockname()[1]}/"
    return {
        "bind": f"fd://{listener.detach()}",  # gunicorn closes it
        "worker_class": "gthread",
        "threads": _THREADS,
        "keepalive": 30,  # seconds; a crawl comes back to its connections
        "loglevel": "critical",
        "control_socket_disable": True,
        "post_worker_init": lambda worker: click.echo(f"Demo shop on {address}", err=True),
    }
