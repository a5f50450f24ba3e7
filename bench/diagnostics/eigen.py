"""The outermost eigenvalues of a map's Jacobian: dense where it is small, matrix-free elsewhere."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from scipy.sparse.linalg import ArpackError, ArpackNoConvergence, LinearOperator, eigs
from torch import Tensor

from bench.diagnostics.arrays import Floats

Complex = npt.NDArray[np.complex128]
Map = Callable[[Tensor], Tensor]
"""A vector to one of the same length."""

DENSE_UP_TO = 1000
"""Length up to which the whole Jacobian is taken: below it ARPACK saves little."""
COLUMNS_AT_ONCE = 128
BASIS = 100
"""Vectors that ARPACK searches among. With its usual 20, "LI" ends on real eigenvalues while small
imaginary parts are still hidden among them: wrong in four of five barely trained games, right with 100."""
TOLERANCE = 1e-4
"""Relative error of a matrix-free eigenvalue."""
MOST_RESTARTS = 100
"""Of ARPACK; at its default, ten times the length, a hard spectrum would run for hours."""

RANKS: Mapping[str, Callable[[Complex], Floats]] = {
    "LM": np.abs,
    "LR": np.real,
    "LI": lambda values: np.abs(np.imag(values)),
}
"""What "largest" means: size, real part, or size of the imaginary part."""


@dataclass(frozen=True)
class Spectrum:
    """The outermost eigenvalues of a Jacobian.

    Args:
        eigenvalues: largest first, by ``which``; fewer than asked for where there are
            fewer, or where ARPACK did not converge on all.
        which: a key of RANKS.
        size: root mean square of the field, or of a turn's displacement, where the Jacobian was taken.
        products: Jacobian-vector products it took; 0 where the whole Jacobian was taken.
        status: "ok", "numeric_warning" (not all converged), "nonfinite_input", or
            "not_applicable" (the optimizer has no known preconditioner, or has made no step).
    """

    eigenvalues: Complex
    which: str
    size: float
    products: int = 0
    status: str = "ok"

    @property
    def radius(self) -> float:
        """Largest size of an eigenvalue; NaN where there is none."""
        return float(np.abs(self.eigenvalues).max()) if self.eigenvalues.size else math.nan

    @property
    def largest_real(self) -> float:
        """Largest real part; NaN where there is no eigenvalue."""
        return float(self.eigenvalues.real.max()) if self.eigenvalues.size else math.nan

    @property
    def rotation(self) -> float:
        """Median of |imaginary part| / size: 0 pure stretching, 1 pure turning; NaN if all are 0."""
        turning = self.eigenvalues[np.abs(self.eigenvalues) > 0]
        return float(np.median(np.abs(turning.imag) / np.abs(turning))) if turning.size else math.nan


def no_spectrum(which: str, status: str, size: float = math.nan) -> Spectrum:
    """A spectrum without eigenvalues, and why."""
    return Spectrum(np.empty(0, dtype=np.complex128), which, size, status=status)


def jacobian_spectrum(function: Map, point: Tensor, which: str, k: int, *, fixed: bool = False) -> Spectrum:
    """The ``k`` largest eigenvalues of a map's Jacobian at a point.

    The same bits at every call: the search starts from a fixed vector.

    Shapes:
        point: (n,), float64. function(point): (n,).

    Args:
        which: "LM", "LR" or "LI": largest size, real part, size of imaginary part.
        fixed: the map is a small step, its Jacobian near the identity.

    Raises:
        ValueError: ``which`` is unknown.

    Source:
        Lehoucq, Sorensen and Yang 1998, "ARPACK users' guide".

    Example:
        A quarter turn has the eigenvalues i and -i:

        >>> found = jacobian_spectrum(lambda w: torch.stack([-w[1], w[0]]), torch.zeros(2).double(), "LM", 6)
        >>> sorted(found.eigenvalues.imag.tolist()), found.rotation
        ([-1.0, 1.0], 1.0)
    """
    if which not in RANKS:
        raise ValueError(f"spectrum: which must be known, got {which!r}; use one of {', '.join(RANKS)}")
    with torch.no_grad():
        moved = function(point) - (point if fixed else 0.0)
        if not (torch.isfinite(point).all() and torch.isfinite(moved).all()):
            return no_spectrum(which, "nonfinite_input")
        size = float(moved.square().mean().sqrt())
        if len(point) <= max(DENSE_UP_TO, k + 2):
            return _dense(function, point, which, k, size)
        return _matrix_free(function, point, which, k, size, fixed=fixed)


def _dense(function: Map, point: Tensor, which: str, k: int, size: float) -> Spectrum:
    def column(direction: Tensor) -> Tensor:
        """The Jacobian along one direction."""
        moved: Tensor = torch.func.jvp(function, (point,), (direction,))[1]
        return moved

    # jacfwd would take all columns at once, and the memory of so many batches.
    columns = torch.vmap(column, chunk_size=COLUMNS_AT_ONCE)(torch.eye(len(point)).to(point))
    jacobian = columns.T.numpy(force=True)
    if not np.isfinite(jacobian).all():
        return no_spectrum(which, "nonfinite_input", size)
    return Spectrum(_largest(np.linalg.eigvals(jacobian), which, k), which, size)


class _Products:
    """Jacobian-vector products by forward differentiation, counted."""

    def __init__(self, function: Map, point: Tensor) -> None:
        # One trace for all products: three times as fast as a jvp each, which would run the map again.
        self._linear = torch.func.linearize(function, point)[1]
        self._like, self.count = point, 0

    def __call__(self, direction: Floats) -> Floats:
        self.count += 1
        tangent = torch.from_numpy(np.ascontiguousarray(direction).reshape(-1)).to(self._like)
        values: Floats = self._linear(tangent).numpy(force=True)
        return values


def _matrix_free(
    function: Map, point: Tensor, which: str, k: int, size: float, *, fixed: bool
) -> Spectrum:  # fmt: skip
    product, length = _Products(function, point), len(point)
    start = np.random.default_rng(0).standard_normal(length)
    once = product(start)
    if not np.isfinite(once).all():
        return no_spectrum(which, "nonfinite_input", size)
    # ARPACK's tolerance is relative to an eigenvalue; those of a small step differ only beyond their 1.
    scale = float(np.linalg.norm(once - start) / np.linalg.norm(start)) if fixed else 1.0
    operator = LinearOperator((length, length), matvec=product, dtype=np.float64)
    status = "ok"
    try:
        found = eigs(
            operator, k=k, which=which, v0=start, tol=max(TOLERANCE * min(1.0, scale), 1e-15),
            ncv=min(length, max(BASIS, 4 * k)), maxiter=MOST_RESTARTS, return_eigenvectors=False,
        )  # fmt: skip
    except ArpackNoConvergence as error:
        found, status = error.eigenvalues, "numeric_warning"
    except ArpackError:  # a Jacobian of zeros, among others
        found, status = np.empty(0), "numeric_warning"
    return Spectrum(_largest(found, which, k), which, size, product.count, status)


def _largest(values: npt.ArrayLike, which: str, k: int) -> Complex:
    found = np.asarray(values, dtype=np.complex128)
    finite = found[np.isfinite(found)]
    return finite[np.argsort(-RANKS[which](finite), kind="stable")][:k]
