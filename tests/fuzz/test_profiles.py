"""Profiles from anywhere: planned, trained or refused in a line, whatever they hold."""

from __future__ import annotations

import pytest
from harness import cases, check_clean, ganbench, hostile_text
from hypothesis import given
from hypothesis import strategies as st

import bench.commands.run
from bench.profile.model import Grid, Profile
from bench.sweep import SweepResult

GOOD = {"name": "g", "dataset": "ring8", "recipe": "nsgan", "generator_width": 4, "batch_size": 16,
        "steps": 20, "evaluations": 4, "seeds": 2}  # fmt: skip

KEYS = st.one_of(st.sampled_from(sorted(Grid.model_fields)), hostile_text())
NUMBERS = st.one_of(st.integers(-(2**70), 2**70), st.integers(-2, 5), st.floats(), st.booleans())
VALUES = st.recursive(
    st.one_of(NUMBERS, hostile_text()), lambda inner: st.lists(inner, max_size=3), max_leaves=4
)
GRIDS = st.dictionaries(KEYS, VALUES, max_size=3).map(lambda changes: GOOD | changes)
TOPS = st.dictionaries(
    st.one_of(st.sampled_from(sorted(Profile.model_fields)), hostile_text()), VALUES, max_size=2
)


def toml(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, str):
        return '"' + "".join(_letter(each) for each in value) + '"'
    return repr(value)


def _letter(letter):
    plain = letter.isprintable() and letter not in '"\\'
    return letter if plain else f"\\U{ord(letter):08x}"


def spelled(top, grids):
    lines = [f"{toml(key)} = {toml(value)}" for key, value in top.items() if key != "grid"]
    for grid in grids:
        lines += ["[[grid]]", *(f"{toml(key)} = {toml(value)}" for key, value in grid.items())]
    return "\n".join(lines)


@pytest.fixture
def no_training(monkeypatch):
    """A sweep that says it is done: everything before and after it is what is tried."""
    monkeypatch.setattr(
        bench.commands.run, "train", lambda plan, out, options: SweepResult(1, 1, 0, {}, False)
    )
    monkeypatch.setattr("bench.cli.write_report", lambda folder, *_: folder / "report" / "index.html")


@cases(40)
@given(TOPS, st.lists(GRIDS, min_size=1, max_size=2), st.sampled_from(["plan", "run"]))
def test_any_profile_is_planned_or_refused(here, no_training, top, grids, verb):
    (here / "p.toml").write_text(spelled({"name": "p"} | top, grids), encoding="utf-8", errors="replace")

    check_clean(ganbench(verb, "p.toml"))


@cases(20)
@given(
    st.one_of(
        st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
    )
)
def test_any_bytes_are_planned_or_refused(here, content):
    (here / "p.toml").write_bytes(content)

    check_clean(ganbench("plan", "p.toml"))


@pytest.mark.parametrize(
    "content",
    ["a = " + "[" * 50_000, "a = " + "{b=" * 50_000, "a." * 50_000 + "a = 1", "a = " + "9" * 5_000,
     "[" * 9_999, "[[grid]]\nseeds = " + "1" * 5_000, "a = 0x" + "f" * 9_999],
    ids=["lists", "tables", "dots", "digits", "headers", "seeds", "hexadecimal"],
)  # fmt: skip
def test_nesting_and_numbers_without_end_are_refused(here, content):
    (here / "p.toml").write_text(content)
    ending = ganbench("plan", "p.toml")

    check_clean(ending)
    assert ending.code == 2


@cases(20)
@given(st.lists(st.tuples(KEYS, hostile_text(nul=False)), min_size=1, max_size=2), hostile_text(nul=False))
def test_any_change_on_the_command_line_is_planned_or_refused(here, changes, grid):
    (here / "p.toml").write_text(spelled({"name": "p"}, [GOOD]))
    words = [word for key, value in changes for word in ("--set", f"{key}={value}".replace("\0", ""))]

    check_clean(ganbench("plan", "p.toml", *words, "--set", f"{grid}.seeds=2"))
