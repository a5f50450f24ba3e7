"""A process of its own that trains pinned cells in one tree: ``python trained.py TREE CELL FIRST END``.

Run as a file, so that what it imports is the tree's. CELL is JSON: recipe, dataset and further settings; it
prints one line of JSON with the final distance, coverage and state of every seed.
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
from pathlib import Path
from typing import Any


def main(arguments: list[str]) -> int:
    """Train one cell with the seeds from the first to before the end."""
    tree, cell, first, end = arguments
    sys.path[:] = [tree, *(place for place in sys.path if Path(place or ".") != Path(__file__).parent)]
    print(json.dumps(results(json.loads(cell), range(int(first), int(end)))))
    return 0


def results(cell: dict[str, Any], seeds: range) -> dict[str, Any]:
    """Final distance, coverage and state by seed, and what measured them."""
    import torch

    torch.set_num_threads(1)
    from bench.jobs import CohortJob
    from bench.records import spool
    from bench.worker import run_cohort
    from gans.defaults import config_of

    settings = {key: value for key, value in cell.items() if key != "recipe"}
    configs = tuple(config_of(cell["recipe"], seed=seed, **settings) for seed in seeds)
    with tempfile.TemporaryDirectory(prefix="ganbench-quality-") as out:
        run_cohort(CohortJob("quality", configs, compiled=False, out=out))
        records = [item[1] for item in spool.read_all(out) if isinstance(item, tuple)]
    rows = {str(record.config["seed"]): _row(record) for record in records}
    return {"seeds": rows, "measured_by": _extractor(records)}


def _row(record: Any) -> dict[str, Any]:
    final = {name: record.metrics.get(name) for name in ("distance", "coverage", "floor")}
    known = {
        name: value for name, value in final.items() if isinstance(value, float) and math.isfinite(value)
    }
    return {**known, "state": record.state, "outcome": record.outcome}


def _extractor(records: list[Any]) -> str:
    return str(records[0].evidence.get("fid_extractor", "")) if records else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
