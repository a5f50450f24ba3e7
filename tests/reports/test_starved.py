"""Settings starved of data: planted falls of coverage are flagged, chance and shortage of seeds are not."""

import numpy as np
import pandas as pd
import pytest
from report_records import draws, grid

from reports.causes.starved import falls, note, starved, table
from reports.frame import frames


@pytest.mark.parametrize(
    ("changes", "flagged"),
    [
        ([-0.2] * 5, True),
        ([-0.2] * 4, False),  # four that agree are chance once in sixteen
        ([-0.05] * 10, False),  # they agree on less than a tenth
        ([-0.3] * 9 + [0.1], True),
        ([-0.3] * 7 + [0.1] * 3, False),
        ([0.3] * 10, False),
        ([np.nan] * 10, False),
        ([-0.2] * 5 + [np.nan] * 5, True),
    ],
)
def test_a_fall_is_a_tenth_in_the_middle_on_which_seeds_agree(changes, flagged):
    assert falls(np.array(changes)) == flagged


def planted(few, seeds=6):
    """Runs at three data sizes, of which nsgan covers ``few`` of the floor at the smallest."""
    made = frames(draws(grid(recipes=("nsgan", "wgan-gp"), seeds=seeds), lambda given: 0.4)).judged
    hit = (made["data_size"] == made["data_size"].min()) & (made["recipe"] == "nsgan")
    luck = np.random.default_rng(0).normal(0, 0.01, len(made))
    return made.assign(
        coverage=np.where(hit, few, 0.9) + luck, coverage_floor=1.0, recall=0.8 + luck, recall_floor=1.0
    )


def test_a_recipe_whose_coverage_falls_with_the_data_is_starved_and_another_is_not():
    found = {each.recipe: each for each in starved(planted(0.5))}

    assert found["nsgan"].settings == found["nsgan"].starved == found["nsgan"].falls["coverage"] > 0
    assert found["nsgan"].falls["recall"] == 0
    assert found["nsgan"].change == pytest.approx(-0.4, abs=0.02)
    assert (found["wgan-gp"].starved, found["wgan-gp"].settings) == (0, found["nsgan"].settings)


def test_too_few_seeds_are_not_judged():
    assert starved(planted(0.5, seeds=4)) == []
    assert (note([], [64.0]), table([])) == ([], ())


def test_one_data_size_shows_nothing():
    runs = planted(0.5)

    assert starved(runs[runs["data_size"] == runs["data_size"].max()]) == []
    assert starved(pd.DataFrame(columns=runs.columns)) == []


def test_the_sentence_counts_settings_of_all_recipes():
    found = starved(planted(0.5))
    total = sum(each.settings for each in found)

    assert f"in {found[0].starved} of {total} settings" in note(found, [64.0, 1100.0])[0]
