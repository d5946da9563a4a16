"""`python -m web serve`: gunicorn inside this process, one threaded worker by default."""

from __future__ import annotations

import os
import socket
import sys

import click

from data.errors import SelvedgeError
from web.settings import Settings, describe

_EPILOG = "\b\nEnvironment variables:\n" + "\n".join(
    f"  {name:<22} {text}" for name, text in describe()
)


@click.command("serve", epilog=_EPILOG)
@click.option("--host", help="Address to listen on, in place of SELVEDGE_HOST.")
@click.option("--port", type=click.IntRange(0, 65535),
              help="Port to listen on, in place of SELVEDGE_PORT.")  # fmt: skip
def command(host: str | None, port: int | None) -> None:
    """Serve the pages over HTTP until interrupted."""
    settings = Settings.read(os.environ, host=host, port=port)
    _run(settings, _listen(settings))


def _listen(settings: Settings) -> socket.socket:
    """Bind here and not in gunicorn, which would try five times and then say little."""
    try:
        family = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((settings.host, settings.port), family=family, backlog=256)
    except OSError as error:
        raise SelvedgeError(
            f"Cannot listen on {settings.host} port {settings.port}: {error.strerror or error}; "
            f"choose another with --port or --host."
        ) from None


def _run(settings: Settings, listener: socket.socket) -> None:
    from gunicorn.app.base import BaseApplication
    from gunicorn.errors import AppImportError

    class Server(BaseApplication):
        def load_config(self) -> None:
            for name, value in _gunicorn_settings(settings, listener).items():
                self.cfg.set(name, value)

        def load(self) -> object:
            # In the worker: threads of the model runtime do not survive a fork.
            from web.app import create_app

            try:
                return create_app(settings)
            except SelvedgeError as error:
                raise AppImportError(f"Error: {error.message}") from None

    master = os.getpid()
    try:
        Server().run()
    except SystemExit as done:
        # gunicorn has codes of its own; ours are 0 and 1. Its workers pass here too, and tell it
        # by their code that there is no use in starting them again.
        if os.getpid() == master:
            sys.exit(1 if done.code else 0)
        raise


def _gunicorn_settings(settings: Settings, listener: socket.socket) -> dict[str, object]:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{listener.getsockname()[1]}"
    return {
        "bind": f"fd://{listener.detach()}",  # gunicorn closes it
        "worker_class": "gthread",
        "workers": settings.workers,
        "threads": settings.threads,
        "timeout": 60,  # seconds; the longest honest request decodes eight photos of 50 megapixels
        "loglevel": "warning",
        "control_socket_disable": True,  # nobody asked for a second way in
        "post_worker_init": lambda worker: click.echo(f"Selvedge answers on {address}", err=True),
    }
