"""The CSV files of a report: runs, evaluations, findings and contrasts, with the meaning of each column."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bench.records.columns import EVALUATION_COLUMNS, RUN_COLUMNS, Column, columns_of
from reports.contrasts import Contrast, Effect
from reports.files import csv_parts, frame_parts
from reports.findings import VERDICTS, Finding
from reports.frame import Results
from reports.grounds import GROUND_COLUMNS, ground_rows
from reports.section import Section
from reports.sections import PARTS

FINDING_COLUMNS = columns_of(
    ("key", "text", "short name of the claim"),
    ("claim", "text", "the claim of the FAQ"),
    ("verdict", "text", "one of " + ", ".join(VERDICTS)),
    ("sentence", "text", "the verdict's reasons in words and numbers"),
    ("varied", "text", "what was varied and what was held"),
    ("runs", "", "distinct runs behind it"),
    ("seeds", "", "distinct seeds behind it"),
    ("decisive_contrasts", "", "comparisons that the verdict rests on; their numbers are in contrasts.csv"),
    ("not_measured", "text", "what the claim covers and these runs do not"),
)
"""Columns of causes.csv and remedies.csv."""

CONTRAST_COLUMNS = columns_of(
    ("kind", "text", "cause or remedy"),
    ("finding", "text", "key of the finding"),
    ("contrast", "text", "what is compared"),
    ("group", "text", "which runs are compared"),
    ("decisive", "", "1 where the verdict rests on it, else 0"),
    ("claimed", "", "what the claim says of harm: 1 more, -1 less, 0 a difference of either sign"),
    ("measure", "text", "failure rate or score"),
    ("treated", "", "share of failed runs, or IQM of the score, with the change"),
    ("treated_low", "", "lower limit of its interval"),
    ("treated_high", "", "upper limit of its interval"),
    ("baseline", "", "the same without the change"),
    ("baseline_low", "", "lower limit of its interval"),
    ("baseline_high", "", "upper limit of its interval"),
    ("difference", "", "treated less baseline"),
    ("difference_low", "", "lower limit: Newcombe paired for rates, paired stratified bootstrap for scores"),
    ("difference_high", "", "upper limit, likewise"),
    (
        "level",
        "text",
        "what the interval of the difference is worth: 95 %, or the coverage measured at so few seeds",
    ),
    ("by_seed_low", "", "lower limit with seeds as the only replication, Student's t"),
    ("by_seed_high", "", "upper limit, likewise"),
    ("bound_low", "", "failure rate: lowest difference that undecided runs allow"),
    ("bound_high", "", "failure rate: highest difference that undecided runs allow"),
    ("undecided", "", "undecided runs of both sides"),
    ("pairs", "", "pairs of runs alike in all else, seed included; for rates both of a pair decided"),
    ("cells", "", "matched cells that the pairs come from"),
    ("seeds", "", "seeds that the pairs come from"),
    ("seeds_agreeing", "", "seeds whose own mean difference has the sign of the difference"),
    ("p", "", "of no difference: McNemar exact for rates, sign flips of pairs for scores"),
    ("p_adjusted", "", "p corrected over the family"),
    (
        "correction",
        "text",
        "Holm for decisive contrasts, BH (Benjamini-Hochberg) for others, empty where not judged",
    ),
    ("family", "", "comparisons in the family"),
    (
        "probability_of_improvement",
        "",
        "that a treated run scores above a baseline run of its cell, ties half",
    ),
    ("obstacle", "text", "why this measure cannot be judged, else empty"),
)
"""Columns of contrasts.csv: two rows per contrast, one per measure."""

FILES: Mapping[str, tuple[str, Mapping[str, Column]]] = {
    "runs.csv": ("one row per run", RUN_COLUMNS),
    "evaluations.csv": ("one row per probe of a run", EVALUATION_COLUMNS),
    "causes.csv": ("one row per cause of the FAQ", FINDING_COLUMNS),
    "remedies.csv": ("one row per remedy of the FAQ", FINDING_COLUMNS),
    "verdicts.csv": ("one row per number that the verdict on a run looked at", GROUND_COLUMNS),
    "contrasts.csv": ("two rows per comparison, one for each measure", CONTRAST_COLUMNS),
    **{name: file for part in PARTS for name, file in part.files.items()},
}
"""Every CSV file: what a row is, and its columns in order."""


def csv_files(
    results: Results, findings: Sequence[Finding], sections: Sequence[Section] = ()
) -> Iterator[tuple[str, Iterator[str]]]:
    """Spell every CSV file of the report, a portion at a time: those of many runs fill memory."""
    yield "runs.csv", frame_parts(results.frames.runs, list(RUN_COLUMNS))
    yield "evaluations.csv", frame_parts(results.frames.evaluations, list(EVALUATION_COLUMNS))
    yield "verdicts.csv", _csv(GROUND_COLUMNS, ground_rows(results.evidence))
    for kind, name in (("cause", "causes.csv"), ("remedy", "remedies.csv")):
        yield name, _csv(FINDING_COLUMNS, (finding_row(item) for item in findings if item.kind == kind))
    yield "contrasts.csv", _csv(CONTRAST_COLUMNS, contrast_rows(findings))
    for item in sections:
        for name, rows in item.rows.items():
            yield name, _csv(FILES[name][1], rows)


def finding_row(finding: Finding) -> dict[str, Any]:
    """One finding as a row of FINDING_COLUMNS."""
    return {
        "key": finding.key,
        "claim": finding.claim,
        "verdict": finding.verdict,
        "sentence": finding.sentence,
        "varied": finding.varied,
        "runs": finding.runs,
        "seeds": finding.seeds,
        "decisive_contrasts": len(finding.decisive),
        "not_measured": " ".join(finding.not_measured),
    }


def contrast_rows(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """All contrasts of all findings as rows of CONTRAST_COLUMNS."""
    return [
        {"kind": finding.kind, "finding": finding.key} | contrast_row(item, effect)
        for finding in findings
        for item in finding.contrasts
        for effect in (item.failure, item.score)
    ]


def contrast_row(item: Contrast, effect: Effect) -> dict[str, Any]:
    """One measure of one contrast as a row of CONTRAST_COLUMNS, without its finding."""
    spans = {"treated": effect.treated, "baseline": effect.baseline, "difference": effect.difference}
    row: dict[str, Any] = {"contrast": item.name, "group": item.group, "decisive": item.decisive}
    row |= {"claimed": item.claimed, "measure": effect.measure}
    for name, span in spans.items():
        row |= {name: span.estimate, f"{name}_low": span.low, f"{name}_high": span.high}
    return row | {
        "level": effect.level,
        "by_seed_low": effect.by_seed.low,
        "by_seed_high": effect.by_seed.high,
        "bound_low": effect.bounds[0],
        "bound_high": effect.bounds[1],
        "undecided": effect.undecided,
        "pairs": effect.pairs,
        "cells": item.cells,
        "seeds": effect.seeds,
        "seeds_agreeing": effect.agreeing,
        "p": effect.p,
        "p_adjusted": effect.p_adjusted,
        "correction": effect.correction,
        "family": effect.family,
        "probability_of_improvement": item.improvement if effect.measure == "score" else math.nan,
        "obstacle": effect.obstacle,
    }


def _csv(columns: Mapping[str, Column], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    return csv_parts(list(columns), ([row[name] for name in columns] for row in rows))
