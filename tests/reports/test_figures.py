import math
import xml.etree.ElementTree as ElementTree

import pytest

from bench.records.schema import OUTCOMES
from reports.figures import bars, curves, forest, plane, style
from reports.outcomes import OUTCOME_COLOURS, STATE_COLOURS
from reports.stats import Interval

HOSTILE = '<script>alert(1)</script> $x_{ & "q" \\frac 中文 #1d2733 1.23456'
AXIS = curves.Axis((0.0, 1.0, 2.0), ("1/2", "1", "2"), "ratio")
POINTS = {0.0: Interval(0.2, 0.1, 0.35), 1.0: Interval(0.5), 2.0: Interval(math.nan)}


def a_curve(name="nsgan"):
    series = [curves.Series(name, POINTS), curves.Series("copy", {0.0: Interval(0.9)}, reference=True)]
    return curves.panel("Failures", series, AXIS, curves.FAILURE)


def a_plane(name="nsgan"):
    values = {(name, "×1"): (Interval(0.2, 0.1, 0.35), 30), (name, "×5"): (Interval(math.nan), 0)}
    return plane.panel("Plane", values, "rate", ((name,), ("×1", "×5")), curves.FAILURE)


def a_forest(name="nsgan"):
    rows = [forest.Row(name, Interval(-0.2, -0.35, -0.1)), forest.Row("none", Interval(math.nan))]
    return forest.panel("Forest", rows, forest.Scale("difference", share=True, difference=True, line=0.0))


def some_bars(name="nsgan"):
    stacks = [bars.Stack(name, {"stable": 0.2, "failed": 0.8})]
    return bars.panel("Bars", stacks, STATE_COLOURS, "share of runs", share=True)


DRAWINGS = pytest.mark.parametrize("draw", [a_curve, a_plane, a_forest, some_bars])


@DRAWINGS
def test_the_same_numbers_give_the_same_bytes(draw):
    assert draw().svg == draw().svg


@DRAWINGS
def test_hostile_names_stay_text(draw):
    root = ElementTree.fromstring(draw(HOSTILE).svg)
    tags = {element.tag.split("}")[1] for element in root.iter()}

    assert "script" not in tags
    assert "<script>" in "".join(root.itertext())


@DRAWINGS
def test_a_drawing_asks_for_nothing_from_outside(draw):
    root = ElementTree.fromstring(draw().svg)
    links = [value for item in root.iter() for key, value in item.attrib.items() if key.endswith("href")]

    assert all(link.startswith("#") for link in links)
    assert "@import" not in draw().svg


@DRAWINGS
def test_the_alt_text_holds_the_numbers(draw):
    alt = draw().alt.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")

    assert any(
        number in alt for number in ("20 % [10, 35]", "−20 points [−35, −10]", "stable 20 %, failed 80 %")
    )
    assert "n/a" not in alt


@DRAWINGS
def test_every_colour_of_ink_follows_the_readers_scheme(draw):
    svg = draw().svg
    drawn = svg[svg.index("</style>") :]

    assert "prefers-color-scheme:dark" in svg
    assert all(colour not in drawn for colour in (style.INK, style.MUTED, style.GRID))


def test_numbers_in_text_are_not_shortened_with_those_of_paths():
    root = ElementTree.fromstring(a_forest("beta 0.98765").svg)

    assert "beta 0.98765" in "".join(root.itertext())


def test_nothing_to_draw_is_said():
    assert "No points" in curves.panel("Empty", [], AXIS, curves.SCORE).alt
    assert "Nothing to draw" in forest.panel("Empty", [], forest.Scale("x")).alt


def test_every_outcome_has_a_colour_of_its_own():
    assert set(OUTCOME_COLOURS) == set(OUTCOMES)
    assert len(set(OUTCOME_COLOURS.values())) == len(OUTCOMES)


def test_series_of_one_colour_differ_in_their_marker():
    seen = {(style.colour(index), style.marker(index)) for index in range(24)}

    assert len(seen) == 24


def test_ticks_closer_than_a_percent_are_told_apart():
    row = forest.Row("nsgan", Interval(0.004, 0.001, 0.009))
    drawn = ElementTree.fromstring(forest.panel("Rare", [row], forest.Scale("share", share=True)).svg)
    ticks = [item.text for item in drawn.iter() if item.tag.endswith("text") and item.text != "nsgan"]

    assert len(ticks) > 2
    assert len(set(ticks)) == len(ticks)
