"""How much each kind of layer stretches at most, in evaluation mode and at the size of its inputs.

Linear layers by their singular values, convolutions by Lanczos' iteration on the very map that they are, with
borders and strides: the largest singular value of the reshaped kernel is another number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from scipy.sparse.linalg import ArpackError, LinearOperator, eigsh
from torch import Tensor, nn
from torch.func import functional_call, vjp

from bench.diagnostics.arrays import Floats
from gans.rng import stream

Named = Mapping[str, Tensor]
"""A layer's own weights and buffers, each stacked over members."""

TOLERANCE = 1e-6
"""Relative error of a convolution's squared norm."""
MOST_RESTARTS = 100
"""Of ARPACK, some ten passes there and back each; a few suffice."""
DENSE_UP_TO = 32
"""Numbers in a picture up to which its convolution is written out as a matrix."""

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
    """Largest singular value of each member's convolution of pictures of one shape.

    By Lanczos' iteration. Plain power iteration would creep: in untrained networks the largest singular
    values lie close together.

    Shapes:
        own: weight (members, *kernel). shape: of one input, without the batch. Result: (members,), float64.

    Returns:
        the norm to 1e-6 of it; NaN where the iteration does not settle.

    Source:
        Ryu et al. 2019, "Plug-and-play methods provably converge with properly trained denoisers", section 4
        (iteration on the convolution and not on its kernel); Lehoucq, Sorensen and Yang 1998, "ARPACK users'
        guide".

    Example:
        Where strides are as wide as the kernel, patches do not overlap and the kernel's length is the norm:

        >>> layer = nn.Conv2d(1, 1, 2, stride=2)
        >>> own = {"weight": torch.full((1, 1, 1, 2, 2), 1.5)}
        >>> convolution_norm(layer, own, (1, 4, 4)).round(decimals=6).tolist()
        [3.0]
    """
    kernels = own["weight"].double().cpu()
    norms = [_map_norm(_without_bias(layer, kernel), shape) for kernel in kernels]
    return torch.tensor(norms, dtype=torch.float64)


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


def _map_norm(linear: Callable[[Tensor], Tensor], shape: tuple[int, ...]) -> float:
    """Largest singular value of a linear map; its transpose comes from differentiation."""
    start = torch.randn(1, *shape, generator=stream(0, "operator norm"), dtype=torch.float64)
    size, transposed = start.numel(), vjp(linear, start)[1]
    if size <= DENSE_UP_TO:
        images = linear(torch.eye(size, dtype=torch.float64).reshape(size, *shape)).flatten(1)
        return float(torch.linalg.matrix_norm(images, 2))

    def there_and_back(flat: Floats) -> Floats:
        """The map and its transpose."""
        picture = torch.from_numpy(np.ascontiguousarray(flat)).reshape(1, *shape)
        returned: Floats = transposed(linear(picture))[0].reshape(-1).numpy()
        return returned

    vector = start.reshape(-1).numpy()
    if not there_and_back(vector).any():
        return 0.0  # a kernel of zeros, on which ARPACK would have nothing to work
    operator = LinearOperator((size, size), matvec=there_and_back, dtype=np.float64)
    try:
        found = eigsh(
            operator, k=1, v0=vector, tol=TOLERANCE, maxiter=MOST_RESTARTS, return_eigenvectors=False
        )
    except ArpackError:  # no bound is better than one that is none
        return math.nan
    return math.sqrt(max(float(found[0]), 0.0))
