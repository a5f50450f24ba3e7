"""From every figure a reader gets to its cells, and hiding a recipe finds its marks in every picture."""

import re
from urllib.parse import unquote

import pytest
from intervention_records import experiment, failing
from report_records import QUICK

from reports.figures import style
from reports.frame import Results
from reports.interventions import section


@pytest.fixture(scope="module")
def standard_page(standard_report):
    return (standard_report / "index.html").read_text(encoding="utf-8")


def figures_of(page):
    return dict(re.findall(r'<figure id="fig-([^"]*)"(.*?)</figure>', page, flags=re.DOTALL))


def pictures_of(figure):
    return [unquote(source) for source in re.findall(r'src="data:image/svg\+xml,([^"]*)"', figure)]


def test_every_figure_leads_to_its_cells(standard_page):
    figures = figures_of(standard_page)

    assert {"prices", "wasserstein-ratio", "wasserstein-controls", "tuning", "variance"} <= set(figures)
    assert [name for name, figure in figures.items() if "data-cells" not in figure] == []


def test_the_figure_of_interventions_leads_to_the_failing_cells_and_their_cures():
    found = experiment([failing()], lambda name: 0.5)

    (figure,) = section(Results(found), QUICK).figures

    assert "dataset=digits" in figure.where
    assert "capacity_ratio=1" in figure.where


@pytest.mark.parametrize(
    "name",
    ["loss-plane-0", "data-recipe-digits", "wasserstein-ratio", "tuning", "undecided"],
)
def test_a_recipes_marks_can_be_hidden_in(standard_page, name):
    pictures = pictures_of(figures_of(standard_page)[name])

    assert pictures
    assert any(style.mark("wgan") in picture for picture in pictures)


def test_panels_of_one_recipe_can_be_hidden_whole(standard_page):
    figures = figures_of(standard_page)
    maps = figures["mode-map-ring8"]

    assert set(re.findall('data-recipe="([^"]*)"', maps)) == {"mmgan", "nsgan", "wgan", "wgan-gp"}
    assert all('data-recipe="' in text for name, text in figures.items() if name.startswith("phase-"))
