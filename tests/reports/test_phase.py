"""Phase planes: Firth's fit against closed forms and a slow twin, planted boundaries and nulls, bad input."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_records import QUICK, config, draws, evenly, grid, record
from scipy.optimize import minimize

from reports.contrasts import Resampling
from reports.frame import Results, frames
from reports.phase import FILES, build
from reports.phase.association import association
from reports.phase.boundary import coordinates, surface
from reports.phase.firth import chance, covariance, firth
from reports.phase.frontier import crossings, judged
from reports.phase.heat import heat
from reports.phase.planes import RATE, RATE_RATIO, planes
from reports.say import Text

RATIOS, SCALES = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0), (0.1, 0.3, 1.0, 3.0, 10.0)


def plane_of(odds, *, seeds=6, seed=0, ratios=RATIOS, scales=SCALES):
    configs = grid(("nsgan",), ratios, scales, (1100,), seeds=seeds)
    (found,) = planes(frames(draws(configs, odds, seed=seed)).judged)
    return found


def width_of(item):
    return math.log2(item.discriminator_width / item.generator_width)


def rate_of(item):
    return math.log10(item.generator_lr / config("nsgan").generator_lr)


def slope(steep=1.5, x=1.0, y=0.0):
    """Odds whose half lies where x * log2(ratio) + y * log10(scale) is 0."""
    return lambda item: float(chance(np.array(steep * (x * width_of(item) + y * rate_of(item)))))


def penalised(beta, design, failed, trials):
    logits = design @ beta
    share = chance(logits)
    information = (design * (trials * share * (1 - share))[:, None]).T @ design
    likelihood = failed @ logits - trials @ np.logaddexp(0, logits)
    return -(likelihood + 0.5 * np.linalg.slogdet(information)[1])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 6)), min_size=4, max_size=9))
def test_firth_is_the_maximum_that_a_general_optimiser_finds(counts):
    trials = np.array([float(n) for _, n in counts])
    failed = np.array([float(min(k, n)) for k, n in counts])
    design = np.stack([np.ones(len(counts)), np.linspace(-1, 1, len(counts))], axis=1)

    ours = firth(design, failed[None], trials[None])[0]
    twin = minimize(penalised, np.zeros(2), (design, failed, trials), method="Nelder-Mead",
                    options={"xatol": 1e-7, "fatol": 1e-10, "maxiter": 4000})  # fmt: skip

    assert penalised(ours, design, failed, trials) <= twin.fun + 1e-6
    assert chance(design @ ours) == pytest.approx(chance(design @ twin.x), abs=2e-3)


@pytest.mark.parametrize("failed", range(6))
def test_firth_of_one_setting_is_the_closed_form(failed):
    found = firth(np.ones((1, 1)), np.array([[float(failed)]]), np.array([[5.0]]))
    assert chance(found)[0, 0] == pytest.approx((failed + 0.5) / 6, abs=1e-5)


def test_firth_stays_finite_where_settings_separate_failures_completely():
    design = np.stack([np.ones(4), np.arange(4.0)], axis=1)
    found = firth(design, np.array([[0.0, 0.0, 5.0, 5.0]]), np.full((1, 4), 5.0))[0]

    assert np.isfinite(found).all()
    assert -found[0] / found[1] == pytest.approx(1.5, abs=0.01)  # half way, by symmetry


def test_many_data_sets_at_once_are_each_alone():
    rng = np.random.default_rng(3)
    design = np.stack([np.ones(6), rng.normal(size=6), rng.normal(size=6)], axis=1)
    trials = rng.integers(1, 7, size=(20, 6)).astype(float)
    failed = rng.binomial(trials.astype(int), 0.4).astype(float)

    together = firth(design, failed, trials)
    alone = np.concatenate([firth(design, failed[[i]], trials[[i]]) for i in range(20)])

    assert together == pytest.approx(alone, abs=1e-4)


def test_covariance_of_one_setting_is_that_of_a_logit():
    found = covariance(np.ones((1, 1)), np.array([0.0]), np.array([10.0]))
    assert found[0, 0] == pytest.approx(1 / (10 * 0.25), rel=1e-5)


def test_a_planted_boundary_is_found_where_it_is():
    (item,) = judged([plane_of(slope(3.0), seeds=12)], QUICK)

    assert item.drawn
    assert item.p_adjusted <= 0.05
    places = [one.place for one in crossings(item) if one.along == RATE]
    assert len(places) == len(SCALES)
    assert np.median([place.estimate for place in places]) == pytest.approx(1.0, rel=0.3)
    assert sum(place.low <= 1.0 <= place.high for place in places) >= 4


def test_a_boundary_that_leans_is_followed():
    (item,) = judged([plane_of(slope(2.0, x=1.0, y=2.0), seeds=20)], QUICK)
    places = {one.at: one.place.estimate for one in crossings(item) if one.along == RATE}

    assert places[0.3] > places[1.0] > places[3.0]
    assert math.log2(places[0.3]) == pytest.approx(-2 * math.log10(0.3), abs=0.5)


def test_the_band_holds_the_true_boundary_nine_times_of_ten_and_is_no_wider_than_the_plane():
    """What the caption says of it, at fewer draws; 200 planes gave 0.97 (six seeds, 99 resamples)."""
    held, told = 0, 0
    for seed in range(40):
        found = surface(plane_of(slope(1.5), seed=seed), Resampling(reps=49))
        assert not isinstance(found, Text)
        low, high = found.limits(np.array([[0.0, 0.0]]))
        held, told = held + int(low[0] <= 0 <= high[0]), told + int(high[0] - low[0] < 6)
    assert held >= 36
    assert told >= 36


def test_no_boundary_is_drawn_where_settings_change_nothing():
    found = judged([plane_of(evenly(0.5), seed=seed) for seed in range(40)], QUICK)

    assert sum(item.drawn for item in found) <= 2
    p = np.array([item.found.p for item in found])
    assert 0.25 < p.mean() < 0.75


def test_endings_that_depend_on_the_seed_alone_make_no_boundary():
    planned = [plane_of(lambda item: float(item.seed % 2), seed=seed) for seed in range(8)]
    assert not any(item.drawn for item in judged(planned, QUICK))


@pytest.mark.parametrize(
    ("odds", "more", "said"),
    [
        (evenly(1.0), {}, "every decided run failed"),
        (evenly(0.0), {}, "no decided run failed"),
        (slope(), {"seeds": 1}, "seeds"),
        (slope(), {"ratios": (0.5, 1.0), "scales": (0.3, 1.0), "seeds": 3}, "decided runs"),
        (lambda item: 0.95 if item.discriminator_width > 8 else 0.8, {}, "half is not reached"),
    ],
)
def test_a_plane_without_a_boundary_says_why(odds, more, said):
    (item,) = judged([plane_of(odds, **more)], QUICK)
    assert not item.drawn
    assert said in item.none
    assert list(crossings(item)) == []


def test_squares_count_what_ended_how():
    configs = [config(ratio=ratio, scale=scale, seed=seed) for ratio in (0.5, 1) for scale in (0.3, 1)
               for seed in range(4)]  # fmt: skip
    outcomes = ["converged", "no-progress", "still-improving", "no-progress"]
    (plane,) = planes(frames(record(item, outcomes[item.seed]) for item in configs).judged)

    assert len(plane.squares) == 4
    for square in plane.squares:
        assert (square.failure.failed, square.failure.stable, square.failure.undecided) == (2, 1, 1)
        assert len(square.cells) == 1
        assert square.seeds == 4


def test_coordinates_are_logarithms():
    plane = plane_of(slope(), ratios=(0.5, 2.0), scales=(0.1, 10.0), seeds=5)
    assert coordinates(plane).tolist() == [[-1, -1], [-1, 1], [1, -1], [1, 1]]


def test_a_ratio_of_rates_makes_a_plane_of_its_own():
    configs = [
        config("nsgan", ratio=ratio, seed=seed, discriminator_lr=2e-4 * times)
        for ratio in (0.5, 1.0, 2.0) for times in (0.5, 1.0, 4.0) for seed in range(4)
    ]  # fmt: skip
    found = planes(frames(draws(configs, evenly(0.5))).judged)
    assert {plane.axis for plane in found} == {RATE_RATIO}


def test_association_is_spearmans_within_contexts_and_blind_to_what_differs_between_them():
    rng = np.random.default_rng(0)
    x = np.tile(np.arange(20.0), 2)
    y = np.concatenate([np.arange(20.0), np.arange(20.0) + 100])
    contexts, seeds = np.repeat([0, 1], 20), np.tile(np.arange(5.0), 8)

    found, runs, kept = association(x, y, contexts, seeds, reps=49, rng=rng)
    assert found.estimate == pytest.approx(1.0)
    assert runs == 40
    assert len(kept) == 40
    between, *_ = association(np.repeat([0.0, 1.0], 20), y, contexts, seeds, reps=49, rng=rng)
    assert math.isnan(between.estimate)


def test_the_heat_map_compares_settings_that_were_run_at_every_size():
    configs = grid(("nsgan",), (0.5, 1.0), (1.0,), (64, 1100), seeds=5)
    configs += grid(("nsgan",), (4.0,), (1.0,), (64,), seeds=5)  # fails, and was run at one size only
    runs = frames(draws(configs, lambda item: float(width_of(item) > 1))).judged

    found = heat(runs, QUICK)

    assert [item.size for item in found] == [64, 1100]
    assert [item.settings for item in found] == [2, 2]
    assert [item.failure.failed for item in found] == [0, 0]


def test_the_alt_text_of_a_plane_tells_every_square():
    configs = grid(("nsgan",), (0.5, 1.0), (1.0, 5.0), (64,), seeds=3)
    slow = min(item.generator_lr for item in configs)
    failing = [item.discriminator_width < 32 and item.generator_lr == slow for item in configs]
    records = [
        record(item, "no-progress" if fails else "converged")
        for item, fails in zip(configs, failing, strict=True)
    ]

    section = build(Results(frames(records)), QUICK)
    alt = next(each for each in section.figures if each.key.startswith("phase-")).panels[0].alt

    assert "×5, by ratio 1/2: 0/3, 1: 0/3; ×1, by ratio 1/2: 3/3, 1: 0/3" in alt


def test_the_section_links_squares_to_rows_of_cells_and_fills_its_files():
    results = Results(frames(draws(grid(("nsgan", "wgan"), sizes=(64, 1100)), slope())))
    section = build(results, QUICK)
    cells = {f"#cell-{cell}" for cell in results.frames.judged["cell"]}

    planes_shown = [figure for figure in section.figures if figure.key.startswith("phase-")]
    links = [cell.href for figure in planes_shown for row in figure.data.rows for cell in row if cell.href]
    assert links
    assert set(links) <= cells
    for name, (_, columns) in FILES.items():
        assert section.rows[name]
        assert all(set(row) == set(columns) for row in section.rows[name])


@pytest.mark.parametrize(
    "records",
    [
        [],
        [record(config())],
        [record(config(seed=seed), "still-improving") for seed in range(5)],
        [record(config(seed=seed), "diverged:nonfinite", math.nan) for seed in range(5)],
        [record(item, score=math.nan) for item in grid(seeds=1)],
    ],
    ids=["no runs", "one run", "undecided", "diverged", "no scores"],
)
def test_bad_input_says_what_is_missing(records):
    section = build(Results(frames(records)), QUICK)
    assert section.points or section.notes
