"""Both players' gradients as evidence: how much of them is signal, which way they turn, which factor died."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy import stats

from bench.diagnostics.arrays import Floats, finite_rows


def signal_to_noise(gradients: npt.ArrayLike) -> Floats:
    """Norm of each member's mean gradient over the standard deviation between single batches.

    From gradients of B independent batches at the same weights, with mean m and total
    variance s2 (over all parameters, divisor B - 1): ``sqrt(max(|m|^2 - s2 / B, 0) / s2)``.
    The subtraction takes out what noise alone adds to the squared norm of a mean, so the null is
    0: gradients of noise alone stay below ``noise_limit``. The cosine that two batches' gradients
    have on average is ``snr^2 / (1 + snr^2)``.

    Shapes:
        gradients: (members, batches, parameters), at least two batches. Result: (members,).

    Returns:
        0 (no signal), infinite (no noise: full batches); NaN where a gradient is not finite, or all are 0.

    Raises:
        ValueError: not three axes, or fewer than two batches.

    Source:
        McCandlish et al. 2018, "An empirical model of large-batch training", appendix A (its gradient
        noise scale is the batch size over this number squared).

    Example:
        Mean (3, 4) with norm 5, each batch 1 away from it along one axis (variance 2):

        >>> signal_to_noise([[[3.0, 5.0], [3.0, 3.0]]]).round(4).tolist()
        [3.4641]
    """
    table = np.asarray(gradients)
    if table.ndim != 3 or table.shape[1] < 2:
        raise ValueError(
            f"signal_to_noise: gradients must be (members, batches >= 2, parameters), got {table.shape}; "
            "give independent batches at the same weights"
        )
    # One member's gradients stay in the cache where all members' would not: six times as fast.
    return np.array([_signal_to_noise(member.astype(np.float64)) for member in table], dtype=np.float64)


def _signal_to_noise(batches: Floats) -> float:
    """The same of one member, (batches, parameters)."""
    if not np.isfinite(batches).all():
        return math.nan
    mean = batches.mean(axis=0)
    noise = np.square(batches - mean).sum() / (len(batches) - 1)
    power = np.square(mean).sum()
    if not power > 0:
        return math.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.sqrt(np.maximum(power - noise / len(batches), 0.0) / noise))


def noise_limit(parameters: int, batches: int, level: float = 0.95) -> float:
    """What ``signal_to_noise`` of pure noise stays below at a level.

    Exact for Gaussian noise of the same size in every parameter, where batches times the squared
    norm of the mean over the variance follows F(P, P (B - 1)); real noise is concentrated on
    fewer directions and scatters as if P were their number.

    Example:
        >>> round(noise_limit(1, 2), 2), round(noise_limit(5000, 4), 2)
        (8.96, 0.1)
    """
    quantile = float(stats.f.ppf(level, parameters, parameters * (batches - 1)))
    return math.sqrt(max(quantile - 1.0, 0.0) / batches)


def cosine(first: npt.ArrayLike, second: npt.ArrayLike) -> Floats:
    """Cosine of the angle between each member's two gradients.

    Shapes:
        first, second: (members, parameters). Result: (members,).

    Returns:
        NaN where a gradient is not finite, or 0.

    Example:
        >>> cosine([[1.0, 0.0], [2.0, 0.0]], [[3.0, 0.0], [-1.0, 1.0]]).round(4).tolist()
        [1.0, -0.7071]
    """
    left, right = _unit(first), _unit(second)
    product: Floats = (left * right).sum(axis=1)
    return product


def slope_profile(gradient: npt.ArrayLike, names: Sequence[str], sizes: Sequence[int]) -> Floats:
    """Largest over smallest root mean square of a gradient among a network's layers.

    Exploding or vanishing through the depth of a clipped critic shows here. A layer is all
    parameters of one module (``body.0.weight`` and ``body.0.bias``).

    Shapes:
        gradient: (members, parameters). Result: (members,).

    Args:
        names, sizes: of each parameter tensor, in the order of the flat gradient.

    Returns:
        1 for a level profile or a single layer; infinite where a layer gets no gradient and another
        does; NaN where the gradient is not finite or all of it is 0.

    Source:
        Gulrajani et al. 2017, "Improved training of Wasserstein GANs", figure 1 (left).

    Example:
        >>> slope_profile([[3.0, 4.0, 0.0, 0.5]], ["a.weight", "a.bias", "b.weight"], [2, 1, 1]).round(2)
        array([5.77])
    """
    rms = np.array(list(layer_gradients(gradient, names, sizes).values()))
    largest, smallest = rms.max(axis=0), rms.min(axis=0)
    known = np.isfinite(largest) & (largest > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(known, largest / smallest, math.nan)


def layer_gradients(gradient: npt.ArrayLike, names: Sequence[str], sizes: Sequence[int]) -> dict[str, Floats]:
    """Root mean square of a gradient in each layer of a network, in the order of the layers.

    Shapes:
        gradient: (members, parameters). Each result: (members,).

    Args:
        names, sizes: of each parameter tensor, in the order of the flat gradient.

    Returns:
        layer to its numbers; NaN in all layers where the gradient is not finite.

    Example:
        >>> found = layer_gradients([[3.0, 4.0, 0.0, 0.5]], ["a.weight", "a.bias", "b.weight"], [2, 1, 1])
        >>> {layer: values.round(3).tolist() for layer, values in found.items()}
        {'a': [2.887], 'b': [0.5]}
    """
    table = np.asarray(gradient, dtype=np.float64)
    finite = finite_rows(table)
    squares: dict[str, Floats] = {}
    counts: dict[str, int] = {}
    ends = np.cumsum(sizes)
    for name, size, end in zip(names, sizes, ends, strict=True):
        layer = name.rpartition(".")[0]
        own = table[:, end - size : end]
        squares[layer] = squares.get(layer, 0.0) + np.einsum("ij,ij->i", own, own)
        counts[layer] = counts.get(layer, 0) + size
    return {
        layer: np.where(finite, np.sqrt(total / counts[layer]), math.nan) for layer, total in squares.items()
    }


def generator_factors(values: Mapping[str, float], parameters: int) -> dict[str, float]:
    """Why the generator's gradient is as small as it is: the three factors it is a product of.

    ``|grad| = gain x slope x Jacobian``: how much the loss reacts to a logit, how much the logit
    reacts to a sample, how much the samples of a batch together react to the weights. The first two
    are measured; the third is what is left, cancellation between samples included.

    Args:
        values: columns of one evaluation: generator_gradient, generator_gain, discriminator_slope.
        parameters: ``generator_params`` of the run.

    Returns:
        "gain", "slope", "jacobian"; the last NaN where a column is missing or a factor is 0.

    Example:
        >>> row = {"generator_gradient": 0.01, "generator_gain": 0.5, "discriminator_slope": 0.2}
        >>> generator_factors(row, parameters=100)
        {'gain': 0.5, 'slope': 0.2, 'jacobian': 1.0}
    """
    gain, slope = (values.get(name, math.nan) for name in ("generator_gain", "discriminator_slope"))
    norm = values.get("generator_gradient", math.nan) * math.sqrt(parameters)
    known = gain * slope > 0 and math.isfinite(gain * slope)
    return {"gain": gain, "slope": slope, "jacobian": norm / (gain * slope) if known else math.nan}


def _unit(vectors: npt.ArrayLike) -> Floats:
    table = np.asarray(vectors, dtype=np.float64)
    finite = finite_rows(table)
    clean = np.where(finite[:, None], table, 0.0)
    norms = np.linalg.norm(clean, axis=1)
    unit: Floats = clean / np.where(norms > 0, norms, math.nan)[:, None]
    return unit
