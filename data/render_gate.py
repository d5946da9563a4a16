"""The gate a browser's traffic passes: a SOCKS5 proxy (RFC 1928) that refuses private addresses.

Chromium hands it names, not addresses. The gate resolves a name once, checks every address it got
and connects to one of those, so that a name which resolves differently a moment later gains
nothing; frames, redirects, scripts and WebSockets all pass here.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import struct
from contextlib import suppress

from data.crawl_guard import is_public

_CONNECT, _IPV4, _NAME, _IPV6 = 1, 1, 3, 4
_DONE, _FORBIDDEN, _UNREACHABLE = 0, 2, 4  # replies: succeeded, not allowed, host unreachable
_CHUNK = 65536  # bytes read at once


class Gate:
    """Listens on a free port of the loopback; `refused` counts connections to private addresses."""

    def __init__(self, *, allow_private: bool) -> None:
        self.refused = 0
        self.port = 0
        self._allow_private = allow_private
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Start listening; `port` tells where."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Stop listening; open connections end with their browser."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            host, port = await _requested(reader, writer)
            try:
                far_reader, far_writer = await self._connect(host, port)
            except PermissionError:
                self.refused += 1
                writer.write(_reply(_FORBIDDEN))
                return
            except OSError:
                writer.write(_reply(_UNREACHABLE))
                return
            writer.write(_reply(_DONE))
            try:
                await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))
            finally:
                far_writer.close()
        except (OSError, EOFError, ValueError):
            pass  # whoever connected is no browser of ours, or went away
        finally:
            writer.close()

    async def _connect(
        self, host: str, port: int
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect to an address of `host`. Raises PermissionError where one of them is private."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        if not self._allow_private and not all(map(is_public, addresses)):
            raise PermissionError(f"{host} has a private address.")
        failure = OSError(f"{host} has no address.")
        for address in addresses:
            try:
                return await asyncio.open_connection(address, port)
            except OSError as error:
                failure = error
        raise failure


async def _requested(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
    """Read the greeting and the request: the host (a name or an address) and the port."""
    _, methods = await reader.readexactly(2)
    await reader.readexactly(methods)
    writer.write(b"\x05\x00")  # no authentication: only this machine reaches the port
    _, command, _, kind = await reader.readexactly(4)
    if command != _CONNECT:
        raise ValueError(f"SOCKS command {command}; only CONNECT is served.")
    if kind == _NAME:
        length = (await reader.readexactly(1))[0]
        host = (await reader.readexactly(length)).decode("ascii")
    elif kind in (_IPV4, _IPV6):
        packed = await reader.readexactly(4 if kind == _IPV4 else 16)
        host = str(ipaddress.ip_address(packed))
    else:
        raise ValueError(f"SOCKS address type {kind}.")
    (port,) = struct.unpack("!H", await reader.readexactly(2))
    return host, port


def _reply(code: int) -> bytes:
    return bytes((5, code, 0, _IPV4, 0, 0, 0, 0, 0, 0))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):  # one side hung up: the other is told so by the end
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()
    with suppress(OSError):
        if writer.can_write_eof():
            writer.write_eof()
