"""ganbench list: what can be named in a profile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bench.commands.endings import DONE, CommandError, told_plainly
from bench.commands.known import KNOWN

Row = tuple[str, ...]


def list_kind(kind: str | None) -> int:
    """Print one kind of thing, or all of them."""
    if kind is not None and kind not in KINDS:
        from bench.profile.problems import nearest

        raise CommandError([f"list: must be a known kind, got {kind!r}; {nearest(kind, KINDS)}"])
    for name in [kind] if kind else KINDS:
        _print(name if kind is None else "", list(KINDS[name]()))
    return DONE


def _losses() -> Iterable[Row]:
    from gans.losses import LOSSES

    for name in LOSSES:
        yield name, LOSSES.get(name).source


def _recipes() -> Iterable[Row]:
    from gans.recipes import RECIPES

    for name in RECIPES:
        recipe = RECIPES.get(name)
        weight = f" {recipe.regularizer_weight:g}" if recipe.regularizer != "none" else ""
        yield (
            name,
            f"{recipe.loss}, {recipe.regularizer}{weight}",
            f"{recipe.optimizer} ({recipe.beta1:g}, {recipe.beta2:g})",
            f"rates {recipe.generator_lr:g}/{recipe.discriminator_lr:g}",
            f"n_critic {recipe.n_critic}",
            recipe.source,
        )


def _networks() -> Iterable[Row]:
    from gans.networks import NETWORKS

    for name in NETWORKS:
        network = NETWORKS.get(name)
        summary = (getattr(network.generator, "__doc__", "") or "").strip().partition("\n")[0]
        yield name, summary


def _datasets() -> Iterable[Row]:
    from gans.data import DATASETS

    for name in DATASETS:
        summary = (DATASETS.get(name).__doc__ or "").strip().partition("\n")[0]
        yield name, summary


def _defects() -> Iterable[Row]:
    from gans.data.defects import DEFECTS

    for name in DEFECTS:
        defect = DEFECTS.get(name)
        yield f"{name}:STRENGTH", " and ".join(defect.kinds), defect.strength


def _augmentations() -> Iterable[Row]:
    from gans.augment.catalog import AUGMENTATIONS

    for name in AUGMENTATIONS:
        family = AUGMENTATIONS.get(name)
        yield name, ", ".join(family.options) or "samples as they are", family.source


def _metrics() -> Iterable[Row]:
    from bench.metrics import METRICS

    words = {True: "higher is better", False: "lower is better", None: "best in between"}
    for name in METRICS:
        metric = METRICS.get(name)
        yield name, metric.tier, ", ".join(metric.domains), words[metric.higher_is_better], metric.source


def _profiles() -> Iterable[Row]:
    from bench.profile import profile_names, read_profile

    with told_plainly():
        for name in profile_names():
            profile = read_profile(name)
            yield name, f"≤ {profile.runs} runs", profile.description  # what grids share is trained once
    for name, known in KNOWN.items():
        yield name, known.amount, known.summary


KINDS: Mapping[str, Callable[[], Iterable[Row]]] = {
    "losses": _losses,
    "recipes": _recipes,
    "networks": _networks,
    "datasets": _datasets,
    "defects": _defects,
    "augmentations": _augmentations,
    "metrics": _metrics,
    "profiles": _profiles,
}
"""What ``ganbench list`` knows, each as rows of columns."""


def _print(title: str, rows: list[Row]) -> None:
    if title:
        print(f"\n{title}" if title != next(iter(KINDS)) else title)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)] if rows else []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        print(("  " if title else "") + "  ".join([*cells, row[-1]]))
