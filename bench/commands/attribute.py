"""ganbench attribute: train failing cells again with every set of three remedies, then write the report."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from bench.attribution import CELLS, SEEDS
from bench.commands.endings import DONE, CommandError, told_plainly
from bench.commands.run import RunOptions, check, ended, option_words, train, workers_of

if TYPE_CHECKING:
    from bench.attribution.choice import Cell
    from bench.attribution.experiment import Experiment
    from bench.attribution.folder import Contents
    from bench.pages import WriteReport
    from bench.plan import Plan

_MOST_SEEDS = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What to attribute.

    Args:
        cells: how many to choose. named: ids of cells, or of runs of them; chosen by us where empty.
        seeds: fresh ones per cell. only_plan: say what would be trained, and train nothing.
    """

    cells: int = CELLS
    named: tuple[str, ...] = ()
    seeds: int = SEEDS
    only_plan: bool = False


def attribute(folder: Path, asked: Asked, options: RunOptions, write_report: WriteReport) -> int:
    """Choose failing cells of a folder, train their factorials, and report."""
    _check(asked)
    check(options)
    out = options.out or folder
    with told_plainly():
        experiment = _experiment(folder, out, asked)
        plan = experiment.plan()
        if asked.only_plan:
            _tell(experiment, plan, out, workers_of(options))
            return DONE
        _announce(experiment)
        result = train(plan, out, options)
    return ended(result, out, _command(folder, asked, options), write_report)


def _check(asked: Asked) -> None:
    lines = []
    if asked.cells < 1:
        lines.append(f"--cells: must be an integer >= 1, got {asked.cells}; leave it out for {CELLS}")
    if not 1 <= asked.seeds <= _MOST_SEEDS:
        lines.append(f"--seeds: must be an integer from 1 to {_MOST_SEEDS}, got {asked.seeds}; "
                     f"leave it out for {SEEDS}")  # fmt: skip
    if lines:
        raise CommandError(lines)


def _experiment(folder: Path, out: Path, asked: Asked) -> Experiment:
    from bench.attribution.experiment import Experiment, fresh_seeds
    from bench.attribution.folder import begun, contents
    from bench.folder import require_usable

    found = contents(folder)
    require_usable(out)
    if asked.named:
        chosen = [_named(name, found) for name in asked.named]
    else:
        chosen = found.chosen(asked.cells, begun(out))
        if not chosen:
            raise CommandError([_nothing(folder, found)])
    unique = {cell.id: cell for cell in chosen}
    return Experiment(tuple(unique.values()), fresh_seeds(found.seeds, asked.seeds))


def _named(name: str, found: Contents) -> Cell:
    """The cell that an id, or a start of it, names.

    Raises:
        CommandError: it names none or several, or one that cannot be attributed.
    """
    ids = found.named(name) if name else []
    failing = [cell.id for cell in found.cells.values() if cell.fails]
    if len(ids) != 1:
        got = f"which names {len(ids)} cells" if ids else "which names none"
        raise CommandError([f"--cell: must be the id of a cell or of a run of it, or a unique start, "
                            f"got {name!r}, {got}; {_nearest(name, ids or failing)}"])  # fmt: skip
    from bench.attribution.choice import examined

    cell = examined(found.cells[ids[0]])
    wanted = ""
    if not cell.fails:
        wanted = f"that failed on most seeds, got {cell.id}, which failed on {cell.failed} of {cell.runs}"
    elif not cell.factors:
        wanted = f"that lacks a remedy, got {cell.id}, which has all three"
    elif cell.obstacle:
        wanted = f"that can be trained with remedies, got {cell.id}: {cell.obstacle}"
    if wanted:
        raise CommandError([f"--cell: must be a cell {wanted}; {_nearest(name, failing)}"])
    return cell


def _nearest(name: str, ids: Sequence[str]) -> str:
    """Advise: the nearest id, or how to see some."""
    others = [each for each in ids if not (name and each.startswith(name))] or list(ids)
    near = get_close_matches(name, others, n=1, cutoff=0.3) or others[:1]
    return f"did you mean {near[0]!r}? (ganbench attribute DIR --plan names some)" if near else "none failed"


def _nothing(folder: Path, found: Contents) -> str:
    failing = sum(cell.fails for cell in found.cells.values())
    wanted = "must hold a cell that failed on most seeds, lacks two remedies and is not attributed yet"
    if failing:
        return f"{folder}: {wanted}, got {failing} failing cells and none such; name one with --cell"
    return f"{folder}: {wanted}, got {len(found.cells)} cells and none that fails; run more of the grid first"


def _announce(experiment: Experiment) -> None:
    from bench.attribution.experiment import told

    print(f"fresh seeds {experiment.seeds[0]} to {experiment.seeds[-1]}; remedies one by one and together:")
    for cell in experiment.cells:
        print(f"  {told(cell, experiment.seeds)}")


def _tell(experiment: Experiment, plan: Plan, out: Path, workers: int) -> None:
    """Print what would be trained, and how long that takes."""
    from bench.commands.plan import describe, remaining

    _announce(experiment)
    for line in describe(plan, *remaining(plan, out), out, workers):
        print(line)


def _command(folder: Path, asked: Asked, options: RunOptions) -> str:
    """Spell the command again, for the user to copy."""
    words = ["ganbench", "attribute", str(folder)]
    words += ["--cells", str(asked.cells)] if asked.cells != CELLS else []
    words += [word for name in asked.named for word in ("--cell", name)]
    words += ["--seeds", str(asked.seeds)] if asked.seeds != SEEDS else []
    return shlex.join(words + option_words(options))
