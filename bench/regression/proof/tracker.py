"""Trials of the tracker that start no process: on paper, on kept real times, on bad numbers, on histories."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bench.regression.decision import PAIRS, judge
from bench.regression.history.changes import changes
from bench.regression.outcome import REFUSED, WORSE
from bench.regression.proof.rates import Machine, Rate, comparisons, failed, found
from bench.regression.proof.simulated import machine
from bench.regression.proof.timings import Recorded, replay

SLOWDOWNS = (0.0, 0.03, 0.05, 0.10, 0.20)
CAUGHT = 0.10
"""Slowdown of which at least LEAST must be found."""
LEAST, MOST = 0.95, 0.02
"""Least share of such slowdowns that is found; largest share of equal trees that fail a check."""
NAMES = ("step/a", "step/b", "step/c", "step/d", "step/e", "step/f")

Floats = NDArray[np.float64]


def on_paper(trials: int) -> list[Rate]:
    """The whole procedure on a machine whose speed drifts, and on one that gets slower all the time."""
    steady = _slowdowns("drifting machine", NAMES, machine, trials, seed=1)
    slowing = partial(machine, trend=0.002)
    tired = comparisons(NAMES, "", 1.0, slowing, trials, 50)
    return [
        *steady,
        Rate("machine slowing by 0.2 % a process: equal trees", failed(tired), trials, most=MOST),
    ]


def on_real_times(times: Recorded, trials: int) -> list[Rate]:
    """The whole procedure on pairs drawn from real times of one tree against itself."""
    drawn = _slowdowns("real times, drawn again", tuple(times.pairs), _replayed(times), trials, seed=2)
    return [*drawn, *real_nulls(times)]


def real_nulls(times: Recorded) -> list[Rate]:
    """Equal trees as they were timed: each workload of each sitting, re-tested by the next sitting."""
    hits = total = 0
    for pairs in times.pairs.values():
        sittings = [pairs[start : start + PAIRS] for start in range(0, len(pairs) - PAIRS + 1, PAIRS)]
        worse = [_is_worse(part, number) for number, part in enumerate(sittings)]
        hits += sum(first and again for first, again in zip(worse, worse[1:] + worse[:1], strict=True))
        total += len(sittings)
    return [Rate("real times as they came: equal trees", hits, total, most=MOST)]


def _is_worse(pairs: Floats, seed: int) -> bool:
    return judge(pairs[:, 0].tolist(), pairs[:, 1].tolist(), np.random.default_rng(seed)).answer == WORSE


def on_bad_numbers() -> list[Rate]:
    """Missing, NaN, zero and negative times, one run, sides of unequal length: each must be refused."""
    good = [1.0] * 20
    bad = [
        ([], []),
        ([1.0], [1.2]),
        (good, [math.nan] * 20),
        (good, [*good[:19], math.nan]),
        (good, [*good[:19], math.inf]),
        (good, [*good[:19], 0.0]),
        (good, [*good[:19], -1.0]),
        (good, good[:19]),
    ]
    refused = sum(judge(*sides, np.random.default_rng(0)).answer == REFUSED for sides in bad)
    return [Rate("missing, NaN, zero, negative times, one run: refused", refused, len(bad), least=1.0)]


def on_histories(trials: int) -> list[Rate]:
    """Change points: quiet histories of independent and of lasting noise, and a lasting step of 10 %."""
    rates = []
    for sticky in (0.0, 0.5, 0.8):
        quiet = sum(bool(changes(_history(sticky, 0.0, trial))) for trial in range(trials))
        stepped = sum(_finds_step(_history(sticky, 0.10, trial)) for trial in range(trials))
        noise = f"history of 40, noise 3 % that lasts {sticky:g}"
        rates.append(Rate(f"{noise}: quiet", quiet, trials))
        rates.append(Rate(f"{noise}: step of 10 % found", stepped, trials))
    return rates


def self_check() -> list[str]:
    """What a tracker must never get wrong, in words where it does: a flipped sign, a dropped test.

    ``python -m bench.regression.proof.check`` runs this in a copy whose ratio was turned round on purpose.
    """
    slow, fast, wrong = [1.2] * 20, [1.0] * 20, []
    if judge(fast, slow, np.random.default_rng(0)).answer != WORSE:
        wrong.append("a head 20 % slower than base is not worse")
    if judge(slow, fast, np.random.default_rng(0)).answer == WORSE:
        wrong.append("a head faster than base is worse")
    if judge(fast, fast, np.random.default_rng(0)).answer == WORSE:
        wrong.append("a head as fast as base is worse")
    return wrong


def _slowdowns(where: str, names: Sequence[str], timer: Machine, trials: int, seed: int) -> list[Rate]:
    rates = []
    for share in SLOWDOWNS:
        slowed = names[0]
        rows = comparisons(names, slowed if share else "", 1 + share, timer, trials, seed)
        if not share:
            rates.append(Rate(f"{where}: equal trees", failed(rows), trials, most=MOST))
            continue
        least = LEAST if share >= CAUGHT else 0.0
        rates.append(Rate(f"{where}: {share:.0%} slower", found(rows, slowed), trials, least=least))
    return rates


def _replayed(times: Recorded) -> Machine:
    return lambda slower, base, rng: replay(times, slower, base, rng)


def _history(sticky: float, step: float, trial: int) -> list[float]:
    rng = np.random.default_rng([40, int(10 * sticky), trial])
    logs = [rng.normal(0, 0.03)]
    for _ in range(39):
        logs.append(sticky * logs[-1] + rng.normal(0, 0.03 * math.sqrt(1 - sticky**2)))
    values = np.exp(np.array(logs))
    values[20:] *= 1 + step
    return [float(value) for value in values]


def _finds_step(values: Sequence[float]) -> bool:
    return any(change.worse and abs(change.at - 20) <= 3 for change in changes(values))
