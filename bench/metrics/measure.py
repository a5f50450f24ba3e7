"""Samples in, named numbers out: all metrics of some tiers, for one draw or for those of a whole cohort."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from torch import Tensor

from bench.metrics.arrays import as_rows
from bench.metrics.catalog import METRICS, TIERS, Metric
from bench.metrics.comparison import Comparison
from bench.metrics.result import NONFINITE_INPUT, NUMERIC_WARNING, OK, MetricResult, absent

if TYPE_CHECKING:
    from bench.metrics.reference import Reference


NUMBERS_AT_ONCE = 4_000_000
"""Coordinates of the draws that are measured together, at most: what they have computed is kept meanwhile."""


@dataclass(frozen=True)
class Measurement:
    """The metrics of one draw.

    Args:
        values: metric name to value, NaN where it could not be had; ``distance`` repeats the metric that
            the reference names as the distance.
        statuses: metric name to status, only where it is not ``ok``. A finite value beside a status may be
            used.
        histogram: share of all samples per mode or class; empty if there are none, the draw is not finite, or
            no metric over modes was asked for.
    """

    values: Mapping[str, float]
    statuses: Mapping[str, str]
    histogram: tuple[float, ...] = ()


def measure(
    samples: Tensor,
    reference: Reference,
    tiers: str | Iterable[str],
    features: Tensor | None = None,
    logits: Tensor | None = None,
    train: Tensor | None = None,
) -> Measurement:
    """Take all metrics of some tiers on one draw of a generator.

    Nothing in ``samples`` makes it raise; what cannot be measured is NaN with a status.

    Shapes:
        samples: (n, *sample_shape). features: (n, d) and logits: (n, classes), computed where absent.
        train: (m, *sample_shape), what the generator was trained on; memorisation is left out without it.

    Args:
        tiers: one tier or several of ``TIERS``; a metric's own name asks for that metric.

    Raises:
        ValueError: an unknown tier or metric, or samples of another shape than the data's.

    Example:
        >>> from gans.data import load
        >>> from bench.metrics import reference_for
        >>> reference = reference_for(load("ring8"))
        >>> found = measure(load("ring8").train[:2500], reference, "every")
        >>> found.values["modes"], found.values["high_quality"] > 0.98
        (8.0, True)
    """
    return measure_many(
        samples[None],
        reference,
        tiers,
        None if features is None else features[None],
        None if logits is None else logits[None],
        train,
    )[0]


def measure_many(
    samples: Tensor,
    reference: Reference,
    tiers: str | Iterable[str],
    features: Tensor | None = None,
    logits: Tensor | None = None,
    train: Tensor | None = None,
) -> list[Measurement]:
    """Take all metrics of some tiers on the draws of many generators; equal to ``measure`` on each.

    Shapes:
        samples: (M, n, *sample_shape). features: (M, n, d). logits: (M, n, classes).
        train: (m, *sample_shape), shared by the members. result: M.

    Raises:
        ValueError: as ``measure``.
    """
    metrics = select(tiers, reference.domain, has_train=train is not None)
    comparisons = compare_many(samples, reference, features, logits, train)
    size = max(1, NUMBERS_AT_ONCE // max(1, samples[:1].numel()))
    groups = [comparisons[start : start + size] for start in range(0, len(comparisons), size)]
    return [found for group in groups for found in _measure_group(group, metrics)]


def _measure_group(comparisons: Sequence[Comparison], metrics: Sequence[Metric]) -> list[Measurement]:
    # Metric by metric: the code of each then stays in the processor's cache from one member to the next.
    results: list[dict[str, MetricResult]] = [{} for _ in comparisons]
    for metric in metrics:
        for comparison, found in zip(comparisons, results, strict=True):
            found[metric.name] = _guarded(metric, comparison)
    return [_summary(*each) for each in zip(comparisons, results, strict=True)]


def measure_memorisation(samples: Tensor, train_subset: Tensor, reference: Reference) -> Measurement:
    """Take all metrics of memorisation of one generator against the samples it was trained on.

    Shapes:
        samples: (n, *sample_shape). train_subset: (m, *sample_shape).
    """
    wanted = [name for name in METRICS if METRICS.get(name).needs_train]
    return measure(samples, reference, wanted, train=train_subset)


def compare_many(
    samples: Tensor,
    reference: Reference,
    features: Tensor | None = None,
    logits: Tensor | None = None,
    train: Tensor | None = None,
) -> list[Comparison]:
    """Check and embed each draw, ready for metrics. Shapes as ``measure_many``.

    Raises:
        ValueError: samples are not (members, n, *sample_shape) with n >= 1.
    """
    shape = reference.dataset.sample_shape
    if samples.ndim < 2 or tuple(samples.shape[2:]) != shape or samples.shape[1] < 1:
        raise ValueError(
            f"measure: samples must have shape (members, n, {', '.join(map(str, shape))}) with n >= 1, "
            f"got {tuple(samples.shape)}; give what the generator returns"
        )
    samples = samples.detach().cpu()
    # One member at a time: results are then the same bits however many members share the call, and
    # 697 rows stay in the cache where 40 times as many do not.
    return [
        _compare(
            samples[member],
            reference,
            None if features is None else features[member],
            None if logits is None else logits[member],
            train,
        )
        for member in range(samples.shape[0])
    ]


def _compare(
    samples: Tensor,
    reference: Reference,
    features: Tensor | None,
    logits: Tensor | None,
    train: Tensor | None,
) -> Comparison:
    extractor = reference.extractor
    if features is None:
        features = extractor.features(samples)
    if logits is None:
        logits = extractor.logits_of(features.detach().cpu().float())
    return Comparison(
        reference=reference,
        samples=samples,
        features=as_rows(features),
        logits=None if logits is None else logits.detach().cpu(),
        train=train,
    )


def select(tiers: str | Iterable[str], domain: str, *, has_train: bool) -> list[Metric]:
    """The metrics of some tiers, or of given names, that apply to a kind of data.

    Raises:
        ValueError: neither a tier nor a metric.

    Example:
        >>> [metric.name for metric in select("window", "images", has_train=False)]
        ['duplicate_fraction', 'pairwise_ratio', 'precision', 'recall', 'density', 'coverage', 'mode_jsd',
        'effective_modes', 'label_entropy', 'missing_modes']
    """
    wanted = {tiers} if isinstance(tiers, str) else set(tiers)
    for name in wanted - set(TIERS):
        METRICS.get(name)
    every = [METRICS.get(name) for name in METRICS]
    return [
        metric
        for metric in every
        if (metric.tier in wanted or metric.name in wanted)
        and domain in metric.domains
        and (has_train or not metric.needs_train)
    ]


def _guarded(metric: Metric, comparison: Comparison) -> MetricResult:
    """Take one metric of one draw; it does not see samples that are not finite unless it asks to."""
    n_real, n_fake = comparison.reference.n, comparison.n
    if metric.needs_finite and not comparison.finite:
        return absent(NONFINITE_INPUT, n_real, n_fake)
    if metric.needs_finite and not comparison.features_finite:
        return absent(NUMERIC_WARNING, n_real, n_fake)
    result = metric.compute(comparison)
    if metric.needs_finite and result.status == OK and not math.isfinite(result.value):
        return replace(result, value=math.nan, status=NUMERIC_WARNING)
    return result


def _summary(comparison: Comparison, results: Mapping[str, MetricResult]) -> Measurement:
    results = dict(results)
    distance = comparison.reference.distance_name
    if distance in results:
        results["distance"] = results[distance]
    found = comparison.mode_counts if "modes" in results and comparison.finite else None
    return Measurement(
        values={name: result.value for name, result in results.items()},
        statuses={name: result.status for name, result in results.items() if result.status != OK},
        histogram=() if found is None else found.histogram,
    )
