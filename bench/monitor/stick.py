"""The measuring stick for data that nobody registered: a reference made of held-out samples."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace
from typing import Any, cast

import torch
from torch import Tensor

from bench.features import Extractor, extractor_for
from bench.metrics.reference import FEWEST_REAL, Reference
from bench.monitor.observed import Problem
from bench.monitor.scales import Meaning
from bench.verdict import Context, context_of
from gans.data import Dataset
from gans.data.defects import NONE
from gans.rng import stream

POINT_ROWS, IMAGE_ROWS = 2500, 1000
"""Samples per evaluation, at most: measuring what real data score takes 24 draws of as many."""

TRAIN_ROWS = 20_000
"""Training samples kept for comparison, at most."""


@dataclass(frozen=True, eq=False)
class Given:
    """The user's data, checked.

    Args:
        real: held-out samples, or half of them where there are no training samples. train: training samples,
            or the other half.
    """

    real: Tensor
    train: Tensor
    has_train: bool
    mode_centers: Tensor | None
    mode_sd: float | None
    extractor: Extractor | None
    problems: tuple[Problem, ...]
    stand_ins: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Samples that one evaluation can use."""
        return min(len(self.real), POINT_ROWS if self.real.ndim == 2 else IMAGE_ROWS)


def given(
    real: Any,
    train: Any | None,
    mode_centers: Any | None,
    mode_sd: float | None,
    extractor: Extractor | None,
) -> Given | None:
    """Take the user's samples: on the CPU, in float32, finite rows only.

    Returns:
        None where fewer than eleven samples are left, too few to measure against.

    Raises:
        ValueError: the samples have no rows or differ in shape from the training samples or the modes.
    """
    problems: list[Problem] = []
    kept = _rows("real", real, problems)
    if len(kept) > 1 and bool((kept == kept[0]).all()):
        problems.append(Problem("real data are constant: nothing that is measured against them has a scale"))
    others = None if train is None else _rows("train", train, problems)
    if others is not None and others.shape[1:] != kept.shape[1:]:
        raise ValueError(
            f"Monitor: train must have the shape of real samples {tuple(kept.shape[1:])}, got "
            f"{tuple(others.shape[1:])}; reshape one of them"
        )
    stand_ins: dict[str, str] = {}
    if others is None:
        order = torch.randperm(len(kept), generator=stream(0, "monitor/split"))
        half = len(kept) // 2
        others, kept = kept[order[:half]], kept[order[half:]]
        stand_ins["train"] = "no training samples were given: half of the real ones stand in for their spread"
    else:  # real samples may be sorted by class, and an evaluation takes the first
        kept = kept[torch.randperm(len(kept), generator=stream(0, "monitor/real"))]
    centers, sd = _modes(kept, mode_centers, mode_sd, stand_ins)
    if len(kept) <= FEWEST_REAL or len(others) < 1:
        return None
    return Given(kept, others, train is not None, centers, sd, extractor, tuple(problems), stand_ins)


def reference_of(data: Given, rows: int) -> Reference:
    """The reference of the user's data for so many samples per evaluation."""
    images = data.real.ndim > 2
    bounded = images and float(data.real.abs().max()) <= 1 and float(data.train.abs().max()) <= 1
    source = stream(0, "monitor/train")
    few = data.train[torch.randperm(len(data.train), generator=source)[:TRAIN_ROWS]]
    dataset = Dataset(
        "monitored", few, data.real, None, None,
        classes=0 if data.mode_centers is None else len(data.mode_centers),
        bounded=bounded, mode_centers=data.mode_centers, mode_sd=data.mode_sd,
    )  # fmt: skip
    return Reference(dataset, data.extractor or extractor_for(dataset), data.real[:rows])


@dataclass(frozen=True)
class Schedule:
    """What of a run's plan its context needs."""

    steps: int
    evaluations: int
    data_size: int
    regularizer: str
    defect: str = NONE


def context_for(
    reference: Reference,
    schedule: Schedule,
    meaning: Meaning,
    distance_start: float,
    probes: tuple[int, int],
    *,
    copies: bool,
) -> Context:
    """The context of a monitored run.

    Args:
        probes: logits on training and on held-out samples at each evaluation.
        copies: whether the training samples are known, and so what a faithful copy of them would score.
    """
    loss = _Loss(meaning.loss, meaning.decision_point, meaning.has_gain)
    # context_of asks a config and a loss for these fields only; a monitored run has no config.
    context = context_of(
        cast(Any, schedule),
        reference,
        cast(Any, loss),
        distance_start=distance_start,
        probe_train=probes[0],
        probe_holdout=probes[1],
    )
    if copies:
        return context
    unknown: dict[str, Any] = {each.name: math.nan for each in fields(Context) if each.name.endswith("_copy")}
    return replace(context, **unknown)


@dataclass(frozen=True)
class _Loss:
    name: str
    decision_point: float | None
    has_gain: bool


def _rows(name: str, samples: Any, problems: list[Problem]) -> Tensor:
    rows = torch.as_tensor(samples).detach().float().cpu()
    if rows.ndim < 1:
        raise ValueError(
            f"Monitor: {name} must have shape (n, *sample_shape), got (); give one row per sample"
        )
    rows = rows[:, None] if rows.ndim == 1 else rows
    good = rows.flatten(1).isfinite().all(dim=1)
    lost = int((~good).sum())
    if lost:
        problems.append(Problem(f"{lost} of {len(rows)} samples of {name} are not finite and are left out"))
    return rows[good]


def _modes(
    real: Tensor, centers: Any | None, sd: float | None, stand_ins: dict[str, str]
) -> tuple[Tensor | None, float | None]:
    if centers is None:
        return None, None
    points = torch.as_tensor(centers).detach().float().cpu()
    if points.ndim != 2 or points.shape[1:] != real.shape[1:]:
        raise ValueError(
            f"Monitor: mode_centers must have shape (modes, {', '.join(map(str, real.shape[1:]))}), got "
            f"{tuple(points.shape)}; one row per mode of points"
        )
    if sd is not None:
        return points, float(sd)
    nearest = torch.cdist(real, points).min(dim=1).values
    stand_ins["mode_sd"] = "no mode_sd was given: the spread of real samples about their modes stands in"
    return points, float(nearest.square().mean().div(real.shape[1]).sqrt().clamp(min=1e-12))
