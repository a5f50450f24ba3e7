"""The evaluations of one run as arrays: the only form in which rules see them.

Whatever is missing, malformed or not finite is NaN here, so that no rule has to ask twice.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from bench.diagnostics.arrays import Flags, Floats, finite_rows, median, rolling_median, share_of
from bench.diagnostics.oscillation import amplitude, histogram_tv, hop, log_series, theil_sen
from bench.diagnostics.rednoise import Oscillation, oscillation
from bench.records.schema import EvaluationRecord
from bench.verdict.context import MIXTURE, Context
from bench.verdict.moments import onset, window_start
from bench.verdict.scale import normalised_log_distance
from bench.verdict.thresholds import Thresholds


@dataclass(frozen=True)
class Series:
    """One run, evaluation by evaluation, in the order of steps.

    Args:
        run_level: numbers that only the whole run has, columns of ``RUN_ONLY``; absent where not measured.

    Shapes:
        every array: (evaluations,), histograms: (evaluations, modes).
    """

    records: tuple[EvaluationRecord, ...]
    context: Context
    thresholds: Thresholds
    diverged_step: int | None = None
    run_level: Mapping[str, float] = field(default_factory=dict)
    steps: tuple[int, ...] = field(init=False)
    _columns: dict[str, Floats] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Sort by step: a store may hand evaluations over in any order."""
        ordered = tuple(sorted(self.records, key=lambda record: record.step))
        object.__setattr__(self, "records", ordered)
        object.__setattr__(self, "steps", tuple(record.step for record in ordered))

    def __len__(self) -> int:
        return len(self.records)

    def column(self, name: str) -> Floats:
        """One stored column; NaN where absent or not finite."""
        values = self.raw(name)
        return np.where(np.isfinite(values), values, math.nan)

    def raw(self, name: str) -> Floats:
        """One stored column as it was measured, infinities kept; NaN where absent. Not to be written to."""
        if name not in self._columns:
            values = [record.values.get(name, math.nan) for record in self.records]
            self._columns[name] = np.array(values, dtype=np.float64)
            self._columns[name].flags.writeable = False
        return self._columns[name]

    @cached_property
    def q(self) -> Floats:
        """Normalised log distance."""
        return normalised_log_distance(
            self.raw("distance"), self.context.distance_floor, self.context.distance_start
        )

    @cached_property
    def q_settled(self) -> Floats:
        """Running median of three of q: its lowest value, unlike that of q, does not lie below the level."""
        return rolling_median(self.q, 3)

    @cached_property
    def histograms(self) -> Floats:
        """Share per mode or class; a row of NaN where none of the right length was stored."""
        modes = self.context.modes_total
        rows = [r.histogram if len(r.histogram) == modes else (math.nan,) * modes for r in self.records]
        return np.array(rows, dtype=np.float64).reshape(len(self.records), modes)

    @cached_property
    def tv(self) -> Floats:
        """Total variation between each histogram and the one before."""
        return histogram_tv(self.histograms)

    @cached_property
    def held(self) -> Flags:
        """Which modes hold at least a fifth of their fair share."""
        modes = self.context.modes_total
        shares = (
            np.array(self.context.mode_shares)
            if self.context.mode_shares
            else np.full(modes, 1 / max(modes, 1))
        )
        counts = np.where(np.isfinite(self.histograms), self.histograms, 0.0) * self.context.samples
        needed = np.ceil(self.thresholds.strict_share * shares * self.context.samples - 1e-9)
        held: Flags = counts >= np.maximum(needed, 1.0) - 1e-6
        return held

    @property
    def window(self) -> slice:
        """The final window."""
        return slice(window_start(len(self), self.thresholds), None)

    @property
    def window_length(self) -> int:
        """Evaluations in the final window."""
        return len(self) - window_start(len(self), self.thresholds)

    @property
    def span(self) -> Flags:
        """Which evaluations mechanisms look at: those after the first tenth of the planned steps."""
        return np.array(self.steps, dtype=np.float64) >= self.thresholds.span_start * self.context.steps

    @property
    def late(self) -> Flags:
        """Which evaluations a rhythm is looked for in: those of the second half of training."""
        begun = self.thresholds.oscillation_start * self.context.steps
        return np.array(self.steps, dtype=np.float64) > begun

    def last(self, name: str) -> float:
        """Median of a column over the final window."""
        return median(self.column(name)[self.window])

    def relative(self, name: str) -> Floats:
        """A column as a share of what the data allow; NaN where the ceiling is unknown or zero."""
        ceiling = self.context.ceiling(name)
        return self.column(name) / ceiling if ceiling > 0 else np.full(len(self), math.nan)

    @cached_property
    def log_distance(self) -> Floats:
        """Logarithm of the distance over the final window."""
        return log_series(self.column("distance")[self.window])

    @cached_property
    def noise(self) -> float:
        """Sd of log distance that sampling alone gives at the level of the final window.

        Real draws show it at the floor; above, it falls like one over the square root of the distance. On
        digits, ring8 and grid25 with classes missing, scaled or noisy, that is never less than what repeated
        draws show, and up to twice as much.
        """
        measured = self.context.distance_noise
        at_floor = measured if math.isfinite(measured) and measured > 0 else self.thresholds.distance_noise
        level = share_of(median(np.exp(self.log_distance)), self.context.distance_floor)
        return at_floor / math.sqrt(level) if level > 1 else at_floor

    @cached_property
    def amplitude(self) -> float:
        """Factor by which the distance swings in the final window."""
        return amplitude(self.column("distance")[self.window])

    @cached_property
    def rhythm(self) -> Oscillation:
        """Strongest period of log distance over the second half of training, against red noise."""
        return oscillation(log_series(self.column("distance")[self.late]))

    @cached_property
    def hop(self) -> float:
        """Modes visited in the final window less those held at once, over all modes."""
        known = finite_rows(self.histograms)[self.window]
        return hop(self.held[self.window][known])

    @cached_property
    def tv_window(self) -> float:
        """Median total variation from one evaluation to the next in the final window."""
        return median(self.tv[self.window])

    @cached_property
    def ema_gap(self) -> float:
        """Distance of the averaged generator over that of the live one, median over the final window."""
        live = self.column("distance")
        ratio = np.where(live > 0, self.column("distance_ema") / np.where(live > 0, live, 1.0), math.nan)
        return median(ratio[self.window])

    @cached_property
    def q_window(self) -> float:
        """Median q over the final window; NaN without evaluations."""
        return median(self.q[self.window])

    @cached_property
    def delta_q(self) -> float:
        """Change of q over the final window: its Theil-Sen slope times the length of the window."""
        return theil_sen(self.q[self.window]) * self.window_length

    @cached_property
    def delta_q_noise(self) -> float:
        """Sd of ``delta_q`` that sampling alone gives: a straight line through as many independent draws."""
        scale = math.log(share_of(self.context.distance_start, self.context.distance_floor))
        length = self.window_length
        return self.noise / scale * math.sqrt(12 * length / max(length**2 - 1, 1))

    @cached_property
    def gate(self) -> Flags:
        """Where samples look enough like data for a statement on modes; not measured counts as yes."""
        limits = self.thresholds
        if self.context.kind == MIXTURE:
            off = self.column("high_quality") < limits.gate_high_quality
        else:
            off = self.relative("precision") < limits.gate_precision
        return ~off

    @property
    def plausible(self) -> Flags:
        """Where samples were measured to look enough like data: the gate, not measured counting as no."""
        name = "high_quality" if self.context.kind == MIXTURE else "precision"
        return self.gate & np.isfinite(self.column(name))

    @property
    def gate_on(self) -> bool:
        """Whether the gate is on in at least half of the final window."""
        return bool(np.count_nonzero(self.gate[self.window]) * 2 >= self.window_length)

    def onset(self, holds: Flags) -> int | None:
        """First step from which something held to the end, gaps of one evaluation bridged.

        Where it does not hold at the very end: the first step of the final window at which it holds.

        Shapes:
            holds: (evaluations,).
        """
        return onset(self.steps, holds, window_start(len(self), self.thresholds))
