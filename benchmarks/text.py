"""Time the text branch: `python -m benchmarks.text`, optionally with texts of your own.

Prints, from one run on one machine, the median of single listings on one thread, the listings a
second of a batch on as many processes as asked for, and a table of lengths: where time is linear,
the last column stays level. CPU times hold on a busy machine too. Without `--texts` it reads the
challenge set.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from data.cli import run
from data.errors import SelvedgeError
from data.schema import Listing

if TYPE_CHECKING:
    from text.tagger import TextTagger

GOALS = {"median": 0.005, "batch": 400.0}  # seconds a listing, listings a second
LENGTHS = (500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
CHUNK = 128
ROUNDS = 5
Text = tuple[str, str]


@click.command("benchmarks.text")
@click.option("--texts", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A .jsonl file of listings.")  # fmt: skip
@click.option("--listings", type=click.IntRange(1), default=1000, show_default=True)
@click.option("--processes", type=click.IntRange(1), default=2, show_default=True)
def command(texts: Path | None, listings: int, processes: int) -> None:
    """Print the text branch's time a listing, its throughput and its time by length."""
    sample = (read(texts) if texts else made_up())[:listings]
    sample = (sample * (listings // len(sample) + 1))[:listings]
    wall, cpu = (statistics.median(column) for column in zip(*singles(sample[:300]), strict=True))
    click.echo(f"one listing, one thread: median {wall * 1e3:.2f} ms, CPU {cpu * 1e3:.2f} ms "
               f"(goal {GOALS['median'] * 1e3:.0f} ms)")  # fmt: skip
    rate, per_core = batch(sample, processes)
    click.echo(f"{processes} processes: {rate:.0f} listings/s, {per_core:.0f} a CPU second "
               f"(goal {GOALS['batch']:.0f} listings/s on two cores)")  # fmt: skip
    click.echo("characters  CPU milliseconds  microseconds a character")
    for size, seconds in by_length(sample):
        click.echo(f"{size:10d}  {seconds * 1e3:16.1f}  {seconds / size * 1e6:24.2f}")


def read(path: Path) -> list[Text]:
    """Return the titles and descriptions of a file of listings. Raises SelvedgeError."""
    from data.jsonl import lines_of, read_listing

    with path.open("rb") as source:
        found = [
            read_listing(line, path.parent, ("title", "description")) for line in lines_of(source)
        ]
    texts = [(f.title, f.description) for f in found if isinstance(f, Listing)]
    if not texts:
        raise SelvedgeError(f"{path} holds no listing that can be read.")
    return texts


def made_up() -> list[Text]:
    """Return the texts of the challenge set, each with another's description after its own, about
    as long as a shop's."""
    from training.text_challenge import read_challenge

    texts = read_challenge()
    return [(text.title, f"{text.description} {other.description}")
            for text, other in zip(texts, reversed(texts), strict=True)]  # fmt: skip


def singles(texts: Sequence[Text]) -> list[tuple[float, float]]:
    """Return the seconds of each text asked alone: on the clock, and of the CPU."""
    tagger().predict(texts[:5])
    return [_timed(text) for text in texts]


def batch(texts: Sequence[Text], processes: int) -> tuple[float, float]:
    """Return the listings a second, and a CPU second, of processes that have loaded the model."""
    chunks = [texts[at : at + CHUNK] for at in range(0, len(texts), CHUNK)]
    with ProcessPoolExecutor(processes) as pool:
        list(pool.map(_answered, [texts[:1]] * processes * 4))  # every process loads
        began = time.perf_counter()
        busy = sum(pool.map(_answered, chunks))
        return len(texts) / (time.perf_counter() - began), len(texts) / busy


def by_length(texts: Sequence[Text]) -> list[tuple[int, float]]:
    """Return (characters, fewest CPU seconds of some rounds) for texts of growing length."""
    words = " ".join(description for _, description in texts) + " "
    whole = (words * (LENGTHS[-1] // len(words) + 1))[: LENGTHS[-1]]
    return [(size, min(_timed(("", whole[:size]))[1] for _ in range(ROUNDS))) for size in LENGTHS]


@lru_cache(maxsize=1)
def tagger() -> TextTagger:
    """Return the released model, loaded once a process."""
    from text.tagger import TextTagger

    return TextTagger.load()


def _answered(texts: Sequence[Text]) -> float:
    """Answer the texts; returns the CPU seconds it took."""
    model = tagger()
    began = time.process_time()
    model.predict(texts)
    return time.process_time() - began


def _timed(text: Text) -> tuple[float, float]:
    clock, cpu = time.perf_counter(), time.process_time()
    tagger().predict([text])
    return time.perf_counter() - clock, time.process_time() - cpu


if __name__ == "__main__":
    run(command)
