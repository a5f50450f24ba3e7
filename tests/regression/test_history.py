"""History: one line per revision, changes for good found and confirmed, quiet and sticky noise left alone."""

import math

import numpy as np
import pytest

from bench.regression.history import log
from bench.regression.history.changes import CONFIRMED, changes
from bench.regression.history.told import changed, found, listed, regressed, to_mapping
from reports.history import render

TRIES = 60


def noise(random, count, spread=0.02, sticky=0.0):
    values = [random.normal(0, spread)]
    for _ in range(count - 1):
        values.append(sticky * values[-1] + random.normal(0, spread * math.sqrt(1 - sticky**2)))
    return np.array(values)


def line(number, ratios, reference="v1"):
    about = dict.fromkeys(log.ABOUT, "x") | {"revision": f"r{number}", "reference": reference}
    return log.Line(about, ratios)


def history(series, reference="v1", name="step/nsgan"):
    return log.History(tuple(line(at, {name: value}, reference) for at, value in enumerate(series)))


@pytest.mark.parametrize("sticky, most", [(0.0, 0.05), (0.5, 0.12), (0.8, 0.2)])
def test_quiet_histories_have_few_changes_however_long_noise_lasts(sticky, most):
    random = np.random.default_rng(0)
    alarms = sum(bool(changes(np.exp(noise(random, 40, 0.05, sticky)))) for _ in range(TRIES))

    assert alarms <= most * TRIES


@pytest.mark.parametrize("step", [1.1, 1.2, 1 / 1.1])
def test_a_lasting_step_is_found_where_it_is_and_by_how_much(step):
    random = np.random.default_rng(1)
    values = np.exp(noise(random, 30))
    values[18:] *= step
    (change,) = changes(values)

    assert abs(change.at - 18) <= 1
    assert change.ratio == pytest.approx(step, rel=0.03)
    assert change.confirmed
    assert change.worse == (step > 1)


def test_a_change_is_confirmed_once_enough_revisions_follow():
    before = [1.0, 1.01, 0.99, 1.0, 1.01, 0.99, 1.0, 1.01]
    after = [1.3, 1.31, 1.29, 1.3]

    assert [each.confirmed for each in changes(before + after[:CONFIRMED])] == [False]
    assert [each.confirmed for each in changes(before + after)] == [True]


def test_one_outlier_is_no_change_and_missing_values_are_passed_over():
    steady = [1.0, 1.01, 0.99, 1.0, 1.01, 0.99, 1.0, 1.01, 1.0, 0.99]

    assert changes([*steady[:5], 2.0, *steady[5:]]) == ()
    (change,) = changes([*steady, math.nan, 1.3, math.nan, 1.31, 1.29, 1.3, 1.31])
    assert change.at == 11
    assert change.end == 16


@pytest.mark.parametrize("values", [[], [1.0], [math.nan] * 30, [1.0] * 30, [-1.0, 0.0, math.inf] * 5])
def test_of_nothing_nothing_is_said(values):
    assert changes(values) == ()


def test_steps_of_the_reference_are_no_changes_of_the_code():
    one, other = history([1.0, 1.01, 0.99, 1.0, 1.01]), history([1.5, 1.51, 1.49, 1.5, 1.51], "v2")
    joined = log.History((*one.lines, *other.lines))

    assert found(joined) == {"step/nsgan": ()}
    assert joined.stretches() == [(0, 5), (5, 10)]


def test_a_history_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "deep" / "history.csv"
    made = log.History((line(0, {"a": 1.25}), line(1, {"a": 1.5, "b": 0.5})))
    log.write(made, path)

    assert log.read(path) == made
    assert log.read(tmp_path / "none.csv") == log.History()
    assert path.read_text().splitlines()[0] == ",".join([*log.ABOUT, "a", "b"])


def test_names_that_a_spreadsheet_would_compute_are_quoted(tmp_path):
    about = dict.fromkeys(log.ABOUT, "x") | {"revision": "=cmd()"}
    log.write(log.History((log.Line(about, {"a": 1.0}),)), tmp_path / "h.csv")

    assert "\n'=cmd()," in (tmp_path / "h.csv").read_text()


def test_a_revision_measured_again_takes_its_place_and_another_reference_asks_for_repin():
    first = log.appended(log.History(), line(0, {"a": 1.0}))
    again = log.appended(first, line(0, {"a": 2.0}))

    assert [each.ratios["a"] for each in again.lines] == [2.0]
    with pytest.raises(log.HistoryError, match="did you mean 'v1'"):
        log.appended(first, line(1, {"a": 1.0}, "v2"))
    assert len(log.appended(first, line(1, {"a": 1.0}, "v2"), repin=True).lines) == 2


@pytest.mark.parametrize(
    "text, reason",
    [
        ("", "must begin with the columns"),
        ("a,b\n1,2\n", "must begin with the columns"),
        (",".join([*log.ABOUT, "s"]) + "\nx\n", "line 2 must have 9 values, got 1"),
        (",".join([*log.ABOUT, "s"]) + "\n" + "x," * 8 + "abc\n", "s must be a ratio above 0"),
        (",".join([*log.ABOUT, "s"]) + "\n" + "x," * 8 + "-1\n", "s must be a ratio above 0"),
        (",".join([*log.ABOUT, "s", "s"]) + "\n", "must begin with the columns"),
    ],
)
def test_a_damaged_history_is_refused_in_one_line(tmp_path, text, reason):
    path = tmp_path / "h.csv"
    path.write_text(text)
    with pytest.raises(log.HistoryError, match=reason) as told:
        log.read(path)

    assert "\n" not in str(told.value)


def test_regressions_are_told_first_and_fail_a_check():
    worse = history([1.0, 1.01, 0.99, 1.0, 1.01, 1.2, 1.21, 1.19, 1.2, 1.2])
    mended = history([1.0, 1.01, 0.99, 1.0, 1.01, 1.2, 1.21, 1.19, 1.2, 1.2, 1.0, 1.01, 0.99, 1.0, 1.0])

    assert changed(worse).startswith("step/nsgan: regression at r5, 1.002 to 1.200")
    assert regressed(worse)
    assert not regressed(mended)
    assert "gain at r10" in changed(mended)
    assert changed(log.History()) == "no change for good was found"
    assert "largest 1.200 (step/nsgan)" in listed(worse)
    assert "history append" in listed(log.History())


def test_the_page_marks_regressions_and_escapes_names():
    name = "<script>alert(1)</script>"
    page = render(to_mapping(history([1.0, 1.01, 0.99, 1.0, 1.01, 1.2, 1.21, 1.19, 1.2, 1.2], name=name)))

    assert "1 regression." in page
    assert "rose by" in page
    assert "<script>alert" not in page
    assert page.count("data:image/svg+xml") == 1
    assert render(to_mapping(log.History())).count("The history holds no benchmark yet.") == 1
