"""Domain feature extractors: what quality is measured on, and the weights they ship with."""

from bench.features.catalog import EXTRACTORS, SERVES, extractor_for
from bench.features.extractor import Extractor, ExtractorError

__all__ = ["EXTRACTORS", "SERVES", "Extractor", "ExtractorError", "extractor_for"]
