"""How the page begins: what was trained, how much of it failed, what is missing, and where to go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports import words
from reports.contrasts import MIN_PAIRS
from reports.frame import Results
from reports.missing import missing
from reports.proportions import FailureRate
from reports.say import say
from reports.section import Section
from reports.summaries import datasets


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Heading and navigation.

    Args:
        lead: the whole report in two sentences. totals: name and number each.
        sections: anchor and name of each section, in order. missing: what should be there and is not.
    """

    title: str
    profile: str
    lead: str
    totals: Sequence[tuple[str, str]]
    sections: Sequence[tuple[str, str]]
    missing: Sequence[str]


def opening(results: Results, numbered: Mapping[str, str], sections: Sequence[Section] = ()) -> Opening:
    """Open the page of these results; ``numbered`` are the findings' anchors and names."""
    profile = words.label(results.profile, 80)
    return Opening(
        title=say("Why did these GANs fail? {profile}", profile=profile) if profile else _TITLE,
        profile=profile,
        lead=_lead(results),
        totals=_totals(results),
        sections=[
            ("findings", "Findings"),
            *numbered.items(),
            *((section.key, section.name) for section in sections),
            *_SECTIONS,
        ],
        missing=missing(results),
    )


_TITLE = "Why did these GANs fail?"
_SECTIONS = (
    ("undecided", "Undecided"), ("outcomes", "Outcomes"), ("verdicts", "Verdicts"), ("samples", "Samples"),
    ("throughput", "Throughput"), ("cells", "Cells"), ("environment", "Environment"),
    ("definitions", "Definitions"),
)  # fmt: skip


def _lead(results: Results) -> str:
    runs, judged = results.frames.runs, results.frames.judged
    if not len(runs):
        return "There are no runs in this folder yet: nothing can be said. Train some and report again."
    if not len(judged):
        return say(
            "None of {runs} has a verdict: all failed through the benchmark's own fault. Nothing can be "
            "said about GANs.",
            runs=words.count(len(runs), "run"),
        )
    rate = FailureRate.of(judged["failure"].to_numpy(dtype=float))
    where = words.listed([words.label(name) for name in datasets(judged)[:5]])
    failed = [_decided(rate) if rate.decided else say("none is decided yet")]
    if rate.undecided:
        failed.append(say("{share} were still improving", share=words.percent(rate.undecided_share)))
    return say(
        "{gans} on {datasets}, each trained and judged on its samples: {failed}. Below: what went with "
        "failure when nothing else changed, and what helped.",
        gans=words.count(len(judged), "GAN"),
        datasets=where,
        failed=words.clauses(failed),
    )


def _decided(rate: FailureRate) -> str:
    if rate.decided < MIN_PAIRS:
        return say("{failed} decided ones failed", failed=_failed(rate))
    return say("{failed} of the decided ones failed", failed=_failed(rate))


def _failed(rate: FailureRate) -> str:
    """Spell the share of failed runs, as a count where there are too few for a rate."""
    if rate.decided < MIN_PAIRS:
        return say("{part} of {whole}", part=rate.failed, whole=rate.decided)
    return words.percent(rate.interval.estimate)


def _totals(results: Results) -> list[tuple[str, str]]:
    runs, judged = results.frames.runs, results.frames.judged
    rate = FailureRate.of(judged["failure"].to_numpy(dtype=float))
    took = float(runs[["train_seconds", "eval_seconds", "compile_seconds"]].sum().sum())
    return [
        ("runs", f"{len(runs):,}"),
        ("cells", f"{judged['cell'].nunique():,}"),
        ("seeds", f"{judged['seed'].nunique():,}"),
        ("failed", _failed(rate)),
        ("undecided", words.percent(rate.undecided_share)),
        ("machine time", words.seconds(took) if took > 0 else "n/a"),
    ]
