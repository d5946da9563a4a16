"""Words said in passing: figures of speech, what is denied, the colors of trims and linings.

They are blanked in place before anything is read, so no offset moves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from text.denied import ENDED, THINGS, as_no, denied
from text.lexicon import hue_words, phrases
from text.sleeves import LENGTHS

# A field and its answer: "Stripes: no", "Striped: No". What the answer itself denies is left to be
# read without the field's name: "Pattern: no print".
NAMED = r"(?:pattern|prints?|design|checks?|stripes?)"
TOLD = r"(?:printed|striped|checked|checkered|patterned)"
SLEEVED = rf"(?:sleeveless|(?:{'|'.join(LENGTHS)})[\ -]sleeves?)"
NO = r"none|nil|not\ at\ all|no|n/?a|false"  # what either is answered
# Figures of speech made of words that state something elsewhere.
SPEECH = re.compile(
    rf"""\b(?:
    earn(?:s|ed|ing)?\ (?:your|his|her|its|their|our)\ stripes
  | (?:checks?|ticks?)\ (?:all|every|off)\ (?:of\ )?(?:the\ |your\ )?box(?:es)?
  | (?:double|quality|security|size)[\ -]check(?:s|ed)? | check\ (?:out|your|the|our|before|size)
  | white[\ -](?:glove|label|paper|noise|lie|friday) | black[\ -](?:friday|list|market)
  | gr[ea]y[\ -](?:market|area|zone) | red[\ -](?:carpet|letter|eye) | red[\ -]hot(?!\ pink)
  | blue[\ -](?:chip|water|moon|print|sky\ thinking) | green(?:er)?[\ -](?:production|promise
      |credentials|energy|choice|planet|deal|water|footprint)
  | gold(?:en)?[\ -](?:opportunity|rule|age|hour|standard|medal)
  | silver[\ -](?:lining|screen|medal)
  | (?:in\ )?(?:plain|full)\ (?:sight|view|swing|force|throttle|bloom) | green(?:er)?[\ -](?:light
      |side|fingers?|pastures) | (?:grass|lawn)\ is\ (?:always\ )?greener | silver\ bullet
  | blank\ che(?:ck|que) | in\ check | solid\ as | as\ solid\ as | rock[\ -]solid
  | (?:solid|plain|full|half|golden|blue)\ (?:reviews?|ratings?|prices?|value|bargain|deal|choice
      |bet|buy|ground|grip|start|advice|wear\ guarantee|measures?|effort|weight|size|way
      |money|hour|truth|sailing)
  | (?:all|of\ all|every)\ stripes? | show(?:s|ed)?\ (?:its|your|their)\ true\ colou?rs
  | flying\ colou?rs | white\ (?:lies?|elephant|flag|noise) | dark\ horse | black\ sheep
  | blue[\ -]blood | red\ (?:tape|flag|alert|herring) | see(?:s|ing)?\ red
  | (?:once\ )?in\ a\ blue\ moon | out\ of\ the\ blue | golden\ rule | grey\ matter
  | up\ (?:your|his|her|their|our)\ sleeves? | out\ of\ print | print\ out | blueprints?
  | (?:short|long)\ (?:and\ sweet|of\ (?:nothing|it)|days?|nights?|hours?|weekend|walks?|rides?
      |flights?|drives?|evenings?|meetings?|shifts?|haul|list)
  | in\ the\ pink | tickled\ pink | in\ black\ and\ white | plain\ (?:words|english|sailing|truth)
  | (?:a|rock)[\ -]solid\ (?:choice|build|quality|workmanship|investment|reputation|seams|deal)
  | half\ (?:the|as|an|price|moon|century) | full\ (?:refund|marks|stop|recovery|credit|price|story
      |potential|day|range)
  | short\ (?:story|delivery|supply|notice|time|run|on)
  | long[\ -](?:lasting|story|ago|term|time|run|way|history|haul)
  | top[\ -](?:quality|notch|rated|seller|drawer|class|off|of\ the|stitch(?:ed|ing)?)
  | (?:logo|brand|brand\ name|label|tag)s?\ (?:is\ |are\ )?printed
  | printed\ (?:brand\ |neck\ |care\ )?(?:logo|label|tag)s?
  | {NAMED}\ *[:-]\ *(?:none|nil|no|n/?a|(?=no\s+{THINGS}))(?!\s+{THINGS})
  | {TOLD}\ *:\ *(?:{NO}|(?=no\s+{THINGS}))(?!\s+{THINGS})
  | {TOLD}\ *-\ *no{ENDED}
  | {SLEEVED}\ *:\ *(?:{NO}){ENDED}
  | sleeves?(?:[\ -](?:length|type|style))?\ *:\ *(?:n/?a|null|unknown
      |not\ (?:applicable|available|specified)){ENDED}
  | (?<!slv:\ )(?<!slvs:\ )(?<!arms:\ )(?<=:\ )no{ENDED}
  | (?:stripe|print|check|pattern|graphic|logo)s?[\ -]?(?:free|less)
  | (?<!not\ )(?:non[\ -]?|un-?)(?:striped|stripy|checked|checkered|patterned) | non[\ -]?printed
  | (?:stripes?|checks?|prints?|graphics?|patterns?|{TOLD})\ *\?\ +
      (?:not|no|none|nope|never|(?=not?\s+(?:an?\s)?{THINGS}))(?!\s+(?:an?\s)?{THINGS})
  | (?<!sleeve\ )(?<!sleeves\ )(?<!sleeve:\ )(?<!sleeves:\ )(?<!sleeves\?\ )none | pure\ gold
  | golden\ years | (?:small|fine)\ print(?!s|ed) | elbow\ patch(?:es)?
  | print(?:s|ed)?\ (?:money|invoice|label|(?:the|this|your)\ (?:form|page|label|invoice|receipt))
  )\b""",
    re.VERBOSE,
)
TRIM = re.compile(
    r"\b(?:logos?|buttons?|piping|tassels?|stitching|stitches|rivets|patch|lining|buckles?|eyelets"
    r"|drawstrings?|drawcords?|zips?|zippers?|labels?|pocket\ bags?|waistband\ lining|snaps?"
    r"|elastic|undercollar|facing|(?:inner|inside)\ (?:\w+))\b"
)
# Words that may stand between a trim and its color: "brown leather patch", "silver-tone buttons".
BETWEEN = frozenset({
    "tone", "toned", "coloured", "colored", "colour", "color", "embroidered", "leather", "small",
    "metal", "metallic", "satin", "thin", "tiny", "brand", "inner", "inside", "fleece", "mesh",
})  # fmt: skip
CONTRAST = frozenset({"contrast", "contrasting"})
TOLD_AFTER = re.compile(r"\s(?:(?:in|are|is|of)\s)(?:a\s)?([a-z]+(?:[\s-](?:tone|white|blue))?)\b")
LINED = re.compile(
    r"\b(?:lined|faced)\ (?:with|in)\ [^.,;\n]{1,60}"
    r"|\b(?:reverse|inside|underside|back)\ of\ (?:the|its)\ \w+\ (?:is|are|in|has)\ [^.,;\n]{1,40}"
)
WORD = re.compile(r"[a-z]+")
HIDDEN = frozenset(["lining", "pocket bag", "pocket bags"])


def hushed(text: str) -> str:
    """Return `text` with what is said in passing blanked, same length."""
    low = text.lower()
    if len(low) != len(text):  # a few letters grow when lowered; ours are plain ASCII
        return text
    text, low = as_no(text, low), as_no(low, low)
    spoken = list(_spoken(low))
    figures = {at for start, end in spoken for at in range(start, end)}
    return blanked(text, (*spoken, *denied(low, figures), *_trims(low)))


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return `text` with the spans, in any order, turned into blanks."""
    parts, at = [], 0
    for start, end in sorted(spans):
        if end > at:
            parts += [text[at : max(at, start)], " " * (end - max(at, start))]
            at = end
    return "".join((*parts, text[at:]))


def _spoken(low: str) -> Iterator[tuple[int, int]]:
    for pattern in (SPEECH, LINED):
        yield from (match.span() for match in pattern.finditer(low))


def _trims(low: str) -> Iterator[tuple[int, int]]:
    """Yield where a trim's color, or a hidden part's pattern, stands."""
    for trim in TRIM.finditer(low):
        after = low[trim.end() : trim.end() + 40]
        if any(word in _garments() for word in WORD.findall(after)[:2]) and after[:1] in " -":
            continue  # "black logo T-shirt": the garment's color
        hidden = trim[0] in HIDDEN or trim[0].startswith(("inner", "inside"))
        told = TOLD_AFTER.match(after)
        if told and _shade(told[1].split()[0], hidden=hidden):
            yield trim.end() + told.start(1), trim.end() + told.end(1)
        first = _first_shade(low, trim.start(), hidden=hidden)
        if first is not None:
            yield first, trim.start()


def _first_shade(low: str, end: int, *, hidden: bool) -> int | None:
    """Return where the shade that ends before `end` begins, None where there is none."""
    first = None
    for word in reversed(list(WORD.finditer(low, max(0, end - 50), end))):
        if low[word.end() : end].strip(" -"):
            return first
        if _shade(word[0], hidden=hidden):
            first = word.start()
        elif word[0] not in BETWEEN:
            return first
        end = word.start()
    return first


def _shade(word: str, *, hidden: bool) -> bool:
    return word in hue_words() or word in CONTRAST or (hidden and word in _patterns())


@lru_cache(maxsize=1)
def _patterns() -> frozenset[str]:
    return frozenset(p for p, label in phrases().items() if label.startswith("pattern:"))


@lru_cache(maxsize=1)
def _garments() -> frozenset[str]:
    return frozenset(
        phrase.split()[-1] for phrase, label in phrases().items() if label.startswith("item:")
    )
