"""How steep a discriminator is: the steepest place seen, and what its layers allow at most.

The two can lie orders of magnitude apart; the truth is between them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, fx, nn

from bench.diagnostics.arrays import Floats, finite_rows

Chain = tuple[tuple[str, ...], float]
"""Names of linear layers in order, and the product of the steepest slopes of all between them."""

MOST_SLOPES: Mapping[type[nn.Module], Callable[[Any], float]] = {
    nn.Identity: lambda module: 1.0,
    nn.Flatten: lambda module: 1.0,
    nn.Dropout: lambda module: 1.0,  # the identity in evaluation mode, where discriminators are looked at
    nn.ReLU: lambda module: 1.0,
    nn.Tanh: lambda module: 1.0,
    nn.Softplus: lambda module: 1.0,
    nn.Sigmoid: lambda module: 0.25,
    nn.SiLU: lambda module: 1.0999,
    nn.GELU: lambda module: 1.1290,
    nn.ELU: lambda module: max(1.0, float(module.alpha)),
    nn.LeakyReLU: lambda module: max(1.0, abs(float(module.negative_slope))),
}
"""The steepest slope of each elementwise layer."""

RESHAPES = frozenset({torch.flatten, torch.squeeze, torch.reshape})
RESHAPE_METHODS = frozenset({"flatten", "squeeze", "reshape", "view", "contiguous"})
"""What may stand between layers without stretching anything."""


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


def chain_of(module: nn.Module) -> Chain | None:
    """The linear layers of a module that does one thing after another, and the slope of all between them.

    Returns:
        names of its ``nn.Linear`` layers, in order, and the product of the steepest slopes of its
        other layers; None where it is no such chain (branches, sums, convolutions, norms): the
        product of its layers' norms would be no bound there.

    Example:
        >>> chain_of(nn.Sequential(nn.Linear(3, 4), nn.Sigmoid(), nn.Linear(4, 1)))
        (('0', '2'), 0.25)
        >>> chain_of(nn.Sequential(nn.Linear(3, 4), nn.LayerNorm(4))) is None
        True
    """
    if type(module) is nn.Linear:
        return ("",), 1.0
    try:
        traced = fx.symbolic_trace(module)
    except Exception:  # tracing runs a user's own forward on stand-ins, which may raise anything
        return None
    linear: list[str] = []
    slope = 1.0
    last: fx.Node | None = None
    for node in traced.graph.nodes:
        if last is not None and (node.all_input_nodes != [last] or len(last.users) != 1):
            return None
        last = node
        factor = _factor(traced, node, linear)
        if factor is None:
            return None
        slope *= factor
    return tuple(linear), slope


def lipschitz_upper(chain: Chain | None, weights: Mapping[str, Tensor]) -> Floats:
    """Bound on each member's slope anywhere: the product of its layers' operator norms.

    Shapes:
        weights: parameter name to (members, *shape). Result: (members,).

    Args:
        chain: of the module, from ``chain_of``.

    Returns:
        NaN where the module is no chain of known layers (``not_applicable``) or a weight is not finite.

    Source:
        Szegedy et al. 2014, "Intriguing properties of neural networks", section 4.3.

    Example:
        A linear critic is as steep as its weight is long:

        >>> chain = chain_of(nn.Linear(2, 1))
        >>> lipschitz_upper(chain, {"weight": torch.tensor([[[3.0, 4.0]], [[0.0, 2.0]]])}).tolist()
        [5.0, 2.0]
    """
    members = len(next(iter(weights.values())))
    if chain is None:
        return np.full(members, math.nan)
    bound = torch.full((members,), chain[1], dtype=torch.float64)
    for name in chain[0]:
        matrices = weights[f"{name}.weight" if name else "weight"].double().cpu()
        finite = torch.isfinite(matrices).flatten(1).all(dim=1)
        clean = torch.where(finite[:, None, None], matrices, 0.0)
        bound = bound * torch.where(finite, _operator_norm(clean), math.nan)
    result: Floats = bound.numpy(force=True)
    return result


def _operator_norm(matrices: Tensor) -> Tensor:
    # From the smaller Gram matrix: a tenth of the price of singular values, exact to 1e-8 of the largest.
    wide = matrices.shape[1] < matrices.shape[2]
    gram = matrices @ matrices.mT if wide else matrices.mT @ matrices
    largest: Tensor = torch.linalg.eigvalsh(gram)[:, -1].clamp(min=0.0).sqrt()
    return largest


def _factor(traced: fx.GraphModule, node: fx.Node, linear: list[str]) -> float | None:
    """Steepest slope of one node, 1 for a linear layer, which is noted; None for what is not known."""
    if node.op in ("placeholder", "output"):
        return 1.0
    if node.op == "call_function":
        return 1.0 if node.target in RESHAPES else None
    if node.op == "call_method":
        return 1.0 if node.target in RESHAPE_METHODS else None
    if node.op != "call_module":
        return None
    layer = traced.get_submodule(str(node.target))
    if type(layer) is nn.Linear:
        linear.append(str(node.target))
        return 1.0
    most = MOST_SLOPES.get(type(layer))
    return None if most is None else most(layer)
