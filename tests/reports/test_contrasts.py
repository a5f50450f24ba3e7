import numpy as np
import pytest
from report_records import judged, paired

from reports.contrasts import DECIDES, MIN_PAIRS, family


def test_a_planted_effect_is_found_in_both_measures():
    found = judged(paired((0.7, 0.3)))

    assert (found.failure.sign, found.score.sign) == (1, -1)
    assert found.failure.difference.low < 0.4 < found.failure.difference.high
    assert found.harm == {1}
    assert found.improvement < 0.4


def test_a_null_shows_nothing_in_19_of_20_cases():
    shown = [bool(judged(paired((0.4, 0.4), source=source)).harm) for source in range(100)]

    assert np.mean(shown) < 0.1 + 2 * np.sqrt(0.1 * 0.9 / 100)  # two measures, each at 0.05


def test_the_sign_of_the_sides_is_not_mixed_up():
    found = judged(paired((0.2, 0.8)))

    assert (found.failure.treated.estimate, found.failure.sign, found.harm) == (
        pytest.approx(0.2, abs=0.15),
        -1,
        {-1},
    )


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (paired((0.5, 0.5)).iloc[:0], "no pair of runs differs in this alone"),
        (paired((0.9, 0.1), seeds=2, cells=30), "only 2 seeds, at least 3 are needed"),
        (paired((0.9, 0.1), cells=3), f"only 15 pairs, at least {MIN_PAIRS} are needed"),
    ],
    ids=["none", "seeds", "pairs"],
)
def test_too_little_is_not_judged(table, reason):
    found = judged(table)

    assert found.obstacle == reason
    assert found.failure.sign == found.score.sign == found.failure.family == 0


def test_too_few_decided_runs_leave_the_score_to_be_judged():
    found = judged(paired((0.9, 0.1), cells=6, undecided=20))

    assert found.failure.obstacle == f"only 10 decided pairs, at least {MIN_PAIRS} are needed"
    assert (found.obstacle, found.failure.sign, found.score.sign) == ("", 0, -1)


def test_undecided_runs_are_outside_the_rate_and_inside_its_bounds():
    found = judged(paired((0.5, 0.5), undecided=12)).failure

    assert (found.pairs, found.undecided) == (48, 12)
    assert found.bounds[1] - found.bounds[0] == pytest.approx(12 / 60)
    assert found.bounds[0] <= found.difference.estimate <= found.bounds[1]


def test_decisive_contrasts_are_corrected_by_holm_and_others_by_bh():
    makers = [(0, DECIDES), (1, DECIDES), (2, DECIDES), (3, ""), (4, "level")]

    found = family([judged(paired((0.6, 0.4), source=source), role=role) for source, role in makers])

    assert [(item.failure.correction, item.failure.family) for item in found] == [("Holm", 3)] * 3 + [
        ("BH", 2)
    ] * 2
    assert all(item.failure.p_adjusted >= item.failure.p for item in found)


def test_a_correction_can_take_a_difference_away():
    table = paired((0.0, 0.0))
    table.loc[:13, "failure_treated"] = 1.0
    table.loc[14:16, "failure_baseline"] = 1.0
    alone = judged(table)
    crowd = family([alone, *(judged(paired((0.4, 0.4), source=source)) for source in range(30))])[0]

    assert alone.failure.sign == 1
    assert crowd.failure.sign == 0
    assert crowd.failure.difference == alone.failure.difference


def test_numbers_do_not_depend_on_what_was_drawn_before():
    table = paired((0.5, 0.4))
    judged(paired((0.1, 0.2)))

    assert judged(table) == judged(table)
