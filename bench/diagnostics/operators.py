"""How much each kind of layer stretches at most, in evaluation mode and at the size of its inputs.

Linear layers by their singular values, convolutions by power iteration on the very map that they are, with
borders and strides: the largest singular value of the reshaped kernel is another number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call, vjp

from gans.rng import stream

Named = Mapping[str, Tensor]
"""A layer's own weights and buffers, each stacked over members."""

TURNS = 500
"""Power iterations of a convolution, at most: it stops where the norm moves by less than STILL."""
STILL = 1e-7

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


def linear_norm(layer: nn.Linear, own: Named, shape: tuple[int, ...]) -> Tensor:
    """Largest singular value of each member's matrix.

    Shapes:
        own: weight (members, outputs, inputs). Result: (members,), float64.

    Example:
        >>> own = {"weight": torch.tensor([[[3.0, 4.0]], [[0.0, 2.0]]])}
        >>> linear_norm(nn.Linear(2, 1), own, (2,)).tolist()
        [5.0, 2.0]
    """
    matrices = own["weight"].double().cpu()
    # From the smaller Gram matrix: a tenth of the price of singular values, exact to 1e-8 of the largest.
    wide = matrices.shape[1] < matrices.shape[2]
    gram = matrices @ matrices.mT if wide else matrices.mT @ matrices
    largest: Tensor = torch.linalg.eigvalsh(gram)[:, -1].clamp(min=0.0).sqrt()
    return largest


def convolution_norm(layer: nn.Module, own: Named, shape: tuple[int, ...]) -> Tensor:
    """Largest singular value of each member's convolution of pictures of one shape, by power iteration.

    Shapes:
        own: weight (members, *kernel). shape: of one input, without the batch. Result: (members,), float64.

    Returns:
        the norm, from below: to some 1e-4 of it where the two largest singular values lie close together.

    Source:
        Ryu et al. 2019, "Plug-and-play methods provably converge with properly trained denoisers", section 4
        (power iteration on the convolution and not on its kernel).

    Example:
        Where strides are as wide as the kernel, patches do not overlap and the kernel's length is the norm:

        >>> layer = nn.Conv2d(1, 1, 2, stride=2)
        >>> own = {"weight": torch.full((1, 1, 1, 2, 2), 1.5)}
        >>> convolution_norm(layer, own, (1, 4, 4)).round(decimals=6).tolist()
        [3.0]
    """
    kernels = own["weight"].double().cpu()
    return torch.stack([_map_norm(_without_bias(layer, kernel), shape) for kernel in kernels])


def batch_norm_norm(layer: nn.Module, own: Named, shape: tuple[int, ...]) -> Tensor:
    """Largest factor that each member's batch norm scales a channel by, its running statistics held.

    Shapes:
        own: running_var (members, channels), and weight likewise unless it has no gain. Result: (members,).

    Example:
        >>> own = {"weight": torch.tensor([[2.0, -3.0]]), "running_var": torch.tensor([[1.0, 4.0]])}
        >>> batch_norm_norm(nn.BatchNorm1d(2, eps=0.0), own, (2,)).tolist()
        [2.0]
    """
    spread = (own["running_var"].double().cpu() + float(layer.eps)).sqrt()  # type: ignore[arg-type]
    gain = own["weight"].double().cpu().abs() if "weight" in own else torch.ones_like(spread)
    largest: Tensor = (gain / spread).amax(dim=1)
    return largest


Norm = Callable[[Any, Named, tuple[int, ...]], Tensor]
"""(layer, its weights, shape of one input) to each member's largest stretch."""

NORMS: Mapping[type[nn.Module], Norm] = {
    nn.Linear: linear_norm,
    nn.Conv1d: convolution_norm,
    nn.Conv2d: convolution_norm,
    nn.Conv3d: convolution_norm,
    nn.ConvTranspose1d: convolution_norm,
    nn.ConvTranspose2d: convolution_norm,
    nn.ConvTranspose3d: convolution_norm,
    nn.BatchNorm1d: batch_norm_norm,
    nn.BatchNorm2d: batch_norm_norm,
    nn.BatchNorm3d: batch_norm_norm,
}
"""The layers with weights whose stretch is known."""


def is_bounded(layer: nn.Module) -> bool:
    """Whether a layer with weights is one whose stretch is known: batch norm only with running statistics."""
    return type(layer) in NORMS and getattr(layer, "track_running_stats", True)


def is_costly(layer: nn.Module) -> bool:
    """Whether a stretch takes many passes through the layer."""
    return NORMS.get(type(layer)) is convolution_norm


def _without_bias(layer: nn.Module, kernel: Tensor) -> Callable[[Tensor], Tensor]:
    bias = getattr(layer, "bias", None)
    weights = {"weight": kernel}
    if isinstance(bias, Tensor):
        weights["bias"] = kernel.new_zeros(bias.shape)

    def convolved(pictures: Tensor) -> Tensor:
        """The linear part of the layer."""
        made: Tensor = functional_call(layer, weights, (pictures,))
        return made

    return convolved


def _map_norm(linear: Callable[[Tensor], Tensor], shape: tuple[int, ...]) -> Tensor:
    """Largest singular value of a linear map; its transpose comes from differentiation."""
    vector = torch.randn(1, *shape, generator=stream(0, "operator norm"), dtype=torch.float64)
    transposed = vjp(linear, vector)[1]
    norm = vector.new_zeros(())
    for _ in range(TURNS):
        vector = vector / vector.norm()
        image = linear(vector)
        before, norm = norm, image.norm()
        if not (norm - before).abs() > STILL * norm:  # also where a weight is not finite
            break
        (vector,) = transposed(image)
    return norm
