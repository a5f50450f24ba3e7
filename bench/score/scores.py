"""The scores of one set of features against another, each beside what real features score against real ones.

The first set is in the role of the generated one, as in torch-fidelity, whose ``calculate_metrics`` gives the
same numbers by default: FID of all images, KID as the mean over 100 subsets, the Inception Score as the mean
over ten parts, precision and recall of all images with three neighbours. Density and coverage, and all
floors, are ours.

The floor is measured on two disjoint random halves of the second set, or as much of them as the first set
has images. Where those are fewer than the score had, FID's is scaled like one over the count, as its bias
goes, and the others stand beside their own count.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from bench.features import Extractor
from bench.metrics.arrays import Floats, as_rows
from bench.metrics.fidelity import LARGEST_LOGIT_GAP, ROWS_PER_DIMENSION
from bench.metrics.frechet import distance_from_factor, frechet_factor, statistics_of
from bench.metrics.hits import BALL_NEIGHBOURS, MANIFOLD_NEIGHBOURS, Balls
from bench.metrics.manifold import ManifoldScores, manifold_scores
from bench.metrics.neighbours import self_blocks
from bench.score.embedding import Tell
from gans.rng import stream

KID_SUBSETS, KID_SUBSET_SIZE = 100, 1000
IS_PARTS = 10
"""torch-fidelity's defaults."""

FLOOR_ROWS = 10_000
"""Images per side whose neighbours are sought for a floor, at most: the cost grows with the square, and the
floor hardly moves. The scores themselves are of all images, in blocks of rows that fit any memory."""


@dataclass(frozen=True, slots=True)
class Score:
    """One number, named after extractor and count.

    Args:
        name: such as fid-inception2048@10000.
        value: the score.
        floor: what real images score, and at which count.
        floor_count: images on either side of the floor; those of the score where it was scaled to them.
        remark: how to read it, where there is something to know.
    """

    name: str
    value: float
    floor: float
    floor_count: int
    remark: str = ""


@dataclass(frozen=True, eq=False)
class Sides:
    """Two sets of features, the first in the role of the generated one.

    Shapes:
        first: (n, d). second: (m, d).
    """

    extractor: Extractor
    first: Tensor
    second: Tensor

    @property
    def count(self) -> int:
        """Images of the smaller set."""
        return min(len(self.first), len(self.second))

    @cached_property
    def halves(self) -> tuple[Tensor, Tensor]:
        """Two disjoint random parts of the second set, no larger than the smaller set."""
        order = torch.randperm(len(self.second), generator=stream(0, f"score/floor/{len(self.second)}"))
        size = min(self.count, len(self.second) // 2)
        return self.second[order[:size]], self.second[order[size : 2 * size]]

    def name(self, metric: str, count: int | None = None) -> str:
        """What a score is called."""
        return f"{metric}-{self.extractor.name}@{self.count if count is None else count}"


def score_sets(sides: Sides, groups: Iterable[str], tell: Tell) -> list[Score]:
    """All scores of some groups.

    Args:
        groups: names out of ``GROUPS``; one that needs a classifier is left out where there is none.
    """
    wanted = [
        name for name in groups if not (GROUPS[name].needs_classes and sides.extractor.classify is None)
    ]
    found: list[Score] = []
    for index, name in enumerate(wanted):
        tell(GROUPS[name].words, index, len(wanted))
        found += GROUPS[name].take(sides)
    tell("scores", len(wanted), len(wanted))
    return found


def fid(sides: Sides) -> Sequence[Score]:
    """Frechet distance of all features of either side."""
    value = _frechet(sides.first, sides.second)
    halves = sides.halves
    measured = _frechet(*halves)
    floor = measured * (1 / len(sides.first) + 1 / len(sides.second)) / (2 / len(halves[0]))
    few = sides.count < ROWS_PER_DIMENSION * sides.extractor.dimension
    remark = f"fewer than {ROWS_PER_DIMENSION} images per feature" if few else ""
    return [Score(sides.name("fid"), value, floor, sides.count, remark)]


def kid(sides: Sides) -> Sequence[Score]:
    """Squared cubic-kernel MMD of features as they are, mean over subsets; unbiased, so 0 for real."""
    halves = sides.halves
    remark = "features as they are, not standardised as in runs"
    return [
        Score(sides.name("kid"), _kernel(sides.first, sides.second), _kernel(*halves), len(halves[0]), remark)
    ]


def precision_recall(sides: Sides) -> Sequence[Score]:
    """Precision and recall of all images of either side; density and coverage of equal counts."""
    first, second = as_rows(sides.first), as_rows(sides.second)
    size = min(len(first), len(second))
    found = _manifold(first, second)
    even = found if len(first) == len(second) else _manifold(_rows_of(first, size), _rows_of(second, size))
    halves = [_rows(half, FLOOR_ROWS) for half in sides.halves]
    floor, count = _manifold(*halves), len(halves[0])
    return [
        Score(sides.name("precision", size), found.precision, floor.precision, count),
        Score(sides.name("recall", size), found.recall, floor.recall, count),
        Score(sides.name("density", size), even.density, floor.density, count),
        Score(sides.name("coverage", size), even.coverage, floor.coverage, count),
    ]


def inception_score(sides: Sides) -> Sequence[Score]:
    """Inception Score of the first set, mean over ten parts; beside it that of the second, which is real."""
    value, real = (_inception(sides.extractor, features) for features in (sides.first, sides.second))
    remark = "higher is better; blind to the second set, whose own score stands beside it"
    return [Score(sides.name("is", len(sides.first)), value, real, len(sides.second), remark)]


def _frechet(first: Tensor, second: Tensor) -> float:
    value = distance_from_factor(frechet_factor(statistics_of(second)), statistics_of(first))
    return max(value, 0.0)  # of equal sets it is 0 give or take rounding


def _kernel(first: Tensor, second: Tensor) -> float:
    from torch_fidelity.metric_kid import KEY_METRIC_KID_MEAN, kid_features_to_metric

    found = kid_features_to_metric(
        first.double(),
        second.double(),
        kid_subsets=KID_SUBSETS,
        kid_subset_size=min(KID_SUBSET_SIZE, len(first), len(second)),
        verbose=False,
    )
    return float(found[KEY_METRIC_KID_MEAN])


def _inception(extractor: Extractor, features: Tensor) -> float:
    from torch_fidelity.metric_isc import KEY_METRIC_ISC_MEAN, isc_features_to_metric

    logits = extractor.logits_of(features)
    if logits is None:
        return math.nan
    exact = logits.double()
    floor = exact.amax(dim=1, keepdim=True) - LARGEST_LOGIT_GAP
    found = isc_features_to_metric(torch.maximum(exact, floor), splits=min(IS_PARTS, len(exact)))
    return float(found[KEY_METRIC_ISC_MEAN])


def _rows(features: Tensor, most: int) -> Floats:
    """Float64 rows, at most so many, drawn at random if there are more."""
    if len(features) > most:
        order = torch.randperm(len(features), generator=stream(0, f"score/rows/{len(features)}"))
        features = features[order[:most]]
    return as_rows(features)


def _rows_of(rows: Floats, size: int) -> Floats:
    return rows[np.random.default_rng(0).permutation(len(rows))[:size]] if len(rows) > size else rows


def _manifold(fake: Floats, real: Floats) -> ManifoldScores:
    if min(len(fake), len(real)) <= BALL_NEIGHBOURS:
        return ManifoldScores(math.nan, math.nan, math.nan, math.nan)
    return manifold_scores(real, fake, _balls(real))


def _balls(rows: Floats) -> Balls:
    """Radii around each row, without the whole matrix of distances."""
    radii = []
    for _, block in self_blocks(rows):
        block.partition((MANIFOLD_NEIGHBOURS, BALL_NEIGHBOURS), axis=1)
        radii.append(block[:, (MANIFOLD_NEIGHBOURS, BALL_NEIGHBOURS)])
    manifold, ball = np.concatenate(radii).T
    return Balls(np.ascontiguousarray(manifold), np.ascontiguousarray(ball))


@dataclass(frozen=True)
class Group:
    """Scores that are taken together.

    Args:
        words: what they are, spelled out.
        take: the scores.
        needs_classes: taken only with an extractor that classifies.
    """

    words: str
    take: Callable[[Sides], Sequence[Score]]
    needs_classes: bool = False


GROUPS: Mapping[str, Group] = {
    "fid": Group("FID", fid),
    "kid": Group("KID", kid),
    "pr": Group("precision, recall, density, coverage", precision_recall),
    "is": Group("Inception Score", inception_score, needs_classes=True),
}
"""What ``--metrics`` can name."""
