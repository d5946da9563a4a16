"""What a text denies: "not striped", "free of checks", "the stripes were left out".

"No sleeves" and "no print" deny nothing, they state a sleeveless garment and a plain one; so do
"minus the sleeves", "free of prints", "nothing is printed on it" and "the sleeves are not there",
of which `as_no` makes what the network has learned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from functools import lru_cache

from text.lexicon import phrases
from text.sleeves import LENGTHS, SLEEVE

# Negations of something else: "not only striped", "you cannot miss", "no two checks are alike".
AFFIRMED = re.compile(
    r"""\b(?:
    (?:not|never|no|nothing)\ (?:only|just|but|merely|simply)\b | why\ not | never\ without
  | (?:not|never|n['’]?t|hardly|no)\ (?:(?:a|an|the|your|another|some)\ )?
      (?:ordinary|average|usual|typical|mere|common|everyday|run[\ -]of|two|wonder|one|doubt
      |surprise|question|matter|limit|end|lack|lacking|shortage|compromise|loss|need|problem
      |half[\ -]measures?|skimp(?:ing)?|stranger|secret|mistaking|mistake|harm|fading
      |shrinking|bleeding|pilling)\b
  | without\ (?:(?:a|any)\ )?(?:doubt|question|fail|compromise|compromising|losing|fading|fuss)\b
  | (?:can(?:not|['’]?t|\ not)|won['’]?t|don['’]?t|do\ not|will\ not|could\ not|couldn['’]?t|never)
      \ (?:ever\ )?(?:miss|overlook|ignore|resist|forget|beat|go\ wrong|get\ enough|fade|shrink|lose
      |bleed|pill|worry|hesitate)\b
  | nothing\ (?:beats|says|like|compares|can\ beat) | no\ less | not\ to\ mention | not\ forgetting
  | (?:not|never|n['’]?t)\ un(?=print|strip|check|pattern) | minus\ the\ (?:fuss|hassle|price)
  )""",
    re.VERBOSE,
)
NEGATION = re.compile(
    r"\b(?:no\ longer|used\ to\ (?:have|be)|not|no|nope|nothing|without|w/o|neither|nor|never"
    r"|sans|zero|minus|lacks?|lacking"
    r"|(?:is|does|are|do|has|won|can|was|did|were|had|have|would|could|should)n?['’]t|cannot"
    r"|(?:free|devoid|void|bare|clear|empty|absence)\ (?:of|from)|hardly|barely|avoids?|avoiding"
    r"|(?:leave|left|leaves|leaving)\ out|instead\ of|rather\ than|skips?|omits?|forget|exclud\w+"
    r"|ditch(?:es|ed)?|anything\ but|far\ from|except(?:\ for)?|unlike|shuns?|goodbye\ to"
    r"|(?:tired|bored|sick)\ (?:of|with)|(?:wrong|mistaken)\ to\ (?:call|say)"
    r"|(?:do(?:es|ne)?|did|doing)\ away\ with"
    r"|(?:drop(?:s|ped)?|remov(?:es|ed|ing)|losing|loses?|lost|spares?|reject(?:s|ed)?)"
    r"(?=\ (?:the|all|any|those|its)\b))(?!\w)"
)
# What a negation of a thing leaves stated: "no sleeves", "without any print".
STATES = re.compile(r"\s+(?:any\s)?(?:sleeves?(?!\srolled)|prints?)\b")
NONE = frozenset({"no", "without", "sans", "zero", "minus", "lacks", "neither"})
LACKING = re.compile(
    r"(?<!not )(?<!n't )(?<!never )\b(?P<no>(?:w/o|minus|sans|zero|lack(?:s|ing)|ditch(?:es|ed)?"
    r"|skips?|forget|(?:free|devoid|void|bare|absence)\ (?:of|from)"
    r"|(?:do(?:es|ne)?|did)\ away\ with|(?:is|are)(?:n['’]t|\ not)\ any"
    r"|(?:(?:is|are)(?:n['’]t|\ not)|not)\ a\ single"
    r"|(?:won['’]t|will\ not|can['’]t|cannot|don['’]t)\ (?:find|see|have|get))"
    r"(?:\ (?:any|all|the|its|those|a))?)\s(?=(?:sleeves?(?!\srolled)|prints?)\b)"
)
# "Nothing is printed on it", "unpatterned", "the sleeves are not there": said with "no" before it
# is read. "Self design" is that only where it is a field's value: of garments it tells a weave.
UNPRINTED = re.compile(
    r"\bnothing(?:\sat\sall)?\s(?:is\s|was\s)?printed\b(?!\s(?:logo|brand))"
    r"|(?<!not )(?<!n't )(?<!never )\b(?:(?:no|without|sans|zero|lack(?:s|ing)"
    r"|(?:free|devoid|void|bare)\sof)(?:\s(?:any|all|a))?\spatterns?"
    r"|(?:un-?|non[\s-]?)patterned|pattern(?:-?less|-free))\b"
    r"|\bpattern(?:\stype)?\s?[:-]\s?self[\s-]design\b"
)
ENDED = r"(?=\s*(?:[.,;|\n]|$))"  # the answer of a field says no more than this
UNSLEEVED = re.compile(r"\bsleeves?\s(?:are|is)\s(?:not\sthere|missing|absent|cut\soff)\b")
# A field that says so: "Sleeve Length : No", "Sleeves: None". Of full sleeves, or of a sleeve's
# pocket, "no" is said of something else.
FIELD = re.compile(
    rf"(?:\b(?P<length>{'|'.join(LENGTHS)})[\s-]+)?\b(?P<sleeve>sleeves?)(?!less)"
    rf"(?![^:]{{0,30}}\b(?:{'|'.join(LENGTHS)}|pocket|zip|button|cuff|tab|logo|print|stripe|patch"
    r"|lining|hem|slit|vent|hood|collar))"
    rf"(?:[_/()a-z \t]|(?<=\S)-){{0,30}}:[ \t]*(?:none|nil|no){ENDED}"
)
THINGS = (
    r"(?:stripes?|checks?|prints?|graphics?|motifs?|florals?|dots|plaids?|patterns?|tartan|gingham)"
)
# What is said of a thing after it: "stripes are not part of it", "the print was left out".
GONE = re.compile(
    rf"\b(?P<thing>{THINGS})\b(?:\ [a-z]+){{0,4}}?\ (?:missing|absent|omitted|removed|dropped"
    r"|nowhere|(?:left|leave)\ (?:out|off|behind|aside)|no\ (?:place|room|business)|gone"
    r"|(?:not|n['’]t)\ (?:(?:a\ )?part\ of|present|included|found|used|invited|welcome|there\b"
    r"|(?:on|in|for)\ (?:this|it|us)\b))"
)
WORD = re.compile(r"[a-z]+")
NEAR = 40  # characters after a negation in which the network might take a statement for denied
NEXT = re.compile(r"[\s-]*([a-z]+)")
# A comma goes on denying where the list ends with "or": "no stripes, prints or checks".
LISTED = re.compile(r",\s*(?=(?:[a-z]+,?\s){1,6}?(?:or|nor)\s)([a-z]+)")
JOINING = frozenset({
    "a", "an", "any", "or", "nor", "the", "have", "has", "is", "it", "are", "of", "hint", "trace",
    "single", "bit", "touch", "sign", "at", "all", "for", "kind", "sort", "be", "call",
})  # fmt: skip
TURNS = frozenset({"but", "just", "only", "rather", "instead", "and", "one", "ones"})
LIST = frozenset({"or", "nor", "and"})
THING = re.compile(rf"{THINGS}|sleeves?")
DENIED_WITHIN = 2  # words between a negation and what it denies, those that only join not counted


def as_no(text: str, low: str) -> str:
    """Return the text, whose lowered form is `low`, with every way to say "no sleeves" or "no
    print" said so, same length."""
    said = [(*match.span("no"), "no") for match in LACKING.finditer(low)]
    said += [(*match.span(), "no print") for match in UNPRINTED.finditer(low)]
    said += [(*match.span(), "no sleeves") for match in UNSLEEVED.finditer(low)]
    said += [
        (*match.span(), f"no {match['sleeve']}")
        for match in FIELD.finditer(low)
        if not match["length"]
    ]
    parts, at = [], 0
    for start, end, words in sorted(said):
        first, _, last = words.partition(" ")
        parts += [text[at:start], first.ljust(end - start - len(last)), last]
        at = end
    return "".join((*parts, text[at:]))


def denied(low: str, spoken: Set[int]) -> Iterator[tuple[int, int]]:
    """Yield negations that deny a statement and what they deny, in a lowered text.

    What is denied ends at a comma or a turn ("not striped, plain black", "not a shirt but a
    kurta"); negations at a character of `spoken`, figures of speech, deny nothing.
    """
    affirmed = set()
    for match in AFFIRMED.finditer(low):
        affirmed.update(range(*match.span()))
        if any(word in _stating() for word in WORD.findall(low, match.end(), match.end() + NEAR)):
            yield match.span()
    for negation in NEGATION.finditer(low):
        if negation.start() not in spoken and negation.start() not in affirmed:
            yield from _after(low, negation)
    for match in GONE.finditer(low):
        yield match.span("thing")


def _after(low: str, negation: re.Match[str]) -> Iterator[tuple[int, int]]:
    thing = negation[0] in NONE  # "no striped ..." denies things, "not striped" a quality
    states = STATES.match(low, negation.end()) if thing else None
    passed, ended = 0, bool(states)
    since = (states or negation).end()  # what only joins goes with what is denied
    word = NEXT.match(low, since)
    if states and word is None:
        word = LISTED.match(low, states.end())
    while word and word[1] not in TURNS and passed < DENIED_WITHIN:
        if ended and word[1] not in LIST and word[0][:1] != ",":
            return  # "no-print joggers": the joggers are not denied
        if NEGATION.match(low, word.start(1)):
            return  # it denies the rest itself; walked over, "no no no ..." takes quadratic time
        ended = False
        if word[1] in _stating():
            yield since, word.end()
            since = word.end()
            if not states:
                yield negation.span()
            ended = thing and bool(THING.fullmatch(word[1]))
        else:
            passed += word[1] not in JOINING
            since = since if word[1] in JOINING else word.end()
        word = NEXT.match(low, word.end()) or LISTED.match(low, word.end())


@lru_cache(maxsize=1)
def _stating() -> frozenset[str]:
    """Return the words that state something on their own, alone or with "sleeves"."""
    return frozenset(phrase for phrase in phrases() if " " not in phrase) | SLEEVE | set(LENGTHS)
