"""The page: what stands on it, and its one HTML file that needs no network and no script to be read."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup, escape

from reports import method, outcomes, throughput, words
from reports.cells import SEEDS_FOR_INTERVALS, CellTable, cell_table
from reports.contrasts import MIN_PAIRS
from reports.error_rates import ErrorRates, error_rates
from reports.findings import VERDICTS, Evidence, Finding
from reports.frame import Results, missing
from reports.grounds import Case, cases
from reports.parts import Figure, Table
from reports.pictures import Album, albums
from reports.proportions import FailureRate
from reports.remedies.views import contrast_table
from reports.summaries import datasets


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything that the template shows, in its order."""

    title: str
    profile: str
    lead: str
    totals: Sequence[tuple[str, str]]
    sections: Sequence[tuple[str, str]]
    missing: Sequence[str]
    findings: Sequence[Finding]
    numbered: Mapping[str, str]
    decisive: Mapping[str, Table]
    others: Mapping[str, Table]
    reading: str
    undecided: str
    undecided_figures: Sequence[Figure]
    outcome_figures: Sequence[Figure]
    mechanisms: Table
    cases: Sequence[Case]
    albums: Sequence[Album]
    no_pictures: str
    time: str
    throughput_figures: Sequence[Figure]
    cells: CellTable
    cell_note: str
    environment: Table
    method: Sequence[str]
    error_rates: ErrorRates
    definitions: Sequence[Table]


def page(results: Results, evidence: Evidence, findings: Sequence[Finding]) -> Page:
    """Gather all that is shown."""
    runs = results.frames.judged
    numbered = _numbered(findings)
    return Page(
        title=f"Why did these GANs fail? {words.label(results.profile, 80)}".strip(),
        profile=words.label(results.profile, 80),
        lead=_lead(results),
        totals=_totals(results),
        sections=[
            ("findings", "Findings"),
            *((item.key, numbered[item.key]) for item in findings),
            *_SECTIONS,
        ],
        missing=missing(results),
        findings=findings,
        numbered=numbered,
        decisive={
            item.key: contrast_table("The comparisons that decide", item.decisive) for item in findings
        },
        others={item.key: _others(item) for item in findings},
        reading=_reading(findings),
        undecided=outcomes.undecided_sentence(runs),
        undecided_figures=outcomes.undecided_figure(runs),
        outcome_figures=[*outcomes.outcome_figures(runs), *outcomes.mode_figures(runs, evidence.resampling)],
        mechanisms=outcomes.mechanism_table(runs),
        cases=cases(results),
        albums=albums(runs, results.folder),
        no_pictures="no run has a verdict."
        if not len(runs)
        else "the records did not come from a results folder.",
        time=throughput.time_sentence(results.frames.runs),
        throughput_figures=throughput.throughput_figures(runs),
        cells=cell_table(runs, evidence.resampling),
        cell_note=(
            f"Below {SEEDS_FOR_INTERVALS} seeds the score is the median with its range, from there on the "
            "IQM with its interval."
        ),
        environment=method.environment_table(results.environment),
        method=method.method_lines(runs, evidence.resampling),
        error_rates=error_rates(runs),
        definitions=method.definition_tables(),
    )


def render(shown: Page) -> str:
    """Spell the page as HTML; whatever came from outside is escaped."""
    folder = resources.files("reports") / "templates"
    style, script = ((folder / name).read_text(encoding="utf-8").strip() for name in ("style.css", "sort.js"))
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["weighted"] = weighted
    content: dict[str, Any] = {
        "page": shown,
        "policy": _policy(style, script),
        "style": Markup(style),
        "script": Markup(script),
    }
    return environment.get_template("page.html").render(content)


def weighted(text: str) -> Markup:
    """Escape a sentence and set its differences, with their intervals, in bold.

    Example:
        >>> str(weighted("<b>: +5\N{NARROW NO-BREAK SPACE}points [1, 9] (20 pairs)"))
        '&lt;b&gt;: <strong>+5\u202fpoints [1, 9]</strong> (20 pairs)'
    """
    return Markup(_DIFFERENCE.sub(r"<strong>\g<0></strong>", str(escape(text))))


_DIFFERENCE = re.compile("[+−]?\\d+\N{NARROW NO-BREAK SPACE}points? \\[[^\\]<>]*\\]")
_SECTIONS = (
    ("undecided", "Undecided"), ("outcomes", "Outcomes"), ("verdicts", "Verdicts"), ("samples", "Samples"),
    ("throughput", "Throughput"), ("cells", "Cells"), ("environment", "Environment"),
    ("definitions", "Definitions"),
)  # fmt: skip


def _policy(style: str, script: str) -> str:
    """Allow this one style sheet, this one script, and pictures that the page itself holds."""
    return (
        f"default-src 'none'; img-src data:; style-src {_digest(style)}; script-src {_digest(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _numbered(findings: Sequence[Finding]) -> dict[str, str]:
    counts: dict[str, int] = {}
    names = {}
    for item in findings:
        counts[item.kind] = counts.get(item.kind, 0) + 1
        names[item.key] = f"{item.kind.capitalize()} {counts[item.kind]}"
    return names


def _lead(results: Results) -> str:
    runs, judged = results.frames.runs, results.frames.judged
    if not len(runs):
        return "There are no runs in this folder yet: nothing can be said. Train some and report again."
    if not len(judged):
        return (
            f"None of {words.count(len(runs), 'run')} has a verdict: all failed through the benchmark's own "
            "fault. Nothing can be said about GANs."
        )
    rate = FailureRate.of(judged["failure"].to_numpy(dtype=float))
    where = words.listed([words.label(name) for name in datasets(judged)[:5]])
    failed = f"{_failed(rate)} decided ones failed" if rate.decided else "none is decided yet"
    waiting = f", {words.percent(rate.undecided_share)} were still improving" if rate.undecided else ""
    return (
        f"{words.count(len(judged), 'GAN')} on {where}, each trained and judged on its samples: "
        f"{failed}{waiting}. Below: what went with failure when nothing else changed, and what helped."
    )


def _failed(rate: FailureRate) -> str:
    """Spell the share of failed runs, as a count where there are too few for a rate."""
    if rate.decided < MIN_PAIRS:
        return f"{rate.failed} of {rate.decided}"
    return f"{words.percent(rate.interval.estimate)} of the"


def _totals(results: Results) -> list[tuple[str, str]]:
    runs, judged = results.frames.runs, results.frames.judged
    rate = FailureRate.of(judged["failure"].to_numpy(dtype=float))
    took = float(runs[["train_seconds", "eval_seconds", "compile_seconds"]].sum().sum())
    return [
        ("runs", f"{len(runs):,}"),
        ("cells", f"{judged['cell'].nunique():,}"),
        ("seeds", f"{judged['seed'].nunique():,}"),
        ("failed", _failed(rate).removesuffix(" of the")),
        ("undecided", words.percent(rate.undecided_share)),
        ("machine time", words.seconds(took) if took > 0 else "n/a"),
    ]


def _others(finding: Finding) -> Table:
    rest = [item for item in finding.contrasts if not item.decisive]
    return contrast_table(f"All {words.count(len(rest), 'further comparison')}", rest)


def _reading(findings: Sequence[Finding]) -> str:
    used = [name for name in VERDICTS if any(item.verdict == name for item in findings)]
    return " ".join(words.sentence(f"{name}: {VERDICTS[name]}.") for name in used)
