"""Runs whose ending is known because it was planted: series of evaluations made by hand, no training.

The rows of IMAGES are measured planted samplers of the digits (598 real images on either side, 32 features;
noise 1.0 with 697).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from bench.diagnostics.oscillation import amplitude_null
from bench.records.schema import EvaluationRecord
from bench.verdict import DEFAULT, Context, window_start

EVALUATIONS, STEPS = 40, 4000
FLOOR, START = 1.7, 264.0
PRECISION_CEILING, COVERAGE_CEILING = 0.97, 0.95
SWUNG = 4.0
WANDERS = 6
WINDOW_ONLY = ("precision", "recall", "density", "coverage")


def row(fid, precision, recall, density, coverage, kl, modes, pairwise):
    return {
        "finite_fraction": 1.0,
        "max_abs": 1.0,
        "distance": fid,
        "precision": precision,
        "recall": recall,
        "density": density,
        "coverage": coverage,
        "mode_kl": kl,
        "modes_strict": modes,
        "pairwise_ratio": pairwise,
    }


IMAGES = {
    "other half": row(1.4, 0.97, 0.96, 1.04, 0.98, 0.013, 10, 1.00),
    "1 class missing": row(5.9, 0.97, 0.84, 1.03, 0.85, 0.099, 9, 1.01),
    "3 missing": row(13.0, 0.96, 0.61, 0.99, 0.68, 0.319, 7, 1.02),
    "5 missing": row(22.9, 0.96, 0.44, 0.98, 0.51, 0.587, 5, 1.01),
    "9 missing": row(179.0, 0.97, 0.02, 1.08, 0.11, 2.15, 1, 0.53),
    "1 image per class": row(25.4, 1.0, 0.00, 1.09, 0.09, 0.011, 10, 0.99),
    "single image": row(268.0, 1.0, 0.00, 2.2, 0.02, 2.28, 1, 0.00),
    "mean image": row(149.0, 1.0, 0.00, 2.0, 0.02, 2.48, 1, 0.00),
    "real + noise 0.5": row(4.1, 0.60, 1.0, 0.27, 0.59, 0.014, 10, 1.35),
    "real + noise 1.0": row(24.8, 0.14, 1.0, 0.08, 0.24, 0.032, 10, 2.07),
    "uniform noise": row(264.0, 0.00, 0.00, 0.00, 0.00, 0.093, 10, 1.06),
    "50 memorised": row(5.6, 0.95, 0.00, 1.06, 0.36, 0.050, 10, 1.00),
}
GOOD = IMAGES["other half"]
UNTRAINED = IMAGES["uniform noise"] | {"distance": START}


def image_context(**changes) -> Context:
    known = {
        "kind": "images",
        "steps": STEPS,
        "evaluations": EVALUATIONS,
        "samples": 697,
        "reference_samples": 697,
        "data_size": 1100,
        "modes_total": 10,
        "data_range": 2.0,
        "distance_floor": FLOOR,
        "distance_start": START,
        "precision_floor": PRECISION_CEILING,
        "recall_floor": 0.96,
        "coverage_floor": 0.97,
        "distance_copy": 1.8,
        "precision_copy": 0.97,
        "recall_copy": 0.95,
        "coverage_copy": COVERAGE_CEILING,
        "modes_strict_copy": 10.0,
        "mode_kl_copy": 0.013,
        "loss": "minimax",
        "decision_point": 0.0,
    }
    return Context(**(known | changes))


def few_images(data_size=50) -> Context:
    """What the data allow when a faithful copy is the planted sampler of 50 memorised images."""
    return image_context(
        data_size=data_size,
        distance_copy=5.6,
        precision_copy=0.95,
        recall_copy=0.0,
        coverage_copy=0.36,
        mode_kl_copy=0.05,
    )


def mixture_context(**changes) -> Context:
    known = {
        "kind": "mixture",
        "steps": STEPS,
        "evaluations": EVALUATIONS,
        "samples": 2500,
        "reference_samples": 2500,
        "data_size": 100_000,
        "modes_total": 8,
        "data_range": 2.06,
        "distance_floor": 1e-3,
        "distance_start": 0.5,
        "decision_point": 0.0,
    }
    return Context(**(known | changes))


def record(place, values, *, count=EVALUATIONS, steps=STEPS, histogram=(), every=()):
    """One evaluation; what only the final window measures is left out before it."""
    hidden = WINDOW_ONLY if place < window_start(count) else ()
    kept = {name: value for name, value in values.items() if name not in hidden or name in every}
    return EvaluationRecord(step=(place + 1) * steps // count, values=kept, histogram=tuple(histogram))


def run(rows: Sequence[dict], histograms: Sequence | None = None) -> tuple[EvaluationRecord, ...]:
    count = len(rows)
    shares = histograms if histograms is not None else [()] * count
    pairs = enumerate(zip(rows, shares, strict=True))
    return tuple(record(place, values, count=count, histogram=share) for place, (values, share) in pairs)


def distance_at(q, floor=FLOOR, start=START):
    return float(floor * (start / floor) ** q)


def approach(final: dict, arrival: float = 0.4, count: int = EVALUATIONS) -> list[dict]:
    """From the untrained generator straight, in log distance, to ``final``, reached at ``arrival``."""
    away = np.clip(1 - np.arange(1, count + 1) / (arrival * count), 0, 1)
    logs = (1 - away) * np.log(final["distance"]) + away * np.log(START)
    return [final | {"distance": float(np.exp(log))} for log in logs]


def ending(**changes) -> list[dict]:
    return approach(GOOD | changes)


def with_series(rows: list[dict], name: str, values: Sequence[float]) -> list[dict]:
    return [values_of | {name: float(value)} for values_of, value in zip(rows, values, strict=True)]


def held(modes, total=10):
    shares = np.zeros(total)
    shares[list(modes)] = 1 / len(modes)
    return shares


@dataclass(frozen=True)
class Planted:
    """A run with its planted ending: the label, and the rule that gives it."""

    outcome: str
    evaluations: tuple[EvaluationRecord, ...]
    context: Context = field(default_factory=image_context)
    diverged_step: int | None = None
    rule: str = ""
    run_level: dict[str, float] = field(default_factory=dict)

    @property
    def expected_rule(self):
        return self.rule or self.outcome


def swing_of(times):
    """Half the log of ``times`` the amplitude that counts, for a good generator without measured noise."""
    noise = DEFAULT.distance_noise / np.sqrt(SWUNG / FLOOR)
    return np.log(times * DEFAULT.amplitude * amplitude_null(noise)) / 2


def swinging(period, swing, ema=None):
    """A good generator whose log distance swings by ``swing`` up and down."""
    rows = ending(distance=SWUNG)
    phase = 2 * np.pi * np.arange(EVALUATIONS) / period
    distances = [
        values["distance"] * np.exp(swing * np.sin(p)) for values, p in zip(rows, phase, strict=True)
    ]
    rows = with_series(rows, "distance", distances)
    return rows if ema is None else with_series(rows, "distance_ema", [ema * value for value in distances])


def wandering(swing, ema=None, seed=WANDERS):
    """A good generator whose log distance drifts as far as one that swings, slowly and without a rhythm."""
    rng = np.random.default_rng(seed)
    walk = np.zeros(EVALUATIONS)
    for place in range(1, EVALUATIONS):
        walk[place] = 0.8 * walk[place - 1] + rng.normal()
    spread = np.diff(np.percentile(walk[window_start(EVALUATIONS) :], [10, 90]))[0]
    # A sine of amplitude ``swing`` has this range between its first and last deciles.
    distances = SWUNG * np.exp(walk * 2 * swing * np.cos(0.1 * np.pi) / spread)
    rows = with_series(ending(), "distance", distances)
    return rows if ema is None else with_series(rows, "distance_ema", [ema * value for value in distances])


def late_divergence():
    q = np.r_[np.linspace(1, 0.2, 20), np.full(15, 0.2), np.full(5, 0.97)]
    rows = with_series([GOOD] * EVALUATIONS, "distance", [distance_at(each) for each in q])
    return with_series(rows, "precision", np.r_[np.full(35, GOOD["precision"]), np.zeros(5)])


UNCOVERED = ending(coverage=0.8 * DEFAULT.stalled_coverage * COVERAGE_CEILING)
"""Good and diverse samples that leave out more of the data than a stable run may."""


def q_series(q):
    return with_series([GOOD] * EVALUATIONS, "distance", [distance_at(each) for each in q])


def rotating_classes():
    """Two of ten classes at a time, the next two at the next evaluation; each snapshot is collapsed."""
    snapshot = IMAGES["5 missing"] | {"modes_strict": 2, "mode_kl": float(np.log(5)), "coverage": 0.22}
    return run(approach(snapshot), [held([(2 * t) % 10, (2 * t + 1) % 10]) for t in range(EVALUATIONS)])


def nonfinite_end(last):
    rows = ending()
    broken = {"finite_fraction": 0.3, "distance": float("nan")}
    return [values | broken if place >= EVALUATIONS - last else values for place, values in enumerate(rows)]


NO_CLASSES = {"modes_strict": float("nan"), "mode_kl": float("nan")}

PLANTED: dict[str, Callable[[], Planted]] = {
    "stopped early": lambda: Planted("invalid", run(ending())[:20]),
    "nan in training": lambda: Planted("diverged:nonfinite", run(ending())[:20], diverged_step=2050),
    "nan samples": lambda: Planted("diverged:nonfinite", run(nonfinite_end(3))),
    "scale growth": lambda: Planted(
        "diverged:nonfinite", run(with_series(ending(), "max_abs", 1.5 ** np.arange(EVALUATIONS)))
    ),
    "hopping": lambda: Planted("oscillating:mode-hopping", rotating_classes()),
    "single image": lambda: Planted("collapsed:total", run(approach(IMAGES["single image"]))),
    "mean image": lambda: Planted("collapsed:total", run(approach(IMAGES["mean image"]))),
    "bad single image": lambda: Planted(
        "collapsed:total", run(approach(IMAGES["single image"] | {"precision": 0.0, "coverage": 0.0}))
    ),
    "one class left": lambda: Planted("collapsed:total", run(approach(IMAGES["9 missing"]))),
    "a patch, no classes": lambda: Planted(
        "collapsed:total",
        run(approach(IMAGES["9 missing"] | NO_CLASSES | {"coverage": 0.02})),
        image_context(modes_total=0, modes_strict_copy=float("nan"), mode_kl_copy=float("nan")),
    ),
    "late divergence": lambda: Planted("diverged:late", run(late_divergence())),
    "uniform noise": lambda: Planted(
        "no-progress", run(approach(IMAGES["uniform noise"])), rule="no-progress:gate-off"
    ),
    "classes missing": lambda: Planted("collapsed:partial", run(approach(IMAGES["5 missing"]))),
    "imbalance": lambda: Planted("collapsed:partial", run(ending(mode_kl=1.5 * DEFAULT.partial_kl))),
    "1 image per class": lambda: Planted("collapsed:partial", run(approach(IMAGES["1 image per class"]))),
    "many modes": lambda: Planted(
        "collapsed:partial",
        run(ending(modes_strict=80)),
        image_context(modes_total=100, modes_strict_copy=100.0, mode_kl_copy=0.02),
    ),
    "far but plausible": lambda: Planted("no-progress", run(q_series(np.linspace(1.0, 0.85, EVALUATIONS)))),
    "circling": lambda: Planted(
        "oscillating:quality", run(wandering(swing_of(1.3), ema=0.8 * DEFAULT.ema_gap))
    ),
    "in rhythm": lambda: Planted("oscillating:quality", run(swinging(10, swing_of(1.3)))),
    "jumping": lambda: Planted("oscillating:quality", run(swinging(2.6, swing_of(1.3)))),
    "still improving": lambda: Planted("still-improving", run(q_series(np.linspace(1.0, 0.2, EVALUATIONS)))),
    "degrading": lambda: Planted(
        "degrading", run(q_series(np.r_[np.linspace(1, 0.1, 20), np.linspace(0.1, 0.7, 20)]))
    ),
    "stalled far": lambda: Planted("stalled-low-quality", run(ending(distance=distance_at(0.65)))),
    "noisy": lambda: Planted("stalled-low-quality", run(approach(IMAGES["real + noise 1.0"]))),
    "uncovered": lambda: Planted("stalled-low-quality", run(UNCOVERED)),
    "perfect": lambda: Planted("converged", run(ending())),
    "faithful copies of few": lambda: Planted(
        "converged", run(approach(IMAGES["50 memorised"])), few_images()
    ),
    "poor mixture": lambda: Planted(
        "stalled-low-quality", run(mixture_ending(high_quality=0.6)), mixture_context()
    ),
    "perfect mixture": lambda: Planted("converged", run(mixture_ending()), mixture_context()),
    "far mixture": lambda: Planted(
        "stalled-low-quality", run(mixture_ending(distance=distance_at(0.5, 1e-3, 0.5))), mixture_context()
    ),
    "mixture noise": lambda: Planted(
        "no-progress",
        run(mixture_ending(distance=0.45, high_quality=0.1, modes_strict=1)),
        mixture_context(),
        rule="no-progress:gate-off",
    ),
}
"""Every ending at least once; each rule of the table, and each sign within a rule, has a run of its own."""


STUCK = np.r_[1.0, 0.9, 0.8, np.full(EVALUATIONS - 3, 0.7)]
"""q of a generator that gets nowhere."""
CRITIC = {"loss": "wasserstein", "decision_point": None}


def trace(q=STUCK, **columns):
    """Evaluations with the given q and constant or listed columns."""
    rows = q_series(q)
    for name, values in columns.items():
        rows = with_series(rows, name, np.broadcast_to(values, EVALUATIONS))
    return rows


def at_the_end(value):
    return np.r_[np.full(EVALUATIONS - 1, np.nan), value]


def flagged(columns, context=None, run_level=None):
    rows = run(trace(**columns))
    return Planted("", rows, image_context(**(context or {})), run_level=run_level or {})


FLAGGED: dict[str, tuple[str, Callable[[], Planted]]] = {
    "sure discriminator": ("D-dominated", lambda: flagged({"auc_real_fake": 1.0})),
    "dead gain": (
        "vanishing-gradient",
        lambda: flagged({"auc_real_fake": 1.0, "generator_gain": 0.001}),
    ),
    "dead gradient": (
        "vanishing-gradient",
        lambda: flagged({"auc_real_fake": 1.0, "generator_gradient": np.r_[1.0, 1.0, np.full(38, 1e-3)]}),
    ),
    "flat critic": (
        "vanishing-gradient",
        lambda: flagged({"auc_real_fake": 0.9, "discriminator_slope": np.r_[5.0, np.full(39, 0.01)]}, CRITIC),
    ),
    "blind discriminator": (
        "G-dominated",
        lambda: flagged({"auc_real_fake": 0.52, "probe_auc": at_the_end(0.99)}),
    ),
    "fooled discriminator": (
        "G-dominated",
        lambda: flagged({"auc_real_fake": 0.05, "probe_auc": at_the_end(0.99)}),
    ),
    "learned by heart": ("D-overfit", lambda: flagged({"auc_train_holdout": 0.9})),
    "gap of logits": ("D-overfit", lambda: flagged({"overfit_ratio": 0.8})),
    "copied samples": ("memorising", lambda: flagged({"data_copying": at_the_end(-6.0)})),
    "copied law": ("memorising", lambda: flagged({"memory_ratio": at_the_end(4.0)})),
    "penalty not met": (
        "critic-unconstrained",
        lambda: flagged({"penalty_deviation": 1.0}, {"regularizer": "gradient_penalty", **CRITIC}),
    ),
    "all weights at the bound": (
        "critic-unconstrained",
        lambda: flagged({"clip_saturation": 0.99}, {"regularizer": "clip", **CRITIC}),
    ),
    "steep profile": (
        "critic-unconstrained",
        lambda: flagged({"slope_profile": 500.0}, {"regularizer": "clip", **CRITIC}),
    ),
    "turning at rest": (
        "rotational",
        lambda: flagged({}, run_level={"spectrum_rotation": 0.99, "stationarity": 0.01}),
    ),
}
"""A planted trace for every sign of every mechanism: the flag, and the run that must carry it."""


def mixture_ending(**changes):
    good = {
        "finite_fraction": 1.0,
        "max_abs": 1.03,
        "distance": 1.1e-3,
        "high_quality": 0.985,
        "modes_strict": 8,
        "mode_kl": 0.002,
        "pairwise_ratio": 1.0,
    }
    return [good | {"distance": value} | changes for value in np.geomspace(0.5, 1.1e-3, 20).tolist()] + [
        good | changes
    ] * 20
