"""`python -m web serve`: gunicorn inside this process, one threaded worker by default."""

from __future__ import annotations

import logging
import os
import socket
import struct
import sys
from typing import TYPE_CHECKING, Any

import click

from data.errors import SelvedgeError
from web.settings import Settings, describe

if TYPE_CHECKING:
    from web.services import Checks

# A client silent for so long loses its thread; a phone between two cells is silent for less.
STALL_SECONDS = 15

# Time, id, method, route, status, milliseconds, bytes sent: nothing of a person, no token.
ACCESS = "%(t)s %({selvedge.request}e)s %(m)s %({selvedge.route}e)s %(s)s %(M)s ms %(B)s bytes"

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
    run(settings, listen(settings))


def listen(settings: Settings, *, stall_seconds: int = STALL_SECONDS) -> socket.socket:
    """Bind here and not in gunicorn, which would try five times and then say little.

    Every connection inherits the bound on a stall: gunicorn reads headers and bodies without any,
    and a few silent clients would hold all threads. Raises SelvedgeError.
    """
    try:
        family = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0][0]
        server = socket.create_server((settings.host, settings.port), family=family, backlog=256)
    except OSError as error:
        raise SelvedgeError(
            f"Cannot listen on {settings.host} port {settings.port}: {error.strerror or error}; "
            f"choose another with --port or --host."
        ) from None
    for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        server.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", stall_seconds, 0))
    return server


def run(settings: Settings, listener: socket.socket, checker: Checks | None = None) -> None:
    """Answer on `listener` until interrupted; `checker` is for tests, None the released one."""
    from gunicorn.app.base import BaseApplication
    from gunicorn.errors import AppImportError

    chosen = _gunicorn_settings(settings, listener)

    class Server(BaseApplication):
        def load_config(self) -> None:  # again on SIGHUP
            for name, value in chosen.items():
                self.cfg.set(name, value)

        def load(self) -> object:
            # In the worker: threads of the model runtime do not survive a fork.
            from web.app import create_app

            try:
                return create_app(settings, checker)
            except SelvedgeError as error:
                raise AppImportError(f"Error: {error.message}") from None

    logging.getLogger("gunicorn.error").addFilter(_is_no_stall)
    master = os.getpid()
    try:
        Server().run()
    except SystemExit as done:
        # gunicorn has codes of its own; ours are 0 and 1. Its workers pass here too, and tell it
        # by their code that there is no use in starting them again.
        if os.getpid() == master:
            sys.exit(1 if done.code else 0)
        raise


def _is_no_stall(record: logging.LogRecord) -> bool:
    """Keep a silent client's traceback out of the log: it is no failure of ours."""
    return not (record.exc_info and isinstance(record.exc_info[1], BlockingIOError))


def _worker() -> type:
    """Return gunicorn's threaded worker, which here lets a thread end its own connection.

    gunicorn's one accepting thread else waits up to two seconds for each client it closes to close
    too, which a silent one does not: eight of them held every request back for 16 s.
    """
    from gunicorn import util
    from gunicorn.workers.gthread import ThreadWorker

    class Worker(ThreadWorker):
        def handle(self, conn: Any) -> Any:
            kept = super().handle(conn)
            if kept is False:
                conn.sock.setblocking(True)
                util.close_graceful(conn.sock)
            return kept

    return Worker


def _gunicorn_settings(settings: Settings, listener: socket.socket) -> dict[str, object]:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{listener.getsockname()[1]}"
    return {
        "bind": f"fd://{listener.detach()}",  # gunicorn closes it
        "worker_class": _worker(),
        "workers": settings.workers,
        "threads": settings.threads,
        "timeout": 60,  # seconds; the longest honest request decodes eight photos of 50 megapixels
        "loglevel": "warning",
        "accesslog": "-",
        "sendfile": False,  # what it sends is logged as 0 bytes
        "access_log_format": ACCESS,
        "control_socket_disable": True,  # nobody asked for a second way in
        "post_worker_init": lambda worker: click.echo(f"Selvedge answers on {address}", err=True),
    }
