"""The committed result of the detector benchmark, as a report reads it: plain values, no torch, no scipy.

``python -m bench.detectors`` writes the file and ``bench.detectors.scores`` defines it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).parents[1] / "detectors" / "scores.json"

CALIBRATED_ON = ("digits",)
"""Data sets on whose pilot the limits were set. On others they are as far from what the data allow, and no
more is known: which recipe does better can be said there, how many runs "should" be stable cannot."""


def detector_scores(thresholds: str, path: Path = REFERENCE) -> Mapping[str, Any]:
    """Read how often verdicts under these thresholds err; empty where that was not measured.

    Args:
        thresholds: version of the limits. path: a result of the benchmark.

    Example:
        >>> dict(detector_scores("no such version"))
        {}
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict) or found.get("thresholds") != thresholds:
        return {}
    return found
