import base64
import hashlib
import math
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from report_records import QUICK, config, draws, evenly, grid, record

from bench.records.store import open_store
from reports.build import write_report, write_results
from reports.cells import cell_table
from reports.contrasts import Resampling
from reports.frame import Results, frames

HOSTILE = "<script>alert('x')</script>\"=$x_{\x00\x07"


class Reader(HTMLParser):
    """Collects tags with their attributes, ids, headings and the text outside of style and script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.text, self._inside = [], "", ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag):
        self._inside = ""

    def handle_data(self, data):
        if self._inside not in ("style", "script"):
            self.text += data

    def all(self, name):
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.fixture(scope="module")
def html(standard_report) -> str:
    return (standard_report / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(html) -> Reader:
    return Reader(html)


def test_nothing_on_the_page_is_fetched(html, page):
    targets = [
        value
        for _, attributes in page.tags
        for key, value in attributes.items()
        if key in ("src", "href", "srcset", "action", "data", "poster")
    ]

    own = re.compile(r"(data:|#).*|[a-z_]+\.(csv|json)|index\.zh\.html", re.DOTALL)
    assert [target for target in targets if not own.fullmatch(target)] == []
    assert not re.search(r"url\(\s*['\"]?https?:|@import", html)


def test_the_policy_allows_this_style_this_script_and_nothing_else(html, page):
    policy = next(item["content"] for item in page.all("meta") if "http-equiv" in item)
    for tag in ("style", "script"):
        shell = re.sub(r'src="data:[^"]*"', "", html)  # pictures bring style sheets of their own
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", shell, flags=re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert not any("style" in attributes or "onclick" in attributes for _, attributes in page.tags)


def test_ids_are_unique_and_every_anchor_has_its_target(page):
    ids = Counter(attributes["id"] for _, attributes in page.tags if "id" in attributes)
    anchors = [item["href"][1:] for item in page.all("a") if item["href"].startswith("#")]

    assert max(ids.values()) == 1
    assert set(anchors) <= set(ids)
    assert len(anchors) > 12


def test_sections_come_in_the_promised_order(page):
    sections = [item["id"] for item in page.all("section")]

    assert sections == [
        "findings", "capacity", "loss", "data", "wasserstein", "tuning", "variance", "phase", "interventions",
        "prices", "stability", "tuning-curves", "undecided", "outcomes", "verdicts", "samples", "throughput",
        "cells", "environment", "definitions",
    ]  # fmt: skip


def test_headings_go_down_one_level_at_a_time(page):
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]

    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_picture_has_words_and_every_table_a_caption(page):
    pictures, tables = page.all("img"), page.all("table")

    assert len(pictures) > 25
    assert all(len(item["alt"]) > 20 for item in pictures)
    assert len(tables) == len(page.all("caption"))
    assert all({"scope"} <= set(item) for item in page.all("th"))


def test_the_page_says_what_the_findings_say(page, standard_findings):
    for finding in standard_findings.values():
        assert all(point in page.text for point in finding.points)
        assert finding.verdict in page.text
    assert "Grid main: 2 of 240 planned runs have no result." in page.text


def test_the_report_is_the_same_bytes_again(tmp_path):
    small = Results(frames(draws(grid(("mmgan", "wgan"), (0.5, 1.0), seeds=2), evenly(0.3))))

    first, second = (write_results(small, tmp_path / name, QUICK).parent for name in ("a", "b"))

    assert {path.name: path.read_bytes() for path in first.iterdir()} == {
        path.name: path.read_bytes() for path in second.iterdir()
    }


def test_a_thousand_runs_fit_in_two_megabytes(tmp_path):
    records = draws(grid(scales=(0.3, 1.0, 3.0), sizes=(64, 256, 1100), seeds=6), evenly(0.4))[:1000]

    path = write_results(Results(frames(records)), tmp_path, Resampling(reps=20))

    assert len(records) == 1000
    assert path.stat().st_size < 2_000_000 - 4 / 3 * 360_000  # room for all the pictures there may be


BAD = {
    "no records": [],
    "only our own failures": [
        record(config(seed=seed), "invalid", math.nan, status="failed", error="boom") for seed in range(30)
    ],
    "one run": [record(config())],
    "one seed": draws(grid(("mmgan", "nsgan"), (0.5, 1.0), (1.0,), seeds=1), evenly(0.5)),
    "one cell": draws([config(seed=seed) for seed in range(25)], evenly(0.5)),
    "all undecided": [
        record(item, "still-improving") for item in grid(("nsgan",), (0.5, 1.0), (1.0,), seeds=5)
    ],
    "all diverged": [
        record(item, "diverged:nonfinite", math.nan)
        for item in grid(("nsgan",), (0.5, 1.0), (1.0,), seeds=10)
    ],
    "nothing measured": [
        replace(item, metrics={}, speed={}, evidence={})
        for item in draws(grid(("nsgan",), (0.5, 1.0), (1.0,), seeds=4), evenly(0.5))
    ],
    "all numbers missing": [
        replace(
            item, metrics=dict.fromkeys(item.metrics, math.nan), speed=dict.fromkeys(item.speed, math.nan)
        )
        for item in draws(grid(("nsgan",), (0.5, 1.0), (1.0,), seeds=4), evenly(0.5))
    ],
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gives_a_page_that_says_what_cannot_be_said(name, tmp_path):
    path = write_results(Results(frames(BAD[name])), tmp_path, QUICK)
    text = Reader(path.read_text(encoding="utf-8")).text

    assert "not measured" in text.lower() or name in (
        "all diverged",
        "nothing measured",
        "all numbers missing",
    )
    assert "nan" not in re.findall(r"\bnan\b", text.lower())
    assert {"runs.csv", "summary.json", "contrasts.csv"} <= {item.name for item in tmp_path.iterdir()}


def test_only_our_own_failures_are_told_as_such(tmp_path):
    path = write_results(Results(frames(BAD["only our own failures"])), tmp_path, QUICK)

    assert "all failed through the benchmark's own fault" in Reader(path.read_text(encoding="utf-8")).text


def test_markup_in_names_is_shown_and_never_run(tmp_path):
    configs = [
        config(ratio=ratio, seed=seed, dataset=HOSTILE, network=HOSTILE)
        for ratio in (0.5, 1)
        for seed in range(5)
    ]
    records = [
        replace(item, config={**item.config, "recipe": f"my:{HOSTILE}"}, mode=HOSTILE, thresholds=HOSTILE)
        for item in draws(configs, evenly(0.5))
    ]
    broken = record(config(seed=9), "invalid", math.nan, status="failed", error=HOSTILE)
    results = Results(
        frames([*records, broken]),
        profile=HOSTILE,
        planned={HOSTILE: 2},
        absent={HOSTILE: 1},
        environment={HOSTILE: [HOSTILE, {HOSTILE: HOSTILE}]},
    )

    text = write_results(results, tmp_path, QUICK).read_text(encoding="utf-8")

    assert re.findall("<script[^>]*>", text) == [
        '<script type="application/json" id="page-data">',
        "<script>",
    ]
    assert "<script>alert(" not in text
    assert "&lt;script&gt;alert(" in text
    assert "\x00" not in text


def test_a_results_folder_becomes_a_report(tmp_path):
    with open_store(tmp_path, create=True) as store:
        store.ingest(draws(grid(("nsgan",), (0.5, 1.0), (1.0,), (64,), 3), evenly(0.5), probes=2))

    path = write_report(tmp_path, QUICK)

    assert path == tmp_path / "report" / "index.html"
    assert "6 GANs on digits" in path.read_text(encoding="utf-8")
    assert re.search(r"\d of \d decided ones failed", path.read_text(encoding="utf-8"))  # too few for a rate
    assert len((tmp_path / "report" / "evaluations.csv").read_text().splitlines()) == 1 + 12


def test_cells_get_intervals_from_ten_seeds_on():
    def spread(seeds):
        runs = frames(draws([config(seed=seed) for seed in range(seeds)], evenly(0.5))).runs
        table = cell_table(runs, QUICK)
        return dict(zip(table.columns, table.rows[0].cells, strict=True))["spread"].text

    assert spread(9)[0] != "["
    assert spread(10)[0] == "["
