"""The page of two folders: in Chinese too, with the same numbers; whole in a browser, wide and narrow."""

import re

import pytest
from browsing import DRAWN, MISSING, TEXTS, axe_violations, browser, ground, open_all, opened, overlaps
from report_records import QUICK, draws, evenly, grid
from test_comparison import changed, stored
from test_languages import NAMES, drawn_texts, numbers

import bench.cli
from reports.comparison import write_comparison
from reports.languages import CHINESE
from reports.languages.leftover import leftover

FILES = ("comparison.html", "comparison.zh.html")
driven = pytest.mark.skipif(
    bool(MISSING), reason=f"no {' and no '.join(MISSING)} here: nothing is proved of the page in a browser"
)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Two folders that differ in results, thresholds, machine and cells."""
    home = tmp_path_factory.mktemp("compared")
    shared = grid(("nsgan", "wgan"), (0.5, 1.0, 2.0), (1.0,), (64, 1100), seeds=5)
    first = draws([*shared, *grid(("mmgan",), (1.0,), (1.0,), (64,), seeds=3)], evenly(0.2))
    second = changed(draws(shared, evenly(0.7), seed=1), machine="m1", thresholds="2", mode="eager")
    return stored(home / "a", first), stored(home / "b", second)


@pytest.fixture(scope="module")
def compared(folders):
    return write_comparison(*folders, folders[1] / "report", QUICK, CHINESE).parent


def test_nothing_of_the_chinese_page_is_left_in_english(compared):
    page = (compared / FILES[1]).read_text(encoding="utf-8")
    names = [*NAMES, "small", "eager", "m0", "m1", "wasserstein"]

    assert leftover(page, names) == []
    assert leftover(drawn_texts(page), names) == []


def test_both_pages_hold_the_same_numbers_and_lead_to_each_other(compared):
    english, chinese = ((compared / name).read_text(encoding="utf-8") for name in FILES)

    assert numbers(chinese) == numbers(english)
    assert sum(numbers(english).values()) > 100
    assert re.findall('hreflang="([^"]*)"', english) == ["zh-Hans"]
    assert re.findall('href="comparison.html" lang="en"', chinese)


def test_the_command_writes_chinese_beside_english_and_later_english_alone(
    folders, capsys, monkeypatch, tmp_path
):
    monkeypatch.setattr(bench.cli.signal, "signal", lambda *_: None)
    line = ["report", *map(str, folders), "--out", str(tmp_path)]

    assert bench.cli.main([*line, "--lang", "zh"]) == 0
    assert capsys.readouterr().out.rstrip().endswith(FILES[1])
    assert all((tmp_path / name).exists() for name in FILES)
    assert bench.cli.main(line) == 0
    assert [(tmp_path / name).exists() for name in FILES] == [True, False]


@pytest.fixture(scope="module")
def chromium():
    with browser() as found:
        yield found


@driven
@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("width", [1280, 400])
def test_nothing_is_wider_than_the_window_and_no_text_overlaps(chromium, compared, name, width):
    with opened(chromium, compared / name, viewport={"width": width, "height": 900}) as page:
        open_all(page, but="")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        texts = page.evaluate(TEXTS)
        assert len(texts) > 100
        assert overlaps(texts) == []


@driven
@pytest.mark.parametrize("name", FILES)
def test_no_text_inside_a_drawing_overlaps(chromium, compared, name):
    with opened(chromium, compared / name, bypass_csp=True) as page:
        drawings = page.evaluate(DRAWN)
    assert len(drawings) == 2
    assert [found for _, _, texts in drawings if (found := overlaps(texts))] == []


@driven
@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_axe_finds_nothing(chromium, compared, name, scheme, width):
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme, "bypass_csp": True}
    with opened(chromium, compared / name, **options) as page:
        open_all(page, but="")
        assert axe_violations(page) == []


@driven
@pytest.mark.parametrize("name", FILES)
def test_the_page_is_dark_where_the_reader_wants_it(chromium, compared, name):
    grounds = []
    for scheme in ("light", "dark"):
        with opened(chromium, compared / name, color_scheme=scheme) as page:
            grounds.append(ground(page))
    assert grounds[0] != grounds[1]
