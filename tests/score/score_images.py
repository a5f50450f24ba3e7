"""Folders of small images to score, and torch-fidelity's own numbers for them."""

import numpy as np
import torch
from PIL import Image
from torch_fidelity import calculate_metrics
from torch_fidelity.feature_extractor_base import FeatureExtractorBase
from torch_fidelity.registry import FEATURE_EXTRACTORS_REGISTRY, register_feature_extractor

from bench.features import EXTRACTORS

PLAIN = {"cuda": False, "cache": False, "verbose": False, "save_cpu_ram": True}


def write_images(folder, count, seed, side=28, colour=False, darkest=0):
    """Blocks of random brightness."""
    random = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    shape = (side // 4, side // 4, 3) if colour else (side // 4, side // 4)
    for index in range(count):
        levels = random.integers(darkest, 256, shape, dtype=np.uint8)
        Image.fromarray(levels.repeat(4, axis=0).repeat(4, axis=1)).save(folder / f"{index:04}.png")
    return folder


def registered(name):
    """Name under which torch-fidelity knows one of our classifiers; it gets grey images as three channels."""
    known = f"ours-{name}"

    class Ours(FeatureExtractorBase):
        def __init__(self, name, features_list, **_):
            super().__init__(name, features_list)
            self.map = EXTRACTORS.get(known.removeprefix("ours-"))()

        def forward(self, images):
            features = self.map.features(images[:, :1].float().div(127.5).sub(1))
            given = {"features": features, "logits": self.map.logits_of(features)}
            return tuple(given[each] for each in self.features_list)

        @staticmethod
        def get_provided_features_list():
            return "features", "logits"

        @staticmethod
        def get_default_feature_layer_for_metric(metric):
            return "logits" if metric == "isc" else "features"

        @staticmethod
        def can_be_compiled():
            return False

        @staticmethod
        def get_dummy_input_for_compile():
            return torch.zeros(1, 3, 28, 28)

    if known not in FEATURE_EXTRACTORS_REGISTRY:
        register_feature_extractor(known, Ours)
    return known


def theirs(first, second, extractor, subset_size, **options):
    """What torch-fidelity's own command computes, under our names."""
    found = calculate_metrics(
        input1=str(first), input2=str(second), feature_extractor=extractor, fid=True, kid=True, prc=True,
        kid_subset_size=subset_size, **PLAIN, **options,
    )  # fmt: skip
    return {
        "fid": found["frechet_inception_distance"],
        "kid": found["kernel_inception_distance_mean"],
        "precision": found["precision"],
        "recall": found["recall"],
        "is": found.get("inception_score_mean"),
    }


def printed(text):
    """The values of a printed table, by the names of the scores less extractor and count."""
    rows = [line.split() for line in text.splitlines() if "@" in line.partition(" ")[0]]
    return {row[0].partition("-")[0]: float(row[1]) for row in rows}
