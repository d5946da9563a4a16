"""From a raw title and description to the sentences that speak of the garment for sale.

Nothing is moved: debris is blanked in place, so every offset is one into the original string.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

from text.cues import OFF_GARMENT

MARKUP = re.compile(
    r"<(?:script|style)\b[^<]*</(?:script|style)\s*>|<!--[^<]*-->|</?[A-Za-z][^<>]{0,300}>"
    r"|[\u00c2\u00c3](?![A-Za-z])[^\sA-Za-z]?"  # UTF-8 read as Latin-1, a space in most feeds
    r"|%20|&\s?(?:[A-Za-z]{2,8}|#\d{1,6}|#x[0-9A-Fa-f]{1,5})\s?;"
)
PLAIN = re.compile(r"[^<&%\u00c2\u00c3]*")
BLOCK = re.compile(r"</?(?:p|br|li|ul|ol|div|tr|td|h\d)\b", re.IGNORECASE)
BULLETS = "\n\r|\u2022\u00b7\u25cf\u25aa\u25e6\u2023\u2713\u2714\u27a4\u25ba\u2028\u2029"
LINES = re.compile(f"[^{BULLETS}]+")
INNER_END = re.compile(r"[.?!]\s*\S")  # without one Punkt has nothing to decide
# Feeds often lose the line break between two facts: "one patch pocketMachine wash". A word that
# itself starts with a capital is left alone, it is a name ("DressBerry").
GLUED = re.compile(
    r"(?<![A-Za-z])[a-z]{2,}(?=[A-Z][a-z])|[.!?)](?=[A-Z][a-z])"
    r"|(?<=\s)(?=(?:Style Note|Product (?:Details|Description)|Material and [Cc]are|Size and Fit"
    r"|Model [Ss]tatistics|Wash [Cc]are)\b)"
)
PIECE = 1000  # characters given to Punkt at once: bounds its cost on text without a full stop
ABBREVIATIONS = {"approx", "assn", "co", "ltd", "inc", "no", "st", "dr", "mr", "mrs", "ms", "u.s"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch `[start, end)` of the title or description, in characters; `kind` is "garment"
    where it speaks of the garment for sale, else what it speaks of (`text.cues`)."""

    start: int
    end: int
    where: str  # "title" or "description"
    kind: str


def blank(text: str) -> str:
    """Return `text` lowered in nothing, same length: tags, entities, controls and symbols become
    blanks."""

    def spaces(match: re.Match[str]) -> str:
        size = len(match[0])
        return "\n" + " " * (size - 1) if BLOCK.match(match[0]) else " " * size

    clean = MARKUP.sub(spaces, text) if not PLAIN.fullmatch(text) else text
    plain = clean.isascii() and clean.isprintable()
    return clean if plain else clean.translate(_CONTROLS)


def sentences(title: str, description: str) -> list[Sentence]:
    """Split both texts into sentences in reading order, each with its kind.

    A sentence that turns to something else half way ("..., team it with blue jeans") is cut
    there, and both halves are returned.
    """
    found = []
    for where, text in (("title", title), ("description", description)):
        clean = blank(text)
        for start, end in _spans(clean, glued=where == "description"):
            found.extend(_classified(clean, start, end, where))
    return found


def about_garment(title: str, description: str) -> list[Sentence]:
    """Return only the sentences that speak of the garment for sale."""
    return [s for s in sentences(title, description) if s.kind == "garment"]


class _Controls(dict[int, int]):
    """Code points as `str.translate` wants them: controls and symbols (emoji, trade marks) become
    blanks, learned as they come."""

    def __missing__(self, code: int) -> int:
        kind = unicodedata.category(chr(code))
        self[code] = ord(" ") if kind[0] == "C" or kind == "So" else code
        return self[code]


_CONTROLS = _Controls({ord("\n"): ord("\n"), ord("\r"): ord("\n")})


@lru_cache(maxsize=1)
def _punkt() -> PunktSentenceTokenizer:
    parameters = PunktParameters()
    parameters.abbrev_types = set(ABBREVIATIONS)
    return PunktSentenceTokenizer(parameters)


def _spans(text: str, *, glued: bool) -> Iterator[tuple[int, int]]:
    for line in LINES.finditer(text):
        for start, end in _pieces(text, *line.span()):
            piece = text[start:end]
            for low, high in _ended(piece):
                cuts = [m.end() for m in GLUED.finditer(piece, low, high)] if glued else []
                for a, b in zip([low, *cuts], [*cuts, high], strict=True):
                    if piece[a:b].strip():
                        yield start + a, start + b


def _ended(piece: str) -> Iterable[tuple[int, int]]:
    """Cut at the ends of sentences."""
    if not INNER_END.search(piece):
        return ((0, len(piece)),)
    return _punkt().span_tokenize(piece)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a line longer than `PIECE` at a blank where there is one."""
    while end - start > PIECE:
        blank_at = text.rfind(" ", start + PIECE // 2, start + PIECE)
        cut = start + PIECE if blank_at < 0 else blank_at
        yield start, cut
        start = cut
    yield start, end


def _classified(text: str, start: int, end: int, where: str) -> Iterator[Sentence]:
    low = text[start:end].lower()
    if len(low) != end - start:  # a few letters grow when lowered; the cues are plain ASCII
        low = text[start:end]
    kind, cut = "garment", len(low)
    names = where == "title" and not text[:start].strip()  # how a title opens names the garment
    for name, cue in OFF_GARMENT.items():
        match = cue.search(low)
        if match and match.start() < cut and not (names and match.start() == 0):
            kind, cut = name, match.start()
    if low[:cut].strip(" ,.-\t"):
        yield Sentence(start, start + cut, where, "garment")
    if cut < len(low):
        yield Sentence(start + cut, end, where, kind)
