"""ganbench audit: what is wrong with training data, what it does to a GAN, and what to do."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from bench.commands.endings import DONE, CommandError, plain

if TYPE_CHECKING:
    from bench.audit import Finding, Subject

MOST_CLASSES = 30
"""Classes whose counts are listed one by one, at most; all stand in the JSON."""

_NARROWEST, _WIDEST = 60, 120


def audit(target: str, *, defect: str = "none", json_file: Path | None = None) -> int:
    """Print what each check found; findings are results, so the code is 0 whatever they are.

    Args:
        target: a data set that profiles can name, or a folder of images. A name that is both is the data set:
            ``mnist`` is MNIST, and ``./mnist`` a folder.
        defect: audit the data set as if it were spoiled so; only for data sets.
        json_file: write the findings there, too.

    Raises:
        CommandError: there is no such data set or folder, or it holds no image that can be read.
    """
    from bench.audit import audit as look

    try:
        subject = _subject(target, defect)
        findings = look(subject)
    except ValueError as error:
        raise CommandError([str(error)]) from error
    width = min(max(shutil.get_terminal_size((100, 24)).columns, _NARROWEST), _WIDEST)
    blocks = [*(textwrap.fill(line, width) for line in _title(subject).split("\n")), *_table(findings, width)]
    print("\n".join(plain(line) for block in blocks for line in block.split("\n")))
    raised = [finding.check for finding in findings if finding.raised]
    told = f"{len(raised)} of {len(findings)} checks found something: {', '.join(raised)}"
    print(f"\n{told if raised else f'none of {len(findings)} checks found anything'}")
    if json_file is not None:
        _write(json_file, subject, findings)
    return DONE


def _subject(target: str, defect: str) -> Subject:
    from bench.audit import subject_of, subject_of_folder
    from gans.data import DATASETS, load
    from gans.data.defective import apply_defect

    if target not in DATASETS and Path(target).is_dir():
        if defect != "none":
            raise CommandError(
                [f"audit: --defect must be left out for a folder, got {defect!r}; name a data set instead"]
            )
        return subject_of_folder(Path(target))
    if target not in DATASETS and ":" not in target:
        from bench.profile.problems import nearest

        advice = nearest(target, DATASETS.names())
        raise CommandError([f"audit: must be a data set or a folder of images, got {target!r}; {advice}"])
    dataset = load(target)
    return subject_of(apply_defect(dataset, defect, seed=0), dataset)


def _title(subject: Subject) -> str:
    shape = " x ".join(map(str, subject.train.shape[1:]))
    held = "" if subject.holdout is None else f", {len(subject.holdout):,} held out"
    seen = "" if subject.files is None else " as looked at"
    title = f"{subject.name}: {len(subject.train):,} {subject.noun} of {shape} numbers{seen}{held}\n"
    counts = subject.counts.tolist()
    if not 0 < len(counts) <= MOST_CLASSES:
        return title
    names = subject.class_names or range(len(counts))
    return title + "per class: " + ", ".join(f"{a} {b:,}" for a, b in zip(names, counts, strict=True)) + "\n"


def _table(findings: Sequence[Finding], width: int) -> Iterator[str]:
    """What was found first, each with what it does and what to do; then what is fine, a line each."""
    check = max(len(finding.check) for finding in findings)
    for finding in sorted(findings, key=lambda finding: not finding.raised):
        head = f"{'FOUND' if finding.raised else 'fine ':5}  {finding.check:<{check}}  "
        text = finding.says
        if finding.raised:
            text += f". What it does: {finding.effect}. What to do: {finding.advice}."
        yield textwrap.fill(text, width, initial_indent=head, subsequent_indent=" " * len(head))


def _write(path: Path, subject: Subject, findings: Sequence[Finding]) -> None:
    told = {
        "subject": subject.name,
        "samples": len(subject.train),
        "held_out": None if subject.holdout is None else len(subject.holdout),
        "sample_shape": list(subject.train.shape[1:]),
        "class_counts": subject.counts.tolist(),
        "class_names": list(subject.class_names),
        "findings": [asdict(finding) for finding in findings],
    }
    try:
        path.write_text(json.dumps(told, indent=2, allow_nan=False) + "\n", encoding="utf-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CommandError(
            [f"audit: --json must be a file that can be written, got {path}: {reason}; name another"]
        ) from error
