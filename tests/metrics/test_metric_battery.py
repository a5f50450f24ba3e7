"""What every registered metric must do, on every kind of data it applies to. A new metric joins by itself."""

import math

import pytest
import torch

from bench.metrics import METRICS, STATUSES, TIERS, measure
from bench.metrics.catalog import BOTH, END, EVERY, WINDOW
from bench.records.columns import EVALUATION_COLUMNS

CASES = [(name, domain) for name in METRICS for domain in METRICS.get(name).domains]
CASES_WITH_NULL = [
    (name, domain)
    for name, domain in CASES
    # No floor is kept of what is measured on request only.
    if not math.isnan(METRICS.get(name).null)
    and METRICS.get(name).tier != "request"
    and METRICS.get(name).floor
]
REFERENCES = {"images": "digits", "mixtures": "grid"}
ROWS = 600


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def case(request):
    """A metric with a reference it applies to and blurred real samples."""
    name, domain = request.param
    reference = request.getfixturevalue(REFERENCES[domain])
    data = reference.dataset
    noise = torch.randn(ROWS, *data.sample_shape, generator=torch.Generator().manual_seed(11))
    return METRICS.get(name), reference, data.train[:ROWS] + 0.1 * noise


def take(metric, reference, samples):
    """Value and status of one metric."""
    found = measure(samples, reference, metric.name, train=reference.dataset.train[:200])
    return found.values[metric.name], found.statuses.get(metric.name, "ok")


def test_gives_a_finite_value_within_its_bounds(case):
    metric, reference, samples = case

    value, status = take(metric, reference, samples)

    assert metric.low <= value <= metric.high
    assert math.isfinite(value)
    # Of samples that do not collide the support has a lower bound, and says so.
    assert status == ("too_few" if metric.name == "support_size" else "ok")


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_one_bad_number_makes_it_nan_with_a_status_unless_it_counts_them(case, bad):
    metric, reference, samples = case
    samples[3].view(-1)[0] = bad

    value, status = take(metric, reference, samples)

    assert status in STATUSES
    if metric.needs_finite:
        assert (math.isnan(value), status) == (True, "nonfinite_input")


def test_samples_so_large_that_arithmetic_overflows_never_raise(case):
    metric, reference, samples = case

    value, status = take(metric, reference, samples * 3e37)

    assert math.isfinite(value) or status != "ok" or metric.name == "max_abs"


def test_a_constant_never_raises_and_stays_within_bounds(case):
    metric, reference, samples = case

    value, status = take(metric, reference, samples[:1].expand_as(samples))

    assert status in STATUSES
    assert metric.low <= value <= metric.high or status != "ok"


@pytest.mark.parametrize("rows", [1, 2, 20])
def test_fewer_rows_than_dimensions_never_raise(case, rows):
    metric, reference, samples = case

    value, status = take(metric, reference, samples[:rows])

    assert status in STATUSES
    assert metric.low <= value <= metric.high or status != "ok"


def test_does_not_depend_on_the_order_of_samples(case):
    metric, reference, samples = case
    order = torch.randperm(ROWS, generator=torch.Generator().manual_seed(12))

    shuffled, _ = take(metric, reference, samples[order])

    assert shuffled == pytest.approx(take(metric, reference, samples)[0], rel=1e-6, abs=1e-9)


def test_leaves_samples_and_training_data_untouched(case):
    metric, reference, samples = case
    before, train = samples.clone(), reference.dataset.train.clone()
    real = reference.real.clone()

    take(metric, reference, samples)

    assert torch.equal(samples, before)
    assert torch.equal(reference.dataset.train, train)
    assert torch.equal(reference.real, real)


def test_float64_samples_give_what_float32_samples_give(case):
    metric, reference, samples = case

    assert take(metric, reference, samples.double()) == take(metric, reference, samples)


def test_taking_it_twice_gives_the_same_bits(case):
    metric, reference, samples = case

    assert take(metric, reference, samples) == take(metric, reference, samples)


def test_other_samples_give_another_value_or_the_same_count(case):
    # A metric that ignored its samples would pass all of the above.
    metric, reference, samples = case
    if metric.name == "authenticity_holdout":
        pytest.skip("a comparator: it says what held-out samples score, whatever was generated")
    noise = torch.randn(samples.shape, generator=torch.Generator().manual_seed(13))
    spoiled = 40 * noise if metric.name in ("finite_fraction", "duplicate_fraction") else 2 * noise
    if metric.name == "finite_fraction":
        spoiled[0] = math.nan
    if metric.name == "duplicate_fraction":
        spoiled[1] = spoiled[0]
    if metric.name == "range_fraction":
        spoiled = 0 * noise
    if metric.name in ("modes", "modes_strict", "missing_modes", "effective_modes", "support_size"):
        spoiled = samples[:1].expand_as(samples)

    assert take(metric, reference, spoiled)[0] != take(metric, reference, samples)[0]


@pytest.mark.parametrize("name", METRICS)
def test_is_described_completely(name):
    metric = METRICS.get(name)

    assert metric.name == name
    assert metric.tier in TIERS
    assert set(metric.domains) <= set(BOTH)
    assert metric.low < metric.high
    assert metric.source
    assert metric.compute.__doc__


@pytest.mark.parametrize("name", [name for name in METRICS if METRICS.get(name).tier in (EVERY, WINDOW, END)])
def test_what_every_run_measures_has_a_column(name):
    # sw2 is stored as the distance of mixtures.
    assert name in EVALUATION_COLUMNS or name == "sw2"


@pytest.mark.parametrize("name, domain", CASES_WITH_NULL)
def test_a_known_null_is_what_real_data_score(request, name, domain):
    metric, reference = METRICS.get(name), request.getfixturevalue(REFERENCES[domain])
    draws = reference.floor_draws[name]
    mean = reference.floors[name]

    # Estimates of nothing, or their own small bias: within the range of the draws or 5 % of the null.
    assert min(draws) - 0.02 <= metric.null <= max(draws) + 0.02 or mean == pytest.approx(
        metric.null, rel=0.05
    )
