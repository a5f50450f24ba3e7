"""Floating-point operations of a piece of code, by PyTorch's own formulas for each operator.

``FlopCounterMode`` hooks into modules, which fails under the nested gradients of a gradient penalty;
this counter sees operators only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry


class _Counter(TorchDispatchMode):  # type: ignore[no-untyped-call]
    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.total = 0

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Nobody compiles what is counted; to keep the compiler out, PyTorch would import all of it first."""
        return False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        formula = flop_registry.get(func._overloadpacket)
        if formula is not None:
            count = _of_backward if func._overloadpacket is _BACKWARD else formula
            self.total += int(count(*args, **(kwargs or {}), out_val=result))
        return result


_BACKWARD = torch.ops.aten.convolution_backward


def _of_backward(*args: Any, **more: Any) -> int:
    """Both gradients of a convolution; PyTorch's formula counts that of the weights once too often per group.

    ``vmap`` makes groups of members, so that a cohort would seem to work the harder the larger it is.
    """
    *others, groups, wanted = args
    formula = flop_registry[_BACKWARD]
    of_inputs = formula(*others, groups, [wanted[0], False, False], **more)
    of_weights = formula(*others, groups, [False, wanted[1], False], **more)
    return int(of_inputs) + int(of_weights) // int(groups)


def count_flops(work: Callable[[], object]) -> int:
    """Run a function and count the operations of its matrix products and convolutions.

    Additions and activations are left out, as is usual: they are a few per cent.

    Example:
        >>> count_flops(lambda: torch.zeros(2, 3) @ torch.zeros(3, 5))
        60
    """
    counter = _Counter()
    with torch.no_grad(), counter:
        work()
    return counter.total
