"""What is said of a run that still trains, and when it is past hope."""

import math

import numpy as np
import pytest
from planted_runs import (
    EVALUATIONS,
    FLAGGED,
    GOOD,
    IMAGES,
    PLANTED,
    STEPS,
    approach,
    distance_at,
    ending,
    image_context,
    q_series,
    run,
    trace,
)

from bench.records.schema import OUTCOMES, UNSTABLE
from bench.verdict import DEFAULT, override
from bench.verdict.early import HOPELESS, LOOKS, OPEN, Look, due, hopeless, look, replay

COLLAPSED = IMAGES["single image"]


def stopped_at(rows, **limits):
    found = replay(run(rows), image_context(), thresholds=override(DEFAULT, limits))
    return None if found is None else found.step


def collapse_between(first, last):
    return [COLLAPSED if first <= place < last else values for place, values in enumerate(ending())]


@pytest.mark.parametrize("evaluations", [1, 2, 5, 10, 12, 40, 97, 400])
def test_a_run_is_looked_at_about_ten_times_and_never_in_its_first_quarter(evaluations):
    places = [probe + 1 for probe in range(evaluations) if due(probe, evaluations)]

    assert 0 < len(places) <= LOOKS + 3
    assert all(4 * place >= evaluations for place in places)


def test_a_healthy_run_is_open_at_every_look_and_never_stopped():
    evaluations = run(ending())

    seen = {look(evaluations[: count + 1], image_context()).outcome for count in range(9, EVALUATIONS)}

    assert seen == {OPEN}
    assert stopped_at(ending()) is None


def test_a_look_sees_only_what_was_there():
    early, late = run(collapse_between(20, 40))[:20], run(collapse_between(20, 40))

    assert look(early, image_context()).outcome == OPEN
    assert look(late, image_context()).outcome == "collapsed:total"


def test_a_lasting_collapse_is_stopped_half_way():
    assert stopped_at(collapse_between(4, EVALUATIONS)) == STEPS // 2


def test_a_collapse_that_begins_late_is_stopped_when_it_has_lasted():
    # Three looks, four evaluations apart, must see it.
    assert stopped_at(collapse_between(25, EVALUATIONS)) == 3600
    assert stopped_at(collapse_between(30, EVALUATIONS)) is None


def test_a_collapse_that_heals_is_not_stopped():
    assert stopped_at(collapse_between(4, 16)) is None


def test_a_run_that_still_gets_nearer_is_not_stopped():
    falling = [COLLAPSED | {"distance": distance_at(q)} for q in np.linspace(1.0, 0.1, EVALUATIONS)]
    stuck = [COLLAPSED | {"distance": distance_at(0.7)}] * EVALUATIONS

    assert stopped_at(falling) is None
    assert stopped_at(stuck) == STEPS // 2


@pytest.mark.parametrize("limits", [
    {"stop_share": 0.7},
    {"stop_looks": 5},
    {"stop_delta_q": -1.0},
])  # fmt: skip
def test_each_limit_of_stopping_matters(limits):
    rows = collapse_between(4, EVALUATIONS)

    assert stopped_at(rows, **limits) != stopped_at(rows)


@pytest.mark.parametrize("name", [
    name for name, make in PLANTED.items() if OUTCOMES[make().outcome] != UNSTABLE
])  # fmt: skip
def test_no_planted_run_that_ends_well_or_open_is_stopped(name):
    planted = PLANTED[name]()

    assert replay(planted.evaluations, planted.context) is None


def test_partial_collapse_oscillation_and_stall_are_never_past_hope():
    assert HOPELESS.isdisjoint({"collapsed:partial", "oscillating:quality", "stalled-low-quality", OPEN})
    assert stopped_at(approach(GOOD | {"modes_strict": 5})) is None
    assert stopped_at(q_series(np.full(EVALUATIONS, 0.6))) is None


def test_a_run_that_is_not_finite_is_past_hope_at_once():
    evaluations = run(ending())[:12]
    seen = look(evaluations, image_context(), diverged_step=1150)

    assert hopeless([seen], STEPS) == "diverged:nonfinite"


def test_divergence_is_the_end_of_a_run_not_an_early_stop():
    assert replay(run(ending())[:20], image_context(), diverged_step=1950) is None


def test_one_open_look_between_ends_the_streak():
    bad, fine = Look(2000, "collapsed:total", 0.9, 0.9), Look(1600, OPEN, 0.9, 0.9)

    assert hopeless([bad, bad, bad], STEPS)
    assert not hopeless([bad, bad, fine, bad, bad], STEPS)
    assert not hopeless([], STEPS)


def test_a_q_that_is_not_known_does_not_keep_a_run_alive():
    assert hopeless([Look(step, "collapsed:total", math.nan, math.nan) for step in (1200, 1600, 2000)], STEPS)


def test_looking_at_nothing_is_refused():
    with pytest.raises(ValueError, match="look: must have an evaluation, got none"):
        look((), image_context())


def test_flags_alone_never_stop_a_run():
    for _, make in FLAGGED.values():
        planted = make()
        assert replay(planted.evaluations, planted.context) is None
    assert stopped_at(trace(auc_real_fake=1.0)) is None
