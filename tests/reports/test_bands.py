"""Many rates become few bands: none is lost, 1 is a middle, and what is told names them."""

import math
import re

import numpy as np
import pandas as pd
import pytest
from report_records import QUICK, config, draws, planted

from reports import words
from reports.bands import MOST, bands, nearest, pooled, told_levels
from reports.build import further_sections, judged_claims
from reports.causes.loss import loss
from reports.factors import where
from reports.findings import Evidence
from reports.frame import Results, frames
from reports.outcomes import undecided_figure
from reports.stability.robustness import ranges
from reports.summaries import levels

RATES = [float(f"{10**at:.4g}") for at in np.linspace(-1.9, 1.9, 40)]


@pytest.mark.parametrize(
    "levels", [RATES, [1.0 + at / 100 for at in range(40)], list(np.logspace(-30, 5, 99))]
)
def test_every_level_lies_in_its_band_and_no_band_is_empty(levels):
    found = bands(levels)

    assert found.pooled
    assert 3 <= len(found.edges) <= MOST
    assert set(found.of) == set(levels)
    assert set(found.of.values()) == set(found.edges)
    for level, middle in found.of.items():
        low, high = found.edges[middle]
        assert low <= level < high
        assert low < middle < high
    assert len({found.name(middle) for middle in found.edges}) == len(found.edges)


def test_the_own_rate_is_the_middle_of_its_band():
    assert bands([*RATES, 1.0]).of[1.0] == 1.0


def test_a_dozen_levels_stay_as_they_are():
    found = bands(RATES[:MOST])

    assert not found.pooled
    assert found.notes == []
    assert [found.name(level) for level in found.edges] == [words.times(level) for level in RATES[:MOST]]


def test_levels_of_any_sign_are_not_pooled():
    assert not bands([float(level) for level in range(-20, 20)]).pooled


def test_the_run_nearest_to_the_middle_stands_for_its_band():
    records = draws([config(seed=seed, scale=rate) for rate in RATES for seed in (0, 1)], planted)
    runs = frames(records).runs
    found = bands(sorted(runs["lr_scale"].unique()))

    kept = nearest(runs, found)

    assert len(kept) == 2 * len(found.edges)  # each seed once in each band
    for (middle, _), part in kept.groupby(["lr_scale", "seed"]):
        same = runs[runs["lr_scale"].map(found.of) == middle]["lr_scale"]
        best = same[np.abs(np.log(same / middle)).idxmin()]
        assert runs.loc[part.index[0], "lr_scale"] == pytest.approx(best)


def test_runs_without_a_rate_of_their_own_all_stay():
    runs = frames(draws([config(scale=rate) for rate in RATES], planted)).runs
    runs.loc[runs.index[:5], "lr_scale"] = math.nan

    kept = nearest(runs, bands(levels(runs, "lr_scale")))

    assert kept["lr_scale"].isna().sum() == 5


def test_a_range_of_rates_is_taken_over_bands(searched):
    assert {item.rates for item in ranges(searched.judged, QUICK)} == {len(bands(RATES).edges)}


def test_few_levels_are_listed_and_many_told_by_their_ends():
    assert told_levels([0.3, 1.0], words.times) == "×0.3 and ×1"
    assert told_levels(RATES, words.times) == "×0.0126 to ×79.4 (40 of them)"


@pytest.fixture(scope="module")
def searched():
    """Two recipes at forty rates each, two seeds, two ratios: the grid of a random search."""
    configs = [
        config(recipe, seed=seed, scale=rate, ratio=ratio)
        for recipe in ("mmgan", "nsgan")
        for rate in RATES
        for seed in range(2)
        for ratio in (0.25, 1.0)
    ]
    return frames(draws(configs, planted, probes=2))


def test_outcomes_have_a_bar_for_each_band_and_count_every_run(searched):
    (drawn,) = undecided_figure(searched.judged)
    found = bands(sorted(searched.judged["lr_scale"].unique()))

    assert len(drawn.data.rows) == 2 * len(found.edges)
    assert sum(row[2].value for row in drawn.data.rows) == len(searched.judged)
    assert "40 learning rates are pooled into" in drawn.caption
    assert "learning rate" not in drawn.data.columns  # the filter of cells knows rates, not bands


def test_the_cause_compares_bands_and_says_so(searched):
    found = loss(Evidence(searched, QUICK))
    rates = [item for item in found.contrasts if "own rate against" in item.name]

    assert 0 < len(rates) <= 3 * MOST  # two recipes and both together
    assert all("–" in item.name for item in rates)
    assert {item.failure.pairs + item.failure.undecided for item in rates} & {4, 8}
    assert any("pooled into" in note for note in found.notes)


def test_no_text_of_the_page_lists_forty_rates(searched):
    findings = judged_claims(Evidence(searched, QUICK))
    sections = further_sections(Results(searched), QUICK)
    said = [text for item in findings for text in (item.varied, item.sentence, *item.notes, *item.points)]
    said += [text for item in sections for text in (*item.points, *item.notes)]

    assert max(len(set(re.findall(r"×[\d.]+", text))) for text in said) <= 2 * MOST
    assert "lr_scale" not in where(searched.judged)
    assert not math.isnan(searched.judged["lr_scale"].max())


def test_a_frame_keeps_its_rates_where_nothing_is_pooled():
    runs = pd.DataFrame({"lr_scale": [0.5, 1.0]})

    assert pooled(runs, "lr_scale", bands([0.5, 1.0])) is runs
