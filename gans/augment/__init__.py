"""Augmentation of what discriminators see: differentiable, per sample, the same for real and fake."""

from gans.augment.catalog import AUGMENTATIONS, augmentation_for, parse
from gans.augment.family import NO_AUGMENTATION, Augmentation, Family

__all__ = ["AUGMENTATIONS", "NO_AUGMENTATION", "Augmentation", "Family", "augmentation_for", "parse"]
