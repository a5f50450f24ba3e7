"""Which metrics there are: when each is taken, on what data, and how to read it.

A new metric is one function of a ``Comparison`` and one line here; the battery of tests picks it up.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from bench.metrics import (
    bins,
    birthday,
    distances,
    diversity,
    extrapolation,
    fidelity,
    finite,
    kernel,
    manifold,
    memorisation,
    modes,
    separability,
)
from bench.metrics.comparison import Comparison
from bench.metrics.result import MetricResult
from gans.registry import Registry

EVERY, WINDOW, END, REQUEST = "every", "window", "end", "request"
TIERS = (EVERY, WINDOW, END, REQUEST)
"""At each evaluation; only in the final window; once at the end; only when asked for by name."""

IMAGES, MIXTURES = "images", "mixtures"
BOTH = (IMAGES, MIXTURES)


@dataclass(frozen=True)
class Metric:
    """How one number is taken and read.

    Args:
        name: its column in evaluations.csv.
        tier: one of TIERS.
        compute: the metric.
        higher_is_better: None where the best value lies inside the range.
        domains: kinds of data it is taken on.
        low, high: smallest and largest value it can have.
        null: its value for real against real, where that is known; NaN where it must be measured.
        source: first author and year of its definition, or "own".
        needs_finite: taken only if all samples are finite; not so for what counts the others.
        needs_train: taken only where the member's training samples are given.
        floor: whether what real data score is measured; not where that is known and costs much.
    """

    name: str
    tier: str
    compute: Callable[[Comparison], MetricResult]
    higher_is_better: bool | None
    domains: tuple[str, ...]
    low: float
    high: float
    source: str
    null: float = math.nan
    needs_finite: bool = True
    needs_train: bool = False
    floor: bool = True


METRICS: Registry[Metric] = Registry(
    "metric", accepts=lambda entry: isinstance(entry, Metric), wanted="a bench.metrics.Metric"
)


def register(metric: Metric) -> Metric:
    """Make a metric known under its own name.

    Raises:
        ValueError: the name is taken, or the tier or a domain is unknown.

    Example:
        >>> from dataclasses import replace
        >>> register(replace(METRICS.get("fid"), name="fid2", tier="always"))
        Traceback (most recent call last):
        ValueError: metric fid2: tier must be one of every, window, end, request, got 'always'; choose one
    """
    if metric.tier not in TIERS:
        raise ValueError(
            f"metric {metric.name}: tier must be one of {', '.join(TIERS)}, got {metric.tier!r}; choose one"
        )
    if not metric.domains or not set(metric.domains) <= set(BOTH):
        raise ValueError(
            f"metric {metric.name}: domains must be some of {BOTH}, got {metric.domains}; choose one or both"
        )
    return METRICS.add(metric.name, metric)


INF = math.inf
FLAWED = {"needs_finite": False}
GIVEN_TRAIN = {"needs_train": True}
NO_FLOOR = {"floor": False}
HIGHER, LOWER, NEITHER = True, False, None

for _metric in (
    Metric("finite_fraction", EVERY, finite.finite_fraction, HIGHER, BOTH, 0, 1, "own", 1, **FLAWED),
    Metric("range_fraction", EVERY, finite.range_fraction, HIGHER, BOTH, 0, 1, "own", **FLAWED),
    Metric("max_abs", EVERY, finite.max_abs, NEITHER, BOTH, 0, INF, "own", **FLAWED),
    Metric("fid", EVERY, fidelity.fid, LOWER, (IMAGES,), 0, INF, "Heusel 2017"),
    Metric("sw2", EVERY, distances.sw2, LOWER, (MIXTURES,), 0, INF, "Bonneel 2015"),
    Metric("modes", EVERY, modes.modes, HIGHER, BOTH, 0, INF, "Lin 2018"),
    Metric("modes_strict", EVERY, modes.modes_strict, HIGHER, BOTH, 0, INF, "own"),
    Metric("mode_kl", EVERY, modes.mode_kl, LOWER, BOTH, 0, INF, "Metz 2017", 0),
    Metric("high_quality", EVERY, modes.high_quality, HIGHER, (MIXTURES,), 0, 1, "Lin 2018"),
    Metric("duplicate_fraction", WINDOW, finite.duplicate_fraction, LOWER, BOTH, 0, 1, "own", **FLAWED),
    Metric("pairwise_ratio", WINDOW, diversity.pairwise_ratio, NEITHER, BOTH, 0, INF, "own", 1),
    Metric("precision", WINDOW, manifold.precision, HIGHER, BOTH, 0, 1, "Kynkaanniemi 2019"),
    Metric("recall", WINDOW, manifold.recall, HIGHER, BOTH, 0, 1, "Kynkaanniemi 2019"),
    Metric("density", WINDOW, manifold.density, NEITHER, BOTH, 0, INF, "Naeem 2020", 1),
    Metric("coverage", WINDOW, manifold.coverage, HIGHER, BOTH, 0, 1, "Naeem 2020", 1 - 2**-5),
    Metric("mode_spread", WINDOW, modes.spread, NEITHER, (MIXTURES,), 0, INF, "own", 1),
    Metric("mode_jsd", WINDOW, modes.mode_jsd, LOWER, BOTH, 0, math.log(2), "Lin 1991"),
    Metric("effective_modes", WINDOW, modes.effective, HIGHER, BOTH, 0, INF, "own"),
    Metric("label_entropy", WINDOW, modes.entropy_ratio, HIGHER, BOTH, 0, INF, "own", 1),
    Metric("missing_modes", WINDOW, modes.missing, LOWER, BOTH, 0, INF, "own", 0),
    Metric("kid", END, kernel.kid, LOWER, (IMAGES,), -INF, INF, "Binkowski 2018", 0),
    Metric("kid_se", END, kernel.kid_se, NEITHER, (IMAGES,), 0, INF, "Binkowski 2018"),
    Metric(
        "fid_infinity", END, extrapolation.fid_infinity, LOWER, (IMAGES,), -INF, INF, "Chong 2020", 0,
        **NO_FLOOR,
    ),
    Metric(
        "fid_infinity_se", END, extrapolation.fid_infinity_se, NEITHER, (IMAGES,), 0, INF, "Chong 2020",
        **NO_FLOOR,
    ),
    Metric(
        "probe_auc", END, separability.probe_auc, LOWER, BOTH, 0, 1, "Lopez-Paz 2017", 0.5, **NO_FLOOR
    ),
    Metric("ndb", END, bins.ndb, LOWER, BOTH, 0, 1, "Richardson 2018", bins.ALPHA),
    Metric("bin_jsd", END, bins.bin_jsd, LOWER, BOTH, 0, math.log(2), "Richardson 2018"),
    Metric("support_size", END, birthday.support_size, HIGHER, BOTH, 1, INF, "Arora 2018"),
    Metric("vendi_ratio", END, diversity.vendi_ratio, NEITHER, BOTH, 0, INF, "Friedman 2023", 1, **NO_FLOOR),
    Metric("class_coverage", END, manifold.class_coverage, HIGHER, BOTH, 0, 1, "own"),
    Metric("inception_score", END, fidelity.inception_score, HIGHER, (IMAGES,), 1, INF, "Salimans 2016"),
    Metric(
        "data_copying", END, memorisation.data_copying, NEITHER, BOTH, -INF, INF, "Meehan 2020", 0,
        **GIVEN_TRAIN,
    ),
    Metric(
        "memory_ratio", END, memorisation.memory_ratio, LOWER, BOTH, 0, INF, "own", 1, **GIVEN_TRAIN
    ),
    Metric(
        "authenticity", END, memorisation.authenticity, HIGHER, BOTH, 0, 1, "Alaa 2022", **GIVEN_TRAIN
    ),
    Metric(
        "authenticity_holdout", END, memorisation.authenticity_holdout, NEITHER, BOTH, 0, 1, "Alaa 2022",
        **GIVEN_TRAIN,
    ),
    Metric(
        "energy_distance", END, distances.energy_distance, LOWER, (MIXTURES,), -INF, INF, "Szekely 2013", 0
    ),
    Metric("mode_tv", REQUEST, modes.total_variation, LOWER, BOTH, 0, 1, "own"),
):  # fmt: skip
    register(_metric)
