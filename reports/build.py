"""From a results folder to its report: read, judge the claims, write every file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reports.causes import CAUSES
from reports.contrasts import DEFAULT, Resampling
from reports.files import write
from reports.findings import Evidence, Finding
from reports.frame import Results, load
from reports.page import page, render
from reports.remedies import REMEDIES
from reports.summary import summary
from reports.tables import csv_files

FOLDER = "report"


def write_report(folder: Path, resampling: Resampling = DEFAULT) -> Path:
    """Write ``<folder>/report/`` from the records of a results folder.

    Args:
        folder: a results folder.
        resampling: repetitions and seed of the bootstrap.

    Returns:
        The path of index.html.

    Raises:
        bench.records.store.StoreError: the folder holds no results, or those of a newer schema.
    """
    return write_results(load(Path(folder)), Path(folder) / FOLDER, resampling)


def write_results(results: Results, target: Path, resampling: Resampling = DEFAULT) -> Path:
    """Write the report of results already read; index.html comes last, never beside older numbers."""
    evidence = Evidence(results.frames, resampling)
    findings = judged_claims(evidence)
    for name, content in csv_files(results, findings).items():
        write(target / name, content)
    write(target / "summary.json", summary(results, findings, resampling))
    return write(target / "index.html", render(page(results, evidence, findings)))


def judged_claims(evidence: Evidence) -> Sequence[Finding]:
    """Judge every cause and every remedy."""
    return tuple(claim(evidence) for claim in (*CAUSES, *REMEDIES))
