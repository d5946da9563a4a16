"""What a garment lacks, written for training: "no zip" states nothing, "no print" a plain one."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from training.text_pieces import Piece

THINGS = (
    "zip", "zipper", "hood", "lining", "collar", "fur collar", "badges", "thumb holes", "pockets",
    "pocket", "buttons", "embroidery", "lace", "border", "elastic", "drawstring", "belt loops",
    "pleats", "stains", "holes", "frills", "sequins", "slits", "cuffs", "tags", "bobbles", "damage",
    "shrinkage", "stretch", "padding", "tassels", "ruffles", "labels", "ironing", "fading", "logo",
    "defects", "dupatta", "inner", "waistband", "drama", "fuss", "snowflakes", "scratches",
)  # fmt: skip
LACKS = (
    "No {a}.", "No {a}, no {b}.", "There's no {a}.", "There is no {a} and no {b}.",
    "There are no {a}.", "Without {a}.", "Without any {a} or {b}.", "Neither {a} nor {b}.",
    "It has neither {a} nor {b}.", "It doesn't have {a}.", "Does not come with the {a}.",
    "Does not come with {a}, nor with {b}.", "Doesn't need {a}.", "It comes without {a}.",
    "Zero {a}.", "Not a single {a}.", "You won't find {a} here.", "no {a}", "{a}: no",
    "It hasn't got {a} or {b}.", "They don't have {a}.", "{a} not included.", "Never any {a}.",
    "No need of {a}.", "{a} is not there in this one.", "Didn't care for {a}, so none.",
    "Not for those who want {a}.", "Don't worry about {a}.", "It isn't about {a}.",
)  # fmt: skip
PLAIN, BARE = "pattern:solid", "length:sleeveless"
# What states one of these among things that are only lacking: the words that do, and around them.
STATING = (
    (PLAIN, "There's ", "no print", " on it."),
    (PLAIN, "There is ", "no print", ", no {a} and no {b} on it."),
    (PLAIN, "There is ", "no print", " of any kind."),
    (PLAIN, "It has ", "no print", " and no {a}."),
    (PLAIN, "It has ", "neither print", " nor {a}."),
    (PLAIN, "", "Neither print", " nor {a}."),
    (PLAIN, "No {a}, ", "no prints", "."),
    (PLAIN, "", "No print", " or {a} on it."),
    (PLAIN, "Comes ", "without any print", "."),
    (BARE, "There are ", "no sleeves", "."),
    (BARE, "There are ", "no sleeves", " at all, no {a}."),
    (BARE, "It has ", "no sleeves", " and no {a}."),
    (BARE, "It has ", "neither sleeves", " nor {a}."),
    (BARE, "No {a}, ", "no sleeves", "."),
    (BARE, "", "No sleeves", " or {a}."),
    (BARE, "It comes ", "without sleeves", "."),
    (BARE, "It hasn't {a}, and ", "no sleeves", "."),
)  # fmt: skip


def lack(said: Mapping[str, str], rng: Random) -> tuple[Piece, ...]:
    """Return one line of what a garment, of which `said` is stated, does not have."""
    a, b = rng.sample(THINGS, 2)
    stating = [line for line in STATING if line[0] in said.values()]
    if not stating or rng.random() < 0.4:
        return (Piece(rng.choice(LACKS).format(a=a, b=b)),)
    label, before, words, after = rng.choice(stating)
    stated = Piece(words, frozenset({label}))
    return (Piece(before.format(a=a, b=b)), stated, Piece(after.format(a=a, b=b)))
