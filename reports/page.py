"""The page of a report: what stands on it, section by section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports import html, method, mode_maps, outcomes, throughput, words
from reports.cells import SEEDS_FOR_INTERVALS, CellTable, cell_table
from reports.contrasts import Resampling
from reports.controls import SCRIPTS, script_data
from reports.error_rates import ErrorRates, error_rates
from reports.findings import VERDICTS, Evidence, Finding
from reports.frame import Results
from reports.grounds import Case, cases
from reports.languages import ENGLISH, Language
from reports.opening import Opening, opening
from reports.parts import Figure, Table
from reports.pictures import Album, albums
from reports.remedies.views import contrast_table
from reports.say import say
from reports.section import Section
from reports.tables import FILES


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The findings, each by its key: its number, and the tables of its comparisons."""

    findings: Sequence[Finding]
    numbered: Mapping[str, str]
    decisive: Mapping[str, Table]
    others: Mapping[str, Table]
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Endings:
    """How runs ended, what the verdicts rest on, and samples of each outcome."""

    undecided: str
    undecided_figures: Sequence[Figure]
    figures: Sequence[Figure]
    unmapped: Sequence[str]
    mechanisms: Table
    cases: Sequence[Case]
    albums: Sequence[Album]
    no_pictures: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Time, speed, and every cell."""

    time: str
    figures: Sequence[Figure]
    cells: CellTable
    cell_note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What the numbers stand on: machine, method, error rates and definitions."""

    environment: Table
    method: Sequence[str]
    error_rates: ErrorRates
    definitions: Sequence[Table]
    files: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything that the template shows, in its order."""

    opening: Opening
    claims: Claims
    sections: Sequence[Section]
    endings: Endings
    numbers: Numbers
    basis: Basis


def page(
    results: Results, evidence: Evidence, findings: Sequence[Finding], sections: Sequence[Section]
) -> Page:
    """Gather all that is shown."""
    claims = _claims(findings)
    return Page(
        opening=opening(results, claims.numbered, sections),
        claims=claims,
        sections=sections,
        endings=_endings(results, evidence.resampling),
        numbers=_numbers(results, evidence.resampling),
        basis=_basis(results, evidence.resampling),
    )


def render(shown: Page, language: Language = ENGLISH, others: Sequence[Language] = ()) -> str:
    """Spell the page as HTML; whatever came from outside is escaped.

    Args:
        language: what it is told in. others: languages of the pages beside it, to link to.
    """
    content = {
        "page": shown,
        "title": shown.opening.title,
        "others": others,
        "data": script_data(shown.numbers.cells, shown.opening.profile, language),
    }
    return html.render("page.html", content, SCRIPTS, language)


def _claims(findings: Sequence[Finding]) -> Claims:
    return Claims(
        findings=findings,
        numbered=_numbered(findings),
        decisive={
            item.key: contrast_table("The comparisons that decide", item.decisive) for item in findings
        },
        others={item.key: _others(item) for item in findings},
        reading=_reading(findings),
    )


def _endings(results: Results, resampling: Resampling) -> Endings:
    runs = results.frames.judged
    maps, unmapped = mode_maps.figures(results)
    no_folder = "the records did not come from a results folder."
    return Endings(
        undecided=outcomes.undecided_sentence(runs),
        undecided_figures=outcomes.undecided_figure(runs),
        figures=[*outcomes.outcome_figures(runs), *outcomes.mode_figures(runs, resampling), *maps],
        unmapped=unmapped,
        mechanisms=outcomes.mechanism_table(runs),
        cases=cases(results),
        albums=albums(runs, results.folder),
        no_pictures=no_folder if len(runs) else "no run has a verdict.",
    )


def _numbers(results: Results, resampling: Resampling) -> Numbers:
    runs = results.frames.judged
    return Numbers(
        time=throughput.time_sentence(results.frames.runs),
        figures=throughput.throughput_figures(runs),
        cells=cell_table(runs, resampling),
        cell_note=say(
            "Below {seeds} seeds the score is the median with its range, from there on the IQM with its "
            "interval.",
            seeds=SEEDS_FOR_INTERVALS,
        ),
    )


def _basis(results: Results, resampling: Resampling) -> Basis:
    runs = results.frames.judged
    return Basis(
        environment=method.environment_table(results.environment),
        method=method.method_lines(runs, resampling),
        error_rates=error_rates(runs),
        definitions=method.definition_tables(),
        files=(*FILES, "summary.json"),
    )


def _numbered(findings: Sequence[Finding]) -> dict[str, str]:
    counts: dict[str, int] = {}
    names: dict[str, str] = {}
    for item in findings:
        counts[item.kind] = counts.get(item.kind, 0) + 1
        names[item.key] = _NUMBERED[item.kind](counts[item.kind])
    return names


_NUMBERED = {"cause": lambda n: say("Cause {n}", n=n), "remedy": lambda n: say("Remedy {n}", n=n)}


def _others(finding: Finding) -> Table:
    rest = [item for item in finding.contrasts if not item.decisive]
    return contrast_table(
        say("All {comparisons}", comparisons=words.count(len(rest), "further comparison")), rest
    )


def _reading(findings: Sequence[Finding]) -> str:
    used = [name for name in VERDICTS if any(item.verdict == name for item in findings)]
    told = [say("{verdict}: {meaning}.", verdict=name, meaning=VERDICTS[name]) for name in used]
    return words.sentences([words.sentence(line) for line in told])
