"""From a results folder to its report: read, judge the claims, write every file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from operator import attrgetter
from pathlib import Path

from reports.causes import CAUSES
from reports.contrasts import DEFAULT, Resampling
from reports.files import write
from reports.findings import Evidence, Finding
from reports.frame import Results, load, observed
from reports.languages import ENGLISH, Language
from reports.languages.pages import write_in
from reports.page import page, render
from reports.remedies import REMEDIES
from reports.section import Section
from reports.sections import PARTS
from reports.summary import summary
from reports.tables import csv_files

FOLDER = "report"


def write_report(folder: Path, resampling: Resampling = DEFAULT, language: Language = ENGLISH) -> Path:
    """Write ``<folder>/report/`` from the records of a results folder.

    Args:
        folder: a results folder.
        resampling: repetitions and seed of the bootstrap.
        language: of a page beside the English one.

    Returns:
        The path of the page in that language.

    Raises:
        bench.records.store.StoreError: the folder holds no results, or those of a newer schema.
    """
    return write_results(load(Path(folder)), Path(folder) / FOLDER, resampling, language)


def write_results(
    results: Results, target: Path, resampling: Resampling = DEFAULT, language: Language = ENGLISH
) -> Path:
    """Write the report of results already read; index.html comes last, never beside older numbers."""
    evidence = Evidence(observed(results).frames, resampling)
    findings = judged_claims(evidence)
    sections = further_sections(results, resampling)
    for name, content in csv_files(results, findings, sections):
        write(target / name, content)
    write(target / "summary.json", summary(results, findings, sections, resampling))
    shown = page(results, evidence, findings, sections)
    return write_in(language, target, attrgetter("file"), partial(render, shown))


def judged_claims(evidence: Evidence) -> Sequence[Finding]:
    """Judge every cause and every remedy."""
    return tuple(claim(evidence) for claim in (*CAUSES, *REMEDIES))


def further_sections(results: Results, resampling: Resampling = DEFAULT) -> Sequence[Section]:
    """Build every part of the page beside the claims."""
    without = observed(results)
    return tuple(part.build(results if part.attribution else without, resampling) for part in PARTS)
