"""What the detector benchmark found: its stored form, and the reference result that comes with the package.

Reading it needs no torch, so that a report can name the error rates of its verdicts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.detectors.tally import Rate
from bench.verdict.thresholds import DEFAULT

SCHEMA = 1
REFERENCE = Path(__file__).with_name("scores.json")
"""The result of the full benchmark under the current limits, as ``python -m bench.detectors`` wrote it."""


@dataclass(frozen=True, kw_only=True)
class FaultScore:
    """How one planted failure is found.

    Args:
        fault, dataset: what was planted where; for a scripted trace the dataset is "trace".
        planted: the verdict or flag that should name it.
        threshold_severity: severity at which it starts to count, measured on tuning seeds; NaN for a failure
            without a scale.
        recall: found at twice that severity, on scoring seeds.
        curve: multiples of the threshold severity with the recall at each.
        judged: verdicts given (of a trace: flags raised) at twice that severity, with their counts.
    """

    fault: str
    dataset: str
    planted: str
    threshold_severity: float
    recall: Rate
    curve: tuple[tuple[float, Rate], ...]
    judged: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Lead:
    """How soon one planted failure is noticed, medians over its runs, in evaluations of 40.

    Args:
        named: from the onset to the step that the final verdict names.
        live: from the onset to the first lasting verdict so far that names the failure.
        left: evaluations still to come then.
        noticed: runs in which that happened before the last evaluation.
    """

    fault: str
    named: float
    live: float
    left: float
    noticed: Rate


@dataclass(frozen=True, kw_only=True)
class Flip:
    """Labels that change when one limit moves by 30 % of its distance to the end of its scale."""

    runs: str
    limit: str
    value: float
    moved: float
    flips: Rate


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One thing asked of the detectors, what was found, and whether it is met; None: not checked.

    Args:
        required: whether the detectors fail without it; else it is expected and told.
    """

    name: str
    wanted: str
    found: str
    met: bool | None
    required: bool = True


@dataclass(frozen=True, kw_only=True)
class Scores:
    """One result of the benchmark.

    Args:
        thresholds: version of the limits. command: how it was made. quick: a small sample of it.
        tuning_seeds, scoring_seeds: first and last seed of each.
        faults: planted samplers. traces: planted traces, one per sign of a mechanism.
        trained: planted real runs, cause to the rate at which it is named.
        confusion: planted label to judged labels with counts, at twice the threshold severity.
        healthy: kind of healthy run to the rate of false alarms (any verdict but converged).
        false_flags: flag to the rate at which healthy traces and new samples raise it.
        gate: recipe on digits to the share of stable fresh seeds in the pilot's best cell; empty where not
            checked.
    """

    schema: int
    thresholds: str
    command: str
    quick: bool
    tuning_seeds: tuple[int, int]
    scoring_seeds: tuple[int, int]
    faults: tuple[FaultScore, ...]
    traces: tuple[FaultScore, ...]
    trained: Mapping[str, Rate]
    confusion: Mapping[str, Mapping[str, int]]
    healthy: Mapping[str, Rate]
    false_flags: Mapping[str, Rate]
    leads: tuple[Lead, ...]
    flips: tuple[Flip, ...]
    gate: Mapping[str, Rate]
    requirements: tuple[Requirement, ...]

    @property
    def met(self) -> bool:
        """Whether nothing is missed; what was not checked is missed too, but of a small sample."""
        return not any(each.met is False for each in self.requirements) and (self.quick or not self.unchecked)

    @property
    def unchecked(self) -> tuple[str, ...]:
        """What is required and was not looked at."""
        return tuple(each.name for each in self.requirements if each.required and each.met is None)


def load(path: Path = REFERENCE, thresholds: str = DEFAULT.version) -> Scores | None:
    """Read a stored result; None where there is none, or none for these limits.

    Raises:
        ValueError: the file is no result of this benchmark.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}: must be JSON, got {error}; run python -m bench.detectors again") from error
    if not isinstance(values, dict) or values.get("schema") != SCHEMA:
        found = values.get("schema") if isinstance(values, dict) else type(values).__name__
        raise ValueError(
            f"{path}: must have schema {SCHEMA}, got {found!r}; run python -m bench.detectors again"
        )
    return _revived(values) if values.get("thresholds") == thresholds else None


def to_json(scores: Scores) -> str:
    """Spell a result as strict JSON; what is not a number becomes null."""
    return json.dumps(_plain(asdict(scores)), indent=1, sort_keys=True, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _revived(values: Mapping[str, Any]) -> Scores:
    try:
        known = dict(values)
        for name in ("faults", "traces"):
            known[name] = tuple(_fault(each) for each in values[name])
        for name in ("trained", "healthy", "false_flags", "gate"):
            known[name] = {key: Rate(**each) for key, each in values[name].items()}
        for name in ("tuning_seeds", "scoring_seeds"):
            known[name] = tuple(values[name])
        known["leads"] = tuple(_lead(each) for each in values["leads"])
        known["flips"] = tuple(Flip(**{**each, "flips": Rate(**each["flips"])}) for each in values["flips"])
        known["requirements"] = tuple(Requirement(**each) for each in values["requirements"])
        return Scores(**known)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"scores: must be a result of this benchmark, got {error!r}; run it again"
        ) from error


def _fault(values: Mapping[str, Any]) -> FaultScore:
    return FaultScore(
        **{
            **values,
            "threshold_severity": _number(values["threshold_severity"]),
            "recall": Rate(**values["recall"]),
            "curve": tuple((float(multiple), Rate(**rate)) for multiple, rate in values["curve"]),
        }
    )


def _lead(values: Mapping[str, Any]) -> Lead:
    numbers = {name: _number(values[name]) for name in ("named", "live", "left")}
    return Lead(fault=values["fault"], noticed=Rate(**values["noticed"]), **numbers)


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
