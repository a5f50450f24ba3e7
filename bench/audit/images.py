"""Checks of images: their range, contrast, sharpness and noise, and those that are unlike the others.

Where there is a holdout it is taken to be clean, and training images are compared with it. Elsewhere
limits are those that clean drawings and photographs of 8 to 64 pixels keep.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from bench.audit.finding import Finding, share
from bench.audit.pixels import contrasts, noise_level, properties, sharpness, speckles, strangeness
from bench.audit.subject import Subject

REACH = 0.9
"""Images that use their range come at least so near to its ends."""

BLANK = 0.05
"""Contrast, in half ranges, below which an image shows nothing."""
BLANKS = 0.005

BLURRED_TO = 0.85
"""Sharpness over that of clean images, below which training images are blurred."""
DULL = 0.05
"""The same without clean images to compare with: sharpness itself."""

NOISE_ADDED = 0.025
NOISE = 0.1
"""Noise level, beyond that of clean images or by itself, in half ranges."""

SALT_ADDED = 0.02
SALT = 0.05

STRANGE = 8.0
"""Deviations from what is usual, from which on an image is unlike the others."""
STRANGERS = 0.015
"""Share of such images: clean sets of drawings have up to 0.6 %."""
MOST = 0.5
"""Where more than this are unlike the holdout it is no few outliers: another check says what it is."""


def scaling(subject: Subject) -> Finding:
    """Whether values reach both ends of their range."""
    seen = subject.looked_at
    low, high = float(seen.min()), float(seen.max())
    reached = min(-low, high)
    says = f"values lie in [{low:.3g}, {high:.3g}]" + (" of [-1, 1]" if subject.bounded else "")
    if not subject.bounded or reached >= REACH:
        return Finding("scaling", False, reached, "half ranges", says)
    return Finding(
        "scaling", True, reached, "half ranges", says,
        "generators end in a tanh, from -1 to 1: the discriminator can tell fakes by their range alone",
        "scale pixels so that black is -1 and white is 1, once: 2 * x / 255 - 1 for bytes",
    )  # fmt: skip


def blank(subject: Subject) -> Finding:
    """Images without contrast."""
    part = float((contrasts(subject.looked_at) < BLANK).float().mean())
    says = f"{share(part)} of the images are nearly constant"
    if part < BLANKS:
        return Finding("blank", False, part, "share", says)
    return Finding(
        "blank", True, part, "share", says,
        "a constant image is the easiest there is: the generator makes more and more of them",
        "take them out",
    )  # fmt: skip


def blur(subject: Subject) -> Finding:
    """Sharpness, beside that of held-out images."""
    found = sharpness(subject.looked_at)
    usual = None if subject.clean is None else sharpness(subject.clean)
    says, raised = _beside("sharpness", found, usual), found < (DULL if usual is None else BLURRED_TO * usual)
    if not raised:
        return Finding("blur", False, found, "details over contrast", says)
    return Finding(
        "blur", True, found, "details over contrast", says,
        "the generator learns the blur: its images cannot be sharper than what it is shown",
        "find out which step blurs (enlarging, strong JPEG, shrinking twice) and start from the originals",
    )  # fmt: skip


def noise(subject: Subject) -> Finding:
    """Noise level, beside that of held-out images."""
    return _excess(
        subject, "noise", noise_level, "noise level", "half ranges", NOISE_ADDED, NOISE,
        "the generator spends its capacity on noise, or leaves it out and is recognised by that",
        "denoise or shrink the images",
    )  # fmt: skip


def salt(subject: Subject) -> Finding:
    """Share of stray black and white pixels, beside that of held-out images."""
    return _excess(
        subject, "salt", speckles, "share of stray pixels", "share of pixels", SALT_ADDED, SALT,
        "no generator of smooth images makes such pixels, so the discriminator wins by counting them",
        "take the median over neighbouring pixels, or find the broken sensor or file",
    )  # fmt: skip


def outliers(subject: Subject) -> Finding:
    """Share of images that are unlike the others in brightness, contrast, edges or border."""
    found = properties(subject.looked_at)
    usual = found if subject.clean is None else properties(subject.clean)
    part = _strange_share(found, usual)
    if part > MOST:
        part = _strange_share(found, found)
    says = f"{share(part)} of the images are unlike the others in brightness, contrast, edges or border"
    if part < STRANGERS:
        return Finding("outliers", False, part, "share", says)
    return Finding(
        "outliers", True, part, "share", says,
        "they make modes of their own, which the generator learns in place of good ones or lets come and go",
        "look at them, and take out what does not belong",
    )  # fmt: skip


def _strange_share(found: Tensor, usual: Tensor) -> float:
    return float((strangeness(found, usual) > STRANGE).float().mean())


def _beside(name: str, found: float, usual: float | None) -> str:
    return f"{name} {found:.2g}" + ("" if usual is None else f", of held-out images {usual:.2g}")


def _excess(  # noqa: PLR0913 - one argument per part of a finding
    subject: Subject,
    check: str,
    measure: Callable[[Tensor], float],
    name: str,
    unit: str,
    added: float,
    alone: float,
    effect: str,
    advice: str,
) -> Finding:
    """A number that is too large beyond held-out images' own, or by itself where there are none."""
    found = measure(subject.looked_at)
    usual = None if subject.clean is None else measure(subject.clean)
    says = _beside(name, found, usual)
    if found < (alone if usual is None else usual + added):
        return Finding(check, False, found, unit, says)
    return Finding(check, True, found, unit, says, effect, advice)
