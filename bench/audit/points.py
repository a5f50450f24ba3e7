"""Checks of points: whether they keep to their modes, and to the region that they should fill."""

from __future__ import annotations

import torch

from bench.audit.finding import Finding, share
from bench.audit.subject import Subject

WITHIN = 3.0
"""Deviations from the nearest mode up to which a point belongs to it."""
BELONGING = 0.95
"""Share of points that belong to a mode, at least; of a plane's Gaussians 98.9 % do."""

WIDER = 0.5
"""How far a point may lie beyond the holdout's box, in widths of the box."""
STRAYS = 0.005


def spread(subject: Subject) -> Finding | None:
    """Share of points within three deviations of a mode, where modes are known."""
    if subject.mode_centers is None or subject.mode_sd is None:
        return None
    distances = torch.cdist(subject.looked_at, subject.mode_centers.float()).amin(dim=1)
    part = float((distances <= WITHIN * subject.mode_sd).float().mean())
    says = f"{share(part)} of the points lie within three deviations of a mode"
    if part >= BELONGING:
        return Finding("spread", False, part, "share", says)
    return Finding(
        "spread", True, part, "share", says,
        "the generator learns the noise between the modes, and what it makes there counts as bad",
        "measure again with less noise, or widen what counts as a mode",
    )  # fmt: skip


def strays(subject: Subject) -> Finding | None:
    """Share of points far outside the box that held-out points fill."""
    if subject.clean is None:
        return None
    low, high = subject.clean.amin(dim=0), subject.clean.amax(dim=0)
    margin = WIDER * (high - low)
    outside = (subject.looked_at < low - margin) | (subject.looked_at > high + margin)
    part = float(outside.flatten(1).any(dim=1).float().mean())
    says = f"{share(part)} of the points lie far outside of where held-out ones do"
    if part < STRAYS:
        return Finding("strays", False, part, "share", says)
    return Finding(
        "strays", True, part, "share", says,
        "they stretch the range that the generator must reach and draw it away from the modes",
        "look at them, and take out what does not belong",
    )  # fmt: skip
