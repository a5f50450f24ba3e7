"""ADA's controller: how strong augmentation must be for a discriminator not to overfit, found as it trains.

One number per member. Where reals are told too surely, strength rises; where they are not, it falls.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

TARGET = 0.6
"""Wanted mean sign of real logits, r_t: 0 cannot tell, 1 always right."""
INTERVAL = 4
"""Generator steps from one adjustment to the next."""
RAMP_IMAGES = 20_000
"""Real samples in which strength can go from 0 to 1.

The authors take 500,000 of 25 million; a run of 2,500 steps with batches of 64 sees 160,000.
"""


class Adaptation(NamedTuple):
    """Where the controller of every member stands.

    Shapes:
        strength: (members,), p of the paper. signs: (members,), sum over the steps since the last
            adjustment. r_t: (members,), what the last adjustment saw; NaN before the first.
    """

    strength: Tensor
    signs: Tensor
    r_t: Tensor


def starting(members: int, like: Tensor) -> Adaptation:
    """Every member without augmentation, in the precision and on the device of a tensor.

    Example:
        >>> starting(2, torch.zeros(1)).strength.tolist()
        [0.0, 0.0]
    """
    zeros = torch.zeros(members, dtype=like.dtype, device=like.device)
    return Adaptation(zeros, zeros, torch.full_like(zeros, torch.nan))


def adapted(before: Adaptation, signs: Tensor, step: int, images: int) -> Adaptation:
    """Take note of one step, and adjust the strength after every fourth.

    Shapes:
        signs: (members,), this step's ``mean_sign``.

    Args:
        step: generator steps made before this one.
        images: real samples that one step shows a discriminator.

    Source:
        Karras et al. 2020, "Training Generative Adversarial Networks with Limited Data", section 3.1, and
        its code (target 0.6, every fourth step); strength is kept within [0, 1]. Where logits are not
        finite it stays what it was.

    Example:
        >>> state = starting(2, torch.zeros(1))
        >>> for step in range(4):
        ...     state = adapted(state, torch.tensor([1.0, 0.0]), step, images=500)
        >>> [round(value, 3) for value in state.strength.tolist()], state.r_t.tolist()
        ([0.1, 0.0], [1.0, 0.0])
    """
    total = before.signs + signs
    if (step + 1) % INTERVAL:
        return before._replace(signs=total)
    r_t = total / INTERVAL
    change = torch.sign(r_t - TARGET) * (INTERVAL * images / RAMP_IMAGES)
    return Adaptation((before.strength + change).clamp(0, 1), torch.zeros_like(total), r_t)


def mean_sign(real_logits: Tensor, fake_logits: Tensor, decision_point: float | None) -> Tensor:
    """How surely a discriminator tells its reals: mean sign of their logits about the decision point.

    Losses without a decision point (Wasserstein, relativistic) mean nothing by a single logit. For them the
    midpoint between both means stands in, which is ours and not published: 0 where reals and fakes overlap.

    Shapes:
        real_logits, fake_logits: (batch,). result: (), detached.

    Source:
        Karras et al. 2020, section 3.1: r_t.

    Example:
        >>> real, fake = torch.tensor([2.0, 1.0, -1.0, 3.0]), torch.tensor([-5.0])
        >>> mean_sign(real, fake, 0.0).item(), mean_sign(real + 9, fake + 9, None).item()
        (0.5, 1.0)
    """
    real = real_logits.detach()
    point = (real.mean() + fake_logits.detach().mean()) / 2 if decision_point is None else decision_point
    # The sign of NaN is 0 to torch; a logit that is lost must not count as one in doubt.
    return (torch.sign(real - point) + 0 * real).mean()
