"""``python -m bench.regression.proof``: how often the tracker is right; exit 1 if a requirement is missed."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from bench.folder import write_atomically
from bench.regression import stored
from bench.regression.proof import timings, tracker
from bench.regression.proof.copies import FLIPPED, planted, slowdown
from bench.regression.proof.faults import Caught, catch_all
from bench.regression.proof.rates import Rate
from bench.regression.proof.redrawn import on_kept_seeds
from bench.regression.quality import Outcomes
from bench.regression.speed import compare_speed
from bench.regression.trees import Tree, head

SCORES = Path(__file__).with_name("scores.json")
SLOWED = "step/nsgan"
REAL_SLOWDOWNS = (0.0, 0.10, 0.20)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the trials, print their table, store it."""
    options = _parser().parse_args(arguments)
    rates = [
        *tracker.on_paper(options.trials),
        *tracker.on_real_times(timings.read(), options.trials),
        *on_kept_seeds(_kept_quality(), options.trials),
        *tracker.on_bad_numbers(),
        *tracker.on_histories(options.trials),
    ]
    tree = head()
    if not options.quick:
        rates += [flipped_sign(tree), *real_slowdowns(tree)]
        rates += [_caught(each) for each in catch_all(tree, told=_say)]
    print(table(rates))
    if options.out:
        content = {
            "command": _command(options),
            "rates": [{**asdict(each), "met": each.met} for each in rates],
        }
        write_atomically(options.out, json.dumps(content, indent=1) + "\n")
    return 0 if all(each.met for each in rates) else 1


def flipped_sign(tree: Tree) -> Rate:
    """Turn the tracker's own ratio round in a copy: its self-check must fail there, and pass here."""
    _say("the ratio turned round")
    with tempfile.TemporaryDirectory(prefix="ganbench-fault-") as folder:
        copy = planted(tree.folder, Path(folder), FLIPPED)
        codes = [_self_check(place) for place in (tree.folder, copy.folder)]
    return Rate("the tracker's own ratio turned round: noticed", int(codes == [0, 1]), 1, least=1.0)


def real_slowdowns(tree: Tree) -> list[Rate]:
    """Whole comparisons of this tree with copies whose training step was made longer."""
    rates = []
    for share in REAL_SLOWDOWNS:
        _say(f"a copy whose steps take {share:.0%} longer")
        with tempfile.TemporaryDirectory(prefix="ganbench-slow-") as folder:
            copy = planted(tree.folder, Path(folder), slowdown(share))
            (row,) = compare_speed(tree, copy, [SLOWED])
        least, most = (1.0, 1.0) if share else (0.0, 0.0)
        what = f"a real copy, {share:.0%} slower, measured {100 * (row.ratio - 1):+.1f} %: {row.answer}"
        rates.append(Rate(what, int(row.answer == "worse"), 1, least=least, most=most))
    return rates


def table(rates: Sequence[Rate]) -> str:
    """Spell a Markdown table: what was tried, how often it was called worse or refused, what is required."""
    lines = [
        "| tried | called worse, refused or found | 95 % interval | required | |",
        "|---|---|---|---|---|",
    ]
    for each in rates:
        low, high = each.interval
        interval = f"[{low:.1%}, {high:.1%}]" if each.trials > 1 else ""
        met = "" if not each.required else "met" if each.met else "**missed**"
        lines.append(f"| {each.what} | {each.hits} of {each.trials} | {interval} | {each.required} | {met} |")
    return "\n".join(lines)


def _caught(fault: Caught) -> Rate:
    first = fault.answers[0] if fault.answers else "not noticed"
    return Rate(f"{fault.fault} ({first[:80]})", int(fault.flagged), 1, least=1.0)


def _kept_quality() -> Mapping[str, Outcomes]:
    baseline = stored.read()
    return baseline.quality if baseline else {}


def _self_check(folder: Path) -> int:
    command = [sys.executable, "-m", "bench.regression.proof.check"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.regression.proof", description=__doc__)
    parser.add_argument("--trials", type=int, default=200, help="comparisons per row (200)")
    parser.add_argument("--quick", action="store_true", help="start no process: paper and kept times only")
    parser.add_argument("--out", type=Path, help=f"store the table as JSON, e.g. {SCORES.name}")
    return parser


def _command(options: argparse.Namespace) -> str:
    quick = " --quick" if options.quick else ""
    return f"python -m bench.regression.proof --trials {options.trials}{quick}"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
