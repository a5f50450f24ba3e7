"""How each published claim is put to our records. A diverged run counts as the worst of all scores."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import stats

from bench.records.schema import DIVERGED, UNSTABLE
from reports.ledger.counting import at_equal_generator_steps, published_count
from reports.ledger.judgement import (
    NO_VALUE,
    NOT,
    REPRODUCED,
    TREND,
    Judgement,
    Numbers,
    greater,
    greater_in_pairs,
    mean_interval,
    not_run,
    ordered,
)

Claim = Callable[[pd.DataFrame], Judgement]
"""The runs of one preset to what they say."""

CELL = ["generator_lr", "beta1", "n_critic", "discriminator_norm"]
"""What runs of two losses must share beside seed and data to be a pair of Lucic's trials."""


def closed_forms(quantity: str, source: str, what: str, tolerance: str) -> Claim:
    """Every known number of one kind on the Dirac-GAN, beside ours.

    Args:
        quantity: what the names of these numbers begin with. source: who knows them.
        what: how the page calls them. tolerance: to how much they have to agree, in words.
    """

    def judge(table: pd.DataFrame) -> Judgement:
        """Hold these records against the claim."""
        known = table[table.quantity.str.startswith(quantity) & (table.source == source)]
        known = known[known.agrees.notna()]
        if known.empty:
            return not_run("not in the records")
        agreed = int((known.agrees.astype(str) == "True").sum())
        largest = known.difference.abs().max()
        ours = f"{agreed} of {len(known)} {what} within {tolerance}; largest difference {largest:.1e}"
        return Judgement(REPRODUCED if agreed == len(known) else NOT, ours, len(known))

    return judge


def known_answers(quantities: tuple[str, ...]) -> Claim:
    """Every number of some kinds that ``ganbench floors`` took, beside the answer that is known."""

    def judge(table: pd.DataFrame) -> Judgement:
        """Hold these records against the claim."""
        taken = table[table.quantity.isin(quantities) & table.agrees.notna()]
        if taken.empty:
            return not_run("not in the records")
        agrees = taken.agrees.astype(str) == "True"
        ours = "; ".join(
            f"{row.quantity}, {row.data}: {row.ours:.4g}{'' if fits else ' (off)'}"
            for row, fits in zip(taken.itertuples(), agrees, strict=True)
        )
        return Judgement(REPRODUCED if agrees.all() else NOT, ours, len(taken))

    return judge


def modes_by_width(small: float, large: float, measure: str) -> Claim:
    """A discriminator of relative width ``large`` keeps more modes (or less divergence) than of ``small``."""

    def judge(runs: pd.DataFrame) -> Judgement:
        """Hold these records against the claim."""
        few, many = (
            _scores(runs[(runs.recipe == "nsgan") & (runs.capacity_ratio == ratio)], measure)
            for ratio in (small, large)
        )
        sign = 1.0 if measure == "modes" else -1.0
        return _compared(sign * many, sign * few, f"{large:g}: ", f"{small:g}: ", sign)

    return judge


def recipe_keeps_more_modes(better: str, worse: str, ratio: float) -> Claim:
    """At one relative width one loss keeps more modes than another."""

    def judge(runs: pd.DataFrame) -> Judgement:
        """Hold these records against the claim."""
        sides = [
            _scores(runs[(runs.recipe == recipe) & (runs.capacity_ratio == ratio)], "modes")
            for recipe in (better, worse)
        ]
        return _compared(sides[0], sides[1], f"{better}: ", f"{worse}: ", 1.0)

    return judge


def modes_within(ratio: float, low: float, high: float, full: int) -> Claim:
    """The number of modes at one relative width; at less than the full budget a trend at best."""

    def judge(runs: pd.DataFrame) -> Judgement:
        """Hold these records against the claim."""
        own = runs[(runs.recipe == "nsgan") & (runs.capacity_ratio == ratio)]
        found = _scores(own, "modes")
        if not len(found):
            return not_run("no such runs in the records")
        ours, steps = mean_interval(found), int(own.steps.max())
        inside = low <= float(found.mean()) <= high
        if steps < full:
            why = f"at {steps:,} of {full:,} iterations"
            return Judgement(TREND if inside else NOT, ours, len(found), why)
        return Judgement(REPRODUCED if inside else NOT, ours, len(found))

    return judge


def loses_to(dataset: str, worse: str, better: str) -> Claim:
    """One loss has the larger distance over the lattice of settings, pair by pair."""

    def judge(runs: pd.DataFrame) -> Judgement:
        """Hold these records against the claim."""
        pairs = _paired(published_count(runs[runs.dataset == dataset]), worse, better)
        if len(pairs) < 2:
            return not_run("fewer than two pairs of runs in the records")
        p, as_published = greater_in_pairs(pairs[worse].to_numpy(), pairs[better].to_numpy())
        ratio, difference = ((pairs[worse] / pairs[better]).median(), (pairs[worse] - pairs[better]).median())
        ours = (
            f"{worse} / {better}: median ratio of distances {ratio:.2f}, median difference {difference:.3g} "
            f"over {len(pairs)} pairs"
        )
        return ordered(p, as_published=as_published, ours=ours, runs=2 * len(pairs))

    return judge


def ranks_alike(dataset: str, published: dict[str, float]) -> Claim:
    """Best cells of all losses stand in the published order: Spearman's rank correlation of at least 0.7."""

    def judge(runs: pd.DataFrame) -> Judgement:
        """Hold these records against the claim."""
        best = _best_cells(published_count(runs[runs.dataset == dataset]))
        known = [recipe for recipe in published if recipe in best]
        if len(known) < 4:
            return not_run("fewer than four losses in the records")
        rho = float(stats.spearmanr([published[each] for each in known], [best[each] for each in known])[0])
        order = " < ".join(sorted(known, key=best.__getitem__))
        ours = f"Spearman {rho:.2f} over {len(known)} losses: {order}"
        why = "" if rho < 0.7 else "five ranks of best cells: no test of chance"
        return Judgement(TREND if rho >= 0.7 else NOT, ours, len(runs[runs.dataset == dataset]), why)

    return judge


def failures_per_loss(runs: pd.DataFrame) -> Judgement:
    """Which share of the search failed, loss by loss; the paper stars outliers and prints no share."""
    judged = runs[runs.state.notna()]
    shares = judged.assign(failed=judged.state == UNSTABLE).groupby("recipe").failed
    ours = ", ".join(f"{recipe} {failed.sum()}/{len(failed)}" for recipe, failed in shares)
    return Judgement(NO_VALUE, ours, len(judged), "ours for the record")


def rank_by_either_count(runs: pd.DataFrame) -> Judgement:
    """WGAN-GP's rank among the losses, counted in discriminator steps and in generator steps.

    The paper counts the former only, so that the change of rank has no published value.
    """
    mnist = runs[(runs.dataset == "mnist") & (runs.n_critic == 5)]
    equal = at_equal_generator_steps(mnist)
    ranks = []
    for steps, counted in (("discriminator", mnist[~equal]), ("generator", mnist[equal])):
        best = _best_cells(counted)
        if "wgan-gp" not in best:
            return not_run(f"no runs of wgan-gp at equal {steps} steps")
        rank = 1 + sum(score < best["wgan-gp"] for score in best.values())
        ranks.append(f"{rank} of {len(best)} at equal {steps} steps")
    return Judgement(NO_VALUE, f"rank {', '.join(ranks)}", len(mnist), "ours for the record")


def worsens_with_fewer_data(runs: pd.DataFrame) -> Judgement:
    """Without augmentation the distance grows as data get fewer: Page's test over seeds."""
    table = _by_size(runs, "none")
    if table.shape[0] < 2 or table.shape[1] < 3:
        return not_run("fewer than two seeds or three data sizes in the records")
    p = float(stats.page_trend_test(table.to_numpy()).pvalue)
    means = table.mean()
    ours = ", ".join(f"{size:,}: {mean:.3g}" for size, mean in means.items())
    return ordered(p, as_published=bool(means.iloc[-1] > means.iloc[0]), ours=ours, runs=table.size)


def augmentation_helps_where_data_are_few(runs: pd.DataFrame) -> Judgement:
    """What a tenth of the data costs (ratio of distances) is less with augmentation, seed by seed."""
    factors = {}
    for augmentation in ("none", "diffaugment"):
        table = _by_size(runs, augmentation)
        if len(table) < 2 or not {60_000, 6_000} <= set(table.columns):
            return not_run("fewer than two seeds at all and at a tenth of the data")
        factors[augmentation] = (table[6_000] / table[60_000]).rename(augmentation)
    both = pd.concat(factors.values(), axis=1).dropna()
    p, as_published = greater_in_pairs(both["none"].to_numpy(), both["diffaugment"].to_numpy())
    each = "; ".join(f"{name}: x {mean_interval(both[name].to_numpy())}" for name in both)
    saved = (both["none"] - both["diffaugment"]).median()
    ours = f"{each}; median difference of the factors, seed by seed: {saved:.3g}"
    return ordered(p, as_published=as_published, ours=ours, runs=4 * len(both))


def _by_size(runs: pd.DataFrame, augmentation: str) -> pd.DataFrame:
    """Distances, a row per seed and a column per data size, all data first."""
    own = runs[runs.augmentation == augmentation].assign(score=lambda each: _worst_if_diverged(each, "fid"))
    table = own.pivot_table(index="seed", columns="data_size", values="score")
    return table.sort_index(axis=1, ascending=False).dropna()


def _paired(runs: pd.DataFrame, first: str, second: str) -> pd.DataFrame:
    own = runs[runs.recipe.isin([first, second])].assign(score=lambda each: _worst_if_diverged(each, "fid"))
    return own.pivot_table(index=[*CELL, "seed"], columns="recipe", values="score").dropna()


def _best_cells(runs: pd.DataFrame) -> dict[str, float]:
    """Least mean distance of any cell, for each loss."""
    scored = runs.assign(score=_worst_if_diverged(runs, "fid"))
    cells = scored.groupby(["recipe", *CELL], dropna=False).score.mean()
    return {str(recipe): float(each) for recipe, each in cells.groupby("recipe").min().items()}


def _scores(runs: pd.DataFrame, measure: str) -> Numbers:
    scores: Numbers = runs[measure].dropna().to_numpy()
    return scores


def _worst_if_diverged(runs: pd.DataFrame, measure: str) -> pd.Series:
    worst = runs[measure].max()
    return runs[measure].where(runs.status != DIVERGED, worst)


def _compared(better: Numbers, worse: Numbers, first: str, second: str, sign: float) -> Judgement:
    if len(better) < 2 or len(worse) < 2:
        return not_run("fewer than two runs on a side in the records")
    p, as_published = greater(better, worse)
    ours = "; ".join(
        f"{name}{mean_interval(sign * scores)}, median {np.median(sign * scores):.3g}"
        for name, scores in ((first, better), (second, worse))
    )
    return ordered(p, as_published=as_published, ours=ours, runs=len(better) + len(worse))
