"""Sleeve and leg lengths whose words stand apart: "long, roll-up sleeves", "sleeves: short"."""

from __future__ import annotations

from collections.abc import Sequence

SLEEVE = {"sleeve", "sleeves", "sleeved", "slv", "slvs", "slev", "sleevs", "sleves", "arms", "arm"}
PLAIN_SLEEVE = SLEEVE - {"arm", "arms"}
LENGTHS = {
    "full": "full_sleeve",
    "long": "full_sleeve",
    "wrist": "full_sleeve",
    "fs": "full_sleeve",
    "half": "half_sleeve",
    "short": "half_sleeve",
    "cap": "half_sleeve",
    "capped": "half_sleeve",
    "elbow": "three_quarter_sleeve",
    "quarter": "three_quarter_sleeve",
    "half-sleeve": "half_sleeve",
    "quarters": "three_quarter_sleeve",
    "3quarter": "three_quarter_sleeve",
    "fourth": "three_quarter_sleeve",
    "fourths": "three_quarter_sleeve",
    "4th": "three_quarter_sleeve",
    "4": "three_quarter_sleeve",
    "threequarter": "three_quarter_sleeve",
    "no": "sleeveless",
    "without": "sleeveless",
    "mid": "half_sleeve",
    "longer": "full_sleeve",
    "shorter": "half_sleeve",
    "bracelet": "three_quarter_sleeve",
    "qtr": "three_quarter_sleeve",
    "flutter": "half_sleeve",
}  # fmt: skip
# Words that may stand between the length and the sleeve without ending the phrase.
REACH = 5
STOPS = {"has", "and", "button", "collar", "with", "neck", "placket", "hem", "tee", "shirt", "top",
         "sleeveless", "pockets", "kurta", "cuffs", "t", "zip",
         "zipper", "zippered", "buttoned"}  # fmt: skip
JOINED = {
    "fullsleeve": "full_sleeve", "fullsleeves": "full_sleeve", "halfsleeve": "half_sleeve",
    "halfsleeves": "half_sleeve", "longsleeve": "full_sleeve", "longsleeves": "full_sleeve",
    "shortsleeve": "half_sleeve", "shortsleeves": "half_sleeve", "longsleeved": "full_sleeve",
    "shortsleeved": "half_sleeve", "fullsleeved": "full_sleeve", "halfsleeved": "half_sleeve",
}  # fmt: skip
KNEE = {"above": "above_knee", "below": "cropped", "at": "knee_length", "till": "knee_length",
        "to": "knee_length"}  # fmt: skip


def sleeve_labels(words: Sequence[str]) -> list[tuple[str, int, int]]:
    """Return (label, first word, last word) of each sleeve length in a sentence's words."""
    found = []
    for at, word in enumerate(words):
        if word in JOINED:
            found.append((f"length:{JOINED[word]}", at, at))
        elif word in SLEEVE:
            hit = _before(words, at) or (_after(words, at) if word in PLAIN_SLEEVE else None)
            if hit:
                found.append(hit)
    return found


def leg_labels(words: Sequence[str]) -> list[tuple[str, int, int]]:
    """Return (label, first word, last word) of each leg length said by way of the knee."""
    found = []
    for at, word in enumerate(words):
        if word in ("knee", "knees") and at:
            start = at - 2 if words[at - 1] in ("the", "your") and at > 1 else at - 1
            if words[start] in KNEE:
                found.append((f"length:{KNEE[words[start]]}", start, at))
    return found


def _before(words: Sequence[str], at: int) -> tuple[str, int, int] | None:
    for back in range(at - 1, max(-1, at - 1 - REACH), -1):
        word = words[back]
        if word in SLEEVE or (word in STOPS and back < at - 1):
            return None
        if word in LENGTHS and not (words[at] in ("arm", "arms") and back < at - 1):
            if word in ("no", "without") and back < at - 2:
                return None
            first = back
            while first and words[first - 1] in ("three", "3", "3rd", "half", "elbow") and word in (
                "4", "4th", "quarter", "quarters", "fourth", "fourths", "qtr",
            ):  # fmt: skip
                first -= 1
            return (f"length:{LENGTHS[word]}", first, at)
    return None


def _after(words: Sequence[str], at: int) -> tuple[str, int, int] | None:
    """ "Sleeve length: full", "sleeves: half", "sleeves are long"."""
    skip = {"length", "type", "are", "is", "styling", "s"}
    ahead = at + 1
    while ahead < len(words) and words[ahead] in skip:
        ahead += 1
    labels = {"full", "long", "half", "short", "three", "3", "elbow", "sleeveless", "cap"}
    follows = ahead < len(words) and words[ahead] in labels
    if not follows or (ahead + 1 < len(words) and words[ahead + 1] in ("button", "placket", "zip")):
        return None
    word = words[ahead]
    if word == "sleeveless":
        return None  # found as a phrase of its own
    if word in ("three", "3"):
        return ("length:three_quarter_sleeve", at, min(ahead + 1, len(words) - 1))
    return (f"length:{LENGTHS[word]}", at, ahead)
