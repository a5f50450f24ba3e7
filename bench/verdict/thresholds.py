"""Every number a verdict depends on, in one frozen, versioned object, each with its ground.

To recalibrate: change defaults here, change ``version``, and write the new ground beside the number. What a
number is compared with, and when, is in breakdown.py, curve.py, collapse.py and mechanisms.py.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace


def _limit(default: float, ground: str) -> float:
    value: float = field(default=default, metadata={"ground": ground})
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The limits of all rules.

    Units:
        q: normalised log distance, 0 real and 1 untrained. Names ending in ``_share`` are shares of
        evaluations, modes or steps; ``*_coverage``, ``*_recall``, ``*_precision`` are shares of what the data
        allow (the smaller of real against real and a faithful copy of the training samples).
    """

    version: str = "2026-11-f"

    # When: which evaluations a rule looks at.
    window_share: float = _limit(0.25, "the final window is the last quarter of the evaluations")
    window_min: float = _limit(10, "a median, a slope and deciles of fewer values are mostly noise")
    window_most: float = _limit(0.5, "short runs: the first half of training is never its end")
    persist_share: float = _limit(
        0.6, "a clear majority of the window, so that one odd evaluation decides nothing"
    )
    span_start: float = _limit(
        0.10, "mechanisms ignore the first tenth of training: every discriminator wins there"
    )
    span_share: float = _limit(
        0.7, "a mechanism is at work in most evaluations after that; at half, one label in ten hung on it"
    )

    # Ended early or exploded.
    done_share: float = _limit(0.6, "a run stopped by us before this share of its steps says too little")
    range_factor: float = _limit(10.0, "ten data ranges away no sample can be a near miss")
    start_over_floor: float = _limit(5.0, "below it q divides by a logarithm near zero")

    # Mode hopping.
    hop: float = _limit(
        0.25, "visits a quarter of all modes more than it holds at once; a fixed collapse has 0"
    )
    hop_tv_factor: float = _limit(
        3.0, "three times what two samples of one law differ by; its 99.9 % quantile is 2"
    )

    # Collapse.
    gate_precision: float = _limit(
        0.33,
        "as stalled_precision: a run is judged by its classes or stalls for its precision; no third way",
    )
    gate_high_quality: float = _limit(0.3, "mixtures: a third of the samples near a mode, likewise")
    strict_share: float = _limit(
        0.2, "a mode is held with a fifth of its fair share, as the column modes_strict"
    )
    total_pairwise: float = _limit(0.10, "one image or the mean image has 0, one class left 0.53")
    total_modes_share: float = _limit(0.1, "one mode or class of ten")
    total_coverage: float = _limit(0.20, "one class of ten covers 0.11")
    total_coverage_alone: float = _limit(0.05, "one image covers 0.02, one image per class 0.09")
    many_modes: float = _limit(50, "beyond, a perfect sampler may miss a mode by chance")
    partial_modes_share: float = _limit(0.95, "beyond 50 modes, the share that must be held")
    partial_kl: float = _limit(
        0.20, "nats above a faithful copy: 8.2 effective classes of ten; 90 % of pilot best cells have less"
    )
    kl_null_factor: float = _limit(3.0, "times the 99 % quantile of the KL of a sample of the real histogram")
    intra_coverage: float = _limit(
        0.50, "half of what the data allow; the pilot best cells with batches of variety cover 0.62 and more"
    )
    intra_recall: float = _limit(0.85, "keeps diverse but noisy samplers out: they recall 1.0")
    intra_recall_blind: float = _limit(
        0.05, "where a faithful copy recalls less than this, recall compares nothing"
    )
    intra_spread: float = _limit(0.5, "mixtures: modes half as wide as they should be")
    intra_density: float = _limit(0.5, "keeps noisy samplers out: real + noise 0.5 has 0.27")

    # Progress.
    late_q: float = _limit(0.9, "back at the untrained generator")
    late_best_q: float = _limit(0.6, "after having clearly learned; far from 0.9, so noise cannot toggle it")
    late_evaluations: float = _limit(3, "median of the last three, so one bad probe is no divergence")
    no_progress_q: float = _limit(0.8, "never nearer to the data than a fifth of the way in log distance")
    improving_delta_q: float = _limit(
        -0.12, "an eighth of the whole way within the window; pilot best cells drift by up to a tenth"
    )
    degrading_delta_q: float = _limit(
        0.15, "a little more, upwards: degrading is a failure, undecided is not"
    )
    trend_noise_sds: float = _limit(
        3.0, "of sampling alone: 1 % of flat series of independent draws lie beyond"
    )
    stalled_q: float = _limit(
        0.55,
        "pilot: the worst recipe in its best cell ends at 0.39; few runs lie beyond and fail nothing else",
    )
    stalled_q_mixture: float = _limit(
        0.40, "the definition's proposal: no pilot run of a mixture calibrates it"
    )
    stalled_precision: float = _limit(
        0.33, "a third of what the data allow; pilot: wgan in its best cell has 0.34 and more"
    )
    stalled_coverage: float = _limit(
        0.30, "few runs lie near it: 7.5 % of pilot labels change when it moves; one class of ten covers 0.11"
    )
    stalled_high_quality: float = _limit(
        0.75, "the definition's proposal: three quarters of a perfect sampler; no pilot recipe gets there"
    )

    # Oscillation of the distance.
    distance_noise: float = _limit(
        0.3, "sd of log distance between draws of real data, where not measured: digits 0.30"
    )
    amplitude: float = _limit(
        2.0, "times the amplitude of that noise; pilot best cells swing by 1.8 times on median"
    )
    ema_gap: float = _limit(
        0.33, "an averaged generator at a third of the distance: the live one circles a good point"
    )
    reversal_share: float = _limit(0.6, "most large steps turn back on the one before")
    reversal_steps: float = _limit(4, "fewer large steps make no pattern")
    noise_factor: float = _limit(3.0, "a step is large beyond three sd of the noise")
    oscillation_p: float = _limit(
        0.01,
        "false alarms of that sign; p comes in steps of 1 in 200: red noise is below it once in 200 series",
    )
    oscillation_start: float = _limit(
        0.5, "a rhythm is looked for in the second half of training, where learning no longer bends the curve"
    )

    # Mechanisms.
    dominated_auc: float = _limit(0.98, "two unit Gaussians 2.9 sd apart")
    dominated_delta_q: float = _limit(-0.05, "the generator does not get nearer meanwhile")
    vanished_gain: float = _limit(0.01, "typical fake logit at -4.6 under the minimax loss")
    vanished_gradient: float = _limit(0.01, "a hundredth of its own early median")
    early_share: float = _limit(0.05, "the first twentieth of the steps is early")
    vanished_slope: float = _limit(0.01, "a hundredth of the critic's own largest slope")
    weak_auc: float = _limit(
        0.60, "overlap of two unit Gaussians 0.36 sd apart; further below one half the sides are wrong"
    )
    weak_probe_auc: float = _limit(0.90, "while a fixed classifier separates them at 1.8 sd")
    overfit_auc: float = _limit(0.75, "midway between no memory of the training set and complete memory")
    overfit_null_sds: float = _limit(3.0, "above what as few training samples show by chance")
    overfit_ratio: float = _limit(0.5, "midpoint of its scale from 0 to 1")
    overfit_smoothing: float = _limit(3, "median over three evaluations: both are noisy at small data sizes")
    harmful_rise_q: float = _limit(0.1, "the distance rose again while the discriminator overfitted")
    copying_z: float = _limit(-3.0, "three sd nearer to training samples than unseen real samples are")
    memory_ratio: float = _limit(
        2.0, "the training samples lie twice as near as unseen real ones, floors off"
    )
    penalty_deviation: float = _limit(0.5, "mean slope off its target by half the target")
    clip_saturation: float = _limit(0.9, "the clipping bound, not the loss, sets nine weights of ten")
    slope_profile: float = _limit(
        100.0, "gradients shrink or grow a hundredfold across the layers of a clipped critic"
    )
    rotation: float = _limit(
        0.9, "the game's Jacobian turns far more than it attracts: 26 degrees off the axis"
    )
    stationarity: float = _limit(
        0.05, "eigenvalues say where training goes only where its gradients are a twentieth of early ones"
    )

    # Ending a run early, where that is asked for.
    stop_share: float = _limit(0.5, "pilot: of collapses at a third of training one in twenty heals")
    stop_looks: float = _limit(
        3, "in a row, a tenth of training apart: pilot runs hop in and out of failures"
    )
    stop_delta_q: float = _limit(0.05, "nearer by a twentieth of the way meanwhile: not past hope")


DEFAULT = Thresholds()
"""What every verdict uses unless it says otherwise."""


def grounds() -> Mapping[str, str]:
    """Say for each limit why it has its value."""
    return {each.name: each.metadata["ground"] for each in fields(Thresholds) if "ground" in each.metadata}


def read_settings(settings: Sequence[str]) -> dict[str, float]:
    """Read limits as a command line gives them: ``name=value``, or several with commas between.

    Raises:
        ValueError: a setting is not of that form, or names a limit again.

    Example:
        >>> read_settings(["hop=0.3,stalled_q=0.5", "amplitude=3"])
        {'hop': 0.3, 'stalled_q': 0.5, 'amplitude': 3.0}
    """
    found: dict[str, float] = {}
    for setting in (part for each in settings for part in each.split(",")):
        name, _, value = (part.strip() for part in setting.partition("="))
        try:
            number = float(value)
        except ValueError as error:
            raise ValueError(
                f"must be LIMIT=VALUE with a number, got {setting!r}; as in stalled_q=0.5"
            ) from error
        if name in found:
            raise ValueError(f"must name each limit once, got {name!r} again; keep one")
        found[name] = number
    return found


def override(thresholds: Thresholds, changes: Mapping[str, float]) -> Thresholds:
    """Change some limits; the version names every change, so no verdict passes for a default one.

    Raises:
        ValueError: a name is no limit, or a value is not finite.

    Example:
        >>> override(DEFAULT, {"stalled_q": 0.5}).version.removeprefix(DEFAULT.version)
        '+stalled_q=0.5'
    """
    names = list(grounds())
    for name, value in changes.items():
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(names)}"
            raise ValueError(f"thresholds: must be a known limit, got {name!r}; {hint}")
        if not math.isfinite(value):
            raise ValueError(f"thresholds: {name} must be a finite number, got {value}; give a limit")
    named = ",".join(f"{name}={value:g}" for name, value in sorted(changes.items()))
    version = f"{thresholds.version}+{named}" if named else thresholds.version
    return replace(thresholds, version=version, **dict(changes))
