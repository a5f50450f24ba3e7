"""FID_inf: exact on a line, unbiased for equal laws, and refused where no line fits."""

import numpy as np
import pytest
from planted_digits import draw

from bench.metrics import measure
from bench.metrics.extrapolation import counts_for, extrapolate, fit_line, frechet_distances, prefixes
from bench.metrics.fidelity import frechet_distance, frechet_statistics


def test_the_line_is_that_of_least_squares(rng):
    x = np.linspace(0.1, 1.0, 15)
    y = 3.0 + 2.0 * x + 0.1 * rng.normal(size=15)

    line, (twin, covariance) = fit_line(x, y), np.polyfit(x, y, 1, cov=True)

    assert (line.slope, line.intercept) == pytest.approx(tuple(twin))
    assert (line.slope_se, line.intercept_se) == pytest.approx(tuple(np.sqrt(np.diag(covariance))))
    assert line.r2 == pytest.approx(np.corrcoef(x, y)[0, 1] ** 2)


def test_each_point_is_torch_fidelitys_distance_of_the_prefixes(rng):
    first, second = rng.normal(size=(300, 6)), 1.4 * rng.normal(size=(300, 6)) + 0.2
    counts = np.array([60, 150, 300])
    found = frechet_distances(prefixes(first, counts, "a"), prefixes(second, counts, "b"))

    whole = frechet_distance(frechet_statistics(first), frechet_statistics(second))

    np.testing.assert_allclose(found[:, -1], whole, rtol=1e-9)
    assert (found[:, 0] > 0).all()


def test_varying_both_sides_takes_the_whole_bias_off(rng):
    # Truth 1.0: means 1 apart, equal spread. The distance itself is half as large again at 400 rows.
    shift = np.eye(16)[0]
    values = []
    for _ in range(40):
        real, fake = rng.normal(size=(400, 16)), rng.normal(size=(400, 16)) + shift
        counts = counts_for(400, 16)
        values.append(extrapolate(prefixes(real, counts, "real"), prefixes(fake, counts, "fake")).intercept)

    assert np.mean(values) == pytest.approx(1.0, abs=4 * np.std(values) / np.sqrt(40))


def test_real_images_extrapolate_to_about_zero_while_their_distance_does_not(halves):
    found = [measure(images, other, ("fid", "fid_infinity")).values for images, other in halves(12)]

    limits = np.array([each["fid_infinity"] for each in found])
    limits = limits[np.isfinite(limits)]
    assert len(limits) >= 6
    assert abs(limits.mean()) < 4 * limits.std(ddof=1) / np.sqrt(len(limits))
    assert np.mean([each["fid"] for each in found]) > 1.0


def test_it_is_refused_where_the_line_explains_little(digits):
    found = measure(draw("9 classes missing"), digits, ("fid_infinity", "fid_infinity_se"))

    assert np.isnan(found.values["fid_infinity"])
    assert found.statuses == {"fid_infinity": "numeric_warning", "fid_infinity_se": "numeric_warning"}


def test_too_few_rows_for_a_line_are_said_to_be(digits):
    found = measure(digits.dataset.train[:400], digits, "fid_infinity")

    assert found.statuses["fid_infinity"] == "too_few"
