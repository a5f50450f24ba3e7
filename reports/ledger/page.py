"""``REPRODUCTION.md``: a row for every anchor, with what agrees, what does not and what was not run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from reports.ledger.anchors import ANCHORS, Anchor
from reports.ledger.command import Grid, command
from reports.ledger.judgement import NOT, NOT_RUN, TREND, VERDICTS, Judgement
from reports.ledger.records import TABLES, Records

Row = tuple[Anchor, Judgement]
Presets = Mapping[str, Sequence[Grid]]

_HEAD = """# Reproduction ledger

Published results beside ours, written by `ganbench ledger` from the records in `reports/ledger/records`.
Numbers, budgets, commands and verdicts are computed from them; a command has the options by which the
records differ from its preset, as far as they tell. What is said "of the disagreement" is our reading of the
records that are kept, left out where others have other settings. Intervals are 95 % (Student's t); orders
are tested one-sided at 5 %. Where a median is printed, the order goes by it.

* **reproduced**: the published numbers, at the published budget.
* **trend only**: the published order, beyond chance where that can be tested, at a smaller budget or on
  other networks.
* **not reproduced**: the order is absent, reversed, or may be chance.
* **no published value**: run, but the paper prints nothing to hold it against; ours stands for the record.
* **not run**: our records cannot answer it, for the reason given.
"""


def text(records: Records, presets: Presets) -> str:
    """The page.

    Args:
        presets: the grids of every preset as its file spells them, beside which commands are told.
    """
    rows = [(anchor, anchor.judge(records)) for anchor in ANCHORS]
    parts = [
        _HEAD,
        _counts(rows),
        _table(rows),
        "\n".join(_details(rows, records, presets)),
        "\n".join(_sources(records)),
    ]
    return "\n".join(parts)


def _counts(rows: Sequence[Row]) -> str:
    counts = Counter(judgement.verdict for _, judgement in rows)
    return f"{len(rows)} anchors: " + ", ".join(f"{counts[each]} {each}" for each in VERDICTS) + ".\n"


def _table(rows: Sequence[Row]) -> str:
    lines = ["| anchor | published | ours | verdict |", "|---|---|---|---|"]
    for anchor, judgement in rows:
        cells = (anchor.name, anchor.published, judgement.ours or "-", f"**{judgement.verdict}**")
        lines.append("| " + " | ".join(map(_cell, cells)) + " |")
    return "\n".join(lines) + "\n"


def _details(rows: Sequence[Row], records: Records, presets: Presets) -> Iterator[str]:
    yield "## Each anchor\n"
    for anchor, judgement in rows:
        yield f"### {anchor.name}: {judgement.verdict}\n"
        yield f"* Source: {anchor.source}."
        if judgement.why:
            yield f"* Why: {judgement.why}."
        if anchor.claim:
            yield from _ours(anchor, judgement, records, presets.get(anchor.preset, ()))
        yield ""


def _ours(anchor: Anchor, judgement: Judgement, records: Records, grids: Sequence[Grid]) -> Iterator[str]:
    if judgement.verdict == NOT_RUN:
        yield f"* To be run: `ganbench run {anchor.preset}`."
        return
    unit = "numbers" if anchor.preset in TABLES else "runs"
    made_by = command(anchor.preset, records[anchor.preset], grids)
    yield f"* Budget beside the paper's: {anchor.told_budget(records)}."
    yield f"* Records: {judgement.runs} {unit}, `{made_by}`."
    if judgement.verdict == NOT or (judgement.verdict == TREND and anchor.discussion):
        yield f"* Of the disagreement: {_disagreement(anchor, records)}"


def _disagreement(anchor: Anchor, records: Records) -> str:
    ours = (
        anchor.told_discussion(records)
        or "measured under what the budget line says, so it does not refute the paper"
    )
    if anchor.preset in TABLES:
        return f"{ours}."
    seeds = max(10, 2 * records[anchor.preset].seed.nunique())
    return f"{ours}. A larger try: `ganbench run {anchor.preset} --seeds {seeds}`."


def _sources(records: Records) -> Iterator[str]:
    yield "## Records\n"
    yield "| preset | runs | seeds | largest steps | hours of training |"
    yield "|---|---|---|---|---|"
    for preset, runs in records.items():
        if "seed" not in runs:
            yield f"| {preset} | {len(runs)} numbers | - | - | - |"
            continue
        hours = runs.train_seconds.sum() / 3600
        yield f"| {preset} | {len(runs)} | {runs.seed.nunique()} | {runs.steps.max():,} | {hours:.2f} |"
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
