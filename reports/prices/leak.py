"""Does an augmentation show in what the generator makes? Its leak, beside its price.

Of DiffAugment a probe reads it off the samples. ADA's probe takes poor samples for augmented, so that only
what a run reads beyond its twin without augmentation counts (``bench.diagnostics.leakage``).
"""

from __future__ import annotations

import pandas as pd

from reports import words
from reports.matching import pairs
from reports.say import Text, say
from reports.significance import seed_interval
from reports.stats import Interval

NONE = "none"
_AUGMENTATION = frozenset({"augmentation"})


def told(runs: pd.DataFrame) -> list[Text]:
    """One sentence for every augmentation of every data set that was run."""
    augmented = runs[runs["augmentation"] != NONE]
    groups = augmented.groupby(["dataset", "augmentation"], observed=True, sort=True)
    return [_sentence(str(name), str(dataset), part, runs) for (dataset, name), part in groups]


def leak(augmented: pd.DataFrame, runs: pd.DataFrame) -> tuple[Interval, int]:
    """Mean share of augmented-looking samples over seeds, and of how many runs or pairs of runs.

    Args:
        augmented: runs with one augmentation. runs: all, their twins without among them.
    """
    if augmented["augmentation"].iloc[0] == "ada":
        found = pairs(augmented, runs[runs["augmentation"] == NONE], _AUGMENTATION, values=("ada_reading",))
        found = found.assign(leak=found["ada_reading_treated"] - found["ada_reading_baseline"])
    else:
        found = augmented[["seed"]].assign(leak=augmented["augmentation_leak"])
    found = found.dropna()
    interval, _ = seed_interval(found["leak"].to_numpy(dtype=float), found["seed"].tolist())
    return interval, len(found)


def _sentence(name: str, dataset: str, augmented: pd.DataFrame, runs: pd.DataFrame) -> Text:
    shown = {"name": words.label(name), "dataset": words.label(dataset)}
    interval, count = leak(augmented, runs)
    if not count:
        return say(
            "Whether {name} shows in samples of {dataset} is not known: no run has a reading.", **shown
        )
    beyond = say("beyond their twins without it") if name == "ada" else say("by a probe's reading")
    return say(
        "{name} on {dataset}: {share} {span} of the samples look augmented {beyond} ({runs}), {word}.",
        **shown,
        share=words.percent(interval.estimate),
        span=words.span(interval.low, interval.high, share=True),
        beyond=beyond,
        runs=words.count(count, "run"),
        word=say("so it leaks") if interval.low > 0 else say("no leak shown"),
    )
