"""RunConfig: everything that can change the result of one run, and its name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from operator import attrgetter
from typing import Any

ALGORITHM_VERSION = 1
"""Part of every run id; raised when the same config would train differently."""

MEMBER_FIELDS = ("seed", "generator_lr", "discriminator_lr", "data_size", "defect")
"""What may differ between members of one cohort, because no tensor shape depends on it."""

NORMALISATIONS = ("own", "none", "batch", "layer")
"""How a player is normalised; "own" is what the network's authors did."""

PRECISIONS = ("none", "bfloat16")
"""What matrix products and convolutions are computed in; "none" is the precision of the data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunConfig:
    """One training run, fully resolved: no default is looked up later.

    Fields with a default came after the first release. At its default such a field is part of neither
    id nor key, so that runs stored before it came keep their names.

    Units:
        generator_lr, discriminator_lr: step size of the optimizer.
        steps: generator updates; each has ``n_critic`` discriminator updates.
        ema_half_life: samples seen, not steps.
        regularizer_weight: lambda of a gradient penalty, gamma of R1 and R2
            (their half is not part of it), or the bound of weight clipping.

    Args:
        generator_norm, discriminator_norm: one of NORMALISATIONS.
        autocast: one of PRECISIONS.
        packing: samples that the discriminator judges at once (PacGAN); a batch counts packs.
    """

    recipe: str
    loss: str
    regularizer: str
    regularizer_weight: float
    optimizer: str
    beta1: float
    beta2: float
    n_critic: int
    update_order: str
    network: str
    generator_width: int
    discriminator_width: int
    generator_depth: int
    discriminator_depth: int
    latent_dim: int
    generator_lr: float
    discriminator_lr: float
    batch_size: int
    dataset: str
    data_size: int
    defect: str
    augmentation: str
    steps: int
    evaluations: int
    ema_half_life: float
    seed: int
    generator_norm: str = "own"
    discriminator_norm: str = "own"
    autocast: str = "none"
    packing: int = 1

    @property
    def batch_samples(self) -> int:
        """Real samples per discriminator update."""
        return self.batch_size * self.packing

    @property
    def capacity_ratio(self) -> float:
        """Discriminator width over generator width."""
        return self.discriminator_width / self.generator_width


def canonical_json(config: RunConfig) -> str:
    """The one spelling of a config that its id is made from: sorted keys, shortest floats."""
    return _SPELL(_said(config))


def run_id(config: RunConfig) -> str:
    """Name a run by its content: 16 hex digits that any machine computes alike."""
    text = f"v{ALGORITHM_VERSION}:{canonical_json(config)}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def cell_id(config: RunConfig) -> str:
    """Name a grid cell: the run less its seed."""
    return _digest(config, frozenset({"seed"}))


def cohort_key(config: RunConfig) -> str:
    """Name what may train as one program: equal keys mean equal tensor shapes and arithmetic."""
    return _digest(config, frozenset(MEMBER_FIELDS))


def from_mapping(values: Mapping[str, Any]) -> RunConfig:
    """Rebuild a config from its stored mapping; a field that came later may be absent.

    Raises:
        ValueError: a field is missing or unknown (a record of another schema).
    """
    known = {field.name for field in fields(RunConfig)}
    missing, unknown = sorted(known - LATER_FIELDS.keys() - set(values)), sorted(set(values) - known)
    if missing or unknown:
        raise ValueError(
            "config: must have exactly the fields of RunConfig, "
            f"got missing {missing} and unknown {unknown}; it was written by another version"
        )
    return RunConfig(**values)


LATER_FIELDS: Mapping[str, Any] = {
    field.name: field.default for field in fields(RunConfig) if field.default is not MISSING
}
"""Fields that came after the first release, with what every run before them did."""

_NAMES = tuple(field.name for field in fields(RunConfig))
_VALUES = attrgetter(*_NAMES)
_SPELL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def _said(config: RunConfig) -> dict[str, Any]:
    """What names a config: all its fields but later ones at their defaults."""
    said = dict(zip(_NAMES, _VALUES(config), strict=True))  # asdict would copy each value
    for name, default in LATER_FIELDS.items():
        if said[name] == default:
            del said[name]
    return said


def _digest(config: RunConfig, without: frozenset[str]) -> str:
    kept = {name: value for name, value in _said(config).items() if name not in without}
    return hashlib.sha256(_SPELL([ALGORITHM_VERSION, kept]).encode()).hexdigest()[:16]
