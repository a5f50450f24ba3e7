"""The baseline in the repository: what a tree without a base beside it is held against.

Traces, counts and pinned cells can be kept, times cannot: those of another sitting say nothing (decision.py).
"""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bench.folder import write_atomically

FOLDER = Path(__file__).with_name("baseline")
FILE, FORMAT = "baseline.json", 1
COMMAND = "ganbench regress quality --update"


class BaselineError(ValueError):
    """A baseline that cannot be read; the message is one line for the user."""


class Baseline(BaseModel):
    """What was measured of one revision, where and how.

    Args:
        command: what measured it. revision: of the tree. machine: as ``bench.machine`` describes it.
        traces, counts: as their child processes tell them. quality: outcomes of every cell by its name.
        scatter: coefficient of variation of the distance between seeds, by cell: a limit to what they show.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    format: int = Field(ge=FORMAT, le=FORMAT)
    command: str
    revision: str
    measured_at: str
    machine: dict[str, Any]
    traces: dict[str, Any]
    counts: dict[str, Any]
    quality: dict[str, dict[str, Any]]
    scatter: dict[str, float]

    @property
    def versions(self) -> Mapping[str, str]:
        """Libraries that it was measured with."""
        return dict(self.machine.get("versions", {}))


def read(folder: Path = FOLDER) -> Baseline | None:
    """Read the baseline of a folder; None where there is none.

    Raises:
        BaselineError: the file is damaged, or of another format.
    """
    path = folder / FILE
    try:
        return Baseline.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BaselineError(f"{path}: must be readable, got {' '.join(str(error).split())[:120]}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise BaselineError(
            f"{path}: {where} must be as {COMMAND!r} wrote it, got {first['msg']!r}; "
            "restore the file or write it anew with that command"
        ) from error


def write(baseline: Baseline, folder: Path = FOLDER) -> Path:
    """Write the baseline whole or not at all; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    content = json.dumps(_strict(baseline.model_dump()), indent=1, sort_keys=True, allow_nan=False)
    write_atomically(folder / FILE, content + "\n")
    return folder / FILE


def made(
    revision: str,
    traces: Mapping[str, Any],
    counts: Mapping[str, Any],
    quality: Mapping[str, Mapping[str, Any]],
) -> Baseline:
    """Make a baseline of what was measured here and now."""
    from bench.machine import describe
    from bench.timestamp import now

    return Baseline(
        format=FORMAT,
        command=COMMAND,
        revision=revision,
        measured_at=now(),
        machine=_strict(asdict(describe())),
        traces=_strict(dict(traces)),
        counts=_strict(dict(counts)),
        quality={name: _strict(dict(outcomes)) for name, outcomes in quality.items()},
        scatter={name: scatter(outcomes) for name, outcomes in quality.items()},
    )


def scatter(outcomes: Mapping[str, Any]) -> float:
    """Coefficient of variation of the final distance between seeds; 0 where fewer than two have one.

    Example:
        >>> round(scatter({"seeds": {"0": {"distance": 1.0}, "1": {"distance": 3.0}}}), 3)
        0.707
    """
    distances = [row["distance"] for row in outcomes.get("seeds", {}).values() if "distance" in row]
    return statistics.stdev(distances) / statistics.fmean(distances) if len(distances) > 1 else 0.0


def _strict(value: Any) -> Any:
    """JSON without NaN: what is not finite is null, as traces understand it."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _strict(item) for key, item in value.items()}
    return [_strict(item) for item in value] if isinstance(value, list | tuple) else value
