"""Images to features, a few hundred at a time: told as it goes, and kept on disk where it takes long.

What was computed is found again under a hash of the images and of the extractor, in any later call, also
after an interruption. The folder holds nothing else and can be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from bench.features import Extractor, ExtractorError
from bench.score.images import Images

PART = 128
"""Images per step and per file: about ten seconds of Inception on one core."""

VARIABLE = "GANBENCH_CACHE"

Tell = Callable[[str, int, int], None]
"""Takes what is being done, how much of it is done, and how much there is."""


def embed(images: Images, extractor: Extractor, tell: Tell, cache: Path | None = None) -> Tensor:
    """Features of all images.

    Shapes:
        result: (count, dimension), float32.

    Args:
        cache: where to keep features of a costly extractor; None keeps none.

    Raises:
        ImageError: an image cannot be read.
        ExtractorError: the images are not of the kind that the extractor takes, or it gives no numbers.
    """
    what, parts = f"features of {images.name}", []
    tell(what, 0, images.count)
    for indices in torch.split(torch.arange(images.count), PART):
        samples = fitted(images.read(indices), extractor, images.name)
        parts.append(_features(samples, extractor, cache if extractor.costly else None))
        tell(what, int(indices[-1]) + 1, images.count)
    features = torch.cat(parts)
    bad = int((~features.isfinite().all(dim=1)).sum())
    if bad:
        raise ExtractorError(
            f"{extractor.name}: features must be finite, got {bad} of {images.count} images of {images.name} "
            "without; repair the extractor"
        )
    return features


def fitted(samples: Tensor, extractor: Extractor, name: str) -> Tensor:
    """Images as the extractor takes them: grey ones that are stored in three equal channels lose two.

    Raises:
        ExtractorError: colour where grey is expected, or another size.
    """
    wanted = extractor.sample_shape
    if wanted is not None and len(wanted) == 3 and wanted[0] == 1 and samples.shape[1] == 3:
        if not (samples == samples[:, :1]).all():
            raise ExtractorError(
                f"{name}: images must be grey for {extractor.name}, got colour; convert them, or use "
                "--extractor inception"
            )
        samples = samples[:, :1]
    extractor.require_shape(tuple(samples.shape[1:]))
    return samples


def cache_folder() -> Path:
    """Where features are kept: GANBENCH_CACHE, or ``ganbench`` in the user's cache folder."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ganbench"


def _features(samples: Tensor, extractor: Extractor, cache: Path | None) -> Tensor:
    if cache is None:
        return extractor.features(samples)
    content = samples.contiguous().numpy().tobytes()
    shape = "x".join(map(str, samples.shape))
    key = hashlib.sha256(f"{extractor.sha256}/{shape}/".encode() + content).hexdigest()
    path = cache / "features" / extractor.name / f"{key}.safetensors"
    kept = _read(path, (len(samples), extractor.dimension))
    if kept is None:
        kept = extractor.features(samples)
        _write(path, kept)
    return kept


def _read(path: Path, shape: tuple[int, int]) -> Tensor | None:
    from safetensors import SafetensorError
    from safetensors.torch import load

    with contextlib.suppress(OSError, SafetensorError, KeyError):
        features = load(path.read_bytes())["features"]
        if tuple(features.shape) == shape:
            return features
    return None


def _write(path: Path, features: Tensor) -> None:
    from safetensors.torch import save

    # A full disk or a folder that cannot be written costs time in the next call and nothing in this one.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(save({"features": features.contiguous()}))
        Path(file.name).replace(path)
