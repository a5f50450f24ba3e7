"""ganbench regress: is this tree slower or worse than another one, or than its baseline?"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from bench.commands.endings import DONE, OUR_FAULT, CommandError, told_plainly

if TYPE_CHECKING:
    from bench.regression.against import Asked
    from bench.regression.cells import PinnedCell
    from bench.regression.outcome import Comparison, Row

BASELINE = Path("bench/regression/baseline")
"""Where a baseline is looked for, from the folder one stands in."""
FORMS = ("text", "markdown", "json", "bmf", "github-action-benchmark", "pytest-benchmark")
"""How a comparison can be spelled: the keys of bench.regression.table.FORMATS."""


def _flag(text: str) -> Parameter:
    return Parameter(negative=(), help=text)


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class RegressOptions:
    """What the command line may change; None is the module's own default."""

    base: Annotated[
        str | None,
        Parameter(help="A revision of this repository, or a folder; the stored baseline where not given."),
    ] = None
    baseline: Annotated[Path, Parameter(help="Folder of the stored baseline.")] = BASELINE
    update: Annotated[bool, _flag("Measure this tree, write the baseline, show what changed.")] = False
    pairs: Annotated[int | None, Parameter(help="Pairs of processes to time; 30 where not given.")] = None
    seeds: Annotated[int | None, Parameter(help="Seeds of each cell in either test; 20 where not given.")] = (
        None
    )
    workload: Annotated[list[str] | None, _flag("What to time: a workload's name or module:function.")] = None
    cells: Annotated[str | None, Parameter(help="A profile to train in place of the pinned cells.")] = None
    form: Annotated[str | None, Parameter(name="--format", help="One of " + ", ".join(FORMS) + ".")] = None
    json: Annotated[bool, _flag("The same as --format json.")] = False
    markdown: Annotated[bool, _flag("The same as --format markdown.")] = False
    save: Annotated[Path | None, Parameter(help="Keep the comparison in this file too, JSON.")] = None
    strict: Annotated[bool, _flag("Fail where nothing can be said, too.")] = False

    @property
    def spelled(self) -> str:
        """Which of FORMS is asked for; the two short options stand for two of them."""
        shorts = {"json": self.json, "markdown": self.markdown}
        asked = {name for name in (self.form, *(name for name, on in shorts.items() if on)) if name}
        if len(asked) > 1:
            raise CommandError([f"--format: must be one, got {' and '.join(sorted(asked))}; choose one"])
        return next(iter(asked), "text")


def regress(kind: str, options: RegressOptions) -> int:
    """Compare this tree; print a table; 1 where something is worse."""
    _check(kind, options)
    comparison = _updated(options) if options.update else _compared(kind, options)
    if comparison is None:
        return DONE
    from bench.regression import table

    if options.save:
        _save(options.save, table.to_json(comparison))
    print(table.FORMATS[options.spelled](comparison))
    return OUR_FAULT if not options.update and comparison.fails(strict=options.strict) else DONE


def _compared(kind: str, options: RegressOptions) -> Comparison | None:
    from bench.regression import against, stored
    from bench.regression.trees import TreeError, checked_out, head

    ours, asked = head(), _asked(options)
    try:
        if options.base is not None:
            with checked_out(options.base, ours.folder) as base:
                known = f"{base.name} {base.revision}".strip()
                return _comparison(known, against.with_tree(kind, base, ours, asked))
        baseline = stored.read(options.baseline)
    except (TreeError, stored.BaselineError) as error:
        raise CommandError([str(error)]) from error
    if baseline is None:
        _say(f"no baseline in {options.baseline}: nothing was compared; --update writes one")
        return None
    rows = against.with_baseline(kind, baseline, ours, asked)
    return _comparison(f"baseline {baseline.revision}", rows, against.notes_on(baseline))


def compared(kind: str, options: RegressOptions) -> Comparison:
    """Compare this tree with ``options.base``."""
    _check(kind, options)
    found = _compared(kind, options)
    assert found is not None  # only a baseline may be missing
    return found


def _updated(options: RegressOptions) -> Comparison | None:
    """Measure this tree, write the baseline, and say what is not as it was."""
    from bench.regression import against, stored
    from bench.regression.trees import head

    asked, ours = _asked(options), head()
    try:
        old = stored.read(options.baseline)
    except stored.BaselineError as error:
        _say(f"{error}; it is replaced")
        old = None
    new = against.measured(ours, asked)
    path = stored.write(new, options.baseline)
    _say(f"wrote {path}")
    if old is None:
        return None
    rows = against.between(old, new, asked)
    return _comparison(f"baseline {old.revision}", rows, against.notes_on(old))


def _comparison(base: str, rows: Sequence[Row], notes: Sequence[str] = ()) -> Comparison:
    from bench.machine import describe
    from bench.regression.outcome import Comparison
    from bench.regression.trees import head
    from bench.timestamp import now

    ours, machine = head(), describe()
    return Comparison(
        base=base,
        head=f"{ours.name} {ours.revision}".strip(),
        rows=tuple(rows),
        machine=machine.id,
        processor=machine.processor,
        measured_at=now(),
        versions={"python": machine.python, **machine.versions},
        notes=tuple(notes),
    )


def _asked(options: RegressOptions) -> Asked:
    from bench.regression.against import Asked
    from bench.regression.decision import PAIRS

    return Asked(
        pairs=options.pairs or PAIRS,
        seeds=options.seeds,
        workloads=_workloads(options),
        cells=_cells(options.cells),
        say=_say,
    )


def _cells(profile: str | None) -> Mapping[str, PinnedCell] | None:
    if profile is None:
        return None
    from bench.profile import read_profile
    from bench.regression.cells import cells_of

    with told_plainly():
        known = read_profile(profile)
        try:
            return cells_of(known)
        except ValueError as error:
            raise CommandError([str(error)]) from error


def _check(kind: str, options: RegressOptions) -> None:
    from bench.regression.against import KINDS
    from bench.regression.cells import FEWEST_SEEDS
    from bench.regression.decision import FEWEST_PAIRS

    _one_of("regress", kind, (*KINDS, "history"))
    _one_of("--format", options.spelled, FORMS)
    for name, value, least in (
        ("pairs", options.pairs, FEWEST_PAIRS),
        ("seeds", options.seeds, FEWEST_SEEDS),
    ):
        if value is not None and value < least:
            raise CommandError(
                [f"--{name}: must be at least {least}, got {value}; leave it out for the default"]
            )
    if options.update and options.base is not None:
        raise CommandError(
            [f"--update: must stand alone, got --base {options.base!r} beside it; leave that out"]
        )
    if kind == "speed" and options.base is None:
        raise CommandError(
            ["--base: must be given for speed, got nothing; times of another sitting say nothing"]
        )
    _workloads(options)


def _one_of(name: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise CommandError(
            [f"{name}: must be one of {', '.join(known)}, got {value!r}; {_nearest(value, known)}"]
        )


def _workloads(options: RegressOptions) -> list[str]:
    from bench.regression.workloads import WORKLOADS

    for name in options.workload or ():
        if ":" not in name and name not in WORKLOADS:
            wanted = "must be a workload or module:function"
            raise CommandError([f"--workload: {wanted}, got {name!r}; {_nearest(name, tuple(WORKLOADS))}"])
    return list(options.workload or ()) or list(WORKLOADS)


def _nearest(name: str, known: Sequence[str]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}"


def _save(path: Path, text: str) -> None:
    from bench.folder import write_atomically

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text)
    except OSError as error:
        raise CommandError(
            [f"--save: must be a file that can be written, got {path} ({error.strerror})"]
        ) from error


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
