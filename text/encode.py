"""From sentences to windows of token ids, each token knowing its place in the original text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from text.clean import about_garment, blank

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PAD, UNKNOWN, TITLE, TEXT = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
SPECIAL = (PAD, UNKNOWN, TITLE, TEXT)  # ids 0 to 3; [CLS] opens the title, [SEP] every sentence
_UNKNOWN_ID = SPECIAL.index(UNKNOWN)
WINDOW = 128  # tokens read at once: nine listings in ten fit into one window
CONTEXT = 24  # tokens of the title repeated at the head of every further window


@dataclass(frozen=True, slots=True)
class Encoded:
    """One text as windows, all arrays (windows, WINDOW) int32.

    `ids` zero-padded; `places` 0 title, 1 description, -1 a token that carries nothing (special,
    unknown, padding); `starts`, `ends` characters into the original title or description.
    """

    ids: np.ndarray
    places: np.ndarray
    starts: np.ndarray
    ends: np.ndarray


def encode(tokenizer: Tokenizer, title: str, description: str) -> Encoded:
    """Return the garment's sentences as windows; time is linear in the text's length.

    A window ends with a sentence where it can; a title's tokens repeated as context count for the
    title again, which changes nothing, for answers are made of maxima.
    """
    texts = {"title": blank(title), "description": blank(description)}
    kept = about_garment(title, description)
    tokens = tokenizer.encode_batch(
        [texts[s.where][s.start : s.end] for s in kept], add_special_tokens=False
    )
    rows: list[list[tuple[int, int, int, int]]] = [[]]
    head: list[tuple[int, int, int, int]] = []
    for sentence, found in zip(kept, tokens, strict=True):
        place = 0 if sentence.where == "title" else 1
        line = [(2 if place == 0 else 3, -1, 0, 0)]
        line += [
            (
                token,
                place if token != _UNKNOWN_ID else -1,
                sentence.start + start,
                sentence.start + end,
            )
            for token, (start, end) in zip(found.ids, found.offsets, strict=True)
        ]
        if place == 0:
            head = (head + line)[:CONTEXT]
        _append(rows, line, head)
    return _packed(rows)


def _append(
    rows: list[list[tuple[int, int, int, int]]],
    line: list[tuple[int, int, int, int]],
    head: list[tuple[int, int, int, int]],
) -> None:
    if len(rows[-1]) + len(line) > WINDOW and rows[-1] and len(rows[-1]) > len(head):
        rows.append(list(head))
    while line:
        room = WINDOW - len(rows[-1])
        rows[-1].extend(line[:room])
        line = line[room:]
        if line:
            rows.append(list(head))


def _packed(rows: list[list[tuple[int, int, int, int]]]) -> Encoded:
    table = np.zeros((len(rows), WINDOW, 4), np.int32)
    table[:, :, 1] = -1
    for number, row in enumerate(rows):
        if row:
            table[number, : len(row)] = row
    return Encoded(table[:, :, 0], table[:, :, 1], table[:, :, 2], table[:, :, 3])
