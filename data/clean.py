"""Raw words of shops made plain: HTML to text with the ends of its lines kept."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

# Elements whose start and end also end a line of text.
_BLOCKS = frozenset(
    (
        *("address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "form"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "section"),
        *("table", "tbody", "tfoot", "thead", "title", "tr", "ul"),
    )
)
_CELLS = frozenset(("td", "th"))
_HIDDEN = frozenset(("script", "style", "noscript", "template", "object"))

# Some shops store entities escaped twice and their semicolon lost: `5'8&amp; rdquo  tall`. Only
# names that are no English words, so that "print & reg. fit" stays.
_BROKEN_ENTITY = re.compile(
    r"&\s?(amp|nbsp|quot|[lr][sd]quo|[nm]dash|hellip|euro|eacute|frac\d\d)\b\s?;?"
)
_TAG_LEFT = re.compile(r"<\s?/?\s?(?:b|i|u|br|em|p|li|ul|strong|span|div)\s?/?\s?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_SPACES = re.compile(r"[^\S\n]+")


class _Text(HTMLParser):
    """Collects visible text; block elements become line ends, inline ones join."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        self._separate(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        self._separate(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._separate(tag)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            # A line end in the source is a space in HTML; only elements end a line.
            self.parts.append(re.sub(r"\s+", " ", data))

    def _separate(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")
        elif tag in _CELLS:
            self.parts.append(" ")


def html_to_text(source: str) -> str:
    """Return the visible text of an HTML fragment, one line per paragraph, list item or <br>.

    Scripts, styles and comments are removed, entities resolved (also doubly escaped ones),
    runs of white space, non-breaking ones included, made one space, empty lines removed.
    """
    text = html.unescape(_BROKEN_ENTITY.sub(r"&\1;", _visible(source)))
    if _TAG_LEFT.search(text):  # the tags themselves were escaped: &lt;b&gt;
        text = _visible(_TAG_LEFT.sub(lambda tag: tag[0].replace(" ", ""), text))
    return tidy(text)


def any_to_text(source: str) -> str:
    """Return plain text of what may be HTML or already plain (whose line ends are kept)."""
    return html_to_text(source) if _TAG.search(source) else tidy(html.unescape(source))


def _visible(source: str) -> str:
    parser = _Text()
    parser.feed(source)
    parser.close()
    return "".join(parser.parts)


def tidy(text: str) -> str:
    """Collapse white space within lines and drop empty lines of plain text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u200b", "")
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
