"""Hostile names, missing numbers and empty folders in Chromium: a page that says so, and nothing breaks."""

import math
import re
from dataclasses import replace

import pytest
from browsing import MISSING, TEXTS, axe_violations, browser, opened, overlaps
from report_records import QUICK, config, draws, evenly, grid, record

from reports.build import write_results
from reports.frame import Results, frames

pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"no {' and no '.join(MISSING)} here: nothing is proved of the page in a browser"
)


@pytest.fixture(scope="module")
def chromium():
    with browser() as found:
        yield found


HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}=1+1|'\"`${alert(3)}\u2028\x07"
)


def hostile():
    configs = [
        config(ratio=ratio, seed=seed, dataset=HOSTILE, network=HOSTILE)
        for ratio in (0.5, 1)
        for seed in range(5)
    ]
    named = [
        replace(item, config={**item.config, "recipe": f"my:{HOSTILE}"}, mode=HOSTILE, thresholds=HOSTILE)
        for item in draws(configs, evenly(0.5))
    ]
    broken = record(config(seed=9), "invalid", math.nan, status="failed", error=HOSTILE)
    return Results(
        frames([*named, broken]), profile=HOSTILE, planned={HOSTILE: 2}, absent={HOSTILE: 1},
        environment={HOSTILE: [HOSTILE, {HOSTILE: HOSTILE}]},
    )  # fmt: skip


def nothing_but_nan():
    found = draws(grid(("nsgan", "wgan"), (0.5, 1.0), (1.0,), seeds=3), evenly(0.5), probes=2)
    return Results(frames(map(without_numbers, found)))


def without_numbers(item):
    looks = tuple(replace(each, values=dict.fromkeys(each.values, math.nan)) for each in item.evaluations)
    metrics, speed = (dict.fromkeys(known, math.nan) for known in (item.metrics, item.speed))
    return replace(item, metrics=metrics, speed=speed, evaluations=looks)


def without_pictures(tmp_path):
    """A folder whose pictures are missing, empty, damaged or something else."""
    found = frames(draws(grid(("nsgan",), (0.5, 1.0), (1.0,), (64,), seeds=4), evenly(0.5)))
    for run, content in zip(
        found.runs["run_id"], (b"", b"\x89PNG\r\n\x1a\n", b"<svg onload=alert(1)>"), strict=False
    ):
        (tmp_path / "artifacts" / run).mkdir(parents=True)
        (tmp_path / "artifacts" / run / "samples.png").write_bytes(content)
    return Results(found, tmp_path)


def results(records):
    return Results(frames(records))


BAD = {
    "no records": (lambda _: Results(frames([])), "There are no runs in this folder yet"),
    "only failed runs": (
        lambda _: results(
            record(config(seed=seed), "invalid", math.nan, status="failed", error="boom") for seed in range(5)
        ),
        "all failed through the benchmark's own fault",
    ),
    "all diverged": (
        lambda _: results(
            record(item, "diverged:nonfinite", math.nan)
            for item in grid(("nsgan",), (0.5, 1.0), (1.0,), seeds=3)
        ),
        "diverged:nonfinite",
    ),
    "one seed": (
        lambda _: results(draws(grid(("mmgan", "nsgan"), (0.5, 1.0), (1.0,), seeds=1), evenly(0.5))),
        "not measured",
    ),
    "one cell": (
        lambda _: results(draws([config(seed=seed) for seed in range(25)], evenly(0.5))),
        "not measured",
    ),
    "one run": (lambda _: Results(frames([record(config())])), "not measured"),
    "one level of a factor": (
        lambda _: results(draws(grid(("nsgan", "wgan"), (1.0,), (1.0,), (64,), seeds=5), evenly(0.5))),
        "the data size takes fewer than two values",
    ),
    "missing pictures": (without_pictures, "could not be shown"),
    "markup in names": (lambda _: hostile(), "<script>alert(1)</script>"),
    "nan everywhere": (lambda _: nothing_but_nan(), "have no score"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_a_page_that_says_so_and_breaks_nothing(chromium, tmp_path, name):
    make, said = BAD[name]
    path = write_results(make(tmp_path), tmp_path / "report", QUICK)
    for width in (1280, 400):
        with opened(chromium, path, viewport={"width": width, "height": 900}) as page:
            assert said in page.evaluate("document.body.textContent")
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert overlaps(page.evaluate(TEXTS)) == []
            for heading in page.locator("th button:visible").all()[:30]:
                heading.click()
            for opener in page.locator("button.open").all()[:2]:
                opener.click()
            assert not re.search(
                r"\bnan\b|undefined|\[object", page.evaluate("document.body.innerText").lower()
            )


def test_axe_finds_nothing_on_an_empty_page(chromium, tmp_path):
    path = write_results(Results(frames([])), tmp_path, QUICK)
    with opened(chromium, path, bypass_csp=True) as page:
        assert axe_violations(page) == []
