"""What a driver hands to a worker: one cohort to train, as plain data that any engine can send."""

from __future__ import annotations

from dataclasses import dataclass

from gans.config import RunConfig

CHECKPOINT_SECONDS = 60.0
"""From one checkpoint of a cohort to its next, at least; a shorter cohort never writes one."""


@dataclass(frozen=True, slots=True)
class CohortJob:
    """One cohort to train.

    Args:
        cohort: id of the cohort, made from who trains together.
        configs: the members, all of one ``cohort_key``.
        compiled: train through ``torch.compile``; fixed by the profile, not by what is left to do.
        out: the results folder; finished runs go to its spool.
        device: where to train, as PyTorch spells it.
        stop_early: whether members that are past hope are ended before their time.
        spectra: whether the game's eigenvalues are taken at the end of each run: seconds to a minute each.
        checkpoint_every: seconds from one checkpoint to the next; 0 for none.
        memory: bytes that a worker will show while it trains this, by the plan's estimate; 0 where unknown.
    """

    cohort: str
    configs: tuple[RunConfig, ...]
    compiled: bool
    out: str
    device: str = "cpu"
    stop_early: bool = False
    spectra: bool = False
    checkpoint_every: float = CHECKPOINT_SECONDS
    memory: int = 0

    @property
    def mode(self) -> str:
        """The word that records use for how the cohort trains."""
        return "compiled" if self.compiled else "eager"
