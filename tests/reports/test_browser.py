"""The page in Debian's Chromium: no error, no request, nothing wider than the window, the table sorts."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium here: that the page opens without an error is not proved"
)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--v=0",
    "--enable-logging=stderr",
    "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip
PROBE = """<script>
addEventListener("load", () => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const heads = [...document.querySelectorAll("#cell-table th button")];
  const column = heads.findIndex((head) => head.textContent === "failed");
  const rows = () => [...document.querySelectorAll("#cell-table tbody tr")];
  const read = () => rows().map((row) => row.cells[column].dataset.v);
  heads[column].click();
  const up = read();
  heads[column].click();
  const down = read();
  const outside = (item) => !item.name.startsWith("data:");
  const fetched = performance.getEntriesByType("resource").filter(outside).length;
  const broken = [...document.images].filter((image) => !image.naturalWidth).length;
  const told = {wide, up, down, fetched, broken, sort: heads[column].parentElement.getAttribute("aria-sort")};
  document.body.textContent = "PROBE" + JSON.stringify(told) + "PROBE";
});
</script></body>"""


def chromium(page: Path, tmp_path: Path, *flags: str) -> tuple[str, str]:
    command = (CHROMIUM, *FLAGS, f"--user-data-dir={tmp_path / 'user'}", *flags, page.as_uri())
    done = subprocess.run(command, capture_output=True, text=True, timeout=50, check=True)
    return done.stdout, done.stderr


def console(log: str) -> list[str]:
    return re.findall(r'CONSOLE[^"]*"(.*?)", source', log)


def probed(report: Path, tmp_path: Path, width: int) -> dict:
    """Open a copy whose policy lets one more script in, which looks around and reports."""
    text = (report / "index.html").read_text(encoding="utf-8")
    text = re.sub(r"script-src '[^']*'", "script-src 'unsafe-inline'", text.replace("&#39;", "'"), count=1)
    copy = tmp_path / "probe.html"
    copy.write_text(text.replace("</body>", PROBE), encoding="utf-8")
    dom, _ = chromium(copy, tmp_path, f"--window-size={width},900", "--dump-dom")
    return json.loads(dom.split("PROBE")[1])


def test_the_page_opens_without_an_error_and_draws_its_script(standard_report, tmp_path):
    dom, log = chromium(standard_report / "index.html", tmp_path, "--dump-dom")

    assert console(log) == []
    assert "<button" in dom  # the one allowed script ran: headings of the cells became buttons


@pytest.mark.parametrize("width", [1280, 400])
def test_the_page_fits_its_window_fetches_nothing_and_sorts(standard_report, tmp_path, width):
    told = probed(standard_report, tmp_path, width)

    assert (told["wide"], told["fetched"], told["broken"]) == (0, 0, 0)
    assert told["up"] == sorted(told["up"], key=float)
    assert told["down"] == told["up"][::-1] or sorted(told["down"], key=float, reverse=True) == told["down"]
    assert told["sort"] == "descending"


def test_a_script_of_someone_elses_is_refused(standard_report, tmp_path):
    text = (standard_report / "index.html").read_text(encoding="utf-8")
    copy = tmp_path / "foreign.html"
    copy.write_text(
        text.replace("</body>", "<script>document.title = 'taken'</script></body>"), encoding="utf-8"
    )

    dom, log = chromium(copy, tmp_path, "--dump-dom")

    assert "<title>taken" not in dom
    assert any("Content Security Policy" in line for line in console(log))
