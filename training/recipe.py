"""What decides the image network: which photos are drawn, how they are shown and how learned."""

from __future__ import annotations

from dataclasses import dataclass, replace

from training.photos import SHARES, Shares


@dataclass(frozen=True, slots=True)
class Course:
    """One way to learn: what is drawn, how it is shown, how fast it is learned.

    shares: how often each kind of photo is drawn. composed: share of the photos laid over a
    private seller's floor, and of those out of scope replaced by a bare floor or a screenshot
    (training/compose.py). moved: are sellers' own garments laid elsewhere too, or the catalogue's
    alone? closeups: share of close-ups (training/closeups.py). rate: of learning, warmed up and on
    a cosine to zero. Where the shares draw what is hard more often, what passes for a garment is
    not replaced.
    """

    shares: Shares = SHARES
    composed: float = 0.3
    moved: bool = False
    closeups: float = 0.0
    rate: float = 2e-4


# The first know rare lengths best; the others see more garments, if smaller, and more floors.
RARE_LENGTHS = Course()
MANY = Shares(full=2.0, seller=0.8, out=1.0, balanced=("item",))
MANY_GARMENTS = Course(MANY, composed=0.5, rate=3e-4)
OTHER_FLOORS = Course(MANY, composed=0.5, moved=True)
# A dress was drawn once in six epochs, half as often as a watch, and four in ten passed for a top
# or kurta even where learned from; now most are drawn once an epoch.
HARD_NEGATIVES = Course(replace(MANY, hard=8.0), composed=0.5, moved=True)
HARD_AND_RARE = Course(replace(SHARES, hard=8.0), composed=0.5, moved=True)
# Of 620 thumbnails whose sleeve or leg it doubted, and two annotators see alike, the second round
# was wrong on 36 %, their fields on 33 %: one is drawn as often as a full-size photo.
DOUBTFUL_AND_RARE = Course(replace(SHARES, hard=8.0, picked=4.0), composed=0.5, moved=True)
DOUBTFUL = Course(replace(MANY, hard=8.0, picked=4.0), composed=0.5, moved=True)
# A network that has seen whole garments alone names a sleeve length for a close-up of a collar.
NEAR_AND_RARE = replace(DOUBTFUL_AND_RARE, closeups=0.12)
NEAR = replace(DOUBTFUL, closeups=0.12)
GENTLE, GENTLE_AND_RARE = replace(NEAR, rate=1e-4), replace(NEAR_AND_RARE, rate=1e-4)


@dataclass(frozen=True, slots=True)
class Round:
    """Courses that learn anew from one start, each with other photos drawn, other pictures made
    of them and other channels dropped; the round gives the mean of their weights.

    small and large: epochs of a course at three quarters of each side and at all of it (learning
    small first costs half).
    averaged: each course gives the mean of this many last epochs' weights (stochastic weight
    averaging, Izmailov et al. 2018, arXiv 1803.05407). The last epochs alone know the sellers
    they were shown, and are surer than right of others.
    """

    courses: tuple[Course, ...]
    small: int
    large: int
    averaged: int

    @property
    def epochs(self) -> int:
        return self.small + self.large


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides the result; kept in the artifact's manifest.

    The heads are first fitted alone on the frozen body's features (training/heads.py), so that
    their random start does not wreck it; then all but the stem learns.
    rounds: each starts from what the one before gave, the first from those heads.
    released: the mean of what so many last rounds gave is released (model soup, Wortsman et al.
    2022, arXiv 2203.05482): the last knows best what is no garment, and is surer of the sellers it
    was shown than of others; the one before it is less so.
    frozen: the body's first layers that keep their ImageNet weights; the edges and colors they
    find need no teaching, and a step without them takes two thirds of the time.
    size: photos an epoch.
    """

    rounds: tuple[Round, ...] = (
        Round((RARE_LENGTHS,) * 3 + (MANY_GARMENTS,) * 3, small=8, large=5, averaged=7),
        Round(
            (OTHER_FLOORS, HARD_NEGATIVES, HARD_NEGATIVES, HARD_AND_RARE),
            small=0,
            large=5,
            averaged=3,
        ),
        Round((DOUBTFUL_AND_RARE, DOUBTFUL, DOUBTFUL_AND_RARE), small=0, large=5, averaged=3),
        Round((DOUBTFUL, DOUBTFUL_AND_RARE, DOUBTFUL), small=0, large=5, averaged=3),
        # More courses, each shorter: what one learns of its sellers alone, the mean forgets.
        Round((NEAR, NEAR_AND_RARE, NEAR, NEAR_AND_RARE), small=0, large=4, averaged=3),
        # The fifth took floors for close-ups. From so near, half the rate and three epochs do.
        Round((GENTLE, GENTLE_AND_RARE), small=0, large=3, averaged=2),
        # Landscape photos on a canvas of their own, and of what shows nothing to sell three in ten
        # made scenes, half floors: the sixth took a cat, moss and a pier for garments.
        Round((GENTLE, GENTLE_AND_RARE, GENTLE), small=0, large=3, averaged=2),
    )
    released: int = 2
    frozen: int = 14
    size: int = 8192
    batch: int = 64
    decay: float = 0.02
    seed: int = 20261124

    @property
    def lessons(self) -> list[tuple[int, Round, Course]]:
        """Every course in the order learned, with its round and the round's number from 0."""
        rounds = enumerate(self.rounds)
        return [(number, stage, course) for number, stage in rounds for course in stage.courses]
