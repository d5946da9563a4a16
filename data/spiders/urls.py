"""Addresses: one spelling per page, and the ones that lead to no product."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

MAX_LENGTH = 2000  # characters; scrapy drops longer ones than 2083 too

# Parameters that say where a visitor came from and nothing of the page.
_TRACKING = re.compile(
    r"(utm_\w+|ga_\w+|_ga|mc_[ce]id|fbclid|gclid|dclid|msclkid|yclid|igshid|ref|referrer|"
    r"cmpid|affid|sessionid|sid|phpsessid|jsessionid)",
    re.IGNORECASE,
)
# Pages of every shop that show no product, and lists of known products in another order.
_FRUITLESS = re.compile(
    r"/(cart|basket|bag|checkout|log-?in|log-?out|sign-?in|sign-?up|register|account|wishlist|"
    r"compare|orders?|privacy|terms|returns?|contact|faqs?|help|careers)(/|\.|\?|$)"
    r"|[?&](sort|order|orderby|sort_by|currency|lang|add-to-cart)=",
    re.IGNORECASE,
)


def clean_url(url: str, base: str = "") -> str | None:
    """Return one spelling of an address: absolute, sorted query, no tracking, no fragment.

    None for what is no http(s) address, is too long or cannot be parsed.
    """
    try:
        parts = urlsplit(urljoin(base, url.strip()))
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            return None
        pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=50)
        kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)]
        query = parts.query if len(kept) == len(pairs) else urlencode(kept)
        cleaned = canonicalize_url(urlunsplit(parts._replace(query=query, fragment="")))
    except (ValueError, UnicodeError):
        return None
    return cleaned if len(cleaned) <= MAX_LENGTH else None


def is_fruitless(url: str) -> bool:
    """Whether an address by its looks leads to no product: a cart, a login, another sorting."""
    return _FRUITLESS.search(url) is not None
