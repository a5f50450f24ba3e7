"""Reporting: seconds, memory and size of the page of 720 to 10,000 runs; how fast Chromium opens it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.records.store import open_store
from bench.speed import synthetic

pytestmark = pytest.mark.bench

TARGETS = {720: (20.0, 2.0), 2_000: (60.0, 2.0), 10_000: (60.0, 6.0)}
"""Runs to seconds and megabytes of the page."""
MEMORY = 1536.0
OPENING = 2.0
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

_REPORT = """
import pathlib, sys, time
from bench.pages import write_report
start = time.process_time()
write_report(pathlib.Path(sys.argv[1]))
told = pathlib.Path("/proc/self/status").read_text()
print(time.process_time() - start, int(told.split("VmHWM:")[1].split()[0]) / 1024)
"""
"""The peak is /proc's: what getrusage tells begins with that of the process that this one was forked from."""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> list:
    """One trained run of each recipe, of which all records are made."""
    return synthetic.models(tmp_path_factory.mktemp("models"))


@pytest.mark.parametrize("runs", TARGETS)
def test_report(benchmark, figure, models: list, tmp_path: Path, runs: int) -> None:
    """Processor seconds of a process of its own, with imports, its largest memory, and the page's size."""
    with open_store(tmp_path, create=True) as store:
        store.ingest(synthetic.records(models, runs))
    found: list[str] = []

    def report() -> None:
        """Report in a process of its own, so that its memory is its own."""
        command = [sys.executable, "-c", _REPORT, str(tmp_path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        found.extend(done.stdout.split())

    benchmark.pedantic(report, rounds=1)
    page = tmp_path / "report" / "index.html"
    seconds, size = TARGETS[runs]
    figure(f"processor seconds to report {runs:,} runs", float(found[0]), most=seconds)
    figure(f"MB at most while reporting {runs:,} runs", float(found[1]), most=MEMORY)
    figure(f"MB of the page of {runs:,} runs", page.stat().st_size / 1e6, most=size)
    figure(f"seconds until Chromium has opened the page of {runs:,} runs", _opened(page), most=OPENING)


def _opened(page: Path) -> float:
    """Seconds from asking for the page to its load event, in a browser that runs already; median of five."""
    if CHROMIUM is None:
        pytest.skip("no chromium here: how fast the page opens is not measured")
    playwright = pytest.importorskip("playwright.sync_api")
    took = []
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for _ in range(5):
            tab = browser.new_page(viewport={"width": 1280, "height": 900})
            start = time.perf_counter()
            tab.goto(page.as_uri())
            tab.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
            took.append(time.perf_counter() - start)
            tab.close()
        browser.close()
    return sorted(took)[2]
