"""Maps of modes: counted as planted, drawn at the true centres, refused where those are unknown."""

import json
import math
import xml.etree.ElementTree as ElementTree

import pytest
from report_records import config, histograms, record

from bench.metrics.mode_counts import STRICT_SHARE as COUNTED
from bench.records.schema import EvaluationRecord
from bench.records.store import open_store
from gans.config import run_id
from gans.data.toy import ring_centers
from gans.recipes import RECIPES
from reports.figures import discs, style
from reports.frame import Results, frames, load
from reports.mode_maps import KNOWN, STRICT_SHARE, centers, covered, figures, hits
from reports.variants import rank

QUARTER = (0.25, 0.25, 0.25, 0.25)
HALF = (0.5, 0.5, 0.0, 0.0)


def runs_of(*outcomes, recipe="nsgan", dataset="ring8"):
    records = [record(config(recipe, seed=seed, dataset=dataset), how) for seed, how in enumerate(outcomes)]
    return frames(records), [item.run_id for item in records]


def test_each_mode_has_the_share_of_runs_that_cover_it():
    found, (first, second) = runs_of("converged", "collapsed:partial")

    (only,) = covered(found.judged, {first: QUARTER, second: HALF})

    assert only.shares == (1.0, 1.0, 0.5, 0.5)
    assert (only.runs, only.silent) == (2, 0)


def test_a_diverged_run_covers_no_mode_and_one_without_counts_is_left_out():
    found, (first, _, _) = runs_of("converged", "diverged:nonfinite", "converged")

    (only,) = covered(found.judged, {first: QUARTER})

    assert only.shares == (0.5,) * 4
    assert (only.runs, only.silent) == (2, 1)


def test_a_mode_is_covered_as_the_strict_count_has_it():
    assert STRICT_SHARE == COUNTED
    assert hits((0.2 * COUNTED, 0.2 * COUNTED - 1e-6, 0.0, 0.5, 0.4), 5) == (True, False, False, True, True)


def test_the_known_centres_are_those_that_the_data_has():
    assert [pytest.approx(place, abs=1e-6) for place in ring_centers(8, 1.0).tolist()] == list(KNOWN["ring8"])
    assert len(set(KNOWN["grid25"])) == 25
    assert KNOWN["grid25"][:2] == ((-4.0, -4.0), (-4.0, -2.0))


def test_centres_left_by_the_runs_come_before_known_ones(tmp_path):
    (tmp_path / "artifacts").mkdir()
    place = tmp_path / "artifacts" / "modes-ring8.json"

    place.write_text(json.dumps({"centers": [[0.0, 1.0], [2.0, 3.0]], "sd": 0.1}))
    told = centers("ring8", tmp_path)
    place.write_text('{"centers": [[0.0, NaN]]}')
    damaged = centers("ring8", tmp_path)

    assert told == ((0.0, 1.0), (2.0, 3.0))
    assert damaged == KNOWN["ring8"]
    assert centers("../ring8", tmp_path) == ()


def test_the_area_of_a_disc_is_the_share_of_its_ring():
    places = [(0.0, 0.0), (10.0, 0.0)]
    drawn = discs.panel("nsgan", places, (0.25, 0.0), 1)
    boxes = [_box(path) for path in _paths(drawn.svg)]

    assert len(boxes) == 4  # two rings, one disc, and the mark above them
    assert boxes[1] / boxes[0] == pytest.approx(math.sqrt(0.25), abs=0.02)
    assert "(0, 0): 25" in drawn.alt
    assert "(10, 0): 0" in drawn.alt


def test_every_registered_recipe_has_a_map_of_its_own_look():
    names = RECIPES.names()
    drawn = [discs.panel("map", [(0.0, 0.0)], (1.0,), rank(name)).svg for name in names]

    assert len(names) > len(style.SERIES)  # more recipes than colours, or the test shows nothing
    assert len(set(drawn)) == len(names)
    assert len({(style.colour(rank(name)), style.marker(rank(name))) for name in names}) == len(names)


def test_maps_of_one_colour_differ_by_the_mark_above_them():
    places, again = [(0.0, 0.0), (1.0, 0.0)], len(style.SERIES)
    (*modes, mark), (*same, other) = (
        _paths(discs.panel("map", places, (1.0, 0.5), place).svg) for place in (0, again)
    )

    assert style.colour(0) == style.colour(again)
    assert mark != other
    assert modes == same


def _paths(svg):
    return [item.get("d") for item in ElementTree.fromstring(svg).iter() if item.tag.endswith("path")]


def _box(path):
    numbers = [float(word) for word in path.translate(dict.fromkeys(map(ord, "MLCQZz"), " ")).split()]
    return max(numbers[::2]) - min(numbers[::2])


def test_a_folder_without_counts_is_told_in_a_sentence():
    found, _ = runs_of("converged", "converged")

    drawn, said = figures(Results(found))

    assert drawn == []
    assert said == ["ring8: no map of its modes, for its records hold no counts per mode."]


def test_a_mixture_of_someone_elses_needs_its_centres():
    found, ids = runs_of("converged", "converged", dataset="ring8")
    found.runs["dataset"] = "mine:mixture"

    drawn, said = figures(Results(found, histograms=dict.fromkeys(ids, QUARTER)))

    assert drawn == []
    assert said == ["mine:mixture: no map of its modes, for its true centres in the plane are not known."]


def test_each_recipe_has_a_panel_that_the_page_can_hide():
    records = [record(config(recipe, seed=0, dataset="grid25")) for recipe in ("nsgan", "wgan")]
    found = frames(records)

    ((drawn,), said) = figures(Results(found, histograms=histograms(found.runs)))

    assert said == []
    assert [panel.recipe for panel in drawn.panels] == ["nsgan", "wgan"]
    assert len(drawn.data.rows) == 25
    assert "dataset=grid25" in drawn.where


def test_the_last_histogram_of_each_run_is_read_from_the_store(tmp_path):
    looks = tuple(
        EvaluationRecord(step=step, values={}, histogram=shares)
        for step, shares in ((9, HALF), (70, QUARTER))
    )
    given = config(dataset="ring8")
    with open_store(tmp_path, create=True) as store:
        store.ingest([record(given, evaluations=looks)])

    assert load(tmp_path).histograms == {run_id(given): QUARTER}
