"""What may explain a failure, and which experiment would tell the explanations that are left apart.

The table says what each explanation predicts for each experiment. Two explanations are told apart by an
experiment for which they predict different things. Of the experiments that should help if one of the
likeliest explanations is true, the one is proposed that tells most of them apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

BETTER, WORSE, SAME = "better", "worse", "the same"
AT_WORK, SUSPECTED, OPEN, EXCLUDED = "at work", "suspected", "open", "excluded"
LIVE = (AT_WORK, SUSPECTED, OPEN)
_WEIGHT = {AT_WORK: 3, SUSPECTED: 2, OPEN: 1}


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One explanation.

    Args:
        mechanisms: the flags that speak for it; none where no flag can.
        outcomes: starts of the outcomes that it can explain.
    """

    name: str
    claim: str
    mechanisms: tuple[str, ...]
    outcomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Experiment:
    """One change, all else equal, and what each hypothesis predicts for quality; ``SAME`` where absent."""

    name: str
    change: str
    predictions: Mapping[str, str]

    def prediction(self, hypothesis: str) -> str:
        """What quality does if that hypothesis is true."""
        return self.predictions.get(hypothesis, SAME)


@dataclass(frozen=True, slots=True)
class Standing:
    """A hypothesis and how it stands: one of AT_WORK, SUSPECTED, OPEN and EXCLUDED."""

    hypothesis: Hypothesis
    status: str


HYPOTHESES: tuple[Hypothesis, ...] = (
    Hypothesis(
        "strong-discriminator",
        "the discriminator is too strong or learns too fast for the generator",
        ("D-dominated",),
        ("no-progress", "stalled", "collapsed", "degrading", "diverged:late", "oscillating"),
    ),
    Hypothesis(
        "lost-signal",
        "the loss or a flat critic leaves the generator no gradient",
        ("vanishing-gradient",),
        ("no-progress", "stalled", "collapsed", "diverged:late"),
    ),
    Hypothesis(
        "weak-discriminator",
        "the discriminator is too weak to show the generator what is missing",
        ("G-dominated",),
        ("no-progress", "stalled", "collapsed", "oscillating"),
    ),
    Hypothesis(
        "few-data",
        "the discriminator knows its training data by heart: too few of them",
        ("D-overfit", "memorising"),
        ("stalled", "degrading", "collapsed", "diverged:late"),
    ),
    Hypothesis(
        "loose-critic",
        "the constraint on the critic does not hold",
        ("critic-unconstrained",),
        ("no-progress", "stalled", "oscillating", "diverged", "degrading"),
    ),
    Hypothesis(
        "fast-steps",
        "the learning rates are too high",
        (),
        ("diverged", "oscillating", "collapsed", "degrading", "no-progress"),
    ),
    Hypothesis("short-budget", "training was too short", (), ("still-improving", "stalled")),
)

EXPERIMENTS: tuple[Experiment, ...] = (
    Experiment(
        "slower-discriminator",
        "halve the discriminator's learning rate",
        {
            "strong-discriminator": BETTER,
            "lost-signal": BETTER,
            "weak-discriminator": WORSE,
            "fast-steps": BETTER,
        },
    ),
    Experiment(
        "longer",
        "train twice as long",
        {"short-budget": BETTER, "few-data": WORSE},
    ),
    Experiment(
        "smaller-steps",
        "divide both learning rates by three and train three times as long",
        {"fast-steps": BETTER},
    ),
    Experiment(
        "swap-loss",
        "swap the loss: non-saturating for minimax, or add a penalty on the discriminator's slope (R1)",
        {"lost-signal": BETTER, "loose-critic": BETTER},
    ),
    Experiment(
        "wider-discriminator",
        "double the discriminator's width",
        {"weak-discriminator": BETTER, "strong-discriminator": WORSE, "few-data": WORSE},
    ),
    Experiment(
        "more-data",
        "double the training data; where there are no more, halve them and read the prediction the other way",
        {"few-data": BETTER},
    ),
    Experiment(
        "tighter-critic",
        "multiply the penalty's weight by ten, or take twice as many critic steps per generator step",
        {"loose-critic": BETTER, "strong-discriminator": WORSE},
    ),
)
"""In the order of their cost, cheapest first."""


def standings(outcomes: Sequence[str], mechanisms: Mapping[str, str]) -> tuple[Standing, ...]:
    """How each explanation stands.

    Args:
        outcomes: the outcomes that remain. mechanisms: flag to AT_WORK, SUSPECTED, OPEN or EXCLUDED; absent
            where it does not apply.

    Returns:
        Explanations that fit one of the outcomes, or whose mechanism is at work or suspected.
    """
    found = []
    for hypothesis in HYPOTHESES:
        known = [mechanisms[name] for name in hypothesis.mechanisms if name in mechanisms]
        if hypothesis.mechanisms and not known:
            continue
        status = next((each for each in (AT_WORK, SUSPECTED, OPEN, EXCLUDED) if each in known), OPEN)
        fits = any(outcome.startswith(hypothesis.outcomes) for outcome in outcomes)
        if fits or status in (AT_WORK, SUSPECTED):
            found.append(Standing(hypothesis, status))
    return tuple(found)


def next_experiment(stands: Sequence[Standing]) -> Experiment | None:
    """Of the experiments that help under a likeliest explanation, the one that tells most explanations apart.

    Explanations that something speaks for weigh more; of equals the cheapest. None without explanations.

    Example:
        >>> known = {each.name: each for each in HYPOTHESES}
        >>> next_experiment([Standing(known["few-data"], OPEN), Standing(known["short-budget"], OPEN)]).change
        'train twice as long'
    """
    live = [each for each in stands if each.status in LIVE]
    if not live:
        return None
    most = max(_WEIGHT[each.status] for each in live)
    leading = [each.hypothesis.name for each in live if _WEIGHT[each.status] == most]
    helpful = [each for each in EXPERIMENTS if any(each.prediction(name) == BETTER for name in leading)]
    return max(helpful, key=lambda experiment: told_apart(experiment, live))  # max keeps the first of equals


def told_apart(experiment: Experiment, live: Sequence[Standing]) -> int:
    """Pairs of explanations that an experiment tells apart, each by the weight of its two."""
    return sum(
        _WEIGHT[first.status] * _WEIGHT[second.status]
        for first, second in combinations(live, 2)
        if experiment.prediction(first.hypothesis.name) != experiment.prediction(second.hypothesis.name)
    )
