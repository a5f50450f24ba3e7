"""The data that GANs are trained on, and the holdouts they never see."""

from gans.data.catalog import DATASETS, FILES, load
from gans.data.dataset import Dataset, subset_indices, validate
from gans.data.places import ROOT_VARIABLE, DataError
from gans.data.toy import log_density

__all__ = [
    "DATASETS",
    "FILES",
    "ROOT_VARIABLE",
    "DataError",
    "Dataset",
    "load",
    "log_density",
    "subset_indices",
    "validate",
]
