"""A cohort's verdicts while it trains: what is shown of it, and which members may be let go early."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from bench.records.schema import EvaluationRecord
from bench.verdict import Context, Look, due, hopeless, look
from gans.cohort import Cohort

Outcomes = dict[str, int]
"""How many members of a cohort show which outcome so far."""


class Progress(Protocol):
    """Told the generator steps that the cohort has made, and what its members look like so far."""

    def __call__(self, step: int, outcomes: Outcomes = ..., /) -> None:
        """Take note."""


class Watch:
    """Looks at every member in turn of its probes and remembers what it saw.

    Args:
        contexts: of the members, in their order.
    """

    def __init__(self, contexts: Sequence[Context]) -> None:
        self._contexts = list(contexts)
        self._looks: list[list[Look]] = [[] for _ in contexts]

    def after(self, probes: Sequence[Sequence[EvaluationRecord]], diverged_at: Sequence[int]) -> bool:
        """Look at the cohort after a probe, if one is due.

        Args:
            probes: all so far, each with one record per member. diverged_at: -1 for finite members.

        Returns:
            whether it was.
        """
        if not due(len(probes) - 1, self._contexts[0].evaluations):
            return False
        for member, (context, looks) in enumerate(zip(self._contexts, self._looks, strict=True)):
            step = None if diverged_at[member] < 0 else diverged_at[member]
            looks.append(look([records[member] for records in probes], context, diverged_step=step))
        return True

    def outcomes(self) -> Outcomes:
        """Count the members by what they last looked like; empty before the first look."""
        return dict(Counter(looks[-1].outcome for looks in self._looks if looks))

    def doomed(self) -> dict[int, str]:
        """Members that are past hope, and why."""
        found = {
            member: hopeless(looks, context.steps)
            for member, (context, looks) in enumerate(zip(self._contexts, self._looks, strict=True))
        }
        return {member: why for member, why in found.items() if why}

    def keep(self, members: Sequence[int]) -> None:
        """Go on with some members only."""
        self._contexts = [self._contexts[member] for member in members]
        self._looks = [self._looks[member] for member in members]


def pays(cohort: Cohort, doomed: int, steps_left: int, compile_seconds: float) -> bool:
    """Whether letting members go saves time: a compiled cohort must be compiled again for those that stay.

    Args:
        doomed: how many would go. compile_seconds: what compiling the cohort took.
    """
    if doomed == 0 or steps_left == 0:
        return False
    if doomed == cohort.members or cohort.mode == "eager":
        return True
    per_step = cohort.clock.training / max(cohort.state.step, 1)
    return doomed / cohort.members * steps_left * per_step > compile_seconds
