"""From sentences to windows of token ids, each token knowing its place in the original text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from text.beside import readable
from text.clean import Sentence, about_garment

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
    texts = readable(title, description)
    kept = about_garment(title, description)
    lines = _lines(tokenizer, kept, [texts[s.where][s.start : s.end] for s in kept])
    head: np.ndarray | None = None
    rows: list[list[np.ndarray]] = [[]]
    for sentence, line in zip(kept, lines, strict=True):
        if sentence.where == "title":
            head = line if head is None else np.concatenate([head, line])
            head = head[:CONTEXT]
        _append(rows, line, head)
    return _packed(rows)


def _lines(
    tokenizer: Tokenizer, kept: Sequence[Sentence], pieces: Sequence[str]
) -> list[np.ndarray]:
    """Return each sentence's rows of (id, place, start, end), its opening token first.

    All sentences are tokenized as one text, a line each: one call instead of a call for each.
    """
    if not kept:
        return []
    begins = np.cumsum([0, *(len(piece) + 1 for piece in pieces)])[:-1]
    place = np.array([0 if s.where == "title" else 1 for s in kept])
    found = tokenizer.encode("\n".join(pieces), add_special_tokens=False)
    ids = np.array(found.ids, np.int32)
    offsets = np.array(found.offsets, np.int32).reshape(-1, 2)
    number = np.searchsorted(begins, offsets[:, 0], side="right") - 1
    moved = offsets + (np.array([s.start for s in kept]) - begins)[number][:, None]
    places = np.where(ids == _UNKNOWN_ID, -1, place[number])
    tokens = np.column_stack([ids, places, moved]).astype(np.int32)
    opening = np.zeros((len(kept), 4), np.int32)
    opening[:, 0], opening[:, 1] = np.where(place == 0, 2, 3), -1
    first = np.searchsorted(number, np.arange(len(kept)))
    return [
        np.concatenate([opening[i : i + 1], part])
        for i, part in enumerate(np.split(tokens, first[1:]))
    ]


def _append(rows: list[list[np.ndarray]], line: np.ndarray, head: np.ndarray | None) -> None:
    """Put a sentence into the last window, or into new ones that begin with the title's head."""
    context = [] if head is None else [head]
    used = sum(map(len, rows[-1]))
    if used + len(line) > WINDOW and used > sum(map(len, context)):
        rows.append(list(context))
    while True:
        room = WINDOW - sum(map(len, rows[-1]))
        rows[-1].append(line[:room])
        line = line[room:]
        if not len(line):
            return
        rows.append(list(context))


def _packed(rows: list[list[np.ndarray]]) -> Encoded:
    table = np.zeros((len(rows), WINDOW, 4), np.int32)
    table[:, :, 1] = -1
    for number, row in enumerate(rows):
        if row:
            whole = np.concatenate(row)
            table[number, : len(whole)] = whole
    return Encoded(table[:, :, 0], table[:, :, 1], table[:, :, 2], table[:, :, 3])
