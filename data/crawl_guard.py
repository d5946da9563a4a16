"""Refusing to fetch from this machine and from private networks, by the address really used.

A name is resolved once, checked, and kept for the whole crawl by scrapy's DNS cache; the connection
goes to that very address, so a name that changes its address later (DNS rebinding) gains nothing.
Redirects, photos and robots.txt pass here as pages do.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from data.crawl_errors import PrivateAddress

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open Internet.

    IPv4 addresses wrapped in IPv6 ones (mapped, 6to4, NAT64) are judged by what they wrap.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            wrapped = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(str(wrapped))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def is_literal(host: str) -> bool:
    """Whether a host is written as an IP address, which no resolver is asked about."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class PublicResolver(CachingThreadedResolver):
    """Scrapy's resolver that knows no private addresses."""

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:  # noqa: N802
        return super().getHostByName(name, timeout).addCallback(_checked, name)


def _checked(address: str, name: str) -> str:
    if not is_public(address):
        raise DNSLookupError(f"{name} is {address}, a private address")
    return address


class PublicOnly:
    """Downloader middleware that tells a private address from one that does not exist."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PublicOnly:
        return cls()

    async def process_request(self, request: Request) -> None:
        host = urlparse_cached(request).hostname or ""
        if is_literal(host):
            if not is_public(host):
                raise PrivateAddress(f"{host} is a private address")
            return
        from twisted.internet import reactor

        try:
            # Twisted's interface says otherwise, but it takes a name and gives an address.
            await maybe_deferred_to_future(reactor.resolve(host))  # type: ignore[arg-type]
        except DNSLookupError as error:
            if "private address" in str(error):
                raise PrivateAddress(str(error)) from None
            # Unknown names are left to the download, which tries again.
