"""Real data that are all the same number: the other half of the Dirac-GAN of gans.networks.dirac."""

from __future__ import annotations

import torch

from gans.data.dataset import Dataset

SIZE = 1_000


def dirac() -> Dataset:
    """One thousand zeros in double precision: the point mass that a Dirac-GAN ought to find.

    There is nothing to measure in samples that do not differ, so metrics refuse
    it; train it with ``gans.cohort.Cohort`` and look at the weights.

    Shapes:
        samples (1,), float64.

    Source:
        Mescheder et al. 2018, "Which training methods for GANs do actually
        converge?", definition 2.1.

    Example:
        >>> zeros = dirac()
        >>> zeros.size, zeros.sample_shape, zeros.train.dtype, zeros.train.unique().tolist()
        (1000, (1,), torch.float64, [0.0])
    """
    return Dataset(
        name="dirac",
        train=torch.zeros(SIZE, 1, dtype=torch.float64),
        holdout=torch.zeros(SIZE, 1, dtype=torch.float64),
        train_labels=None,
        holdout_labels=None,
        classes=0,
        bounded=False,
    )
