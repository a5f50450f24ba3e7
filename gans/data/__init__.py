"""The data that GANs are trained on, and the holdouts they never see."""

from gans.data.catalog import DATASETS, load
from gans.data.dataset import Dataset, subset_indices, validate
from gans.data.toy import log_density

__all__ = ["DATASETS", "Dataset", "load", "log_density", "subset_indices", "validate"]
