"""Augmentation of what discriminators see: differentiable, per sample, the same for real and fake."""

from gans.augment.catalog import AUGMENTATIONS, augmentation_for, parse
from gans.augment.family import Augmentation, Family

__all__ = ["AUGMENTATIONS", "Augmentation", "Family", "augmentation_for", "parse"]
