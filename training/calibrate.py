"""Making the served network's probabilities mean what they say, on the validation split.

Few validation photos are annotated, so the temperatures are fitted on all of them: a field or a
seller's class counts as far as it can be believed (training/targets.py), an annotation in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar
from scipy.stats import beta

from data.taxonomy import ATTRIBUTES
from training.batches import batches
from training.closeups import pixels_of
from training.hidden import HIDDEN, JUDGED, judged
from training.photos import SELLERS, require
from vision.domain import DOMAINS, domain_of
from vision.heads import HEADS, SCOPE
from vision.preprocess import to_pixels
from vision.tagger import (
    CLEAR_WEAR,
    ImageTagger,
    probabilities,
    softmax,
    with_clear_wear,
)

# On an earlier network, ten-fold on validation, summed over the attributes, log loss of annotations
# by domain: annotated photos alone, one temperature 1.729; annotations times 4 and two domains as
# here 1.717, and the catalogue's summed calibration error 0.217 instead of 0.262.
ANNOTATION_WEIGHT = 4.0
# How strongly a domain's temperature is drawn to that of both: as so many nats a squared log.
TOGETHER = 5.0
COLDEST, HOTTEST = 0.2, 5.0
# Share of a domain's good photos that may be called out of scope, which is what a shop bears, and
# how sure of it the validation split must make. Where 99.25 % of that split's were spared, six
# networks in a row called 1.3 to 3.7 % of other sellers' good photos out.
FALSE_ALARMS, SURE = 0.01, 0.95

Logits = dict[str, np.ndarray]
Known = tuple[np.ndarray, np.ndarray, np.ndarray]  # likelihood, mask, weight
Temperatures = dict[str, dict[str, float]]  # domain: {head: temperature}
NEUTRAL: dict[str, Any] = {
    "temperature": {domain: dict.fromkeys(HEADS, 1.0) for domain in DOMAINS},
    "scope_threshold": dict.fromkeys(DOMAINS, 0.5),
    "shown_threshold": 0.5,
    "clear_wear": dict.fromkeys(CLEAR_WEAR, 0.0),
}
# What shops sell and photograph is all that the validation split has: of each kind of
# `training.negatives` so many pictures stand for the rest of the world.
MADE, MADE_SEED = 25, 20261129


def calibrate(
    out: Path, photos: pd.DataFrame, pixels: Sequence[np.ndarray], closeups: Path = JUDGED
) -> dict[str, Any]:
    """Fit what the artifact in `out` adds to its network's logits; returns its new manifest.

    Temperatures, thresholds, and how much the scope hears of a clear wear type. photos, pixels: of
    `training.photos` and `training.pixels`, all splits; only validation rows, close-ups of them
    (`training.hidden.judged`) and made pictures of nothing are used. Also measures the test split
    and keeps the figures. Raises ArtifactError.
    """
    from data.artifact import load_manifest, save_manifest
    from training.evaluate import ask, figures
    from training.targets import build_targets

    manifest = load_manifest(out)
    rows = photos.index[photos["split"] == "validation"].to_numpy()
    tagger = ImageTagger.load(out)
    logits = served_logits(tagger, pixels, rows)
    domains = np.array([domain_of(pixels[row]) for row in rows])
    targets = {head: table[rows] for head, table in build_targets(photos).items()}
    made = _of_nothing(tagger, photos.loc[rows])
    manifest["clear_wear"] = fit_clear_wear(logits, photos.loc[rows, "scope"], made)
    logits = with_clear_wear(logits, **manifest["clear_wear"])
    manifest["temperature"] = fit_temperatures(logits, targets, photos.loc[rows], domains)
    near = judged(photos, "validation", closeups)
    told = served_logits(tagger, pixels_of(near), np.arange(len(near)))["length_shown"]
    seen = logits["length_shown"][photos.loc[rows, "true_length"].notna()]
    temperature, manifest["shown_threshold"] = fit_shown(told, near["length"] == HIDDEN, seen)
    for fitted in manifest["temperature"].values():
        fitted["length_shown"] = temperature
    calibrated = divide(logits, manifest["temperature"], domains)
    manifest["scope_threshold"] = scope_threshold(calibrated, photos.loc[rows], domains)
    save_manifest(out, manifest)
    manifest["metrics"] = figures(ask(photos, ImageTagger.load(out)))
    save_manifest(out, manifest)
    return manifest


def served_logits(tagger: ImageTagger, pixels: Sequence[np.ndarray], rows: np.ndarray) -> Logits:
    """Return the served network's uncalibrated logits `{head: (n, k)}` for rows of `pixels`."""
    from tqdm import tqdm

    logits = {head: np.empty((len(rows), len(v)), np.float32) for head, v in HEADS.items()}
    with tqdm(total=len(rows), desc="serving", mininterval=5) as bar:
        for places, batch in batches(pixels, rows, 64):
            for head, m in tagger.maps(batch).items():
                logits[head][places] = m.mean(axis=(1, 2))
            bar.update(len(places))
    return logits


def fit_temperatures(
    logits: Logits, targets: dict[str, np.ndarray], photos: pd.DataFrame, domains: np.ndarray
) -> Temperatures:
    """Fit a temperature a domain and head to what is known of each photo.

    logits: {head: (n, k)}; targets: {head: (n, 2, k)} of `training.targets`, rows as in `photos`;
    domains: (n,) of `vision.domain`.
    """
    fitted: Temperatures = {domain: {} for domain in DOMAINS}
    for head in (*ATTRIBUTES, "scope"):
        known = known_of(head, targets, photos)
        both = _fit(logits[head], known)
        for domain in DOMAINS:
            here = domains == domain
            likelihood, mask, weight = (part[here] for part in known)
            own = _fit(logits[head][here], (likelihood, mask, weight), both)
            fitted[domain][head] = round(own, 4)
    return fitted


def _of_nothing(tagger: ImageTagger, photos: pd.DataFrame) -> Logits:
    """Return the served logits of made pictures of no garment, with walls of these sellers."""
    from training.negatives import negatives

    homes = list(photos.loc[photos["source"] == SELLERS, "image"])
    made = negatives(homes, MADE, MADE_SEED) if homes else {}
    pixels = [to_pixels(image) for images in made.values() for image in images]
    return served_logits(tagger, pixels, np.arange(len(pixels)))


def fit_clear_wear(logits: Logits, scope: pd.Series, made: Logits) -> dict[str, float]:
    """Fit how much the scope is to hear of a clear wear type (`vision.tagger.with_clear_wear`).

    logits: {head: (n, k)} of photos; scope: "in" or "out" of each, or what is not known; made: the
    same of pictures that show no garment. A logistic regression of the two distances; none is
    heard where it helps nothing.
    """
    from sklearn.linear_model import LogisticRegression

    known = scope.isin(SCOPE).to_numpy()
    inside = np.concatenate([(scope == "in").to_numpy()[known], np.zeros(len(made["scope"]), bool)])
    if not inside.any() or inside.all():
        return {**NEUTRAL["clear_wear"]}
    both = [np.concatenate([logits[h][known], made[h]]) for h in ("scope", "wear")]
    (scopes, wears) = (-np.diff(values, axis=1)[:, 0] for values in both)
    told = LogisticRegression(C=np.inf).fit(np.stack([scopes, np.abs(wears)], axis=1), inside)
    own, clear = told.coef_[0]
    if own <= 0 or clear <= 0:
        return {**NEUTRAL["clear_wear"]}
    found = clear / own, told.intercept_[0] / own
    return {name: round(float(v), 4) for name, v in zip(CLEAR_WEAR, found, strict=True)}


def fit_shown(near: np.ndarray, hidden: ArrayLike, whole: np.ndarray) -> tuple[float, float]:
    """Return the temperature of `length_shown`, and the chance of it under which none is named.

    near: logits (n, 2) of close-ups; hidden (n,): whether by eye no end of a sleeve or leg is in
    them; whole: logits (m, 2) of photos whose length was seen. The two sets count alike. The
    threshold spares whole photos as that of the scope does, and is at most even. (A bias beside
    the temperature bettered no log loss, five-fold by group.)
    """
    if not len(near) or not len(whole):
        return NEUTRAL["temperature"][DOMAINS[0]]["length_shown"], NEUTRAL["shown_threshold"]
    answer = np.concatenate([np.asarray(hidden, int), np.zeros(len(whole), int)])
    weight = np.repeat([1.0, len(near) / len(whole)], [len(near), len(whole)])
    known = np.eye(2)[answer], np.ones((len(answer), 2)), weight
    temperature = round(_fit(np.concatenate([near, whole]), known), 4)
    return temperature, _spares(softmax(whole / temperature)[:, 0])


def known_of(head: str, targets: dict[str, np.ndarray], photos: pd.DataFrame) -> Known:
    """Return what is known of a head's truth: likelihood (n, k), mask (n, k) and weight (n,)."""
    likelihood, mask = targets[head][:, 0], targets[head][:, 1]
    column = f"true_{head}" if head != "scope" else "scope"
    annotated = photos[column].isin(HEADS[head]).to_numpy()
    # An annotation is what the figures are measured by, so it is taken at face value here.
    likelihood = np.where(annotated[:, None], likelihood > 0.5, likelihood)
    weight = np.where(photos["annotated"].astype(bool), ANNOTATION_WEIGHT, 1.0)
    return likelihood, mask, weight


def log_loss(logits: np.ndarray, known: Known) -> float:
    """Return the log loss, in nats, of calibrated logits (n, k) by what is known of their truth."""
    likelihood, mask, weight = known
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    observed, allowed = (likelihood * p).sum(axis=1), (mask * p).sum(axis=1)
    return -float((weight * np.log((observed + 1e-12) / (allowed + 1e-12))).sum())


def _fit(logits: np.ndarray, known: Known, center: float | None = None) -> float:
    """Return the temperature in [0.2, 5] with the least log loss, drawn to `center`.

    Where nothing is known (a shop that states no pattern) it is `center`, or 1.
    """
    likelihood, mask, _ = known
    if (likelihood == mask).all():
        return 1.0 if center is None else center

    def loss(log_temperature: float) -> float:
        drawn = 0.0 if center is None else TOGETHER * (log_temperature - np.log(center)) ** 2
        return drawn + log_loss(logits / np.exp(log_temperature), known)

    found = minimize_scalar(loss, bounds=(np.log(COLDEST), np.log(HOTTEST)), method="bounded")
    return float(np.exp(found.x))


def divide(logits: Logits, temperature: Temperatures, domains: np.ndarray) -> Logits:
    """Divide each photo's logits by the temperatures of its domain, as the tagger does."""
    return {
        head: values / np.array([temperature[domain][head] for domain in domains])[:, None]
        for head, values in logits.items()
    }


def scope_threshold(
    calibrated: Logits, photos: pd.DataFrame, domains: np.ndarray
) -> dict[str, float]:
    """Choose, by domain, the in-scope probability under which a photo is called out of scope.

    At most even; a domain whose good photos are too few to tell one in a hundred takes the
    threshold of all domains together.
    """
    in_scope = probabilities(calibrated)["scope"][:, SCOPE.index("in")]
    good = (photos["scope"] == "in").to_numpy()
    everywhere = _spares(in_scope[good])
    chosen = {}
    for domain in DOMAINS:
        mine = in_scope[good & (domains == domain)]
        chosen[domain] = everywhere if _most_alarms(len(mine)) is None else _spares(mine)
    return chosen


def _spares(good: np.ndarray) -> float:
    """Return the chance, at most even, under which FALSE_ALARMS of photos like these (n,) fall.

    Where so few cannot tell, none of them falls under it.
    """
    if not len(good):
        return 0.5
    lowest = np.sort(good)[_most_alarms(len(good)) or 0]
    return min(0.5, float(np.floor(lowest * 1e4) / 1e4))


def _most_alarms(n: int) -> int | None:
    """Return how many of n may be false alarms for FALSE_ALARMS to be SURE; None: n is too small.

    By the upper limit of a binomial share (Clopper and Pearson 1934, doi 10.1093/biomet/26.4.404).
    """
    alarms = np.arange(n)
    allowed = np.flatnonzero(beta.ppf(SURE, alarms + 1, n - alarms) <= FALSE_ALARMS)
    return int(allowed[-1]) if len(allowed) else None


@click.command(help="Fit the released image artifact's calibration anew, without training.")
@click.option("--var", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("vision/artifact"), show_default=True
)
def command(var: Path, out: Path) -> None:
    from training.evaluate import print_figures
    from training.pixels import photos_and_pixels

    photos, pixels = photos_and_pixels(var)
    require(photos, var, "validation")
    manifest = calibrate(out, photos, pixels)
    for domain, fitted in manifest["temperature"].items():
        click.echo(f"{domain}: " + ", ".join(f"{head} {t:.2f}" for head, t in fitted.items()))
    told = ", ".join(f"{domain} {t:.2f}" for domain, t in manifest["scope_threshold"].items())
    click.echo(f"scope threshold: {told}; length shown: {manifest['shown_threshold']:.2f}")
    print_figures(manifest["metrics"])
