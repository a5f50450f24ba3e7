"""inception2048: the InceptionV3 of the FID literature, through torch-fidelity, from checked weights.

torch-fidelity would unpickle whatever file it is given: here its network is built empty and filled from
safetensors, or from a pickle that may hold nothing but tensors.
"""

from __future__ import annotations

import functools
import hashlib
import io
import os
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from bench.features.extractor import Extractor, ExtractorError

NAME = "inception2048"
DIMENSION = 2048
VARIABLE = "GANBENCH_INCEPTION"
CHUNK = 32
"""Images at once: at 299 by 299 pixels one layer of them takes 180 MB."""

HEAD = ("fc.weight", "fc.bias")
"""The classifier, which only the Inception Score needs and some weight files leave out."""

_COUNTER = "num_batches_tracked"
_REMEDY = "give a file as --inception-weights FILE or GANBENCH_INCEPTION"
_GREY, _COLOUR = 1, 3


def inception2048(weights: Path | None = None) -> Extractor:
    """Inception's last pooled features, and its unbiased logits where the weights have a classifier.

    Images are quantised to 256 levels first, as stored images are; grey ones
    are given to all three channels.

    Args:
        weights: safetensors or a state dict in torch-fidelity's layout; where not given, the file that
            GANBENCH_INCEPTION names, or else torch-fidelity's own download.

    Shapes:
        samples: (N, 1 or 3, height, width) in [-1, 1]. features: (N, 2048). logits: (N, 1008).

    Raises:
        ExtractorError: no weights, or weights of another network.

    Source:
        Szegedy et al. 2016, "Rethinking the Inception Architecture for Computer Vision"; the release of
        2015-12-05 that Heusel et al. 2017 took; torch-fidelity's port of it.
    """
    named = weights or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    state = _downloaded() if named is None else _read(named)
    network = _network(state, "the download" if named is None else str(named))
    head = state.get(HEAD[0])
    return Extractor(
        name=NAME,
        dimension=DIMENSION,
        classes=0 if head is None else head.shape[0],
        sha256=_digest(state),
        embed=functools.partial(_embed, network),
        classify=None if head is None else functools.partial(_classify, head.float()),
        chunk=CHUNK,
        costly=True,
    )


def _embed(network: nn.Module, samples: Tensor) -> Tensor:
    if samples.ndim != 4 or samples.shape[1] not in (_GREY, _COLOUR):
        raise ExtractorError(
            f"{NAME}: samples must be images of 1 or 3 channels, got shape {tuple(samples.shape[1:])}; "
            "use an extractor that was made for them"
        )
    finite = samples.flatten(1).isfinite().all(dim=1)
    levels = samples.nan_to_num().add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8)
    with torch.no_grad():
        features: Tensor = network(levels.expand(-1, _COLOUR, -1, -1))[0].flatten(1)
    features[~finite] = torch.nan
    return features


def _classify(head: Tensor, features: Tensor) -> Tensor:
    return features @ head.T


def _read(path: Path) -> dict[str, Tensor]:
    if not path.is_file():
        found = "a folder" if path.is_dir() else "no such file"
        raise ExtractorError(f"{NAME}: weights must be a file, got {str(path)!r}, {found}; {_REMEDY}")
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            return load_file(path)
        state = torch.load(path, map_location="cpu", weights_only=True)
    # Libraries tell of a damaged file in many ways: whichever it is, the user needs one line that names it.
    except Exception as error:
        # PyTorch's own words advise to unpickle it all the same.
        unsafe = isinstance(error, pickle.UnpicklingError)
        reason = "it holds something else than tensors" if unsafe else str(error).partition("\n")[0]
        raise ExtractorError(
            f"{NAME}: weights must be safetensors or a state dict, got {str(path)!r}: {reason}; {_REMEDY}"
        ) from error
    if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
        raise ExtractorError(
            f"{NAME}: weights must map names to tensors, got a {type(state).__name__} in {str(path)!r}; "
            f"{_REMEDY}"
        )
    return state


def _downloaded() -> dict[str, Tensor]:
    from torch.hub import load_state_dict_from_url
    from torch_fidelity.feature_extractor_inceptionv3 import URL_INCEPTION_V3

    try:
        return dict(
            load_state_dict_from_url(
                URL_INCEPTION_V3, map_location="cpu", progress=False, check_hash=True, weights_only=True
            )
        )
    # No network, a proxy's page instead of the file, a full disk: one line with the way out.
    except Exception as error:
        reason = str(error).partition("\n")[0]
        raise ExtractorError(
            f"{NAME}: weights must be on disk or downloadable, got {type(error).__name__}: {reason}; "
            f"{_REMEDY}, or take another --extractor"
        ) from error


def _network(state: Mapping[str, Tensor], where: str) -> nn.Module:
    network = _empty()
    expected = {name: tensor.shape for name, tensor in network.state_dict().items() if _COUNTER not in name}
    given = {name: tensor.shape for name, tensor in state.items() if _COUNTER not in name}
    for name in [name for name in expected if name not in HEAD or name in given]:
        if given.get(name) != expected[name]:
            found = f"{tuple(given[name])}" if name in given else "none"
            raise ExtractorError(
                f"{NAME}: weights must be those of torch-fidelity's InceptionV3, got {where} of another "
                f"network ({name} must have shape {tuple(expected[name])}, got {found}); {_REMEDY}"
            )
    unknown = sorted(set(given) - set(expected))
    if unknown:
        raise ExtractorError(
            f"{NAME}: weights must be those of torch-fidelity's InceptionV3, got {where} with "
            f"{len(unknown)} unknown tensors, {unknown[0]!r} among them; {_REMEDY}"
        )
    kept = {name: state[name].float() for name in expected if name not in HEAD}
    network.load_state_dict(kept, strict=False, assign=True)
    return _faster(network.eval().requires_grad_(False))


def _faster(network: nn.Module) -> nn.Module:
    """The same network in a third of the time on a CPU: channels last, batch norms within the convolutions.

    Features move by 1e-5, where they are of size 1.
    """
    for block in network.modules():
        conv, norm = getattr(block, "conv", None), getattr(block, "bn", None)
        if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
            block.conv, block.bn = fuse_conv_bn_eval(conv, norm), nn.Identity()
    moved: nn.Module = network.to(memory_format=torch.channels_last)
    return moved


def _empty() -> nn.Module:
    """torch-fidelity's network without any weights; building it draws no random number and reads no file."""
    from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

    class Empty(FeatureExtractorInceptionV3):  # type: ignore[misc]
        """The network that keeps silent about weights while it is built."""

        building = True

        def load_state_dict(self, *arguments: Any, **options: Any) -> Any:
            """Load nothing while it is built, and as ever after."""
            return None if self.building else super().load_state_dict(*arguments, **options)

    nothing = io.BytesIO()
    torch.save({}, nothing)
    nothing.seek(0)
    with torch.device("meta"):
        network: nn.Module = Empty(
            "inception-v3-compat", [str(DIMENSION)], feature_extractor_weights_path=nothing
        )
    Empty.building = False
    return network


def _digest(state: Mapping[str, Tensor]) -> str:
    """Hash of what features depend on: equal with and without the classifier."""
    found = hashlib.sha256(NAME.encode())
    for name in sorted(name for name in state if name not in HEAD and _COUNTER not in name):
        found.update(name.encode())
        found.update(state[name].float().contiguous().numpy().tobytes())
    return found.hexdigest()
