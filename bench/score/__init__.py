"""Scores of any two sets of images: folders, or the parts of data sets."""

from bench.score.extractors import extractor_named
from bench.score.images import ImageError, Images, images_named
from bench.score.scores import GROUPS, Score, score_sets

__all__ = [
    "GROUPS",
    "ImageError",
    "Images",
    "Score",
    "extractor_named",
    "images_named",
    "score_sets",
]
