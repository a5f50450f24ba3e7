"""What the page's scripts are and what they are told: words, the runs of each cell, the recipes to hide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.cells import CellTable
from reports.figures.style import mark
from reports.languages import Language
from reports.say import say

SCRIPTS = (
    "core.js", "theme.js", "sort.js", "copy.js", "runs.js", "filter.js", "links.js", "pictures.js",
    "recipes.js", "scales.js", "print.js",
)  # fmt: skip
"""Files of reports/templates in the order in which they run."""

WORDS: Mapping[str, str] = {
    "all": say("all"),
    "cells": say("cells"),
    "cells_of": say("Cells of {what}", what="{what}"),
    "clear": say("Clear filters"),
    "copied": say("Copied."),
    "copy": say("Copy"),
    "copy_all": say("Copy the commands that train this cell again"),
    "copy_run": say("Copy the command that trains run {run} again", run="{run}"),
    "dark": say("Dark"),
    "hide": say("Recipes"),
    "outcome": say("outcome"),
    "run": say("run"),
    "runs_of": say("Runs of this cell: {runs}", runs="{runs}"),
    "scale": say("Scale"),
    "score": say("score"),
    "search": say("Search cells and run ids"),
    "seed": say("seed"),
    "selected": say("Selected: press Ctrl+C or ⌘C."),
    "shown": say("{shown} of {all} cells shown", shown="{shown}", all="{all}"),
}
"""What the scripts say, with places in braces that they fill."""


def script_data(cells: CellTable, profile: str, language: Language) -> Mapping[str, Any]:
    """Gather what the page's scripts read from its data block."""
    at = cells.factors.index("variant")
    recipes = list(dict.fromkeys(row.cells[at].text for row in cells.rows))
    return {
        "words": {name: str(language.tell(text)) for name, text in WORDS.items()},
        "folder": f"results/{profile or 'NAME'}",
        "recipes": [(name, mark(name)) for name in recipes],
        **cells.data,
    }
