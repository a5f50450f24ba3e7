"""What the data, the loss and the schedule of a run allow: all that a verdict needs besides the evaluations.

Stored with every verdict, so that stored runs can be judged again without data, networks or training.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import chdtri

from bench.diagnostics.oscillation import log_series, tv_null
from gans.config import RunConfig

if TYPE_CHECKING:  # they import torch, which judging a stored run does not need
    from bench.metrics.reference import Reference
    from gans.losses import Loss

IMAGES, MIXTURE = "images", "mixture"
KINDS = (IMAGES, MIXTURE)
"""How samples are judged: by their neighbours among real features, or by the known modes of a mixture."""

PERFECT_HIGH_QUALITY = 0.9889
"""Share of a two-dimensional Gaussian within three sd: 1 - exp(-9/2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The measuring stick of one run.

    Args:
        kind: one of KINDS. steps: generator updates planned. evaluations: how many probes were planned.
        samples: generated samples per probe. reference_samples: real ones they are compared with.
        data_size: training samples the run may see. probe_train, probe_holdout: logits behind its AUCs.
        modes_total: modes or classes of the data. data_range: largest less smallest value in the data.
        distance_start: distance of the untrained generator.
        *_floor: each metric for real against real at the same sample count.
        *_copy: the same for a faithful copy of that many training samples, with the run's defect; NaN where
            not known (then the floor is the ceiling).
        mode_shares: real share of each class or mode; empty for equal shares.
        distance_noise: sd of log distance between draws of real data, all there is; NaN where not measured.
        loss, decision_point, has_gain, regularizer: what the diagnostics of this run can mean.
    """

    kind: str
    steps: int
    evaluations: int
    samples: int
    reference_samples: int
    data_size: int
    modes_total: int
    data_range: float
    distance_floor: float
    distance_start: float
    precision_floor: float = math.nan
    recall_floor: float = math.nan
    coverage_floor: float = math.nan
    high_quality_floor: float = PERFECT_HIGH_QUALITY
    distance_copy: float = math.nan
    precision_copy: float = math.nan
    recall_copy: float = math.nan
    coverage_copy: float = math.nan
    modes_strict_copy: float = math.nan
    mode_kl_copy: float = math.nan
    mode_shares: tuple[float, ...] = ()
    distance_noise: float = math.nan
    probe_train: int = 0
    probe_holdout: int = 0
    loss: str = ""
    decision_point: float | None = None
    has_gain: bool = True
    regularizer: str = "none"

    def __post_init__(self) -> None:
        """Check what every rule relies on; measured values may be anything."""
        if self.kind not in KINDS:
            raise ValueError(
                f"context: kind must be one of {', '.join(KINDS)}, got {self.kind!r}; choose one"
            )
        for name in ("steps", "evaluations", "samples", "reference_samples", "data_size"):
            if getattr(self, name) < 1:
                raise ValueError(
                    f"context: {name} must be at least 1, got {getattr(self, name)}; count again"
                )
        if self.modes_total < 0 or len(self.mode_shares) not in (0, self.modes_total):
            raise ValueError(
                f"context: mode_shares must be empty or one share per mode, got {len(self.mode_shares)} for "
                f"{self.modes_total} modes; give the real histogram"
            )

    @property
    def tv_null(self) -> float:
        """Mean total variation between two histograms of one generator."""
        return tv_null(self.modes_total, self.samples)

    @property
    def kl_null_q99(self) -> float:
        """99 % quantile of ``mode_kl`` of a perfect sampler: chi squared over twice the samples.

        Of images the real histogram is itself a sample, which doubles it at equal counts.

        Source:
            Wilks 1938; simulated at K=8, N=2,500: 0.0035 (here 0.0037).
        """
        if self.modes_total < 2:
            return 0.0
        inverse = 1 / self.samples + (1 / self.reference_samples if self.kind == IMAGES else 0.0)
        return float(chdtri(self.modes_total - 1, 0.01)) / 2 * inverse

    def ceiling(self, name: str) -> float:
        """The best that the data allow: of the floor and a faithful copy, the one that is known and lower.

        Args:
            name: precision, recall or coverage.
        """
        known = [getattr(self, f"{name}_{which}") for which in ("floor", "copy")]
        return min((value for value in known if math.isfinite(value)), default=math.nan)

    @property
    def modes_ceiling(self) -> int:
        """Modes that a faithful copy of the training samples holds at least; all of them where not known."""
        copied = self.modes_strict_copy
        if not math.isfinite(copied):
            return self.modes_total
        return max(0, min(self.modes_total, math.floor(copied + 1e-9)))

    def to_mapping(self) -> dict[str, Any]:
        """Spell the context in strict JSON values: NaN becomes null, an infinity its name."""
        values = asdict(self)
        values["mode_shares"] = list(self.mode_shares)
        return {name: _plain(value) for name, value in values.items()}


def context_from_mapping(values: Mapping[str, Any]) -> Context:
    """Read a stored context back.

    Raises:
        ValueError: a field is unknown or a required one is missing.
    """
    known = {each.name: each for each in fields(Context)}
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise ValueError(
            f"context: must have fields of Context only, got {unknown}; a record of another schema?"
        )
    revived = {name: _revived(name, value) for name, value in values.items()}
    revived["mode_shares"] = tuple(values.get("mode_shares", ()))
    try:
        return Context(**revived)
    except TypeError as error:
        raise ValueError(f"context: must hold every required field; {error}") from error


def context_of(
    config: RunConfig,
    reference: Reference,
    loss: Loss,
    *,
    distance_start: float,
    probe_train: int = 0,
    probe_holdout: int = 0,
) -> Context:
    """The context of one run, from what it trains with and is measured against.

    Args:
        distance_start: distance of the run's untrained generator.
        probe_train, probe_holdout: how many logits of either kind its discriminator is probed with.
    """
    return Context(
        steps=config.steps,
        evaluations=config.evaluations,
        data_size=config.data_size,
        distance_start=distance_start,
        probe_train=probe_train,
        probe_holdout=probe_holdout,
        loss=loss.name,
        decision_point=loss.decision_point,
        has_gain=loss.has_gain,
        regularizer=config.regularizer,
        **_measured(reference, config),
    )


def _measured(reference: Reference, config: RunConfig) -> dict[str, Any]:
    """The fields of a context that say what real data, and a faithful copy of the run's own, measure."""
    floors, copies = reference.floors, reference.copy(config.data_size, config.defect)
    low, high = reference.range
    shares = reference.fair_share
    is_mixture = math.isfinite(floors.get("high_quality", math.nan))
    return {
        "kind": MIXTURE if is_mixture else IMAGES,
        "samples": reference.n,
        "reference_samples": reference.n,
        "modes_total": 0 if shares is None else len(shares),
        "mode_shares": () if shares is None else tuple(shares.tolist()),
        "data_range": float((high - low).max()),
        "distance_noise": _sd_of_log(reference.floor_draws["distance"]),
        "high_quality_floor": floors["high_quality"] if is_mixture else PERFECT_HIGH_QUALITY,
        **{f"{name}_floor": floors.get(name, math.nan) for name in _FLOORS},
        **{f"{name}_copy": copies.get(name, math.nan) for name in _COPIES},
    }


_FLOORS = ("distance", "precision", "recall", "coverage")
_COPIES = ("distance", "precision", "recall", "coverage", "modes_strict", "mode_kl")


def _sd_of_log(distances: Sequence[float]) -> float:
    logs = log_series(distances)
    logs = logs[np.isfinite(logs)]
    return float(logs.std(ddof=1)) if logs.size > 1 else math.nan


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    return value


def _revived(name: str, value: Any) -> Any:
    if value is None:
        return None if name == "decision_point" else math.nan
    return float(value) if value in ("Infinity", "-Infinity") else value
