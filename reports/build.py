"""From a results folder to its report: read, judge the claims, write every file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reports.causes import CAUSES
from reports.contrasts import DEFAULT, Resampling
from reports.files import write
from reports.findings import Evidence, Finding
from reports.frame import Results, load, observed
from reports.languages import ENGLISH, LANGUAGES, Language
from reports.page import Page, page, render
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
    return _write_pages(page(results, evidence, findings, sections), target, language)


def _write_pages(shown: Page, target: Path, language: Language) -> Path:
    """Write the English page and the one asked for; pages of other languages would hold older numbers."""
    wanted = tuple(dict.fromkeys((language, ENGLISH)))
    for each in LANGUAGES.values():
        if each not in wanted:
            (target / each.file).unlink(missing_ok=True)
    for each in wanted:
        write(target / each.file, render(shown, each, [other for other in wanted if other != each]))
    return target / language.file


def judged_claims(evidence: Evidence) -> Sequence[Finding]:
    """Judge every cause and every remedy."""
    return tuple(claim(evidence) for claim in (*CAUSES, *REMEDIES))


def further_sections(results: Results, resampling: Resampling = DEFAULT) -> Sequence[Section]:
    """Build every part of the page beside the claims."""
    without = observed(results)
    return tuple(part.build(results if part.attribution else without, resampling) for part in PARTS)
