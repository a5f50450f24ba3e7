"""What budgets and discussions say of the kept records, so that the page follows them when they change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from bench.records.schema import UNSTABLE
from reports.ledger.counting import published_count
from reports.ledger.records import COLUMNS

METZ_FULL = 500_000
"""Iterations of the published capacity experiment."""

LUCIC_FULL = 15_625
"""Discriminator steps of the published study of losses."""

FULL = {"metz-stacked": METZ_FULL, "lucic": LUCIC_FULL, "lucic-lattice": LUCIC_FULL}
"""Discriminator steps of the papers whose budget is known in steps, by preset."""

_MOSTLY = 0.9


@dataclass(frozen=True, slots=True)
class Discussion:
    """What we make of a disagreement.

    Args:
        text: in words, with names of facts in braces.
        written_for: the facts it explains; of records with others it is not said.
    """

    text: str
    written_for: Mapping[str, Any]

    def said_of(self, known: Mapping[str, Any]) -> str:
        """The discussion with its facts; nothing where it was written for other records.

        Example:
            >>> Discussion("after {steps} steps", {"seeds": 5}).said_of({"seeds": 5, "steps": 100})
            'after 100 steps'
            >>> Discussion("after {steps} steps", {"seeds": 5}).said_of({"seeds": 9, "steps": 100})
            ''
        """
        fits = all(known.get(name) == value for name, value in self.written_for.items())
        return self.text.format(**known) if fits else ""


def facts(preset: str, records: pd.DataFrame) -> dict[str, Any]:
    """The facts of one preset's records: of runs, or of a table of known numbers which of them are off."""
    if not set(COLUMNS) <= set(records.columns):
        return {"off": _off(records)}
    return _outcomes(records) | _budget(records, FULL.get(preset)) | _settings(records)


def _off(table: pd.DataFrame) -> tuple[str, ...]:
    """Which data disagree, by bins: what a discussion of known numbers may be written for."""
    if not {"quantity", "data", "agrees"} <= set(table.columns):
        return ()
    bins = table[(table.quantity == "bins that differ") & (table.agrees.astype(str) == "False")]
    return tuple(bins.data)


def _outcomes(runs: pd.DataFrame) -> dict[str, Any]:
    failed = int((runs.state == UNSTABLE).sum())
    return {
        "runs": len(runs),
        "seeds": int(runs.seed.nunique()),
        "failed": failed,
        "mostly_failed": failed >= _MOSTLY * len(runs),
    }


def _budget(runs: pd.DataFrame, full: int | None) -> dict[str, Any]:
    counted = published_count(runs)
    taken = _discriminator_steps(counted if len(counted) else runs)
    fewest = int(runs.data_size.min()) if runs.data_size.notna().any() else 0
    longest = runs.sort_values("steps").iloc[-1]
    return {
        "steps": int(runs.steps.max()),
        "iterations": _iterations(runs),
        "discriminator_steps": taken,
        "most_discriminator_steps": _discriminator_steps(runs),
        "percent": f"{100 * taken / full:.2g} %" if full else "",
        "fewest_data": fewest,
        "passes": round(longest.steps * longest.batch_size / fewest) if fewest else 0,
    }


def _discriminator_steps(runs: pd.DataFrame) -> int:
    return int((runs.steps * runs.n_critic).max())


def _iterations(runs: pd.DataFrame) -> str:
    """The longest run of each loss, in generator steps."""
    told = []
    for recipe, own in runs.groupby("recipe"):
        longest = own.sort_values("steps").iloc[-1]
        turns = f" of {longest.n_critic:.0f} discriminator steps each" if longest.n_critic > 1 else ""
        told.append(f"{recipe} {longest.steps:,.0f}{turns}")
    return ", ".join(told)


def _settings(runs: pd.DataFrame) -> dict[str, Any]:
    return {
        "datasets": _listed(runs.dataset, str),
        "networks": _listed(runs.network, str),
        "widths": _listed(runs.generator_width, "{:g}".format),
        "sizes": _listed(runs.data_size, "{:.0f}".format),
        "trials": len(runs[["generator_lr", "beta1"]].drop_duplicates()),
    }


def _listed(values: pd.Series, spell: Callable[[Any], str]) -> str:
    return ", ".join(map(spell, sorted(values.dropna().unique())))
