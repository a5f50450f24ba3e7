"""What one check of an audit says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: its number, what that says, and whether it is bad enough to be told.

    Args:
        check: name of the check.
        raised: whether the number is beyond the check's limit.
        number: what was measured. unit: what it counts, in words.
        says: one sentence with the number in it.
        effect: one sentence on what this does to a GAN; empty where nothing was found.
        advice: one sentence on what to do; empty where nothing was found.
    """

    check: str
    raised: bool
    number: float
    unit: str
    says: str
    effect: str = ""
    advice: str = ""


def share(part: float) -> str:
    """A share in words.

    Example:
        >>> share(0.5), share(0.0123), share(0.00004), share(0.0)
        ('50 %', '1.2 %', 'under 0.1 %', 'none')
    """
    if part <= 0:
        return "none"
    if part < 0.001:
        return "under 0.1 %"
    return f"{100 * part:.2g} %" if part < 0.1 else f"{100 * part:.0f} %"
