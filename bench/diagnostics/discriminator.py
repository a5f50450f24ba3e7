"""What a discriminator knows at one probe: can it tell real from fake, train from holdout, and how surely.

Numbers only, from logits that the caller has computed; whether a number is bad is for bench.verdict to say.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bench.diagnostics.arrays import Flags, Floats, finite_rows
from bench.diagnostics.logits import QUANTILES, jsd_bound, mean_sign, quantiles

SATURATED_LOGIT = 6.0
"""Beyond it a sigmoid is within 0.0025 of 0 or 1."""

SMALLEST_GAP = 0.1
"""overfit_ratio needs a train-fake gap of at least this many standard deviations of the logits."""

NEEDS: Mapping[str, tuple[str, ...]] = {
    "auc_real_fake": ("holdout", "fake"),
    "auc_train_holdout": ("train", "holdout"),
    "overfit_ratio": ("train", "holdout", "fake"),
    "accuracy_real": ("holdout",),
    "accuracy_fake": ("fake",),
    "saturation": ("holdout", "fake"),
    "logit_real": ("holdout",),
    "logit_fake": ("fake",),
    **{f"logit_real_{end}": ("holdout",) for end in QUANTILES},
    **{f"logit_fake_{end}": ("fake",) for end in QUANTILES},
    "jsd_bound": ("holdout", "fake"),
    "train_sign": ("train",),
}
"""Each number, under the column name that stores it, with the sets of logits it is made from."""

NEEDS_DECISION_POINT = ("accuracy_real", "accuracy_fake", "saturation", "train_sign")
"""What has no meaning for a loss whose logits have no zero (Wasserstein, relativistic)."""

NEEDS_LOG_ODDS = ("jsd_bound",)
"""What has a meaning only where logits are log odds (logistic losses)."""


class Decides(Protocol):
    """The part of a loss that a probe needs."""

    @property
    def decision_point(self) -> float | None:
        """The logit at which real and fake are equally likely; None where no logit means that."""

    @property
    def log_odds(self) -> bool:
        """Whether the best discriminator's logit is the log ratio of the two densities."""


def auc(positive: npt.ArrayLike, negative: npt.ArrayLike) -> float:
    """Chance that a positive scores above a negative, ties counting half (Mann-Whitney U / nm).

    Shapes:
        positive: (n,); negative: (m,), both not empty.

    Returns:
        0 to 1; NaN where a score is not finite.

    Source:
        Mann and Whitney 1947; Hanley and McNeil 1982 for the reading as area under the ROC curve.

    Example:
        Of the four pairs two are won, one is lost and one is a tie:

        >>> auc([2.0, 5.0], [2.0, 3.0])
        0.625
    """
    high, low = np.asarray(positive, dtype=np.float64), np.asarray(negative, dtype=np.float64)
    if high.size == 0 or low.size == 0:
        raise ValueError(
            f"auc: both sides must hold a score, got {high.size} and {low.size}; give at least one each"
        )
    if not (np.isfinite(high).all() and np.isfinite(low).all()):
        return math.nan
    return _share_below(np.sort(high), np.sort(low))


def auc_null_sd(positive: int, negative: int) -> float:
    """Standard deviation of the AUC of ``positive`` against ``negative`` scores of one law.

    Example:
        >>> round(auc_null_sd(1000, 1000), 4)
        0.0129
    """
    return math.sqrt((positive + negative + 1) / (12 * positive * negative))


def discriminator_state(
    train: npt.ArrayLike, holdout: npt.ArrayLike, fake: npt.ArrayLike, loss: Decides
) -> dict[str, float]:
    """All numbers of ``NEEDS`` for one run; see ``discriminator_states``.

    Shapes:
        train: (T,); holdout: (H,); fake: (N,), logits.
    """
    rows = [np.asarray(logits, dtype=np.float64)[None] for logits in (train, holdout, fake)]
    states = discriminator_states(rows[0], rows[1], rows[2], loss)
    return {name: float(values[0]) for name, values in states.items()}


def discriminator_states(
    train: npt.ArrayLike,
    holdout: npt.ArrayLike,
    fake: npt.ArrayLike,
    loss: Decides,
    *,
    train_counts: npt.ArrayLike | None = None,
) -> dict[str, Floats]:
    """Read the discriminators of a cohort at one probe.

    * ``auc_real_fake`` on holdout against generated samples, ``auc_train_holdout`` on train against holdout;
    * ``overfit_ratio`` r_v = (train - holdout) / (train - fake) in mean logits, 0 none and 1 complete;
    * ``accuracy_real``, ``accuracy_fake``: share right of the decision point, on it counting half;
    * ``saturation``: share of logits beyond 6 in absolute value, holdout and generated weighing the same;
    * ``logit_real``, ``logit_fake``: means on holdout and on generated samples, and with ``_p05``, ``_p50``,
      ``_p95`` their quantiles;
    * ``jsd_bound``: Jensen-Shannon divergence that they prove at least;
    * ``train_sign``: r_t, mean sign of logits on training samples as they are.

    Args:
        train, holdout, fake: logits on training samples, unseen real samples, generated samples.
        loss: gives the decision point, and whether logits are log odds.
        train_counts: how many leading training logits of each member are its own, where data sizes differ.

    Shapes:
        train: (M, T); holdout: (M, H); fake: (M, N); train_counts: (M,), each 1 to T; every result: (M,).

    Returns:
        NaN where a number does not apply or cannot be had; ``discriminator_statuses`` says which.

    Raises:
        ValueError: a set is empty, not two-dimensional, or the members differ in number.

    Source:
        Karras et al. 2020, "Training Generative Adversarial Networks with Limited Data", for r_v.

    Example:
        >>> from types import SimpleNamespace
        >>> logistic = SimpleNamespace(decision_point=0.0, log_odds=True)
        >>> state = discriminator_states([[4.0, 4.0]], [[1.0, 3.0]], [[-2.0, 2.0]], logistic)
        >>> state["auc_real_fake"].item(), state["overfit_ratio"].item(), state["accuracy_fake"].item()
        (0.75, 0.5, 0.5)
    """
    sets = {
        name: _logits(name, values)
        for name, values in (("train", train), ("holdout", holdout), ("fake", fake))
    }
    members = len(sets["fake"])
    if {len(values) for values in sets.values()} != {members}:
        raise ValueError(
            f"discriminator_states: every set must have the same members, got "
            f"{[values.shape for values in sets.values()]}; pass one row per member"
        )
    own = _own(sets["train"].shape, train_counts)
    usable = {name: finite_rows(values) for name, values in sets.items()}
    usable["train"] = finite_rows(np.where(own, sets["train"], 0.0))
    clean = {name: np.where(usable[name][:, None], values, 0.0) for name, values in sets.items()}
    states = _numbers(np.where(own, clean["train"], 0.0), own, clean["holdout"], clean["fake"], loss)
    for name, needed in NEEDS.items():
        states[name][~np.logical_and.reduce([usable[each] for each in needed])] = math.nan
    return states


def discriminator_statuses(states: Mapping[str, Floats], loss: Decides) -> tuple[dict[str, str], ...]:
    """Say per member why each missing number is missing.

    Returns:
        One mapping per member, number to ``not_applicable`` (the loss has no decision point or no log odds;
        train and fake lie too close for a ratio) or ``nonfinite_input``; numbers that are there do not
        appear.
    """
    pure_gap = np.isfinite(states["auc_train_holdout"]) & np.isfinite(states["logit_fake"])

    def status(name: str, member: int) -> str:
        """Why this member lacks this number."""
        if name in NEEDS_DECISION_POINT and loss.decision_point is None:
            return "not_applicable"
        if name in NEEDS_LOG_ODDS and not loss.log_odds:
            return "not_applicable"
        return "not_applicable" if name == "overfit_ratio" and pure_gap[member] else "nonfinite_input"

    return tuple(
        {name: status(name, member) for name, values in states.items() if math.isnan(values[member])}
        for member in range(len(pure_gap))
    )


def _logits(name: str, values: npt.ArrayLike) -> Floats:
    logits = np.asarray(values, dtype=np.float64)
    if logits.ndim != 2 or logits.shape[1] == 0:
        raise ValueError(
            f"discriminator_states: {name} must be (members, samples) with a sample, got {logits.shape}; "
            "pass the logits of every member"
        )
    return logits


def _own(shape: tuple[int, ...], counts: npt.ArrayLike | None) -> Flags:
    members, width = shape
    sizes = np.full(members, width) if counts is None else np.asarray(counts)
    if sizes.shape != (members,) or sizes.min(initial=1) < 1 or sizes.max(initial=1) > width:
        raise ValueError(
            f"discriminator_states: train_counts must hold one count from 1 to {width} per member, "
            f"got {sizes.tolist()}; count each member's own training logits"
        )
    own: Flags = np.arange(width) < sizes[:, None]
    return own


def _numbers(train: Floats, own: Flags, holdout: Floats, fake: Floats, loss: Decides) -> dict[str, Floats]:
    counts = own.sum(axis=1)
    # Sorted once, they serve both comparisons and the quantiles.
    ordered, ordered_fake = np.sort(holdout, axis=1), np.sort(fake, axis=1)
    states = _aucs(train, counts, ordered, ordered_fake)
    mean_train, mean_holdout, mean_fake = train.sum(axis=1) / counts, holdout.mean(axis=1), fake.mean(axis=1)
    gap = mean_train - mean_fake
    spread = _pooled_sd(train, counts, holdout, fake)
    wide = np.abs(gap) > SMALLEST_GAP * spread
    states["overfit_ratio"] = np.where(wide, (mean_train - mean_holdout) / np.where(wide, gap, 1.0), math.nan)
    states |= {name: np.full(len(fake), math.nan) for name in (*NEEDS_DECISION_POINT, *NEEDS_LOG_ODDS)}
    if loss.decision_point is not None:
        states |= _at_point(train, own, holdout, fake, loss.decision_point)
    if loss.log_odds:
        states["jsd_bound"] = jsd_bound(holdout, fake)
    states["logit_real"], states["logit_fake"] = mean_holdout, mean_fake
    states |= {f"logit_real_{end}": values for end, values in quantiles(ordered).items()}
    states |= {f"logit_fake_{end}": values for end, values in quantiles(ordered_fake).items()}
    return states


def _at_point(train: Floats, own: Flags, holdout: Floats, fake: Floats, point: float) -> dict[str, Floats]:
    """What a logit at which real and fake are equally likely gives a meaning."""
    far = [(np.abs(logits) > SATURATED_LOGIT).mean(axis=1) for logits in (holdout, fake)]
    return {
        "accuracy_real": _share_above(holdout, point),
        "accuracy_fake": _share_above(-fake, -point),
        "saturation": (far[0] + far[1]) / 2,
        "train_sign": mean_sign(train, own, point),
    }


def _aucs(train: Floats, counts: npt.NDArray[np.int_], holdout: Floats, fake: Floats) -> dict[str, Floats]:
    rows = zip(train, counts, holdout, fake, strict=True)
    # Sorted queries are three times as fast as unsorted ones.
    pairs = [(1.0 - _share_below(f, h), _share_below(np.sort(t[:count]), h)) for t, count, h, f in rows]
    table = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    return {"auc_real_fake": table[:, 0].copy(), "auc_train_holdout": table[:, 1].copy()}


def _share_below(scores: Floats, ordered: Floats) -> float:
    """Share of pairs in which the score is the larger; both sets ascending."""
    below = (
        np.searchsorted(ordered, scores, side="left").sum()
        + np.searchsorted(ordered, scores, side="right").sum()
    )
    return float(below) / (2 * scores.size * ordered.size)


def _share_above(logits: Floats, point: float) -> Floats:
    share: Floats = (np.sign(logits - point).mean(axis=1) + 1) / 2
    return share


def _pooled_sd(train: Floats, counts: npt.NDArray[np.int_], holdout: Floats, fake: Floats) -> Floats:
    centre = holdout.mean(axis=1, keepdims=True)  # near every logit, so the squares keep their digits
    moved = [
        np.where(np.arange(train.shape[1]) < counts[:, None], train - centre, 0.0),
        holdout - centre,
        fake - centre,
    ]
    total = counts + holdout.shape[1] + fake.shape[1]
    mean = sum(part.sum(axis=1) for part in moved) / total
    square = sum(np.square(part).sum(axis=1) for part in moved) / total
    sd: Floats = np.sqrt(np.maximum(square - np.square(mean), 0.0))
    return sd
