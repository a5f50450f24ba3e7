"""Forms of common functions whose values and gradients stay finite where the obvious ones fail."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def log_sigmoid(logits: Tensor) -> Tensor:
    """Logarithm of the sigmoid, exact and with finite gradients at any finite logit.

    ``log(sigmoid(l))`` is minus infinity from l = -104 on in float32; this one is l.

    Shapes:
        logits: any shape. result: the same, same dtype, differentiable twice.

    Example:
        >>> log_sigmoid(torch.tensor([-1e4, 0.0])).tolist()
        [-10000.0, -0.6931471824645996]
    """
    return F.logsigmoid(logits)


def softplus(logits: Tensor) -> Tensor:
    """``log(1 + exp(l))``: the cost in nats of a logit that ought to be far below 0.

    Shapes:
        logits: any shape. result: the same, same dtype, differentiable twice.

    Example:
        >>> softplus(torch.tensor([0.0, 1e4])).tolist()
        [0.6931471824645996, 10000.0]
    """
    # torch's softplus turns into the identity at 20, an error of 2e-9 that float64 runs would see.
    return -F.logsigmoid(-logits)


def safe_norm(vectors: Tensor) -> Tensor:
    """Euclidean length of each sample, all its axes flattened, with gradient 0 at length 0.

    The square root has an infinite slope at 0, which turns the gradient of a
    plain norm into NaN wherever a discriminator is flat.

    Shapes:
        vectors: (batch, *event), any number of event axes. result: (batch,), same dtype.

    Example:
        >>> safe_norm(torch.tensor([[3.0, 4.0], [0.0, 0.0]])).tolist()
        [5.0, 0.0]
        >>> torch.func.grad(lambda x: safe_norm(x).sum())(torch.zeros(1, 2)).tolist()
        [[0.0, 0.0]]
    """
    squared = vectors.reshape(vectors.shape[0], -1).square().sum(dim=1)
    is_zero = squared == 0
    # Both branches of `where` are differentiated, so the unused one must be finite as well.
    return torch.where(is_zero, 0.0, torch.where(is_zero, 1.0, squared).sqrt())
