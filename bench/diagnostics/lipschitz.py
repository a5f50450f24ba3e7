"""How steep a discriminator is: the steepest place seen, and what its layers allow at most.

The two can lie orders of magnitude apart; the truth is between them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from bench.diagnostics.arrays import Floats, finite_rows
from bench.diagnostics.layers import Layers
from bench.diagnostics.operators import NORMS


def lipschitz_lower(slopes: npt.ArrayLike) -> Floats:
    """Largest slope of each member's discriminator among the points it was looked at.

    Shapes:
        slopes: (members, points). Result: (members,).

    Returns:
        NaN where a slope is not finite.

    Example:
        >>> lipschitz_lower([[0.5, 2.0], [1.0, math.nan]]).tolist()
        [2.0, nan]
    """
    table = np.asarray(slopes, dtype=np.float64)
    finite = finite_rows(table)
    return np.where(finite, np.where(finite[:, None], table, 0.0).max(axis=1), math.nan)


def pair_slope(first: npt.ArrayLike, second: npt.ArrayLike, distances: npt.ArrayLike) -> Floats:
    """Largest difference of two logits over the distance of their samples: somewhere between it is as steep.

    Shapes:
        first, second: (members, pairs), logits; distances: (members, pairs). Result: (members,).

    Returns:
        NaN where a number is not finite, or all pairs are copies of each other.

    Example:
        >>> pair_slope([[3.0, 1.0]], [[0.0, 9.0]], [[6.0, 2.0]]).tolist()
        [4.0]
    """
    gaps = np.abs(np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64))
    lengths = np.asarray(distances, dtype=np.float64)
    apart = lengths > 0
    slopes = np.where(apart, gaps / np.where(apart, lengths, 1.0), 0.0)
    known = finite_rows(gaps) & finite_rows(lengths) & apart.any(axis=1)
    return np.where(known, np.where(known[:, None], slopes, 0.0).max(axis=1, initial=0.0), math.nan)


def lipschitz_upper(layers: Layers | None, module: nn.Module, named: Mapping[str, Tensor]) -> Floats:
    """Bound on each member's slope anywhere, in evaluation mode, from its layers' operator norms.

    Norms of layers in a row multiply, those of branches that are added up add up.

    Shapes:
        named: name of each weight and buffer to (members, *shape). Result: (members,).

    Args:
        layers: of the module, from ``layers_of``.

    Returns:
        NaN where the module is not made of known layers (``not_applicable``) or a weight is not finite.

    Source:
        Szegedy et al. 2014, "Intriguing properties of neural networks", section 4.3; Gouk et al. 2021,
        "Regularisation of neural networks by enforcing Lipschitz continuity", section 3, for sums.

    Example:
        A linear critic is as steep as its weight is long:

        >>> from bench.diagnostics.layers import layers_of
        >>> critic = nn.Linear(2, 1)
        >>> weights = {"weight": torch.tensor([[[3.0, 4.0]], [[0.0, 2.0]]])}
        >>> lipschitz_upper(layers_of(critic, (2,)), critic, weights).tolist()
        [5.0, 2.0]
    """
    members = len(next(iter(named.values())))
    if layers is None:
        return np.full(members, math.nan)
    bounds = [torch.ones(members, dtype=torch.float64)]
    for layer in layers:
        bound = sum((bounds[place] for place in layer.inputs), torch.zeros(members, dtype=torch.float64))
        bound = bound * layer.factor
        if layer.name is not None:
            bound = bound * _norms(module.get_submodule(layer.name), layer.name, layer.shape, named)
        bounds.append(bound)
    result: Floats = bounds[-1].numpy(force=True)
    return result


def _norms(layer: nn.Module, name: str, shape: tuple[int, ...], named: Mapping[str, Tensor]) -> Tensor:
    """Of one layer, member by member; NaN for those whose weights are not finite."""
    prefix = f"{name}." if name else ""
    keys = [key for key, _ in (*layer.named_parameters(), *layer.named_buffers()) if key != "bias"]
    own = {key: named[prefix + key].cpu() for key in keys if named[prefix + key].is_floating_point()}
    finite = torch.stack([torch.isfinite(each).flatten(1).all(dim=1) for each in own.values()]).all(dim=0)
    clean = {
        key: torch.where(finite.view(-1, *[1] * (each.ndim - 1)), each, 1.0) for key, each in own.items()
    }
    return torch.where(finite, NORMS[type(layer)](layer, clean, shape), math.nan)
