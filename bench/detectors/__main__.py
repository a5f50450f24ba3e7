"""``python -m bench.detectors``: measure how often verdicts are right, print the tables, store the result."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.detectors.benchmark import run_benchmark
from bench.detectors.folders import gate_of, runs_of
from bench.detectors.scores import to_json
from bench.detectors.sizes import FULL, QUICK
from bench.detectors.table import text_of
from bench.records.store import StoreError

OUT = Path("results/detectors.json")


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 if everything required is met, 1 if something is missed, 2 for bad input."""
    options = _parser().parse_args(arguments)
    try:
        stored = {folder.name: runs_of(folder) for folder in [*_known(options.grid), *options.results]}
        gate = gate_of(options.grid) if options.grid else None
    except (ValueError, StoreError) as error:
        print(error, file=sys.stderr)
        return 2
    begun = time.monotonic()
    scores = run_benchmark(
        QUICK if options.quick else FULL,
        command=_command(options),
        workers=options.workers,
        stored=stored,
        gate=gate,
        tell=lambda line: print(f"{time.monotonic() - begun:5.0f} s  {line}", file=sys.stderr, flush=True),
    )
    print(text_of(scores))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(to_json(scores), encoding="utf-8")
    print(f"\nstored in {options.out}; {time.monotonic() - begun:.0f} s")
    if scores.unchecked:
        print(f"incomplete, not checked: {', '.join(scores.unchecked)}; ganbench run held-out, then --grid")
    return 0 if scores.met else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.detectors", description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT, help=f"where to store the result, JSON ({OUT})")
    parser.add_argument("--quick", action="store_true", help="a small sample of everything, nothing trained")
    parser.add_argument(
        "--grid", type=Path, help="results of the profile held-out: label flips of a grid, and the gate"
    )
    parser.add_argument(
        "--results", type=Path, action="append", default=[], help="more stored runs whose labels to flip"
    )
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1), help="processes")
    return parser


def _known(folder: Path | None) -> list[Path]:
    return [] if folder is None else [folder]


def _command(options: argparse.Namespace) -> str:
    """The command without this machine's paths."""
    words = ["python -m bench.detectors", *(["--quick"] if options.quick else [])]
    words += [f"--grid results/{folder.name}" for folder in _known(options.grid)]
    words += [f"--results {folder.name}" for folder in options.results]
    return " ".join(words)


if __name__ == "__main__":
    raise SystemExit(main())
