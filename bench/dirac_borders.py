"""When the equilibrium of the Dirac-GAN attracts, on paper: eigenvalues of its field, borders of weights."""

from __future__ import annotations

import cmath
import math

from bench.dirac_laws import BRAKES, PULLS, Turn

FLAT = "one eigenvalue is 0 whatever the weight"
"""Why least squares has no border: at logit 0 its discriminator has all it wants of fakes, and without a bias
the Dirac-GAN's gives reals that logit always."""


def eigenvalues(loss: str, regularizer: str, weight: float) -> tuple[complex, complex] | None:
    """Eigenvalues of the field (-grad L_G, -grad L_D) at the equilibrium (0, 0); None where it has a kink.

    With the pulls a and -b of discriminator and generator at logit 0, and the damping g, the Jacobian
    is ((0, b), (-a, -g)), so they are -g/2 +- sqrt(g^2/4 - ab).

    Source:
        Mescheder et al. 2018, "Which training methods for GANs do actually
        converge?", the eigenvalues of its Dirac-GAN, with f'(0)^2 = ab.

    Example:
        >>> eigenvalues("wasserstein", "r1", 2.5), eigenvalues("least_squares", "r1", 3.0)
        (((-0.5+0j), (-2+0j)), (0j, (-3+0j)))
    """
    damping = BRAKES[regularizer].damping
    if damping is None:
        return None
    half, root = -damping * weight / 2, cmath.sqrt((damping * weight) ** 2 / 4 - torsion(loss))
    return half + root, half - root


def torsion(loss: str) -> float:
    """Product of what pulls the discriminator and what drives the generator at logit 0: f'(0)^2.

    Example:
        >>> torsion("minimax"), torsion("hinge"), torsion("least_squares")
        (0.25, 1.0, 0.0)
    """
    discriminator, generator = PULLS[loss]
    return discriminator(0.0) * -generator(0.0) + 0.0


def borders(loss: str, regularizer: str, turn: Turn) -> tuple[float, float] | None:
    """Weights between which the equilibrium attracts under one discriminator step per turn; None without any.

    With s the step times the damping and p the step squared times ``torsion``, a turn has the
    characteristic polynomial m^2 - (2-s) m + 1-s+p when simultaneous and m^2 - (2-s-p) m + 1-s when
    alternating, whoever is first. Both roots lie within the unit circle for p < s < 2 + p/2, and for
    0 < s < 2 - p/2.

    Args:
        turn: with ``n_critic`` 1.

    Source:
        Mescheder et al. 2018, "Which training methods for GANs do actually
        converge?", on simultaneous and alternating descent; the upper borders are
        Jury's criterion.

    Example:
        >>> [round(each, 9) for each in borders("minimax", "r1", Turn("simultaneous", 1, 0.2))]
        [0.05, 10.025]
        >>> [round(each, 9) for each in borders("minimax", "r1", Turn("generator-first", 1, 0.2))]
        [0.0, 9.975]
    """
    if no_border(loss, regularizer):
        return None
    p = turn.step**2 * torsion(loss)
    lower, upper = (p, 2 + p / 2) if turn.order == "simultaneous" else (0.0, 2 - p / 2)
    unit = turn.step * (BRAKES[regularizer].damping or math.nan)
    return lower / unit, upper / unit


def no_border(loss: str, regularizer: str) -> str:
    """Why no weight separates stable from unstable; empty where some does."""
    return BRAKES[regularizer].border or ("" if torsion(loss) else FLAT)
