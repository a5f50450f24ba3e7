"""What the CSV files of the phase diagrams hold."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from bench.records.columns import columns_of
from reports.phase.boundary import TERMS, fitted
from reports.phase.capacity import Relation
from reports.phase.frontier import Judged, crossings
from reports.phase.heat import Heat

_PLANE = (
    ("dataset", "text", "whose runs"),
    ("recipe", "text", "recipe variant"),
    ("data_size", "samples", "training samples"),
    ("setting", "text", "what else tells the plane from others of its recipe and data size"),
    ("axis", "text", "second axis: lr_scale (generator learning rate over the recipe's own, or the rate "
     "itself where it has none) or rate_ratio (discriminator over generator learning rate)"),
)  # fmt: skip
PHASE = columns_of(
    *_PLANE,
    ("capacity_ratio", "", "of the square"),
    ("rate", "", "level of the second axis"),
    ("failed", "", "runs"),
    ("stable", "", "runs"),
    ("undecided", "", "runs, left out of the rate"),
    ("seeds", "", "seeds of the square"),
    ("failure_rate", "", "failed over decided"),
    ("failure_rate_low", "", "lower limit, Wilson 95 %"),
    ("failure_rate_high", "", "upper limit"),
    ("fitted", "", "failure rate by the plane's fitted surface, empty without a fit"),
    ("cells", "text", "cells in the square, joined by a space"),
)
BOUNDARIES = columns_of(
    *_PLANE,
    ("runs", "", "decided runs of the plane"),
    ("drawn", "", "1 where a boundary is drawn"),
    ("why_not", "text", "why none is drawn, else empty"),
    ("deviance", "", "drop against a constant"),
    ("p", "", "of a drop as large, by permutation of endings within seeds"),
    ("p_adjusted", "", "by Benjamini and Hochberg over all planes"),
    ("terms", "text", "terms and coefficients of the logit, x and y scaled to mean 0 and sd 1 over the "
     "squares: x is log2 of the capacity ratio, y log10 of the rate"),
    ("misses", "", "squares whose Wilson interval excludes the fitted rate"),
    ("along", "text", "axis whose level the boundary crosses"),
    ("at", "", "that level"),
    ("crossing", "", "where on the other axis half of the runs fail"),
    ("crossing_low", "", "lower end of the stretch whose side is not certain; empty: leaves the plane"),
    ("crossing_high", "", "upper end, likewise"),
)  # fmt: skip
AXES = columns_of(
    ("dataset", "text", "whose runs"),
    (
        "measure",
        "text",
        "widths, parameters, flops (discriminator over generator) or advantage (auc_real_fake)",
    ),
    ("at", "", "median measure of a level or bin"),
    ("failed", "", "runs"),
    ("stable", "", "runs"),
    ("undecided", "", "runs"),
    ("failure_rate", "", "failed over decided"),
    ("failure_rate_low", "", "lower limit, Wilson 95 %"),
    ("failure_rate_high", "", "upper limit"),
    ("score", "", "IQM"),
    ("rho_failure", "", "rank correlation of failure with the measure, within runs alike in all else"),
    ("rho_failure_low", "", "lower limit: seeds resampled, Student's t"),
    ("rho_failure_high", "", "upper limit"),
    ("rho_score", "", "the same of the score"),
    ("rho_score_low", "", "lower limit"),
    ("rho_score_high", "", "upper limit"),
)
HEAT = columns_of(
    ("dataset", "text", "whose runs"),
    ("recipe", "text", "recipe variant"),
    ("data_size", "samples", "training samples"),
    ("settings", "", "settings that were run at each data size of the recipe"),
    ("failed", "", "runs"),
    ("stable", "", "runs"),
    ("undecided", "", "runs"),
    ("failure_rate", "", "failed over decided"),
    ("failure_rate_low", "", "lower limit, Wilson 95 %"),
    ("failure_rate_high", "", "upper limit"),
    ("score", "", "IQM"),
    ("score_low", "", "lower limit, stratified bootstrap"),
    ("score_high", "", "upper limit"),
    ("relative_score", "", "IQM of 1 - clip(q_training, 0, 1)"),
    ("relative_score_low", "", "lower limit, stratified bootstrap"),
    ("relative_score_high", "", "upper limit"),
)
FILES = {
    "phase.csv": ("one row per square of a plane of capacity ratio and learning rate", PHASE),
    "boundaries.csv": (
        "one row per plane and crossing of its boundary; one row for a plane without",
        BOUNDARIES,
    ),
    "capacity_axes.csv": ("one row per dataset, measure of capacity and level or bin of it", AXES),
    "data_recipe.csv": ("one row per dataset, recipe and data size", HEAT),
}


def rows(
    planes: Sequence[Judged], relations: Sequence[Relation], heats: Sequence[Heat]
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Spell all files."""
    return {
        "phase.csv": [row for item in planes for row in _squares(item)],
        "boundaries.csv": [row for item in planes for row in _crossings(item)],
        "capacity_axes.csv": [row for item in relations for row in _bins(item)],
        "data_recipe.csv": [_heat(item) for item in heats],
    }


def _plane(item: Judged) -> dict[str, Any]:
    plane = item.plane
    return {
        "dataset": plane.dataset, "recipe": plane.variant, "data_size": plane.data_size,
        "setting": str(plane.setting), "axis": plane.axis,
    }  # fmt: skip


def _counts(rate: Any) -> dict[str, Any]:
    found = rate.interval
    return {
        "failed": rate.failed, "stable": rate.stable, "undecided": rate.undecided,
        "failure_rate": found.estimate, "failure_rate_low": found.low, "failure_rate_high": found.high,
    }  # fmt: skip


def _squares(item: Judged) -> list[dict[str, Any]]:
    return [
        _plane(item)
        | _counts(square.failure)
        | {
            "capacity_ratio": square.ratio, "rate": square.rate, "seeds": square.seeds,
            "fitted": float(share), "cells": " ".join(square.cells),
        }
        for square, share in zip(item.plane.squares, fitted(item.plane, item.found), strict=True)
    ]  # fmt: skip


def _crossings(item: Judged) -> list[dict[str, Any]]:
    blank = {name: "" if column.unit == "text" else math.nan for name, column in BOUNDARIES.items()}
    base = blank | _plane(item) | {"runs": item.decided, "drawn": item.drawn, "why_not": str(item.none)}
    if not isinstance(item.found, str):
        terms = zip(item.found.powers, item.found.coefficients, strict=True)
        base |= {
            "deviance": item.found.deviance, "p": item.found.p, "p_adjusted": item.p_adjusted,
            "terms": " ".join(f"{TERMS[power]}: {value:.4g}" for power, value in terms),
            "misses": item.misses,
        }  # fmt: skip
    found = [
        {
            "along": one.along, "at": one.at, "crossing": one.place.estimate, "crossing_low": one.place.low,
            "crossing_high": one.place.high,
        }
        for one in crossings(item)
    ]  # fmt: skip
    return [base | each for each in found] or [base]


def _bins(item: Relation) -> list[dict[str, Any]]:
    return [
        {"dataset": item.dataset, "measure": item.measure, "at": each.at, "score": each.score}
        | _counts(each.failure)
        | _limits("rho_failure", item.failure)
        | _limits("rho_score", item.score)
        for each in item.bins
    ]


def _heat(item: Heat) -> dict[str, Any]:
    return (
        {"dataset": item.dataset, "recipe": item.variant, "data_size": item.size, "settings": item.settings}
        | _counts(item.failure)
        | _limits("score", item.score)
        | _limits("relative_score", item.relative)
    )


def _limits(name: str, found: Any) -> dict[str, float]:
    return {name: found.estimate, f"{name}_low": found.low, f"{name}_high": found.high}
