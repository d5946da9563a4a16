"""Proposing aliases for the words that shops write and we do not know; a person decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "word", "attribute", "count", "nearest", "distance", "proposed_value", "examples", "accept",
)  # fmt: skip
_EXAMPLES = 3
_SHOWN = 20  # rows printed; all are in the file


def collect(paths: Sequence[Path]) -> pd.DataFrame:
    """Return the unknown words (attribute, word, listing_id) of crawls and of tables from crawls.

    A path is a folder with items.jsonl, or one with unknown.csv, or a file in the latter.
    Raises InvalidTable.
    """
    import pandas as pd

    from data.errors import InvalidTable
    from data.importing import Imported, read_records
    from data.wrangle import UNKNOWN
    from data.wrangle_items import ITEMS, Reader, each_once, read_items
    from data.wrangle_words import Vocabulary

    found: list[dict[str, str]] = []
    for path in paths:
        folder = path if path.is_dir() else path.parent
        if (folder / ITEMS).is_file():
            imported = Imported()
            reader = Reader(imported, Vocabulary())
            for item in each_once(read_items([folder], imported)[0]).to_dict("records"):
                reader.add(item)
            found += reader.unknown
        elif (folder / UNKNOWN).is_file():
            found += read_records(folder / UNKNOWN, ("attribute", "word", "listing_id"))
        else:
            raise InvalidTable(
                f"{path} is neither a crawl ({ITEMS}) nor a table made of crawls ({UNKNOWN})."
            )
    return pd.DataFrame(found, columns=["attribute", "word", "listing_id"])


def propose(unknown: pd.DataFrame) -> pd.DataFrame:
    """Return a row per unknown word, the most frequent first, with the value it may mean.

    distance is the edit distance (transpositions count once) of the words' Porter stems to those
    of the nearest alias; 0 also where one is part of the other ("tartan checks", "abstract"). No
    value is proposed where it is more than a quarter of the stems' letters or where aliases of two
    values are as near.
    """
    import pandas as pd

    from data.taxonomy import normalize

    plain = unknown.assign(word=unknown["word"].map(normalize))
    plain = plain[plain["word"] != ""]
    rows = []
    for (attribute, word), part in plain.groupby(["attribute", "word"]):
        nearest, distance, value = _nearest(str(attribute), str(word))
        examples = "; ".join(part["listing_id"].head(_EXAMPLES))
        rows.append((word, attribute, len(part), nearest, distance, value, examples, ""))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.sort_values(["count", "word"], ascending=[False, True], ignore_index=True)


def _nearest(attribute: str, word: str) -> tuple[str, int, str]:
    """Return the nearest alias, its distance and the value it stands for, or an empty text."""
    stems = _stems(word)
    found: dict[int, dict[str, set[str]]] = {}  # distance -> alias -> values
    for alias, alias_stems, value in _aliases(attribute):
        distance = _distance(stems, alias_stems)
        found.setdefault(distance, {}).setdefault(alias, set()).add(value)
    least = min(found)
    aliases = found[least]
    part = [alias for alias in aliases if _within(_stems(alias), stems)]
    # Of aliases that are all part of the word, the longest says most.
    nearest = max(part or aliases, key=lambda alias: (len(alias), alias))
    values = aliases[nearest] if part else set().union(*aliases.values())
    close = least <= len("".join(stems)) // 4
    return nearest, least, values.pop() if close and len(values) == 1 else ""


@lru_cache
def _aliases(attribute: str) -> tuple[tuple[str, tuple[str, ...], str], ...]:
    from data.aliases import ALIASES
    from data.taxonomy import VALUES, normalize

    return tuple(
        (normalize(alias), _stems(normalize(alias)), value)
        for value in VALUES[attribute]
        for alias in (value, *ALIASES[attribute].get(value, ()))
    )


def _distance(stems: tuple[str, ...], alias: tuple[str, ...]) -> int:
    from nltk.metrics.distance import edit_distance

    if _within(stems, alias) or _within(alias, stems):
        return 0
    return int(edit_distance(" ".join(stems), " ".join(alias), transpositions=True))


def _within(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    starts = range(len(whole) - len(part) + 1)
    return any(whole[at : at + len(part)] == part for at in starts)


@lru_cache
def _stems(words: str) -> tuple[str, ...]:
    from nltk.stem import PorterStemmer

    stemmer = PorterStemmer()
    return tuple(stemmer.stem(word) for word in words.split())


def _table(rows: pd.DataFrame, names: Iterable[str]) -> str:
    return str(rows[list(names)].to_string(index=False))


@click.command("unknown-words")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("var/unknown_words.csv"),
    show_default=True,
    help="File for the proposals.",
)
def command(paths: tuple[Path, ...], out: Path) -> None:
    """Propose aliases for the words in PATHS (crawls, or tables from crawls) we do not know.

    Write "yes" in the column accept where a proposal is right (mend proposed_value where it is
    not; for an item, out_of_scope is a value too) and give the file to `wrangle --aliases`.
    """
    from data.files import write_whole

    rows = propose(collect(paths))
    write_whole(out, lambda partial: rows.to_csv(partial, index=False))
    if len(rows):
        shown = ("count", "attribute", "word", "nearest", "distance", "proposed_value")
        click.echo(_table(rows.head(_SHOWN), shown))
    proposed = int((rows["proposed_value"] != "").sum())
    click.echo(f"Wrote {out}: {len(rows)} unknown words, {proposed} with a proposed value.")
