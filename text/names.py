"""Brand names made of words that state something elsewhere: "Grey Matter", "The Skirt Factory".

A name is known by how the texts speak of it ("by Half Moon", "Grey Matter's best seller", "the
label Indigo Nation", a trade mark), by a word of trade at its end ("Plain Threads Clothing"), by
opening both the title and a sentence and going on differently, or by standing before the words
"men", "girls" and the like, where shops put their brand: of 21,791 shop titles of the train split
that last rule blanks 1,782 brands and in 5 another word. Brands that are said only once and
elsewhere are left to the network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from text.lexicon import hue_words, phrases

# Characters of a title or after a name, names: they bound the time whatever a text holds. So do
# the blanks before a name that hold no line break: each break of many would try all that follow.
HEAD, MOST = 300, 5
_WORD = r"(?:[A-Z]\w*|&|and|of)"
_NAME = rf"(?:[A-Z]\w*(?:\ {_WORD}){{0,3}})"
INTRODUCED = re.compile(
    rf"(?:^|[.|\n•!][^\S\n]*)(?:By|From|Sold\ by|Made\ by|Brand(?:\ name)?\s?[:-]|Official|Genuine"
    rf"|Authentic|Original|Another\ one\ from|Designed\ by)\ (?P<name>{_NAME})"
)
MAKER = re.compile(rf"\b(?:[Bb]y|[Ff]rom|(?:label|brand|house\ of))\ (?P<name>{_NAME})")
MARKED = re.compile(rf"\b(?P<name>{_NAME})\s?[\u00ae\u2122\u00a9]")
TRADES = (
    "Clothing|Clothiers|Apparels?|Garments|Fashions?|Threads|Textiles|Looms|Weaves|Designs|Brand"
    "|Couture|Co|Company|Bros|Brothers|Sons|Studios?|Boutique|Factory|Republic|Nation|Club"
)
TRADING = re.compile(rf"^\s*(?P<name>[A-Z]\w*(?:\ (?:&|and|[A-Z]\w*)){{0,2}}\ (?:{TRADES}))\b")
WORN_BY = re.compile(
    r"^\s*(?P<name>[a-z]\w*(?:\ (?:&|[a-z]\w*)){0,3}?)(?:['’]s)?"
    r"\ (?:(?:wo)?m[ae]ns?|boys?|girls?|kids?|infants?|toddlers?|unisex|ladies|lady|gents|babys?)"
    r"(?:['’]s?)?\b",
    re.IGNORECASE,
)
# In running text a name is told by its capitals: "this Green Hill shirt is soft".
WITHIN = re.compile(
    r"\b(?:[Tt]his|[Tt]hese|[Tt]he|[Oo]ur|[Aa]n?|[Yy]our)\ (?P<name>[A-Z]\w+(?:\ [A-Z&]\w*){1,3})"
    r"(?=['’]?s?\ [a-z])"
)
OWNING = re.compile(rf"\b(?P<name>{_NAME})['’]s?\ ")
OPENING = re.compile(r"(?:^|[.|\n•!][^\S\n]*)(?P<name>[A-Z]\w*(?:\ (?:&|[A-Z]\w*)){1,3})\b")
FUNCTION = frozenset({"for", "in", "with", "from", "to", "by", "on", "at"})  # "Chinos for men"
# Words that open a title without being a name, beside those of the lexicon.
ORDINARY = frozenset({
    "men", "mens", "women", "womens", "boys", "girls", "kids", "unisex", "ladies", "gents", "baby",
    "slim", "regular", "fit", "casual", "formal", "party", "cotton", "linen", "silk", "wool",
    "denim", "knit", "knitted", "woven", "round", "neck", "collar", "cropped", "basic", "classic",
    "soft", "new", "pure", "the", "and", "of", "full", "half", "long", "short", "sleeve", "sleeves",
    "dark", "light", "bright", "leather", "rayon", "viscose", "polyester", "georgette", "chiffon",
    "embroidered", "ethnic", "straight", "loose", "relaxed", "stretch", "flared", "pleated",
    "washed", "faded", "hooded", "pack", "set", "combo", "color", "colour", "melange", "art", "by",
    "blend", "printed", "high", "low", "rise", "waist", "size", "plus", "winter", "summer",
    "textured", "skinny", "flare", "embellished", "open", "self", "design", "line", "look", "super",
    "layered", "slip", "style", "stretchable", "semi", "reversible", "lace", "sheer", "tapered",
    "distressed", "padded", "wash", "mesh", "suede", "lightweight", "chambray", "flat", "satin",
    "studded", "asymmetric", "raw", "pique", "longline", "double", "quilted", "vintage", "tiered",
    "corduroy", "velvet", "khadi", "handloom", "organic", "heeled", "fleece", "bootcut", "retro",
    "smocked", "sporty", "poplin", "sequinned", "boxy", "ombre", "deep", "textile", "premium",
    "baggy", "oversized", "fancy", "designer", "stylish", "trendy", "comfortable", "flannel",
    "seersucker", "twill", "crepe", "net", "organza", "lycra", "nylon", "hemp", "terry", "tweed",
    "velour", "ribbed", "crochet", "cable", "ruffle", "ruffled", "frill", "wrap", "bell", "puff",
    "balloon", "cargo", "chikankari", "chikan", "bandhej", "camo", "marl", "heather", "acid",
    "dyed",
    "modal", "fitted", "a", "v", "sleeved", "mid", "muslin", "jacquard", "brocade", "beaded",
    "tone", "toned", "coloured", "colored", "colours", "colors", "shade", "hue", "mix", "henley",
    "school", "office", "gym", "sports", "yoga", "maternity", "night", "beach", "wedding",
    "graphic", "embroidery", "cutwork", "crinkle", "crinkled", "slub", "ripped", "bleached",
})  # fmt: skip


def names(title: str, description: str) -> list[str]:
    """Return the brand names that consist partly of words we read; trade marks are to stand."""
    title = title[:HEAD]
    found = {name for name in _told(title, description) if _misread(name)}
    found |= {name for name in (*_marked(title), *_marked(description)) if _misread(name)}
    return sorted(found, key=len, reverse=True)[:MOST]


def places(text: str, found: list[str]) -> Iterator[tuple[int, int]]:
    """Yield where the names stand in a text."""
    for name in found:
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
            yield match.span()


def _told(title: str, description: str) -> Iterator[str]:
    yield from _leading(title)
    for pattern in (INTRODUCED, OWNING):
        for match in pattern.finditer(description):
            name = _shared(title, match["name"])
            if name and (" " in name or pattern is INTRODUCED):
                yield name
    for text, pattern in ((title, MAKER), (description, MAKER), (description, WITHIN)):
        for match in pattern.finditer(text):
            name = _trimmed(match["name"])
            if " " in name or (text is title and pattern is MAKER):
                yield name
    for match in OPENING.finditer(description):
        name = _shared(title, match["name"])
        rest = title[len(name) :].split()[:1]
        end = match.start("name") + len(name)
        follows = description[end : end + HEAD].split()[:1]
        alike = [w.lower() for w in rest] == [w.lower().strip(".,") for w in follows]
        if " " in name and title.startswith(name) and not alike:
            yield name


def _leading(title: str) -> Iterator[str]:
    """Yield the brand a title begins with, known by its word of trade or by whom it is to clothe:
    of "Nike Green Women Tee" neither word, what ends with a statement is none."""
    trading, worn = TRADING.match(title), WORN_BY.match(title)
    if trading and not worn:
        yield trading["name"]
    if worn:
        name = _trimmed(worn["name"])
        first, *more = (word.lower() for word in name.split())
        rest = {word.lower() for word in title[worn.end() :].split()}
        told = not more and _glued(first)
        told |= bool(more) and not set(more) & (_garments() | FUNCTION)
        if told and (first not in _garments() or rest & _garments()):
            yield name


def _glued(name: str) -> bool:
    """Tell a word that begins with a statement and goes on as no ending does: "Bluebird"."""
    return any(
        name[:at] in hue_words() and name[at:] not in _stating() | ORDINARY | {"ish"}
        for at in range(3, len(name) - 2)
    )


def _marked(text: str) -> Iterator[str]:
    yield from (match["name"] for match in MARKED.finditer(text))


def _trimmed(name: str) -> str:
    """Return a name without the description that follows it: "Blue Harbor Checked Shirt"."""
    words = name.split()
    while len(words) > 1 and words[-1].lower() in _stating() | ORDINARY | {"&"}:
        words.pop()
    return " ".join(words)


def _shared(title: str, name: str) -> str:
    """Return as many of a name's first words, two at least of more, as the title holds side by
    side; what follows a name there is none of it ("Half Moon Shirt")."""
    words, least = name.split(), min(2, len(name.split()))
    while words and words[-1].lower() in ORDINARY | _garments() | {"&"}:
        words.pop()
    while len(words) >= least:
        if re.search(rf"(?<!\w){re.escape(' '.join(words))}(?!\w)", title):
            return " ".join(words)
        words.pop()
    return ""


def _misread(name: str) -> bool:
    """Tell a name from a plain description: one word of it states something, another is a name's,
    or it is one word alone."""
    words = [word.lower() for word in name.split() if word != "&"]
    stating = [word for word in words if word in _stating() or word in ORDINARY]
    if len(words) == 1 and _glued(words[0]):
        return True
    return bool(stating) and (len(stating) < len(words) or "&" in name or len(words) == 1)


@lru_cache(maxsize=1)
def _garments() -> frozenset[str]:
    items = (phrase for phrase, label in phrases().items() if label.startswith("item:"))
    return frozenset(phrase.split()[-1] for phrase in items)


@lru_cache(maxsize=1)
def _stating() -> frozenset[str]:
    return hue_words() | {word for phrase in phrases() for word in phrase.split()}
