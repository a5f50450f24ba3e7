"""What a module does step by step, as plain data: which layer takes what from where, at which size.

Only layers whose stretch is known, in rows or in branches that are added up; anything else is told as such.
"""

from __future__ import annotations

import copy
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import fx, nn
from torch.nn import functional

from bench.diagnostics.operators import MOST_SLOPES, is_bounded, is_costly


@dataclass(frozen=True)
class Layer:
    """One step.

    Args:
        inputs: places of the steps whose results it adds up; 0 is the module's input, 1 the first step.
        factor: how much it stretches without its weights.
        name: of the layer with weights; None where it has none.
        shape: of what goes into it, without the batch.
        costly: its stretch takes many passes through it.
    """

    inputs: tuple[int, ...]
    factor: float = 1.0
    name: str | None = None
    shape: tuple[int, ...] = ()
    costly: bool = False


Layers = tuple[Layer, ...]


def layers_of(module: nn.Module, sample_shape: tuple[int, ...]) -> Layers | None:
    """The steps of a module in evaluation mode, for samples of one shape.

    Returns:
        its steps in order; None where it holds a step whose stretch is not known: its layers' norms would be
        no bound there.

    Example:
        >>> layers_of(nn.Sequential(nn.Linear(3, 4), nn.Sigmoid()), (3,))
        (Layer(inputs=(0,), factor=1.0, name='0', shape=(3,), costly=False),
        Layer(inputs=(1,), factor=0.25, name=None, shape=(), costly=False))
        >>> layers_of(nn.Sequential(nn.Linear(3, 4), nn.LayerNorm(4)), (3,)) is None
        True
    """
    if type(module) is nn.Linear:
        return (Layer((0,), name="", shape=sample_shape),)
    traced = _traced(module, sample_shape)
    if traced is None:
        return None
    places: dict[fx.Node, int] = {}
    steps: list[Layer] = []
    for node in traced.graph.nodes:
        if node.op == "placeholder":
            places[node] = 0
            continue
        step = _step(traced, node)
        if step is None:
            return None
        steps.append(Layer(**{**step, "inputs": tuple(places[each] for each in _added(node))}))
        places[node] = len(steps)
    return tuple(_without_plain_ends(steps))


def has_costly(layers: Layers | None) -> bool:
    """Whether a bound takes many passes through a layer."""
    return layers is not None and any(layer.costly for layer in layers)


def _traced(module: nn.Module, sample_shape: tuple[int, ...]) -> fx.GraphModule | None:
    """With the shape of each result noted; None for what cannot be traced, or takes more than one input."""
    weight = next(module.parameters(), torch.zeros(()))
    try:
        traced = fx.symbolic_trace(copy.deepcopy(module).eval())
        if sum(node.op == "placeholder" for node in traced.graph.nodes) != 1:
            return None
        with torch.no_grad():
            _Shapes(traced).run(torch.zeros(2, *sample_shape).to(weight))
    except Exception:  # tracing runs a user's own forward on stand-ins, which may raise anything
        return None
    return traced


class _Shapes(fx.Interpreter):
    """Notes the shape of what each step makes, as ``meta["shape"]``."""

    def run_node(self, n: fx.Node) -> Any:
        """Run one step."""
        made = super().run_node(n)
        n.meta["shape"] = tuple(getattr(made, "shape", ()))
        return made


def _added(node: fx.Node) -> Sequence[fx.Node]:
    """What a step takes, as often as it takes it: x + x is x twice."""
    if node.op == "call_function" and node.target in ADDITIONS:
        return [each for each in node.args if isinstance(each, fx.Node)]
    return node.all_input_nodes


def _step(traced: fx.GraphModule, node: fx.Node) -> dict[str, Any] | None:
    if len(node.all_input_nodes) != 1 and node.target not in ADDITIONS:
        return None
    if node.op == "output":
        return {}
    if node.op in ("call_function", "call_method"):
        stretch = (FUNCTIONS if node.op == "call_function" else METHODS).get(node.target)
        factor = math.inf if stretch is None else stretch(node)
        return {"factor": factor} if math.isfinite(factor) else None
    if node.op != "call_module":
        return None
    layer = traced.get_submodule(str(node.target))
    if is_bounded(layer):
        shape = node.all_input_nodes[0].meta["shape"][1:]
        return {"name": str(node.target), "shape": shape, "costly": is_costly(layer)}
    most = MOST_SLOPES.get(type(layer))
    return None if most is None else {"factor": most(layer)}


def _without_plain_ends(steps: Sequence[Layer]) -> Sequence[Layer]:
    """Without the step that only hands out what the one before it made."""
    return steps[:-1] if len(steps) > 1 and steps[-1] == Layer((len(steps) - 1,)) else steps


def _same(node: fx.Node) -> float:
    return 1.0


def _sum(node: fx.Node) -> float:
    """Adds what it takes up, none of it a number or picture of another shape."""
    shapes = {each.meta["shape"] for each in node.all_input_nodes}
    plain = all(isinstance(each, fx.Node) for each in node.args) and not node.kwargs
    return 1.0 if plain and len(shapes) == 1 else math.inf


def _sum_over(node: fx.Node) -> float:
    """A sum of n numbers is at most root n times their length."""
    before, after = node.all_input_nodes[0].meta["shape"], node.meta["shape"]
    return math.sqrt(math.prod(before) / math.prod(after)) if before[:1] == after[:1] else math.inf


def _mean_pool(node: fx.Node) -> float:
    """A mean of k x k numbers, each in one window alone, is at most a k-th of their length."""
    size = node.args[1] if len(node.args) == 2 and not node.kwargs else None
    return 1.0 / size if isinstance(size, int) else math.inf


ADDITIONS = frozenset({operator.add, operator.iadd, torch.add})
FUNCTIONS: Mapping[Any, Callable[[fx.Node], float]] = {
    **dict.fromkeys((torch.flatten, torch.squeeze, torch.reshape, functional.relu, torch.relu), _same),
    **dict.fromkeys(ADDITIONS, _sum),
    torch.sum: _sum_over,
    functional.avg_pool2d: _mean_pool,
}
"""How much a function stretches at most, called with what its node says; infinite where not known."""

METHODS: Mapping[Any, Callable[[fx.Node], float]] = {
    **dict.fromkeys(("flatten", "squeeze", "reshape", "view", "contiguous", "relu"), _same),
    "sum": _sum_over,
}
"""The same of a tensor's methods."""
