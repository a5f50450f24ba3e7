"""What a results folder should hold and does not, in words."""

from __future__ import annotations

from collections.abc import Iterator

from bench.records.schema import STOPPED
from reports import words
from reports.frame import Results
from reports.say import Text, say


def missing(results: Results) -> list[Text]:
    """Say in words what should be there and is not."""
    kinds = (_absent, _broken, _unscored, _stopped, _repeated)
    return [note for kind in kinds for note in kind(results)]


def _absent(results: Results) -> Iterator[Text]:
    for grid, absent in sorted(results.absent.items()):
        if absent:
            yield say(
                "Grid {grid}: {absent} of {planned} planned runs have no result.",
                grid=words.label(grid),
                absent=absent,
                planned=results.planned[grid],
            )


def _broken(results: Results) -> Iterator[Text]:
    runs = results.frames.runs
    broken = runs[~runs["judged"]]
    if len(broken):
        reasons = broken["error"].replace("", "no reason recorded").value_counts()
        yield say(
            "{broken} of {runs} runs failed through the benchmark's own fault and have no verdict; "
            "most often: {reason}.",
            broken=len(broken),
            runs=len(runs),
            reason=words.label(reasons.index[0], 200),
        )


def _unscored(results: Results) -> Iterator[Text]:
    unscored = int(results.frames.judged["score"].isna().sum())
    if unscored:
        yield say(
            "{unscored} judged runs have no score and are left out of every score, not of failure rates.",
            unscored=unscored,
        )


def _stopped(results: Results) -> Iterator[Text]:
    stopped = int((results.frames.runs["status"] == STOPPED).sum())
    if stopped:
        yield say(
            "{runs} past hope ended early (--stop-early): outcome and score are of the part that was "
            "trained.",
            runs=words.count(stopped, "run"),
        )


def _repeated(results: Results) -> Iterator[Text]:
    if results.attempts:
        yield say(
            "{attempts} attempts at training failed and were repeated or given up.", attempts=results.attempts
        )
