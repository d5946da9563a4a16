"""What a threshold is worth: held-out scores that travel with the artifact, and points on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.errors import ArtifactError
from data.taxonomy import ATTRIBUTES
from fusion.bootstrap import interval, resampled
from fusion.parameters import ARTIFACT, Vector

FILE = "held_out.npz"
LISTING = "listing"

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Share:
    """A share in [0, 1] with its 95 % interval over resampled product groups."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Point:
    """What comes of looking at everything that scores below a threshold.

    precision: share of what is looked at that is wrong; recall: share of what is wrong that is
    looked at; workload: share of all that is looked at.
    """

    below: float
    precision: Share
    recall: Share
    workload: Share


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Calibrated scores of listings that the tables behind them have not seen.

    groups (n,) numbers; scores and right: (n,) by "listing" and attribute, scores NaN where no
    field is given.
    """

    groups: NDArray[np.int64]
    scores: Mapping[str, Vector]
    right: Mapping[str, Flags]

    @classmethod
    def load(cls, folder: Path = ARTIFACT) -> HeldOut:
        """Read a released folder's scores. Raises ArtifactError."""
        try:
            with np.load(folder / FILE) as found:
                names = (LISTING, *ATTRIBUTES)
                scores = {name: found[f"score_{name}"].astype(np.float64) for name in names}
                right = {name: found[f"right_{name}"] for name in names}
                return cls(found["groups"].astype(np.int64), scores, right)
        except (OSError, ValueError, KeyError) as error:
            raise ArtifactError(f"{folder / FILE} cannot be used: {error}.") from None

    def save(self, folder: Path) -> None:
        """Write the scores; the folder's manifest is to be written after it."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, Any] = {f"score_{n}": s.astype("float32") for n, s in self.scores.items()}
        arrays |= {f"right_{name}": found for name, found in self.right.items()}
        np.savez_compressed(folder / FILE, groups=self.groups.astype(np.int32), **arrays)

    def point(self, below: float, name: str = LISTING) -> Point:
        """Return what looking at everything under `below` is worth, with intervals."""
        known = ~np.isnan(self.scores[name])
        flagged = self.scores[name][known] < below
        wrong = ~self.right[name][known]
        hits, looked, errors, everything = resampled(
            self.groups[known], flagged & wrong, flagged, wrong, np.ones(len(wrong))
        )
        return Point(below, _share(hits, looked), _share(hits, errors), _share(looked, everything))

    def for_workload(self, share: float, name: str = LISTING) -> float:
        """Return the threshold under which that share of all lies."""
        scores = self.scores[name]
        return float(np.quantile(scores[~np.isnan(scores)], share))

    def for_precision(self, precision: float, name: str = LISTING) -> float:
        """Return the highest threshold under which that share is wrong; 0 where there is none."""
        known = ~np.isnan(self.scores[name])
        return lowest_of(self.scores[name][known], ~self.right[name][known], precision)


def lowest_of(scores: Vector, wanted: Flags, share: float) -> float:
    """Return the highest threshold such that `share` of the scores below it are wanted.

    0.0 where even the lowest score keeps no such promise. To take from the top, give `-scores`.
    """
    order = np.argsort(scores, kind="stable")
    ranked, hits = scores[order], np.cumsum(wanted[order])
    kept = hits >= share * np.arange(1, len(ranked) + 1)
    # A threshold cannot part equal scores.
    kept &= np.append(ranked[:-1] < ranked[1:], True)
    if not kept.any():
        return 0.0
    last = int(np.flatnonzero(kept)[-1])
    above = ranked[last + 1] if last + 1 < len(ranked) else np.nextafter(ranked[last], np.inf)
    between = (ranked[last] + above) / 2
    return float(between if between > ranked[last] else above)


def _share(part: Vector, whole: Vector) -> Share:
    """Return the first share and the interval of the others; 0 of 0 is 0."""
    shares = part / np.maximum(whole, 1)
    low, high = interval(shares[1:])
    return Share(float(shares[0]), min(low, float(shares[0])), max(high, float(shares[0])))
