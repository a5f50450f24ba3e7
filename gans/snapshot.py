"""Any state as a flat mapping of named tensors and a tree of plain JSON values, and back, bit for bit.

The walk knows kinds, not fields: a field that is added to a state later is packed without a change here,
and one of a kind that cannot be packed is an error and never left out.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

Rebuilt = Mapping[str, frozenset[str]]
"""Name of a class to its fields that are no state: whoever restores has made them anew already."""

Tree = Any
"""JSON: a scalar as it is, everything else as a list that begins with its kind."""


@dataclass(frozen=True)
class Snapshot:
    """A packed value.

    Args:
        tree: where each part belongs. tensors: the numbers, by their way through the tree.
    """

    tree: Tree
    tensors: dict[str, Tensor] = field(default_factory=dict)


def pack(value: Any, rebuilt: Rebuilt | None = None) -> Snapshot:
    """Take a value apart; what is packed shares no memory with it.

    Args:
        rebuilt: what to leave out.

    Raises:
        TypeError: a part is of a kind that cannot be packed, such as a function; the message says where.

    Example:
        >>> packed = pack({"weights": torch.ones(2), "step": 3})
        >>> packed.tree
        ['dict', [['weights', ['tensor', 'weights', 'cpu']], ['step', 3]]]
        >>> unpack(packed)["weights"].tolist()
        [1.0, 1.0]
    """
    tensors: dict[str, Tensor] = {}
    return Snapshot(_packed(value, (), tensors, rebuilt or {}), tensors)


def unpack(snapshot: Snapshot, like: Any = None, known: Iterable[type] = ()) -> Any:
    """Put a value together again.

    Objects that can change (random streams, clocks) are restored in place where ``like`` has them, so that
    whoever holds them sees their old state; all else is made anew.

    Args:
        like: a value of the same make, for the classes of its objects and for what was left out.
        known: classes of objects that ``like`` may not have yet, such as those in a list that grows.

    Raises:
        ValueError: the snapshot does not fit ``like``: it was written by another version.
    """
    classes = {_name(each): each for each in known}
    return _Unpacking(snapshot.tensors, classes).value(snapshot.tree, like, ())


def fields_of(value: Any) -> dict[str, Any]:
    """The parts of an object by name: of a named tuple, a dataclass, or anything with attributes."""
    if isinstance(value, tuple):
        names: Iterable[str] = value._fields  # type: ignore[attr-defined]
    elif dataclasses.is_dataclass(value):
        names = [each.name for each in dataclasses.fields(value)]
    else:
        names = vars(value)
    return {name: getattr(value, name) for name in names}


def _packed(value: Any, way: tuple[str, ...], tensors: dict[str, Tensor], rebuilt: Rebuilt) -> Tree:
    scalar = _scalar(value)
    if scalar is not _NO_SCALAR:
        return scalar
    if isinstance(value, Tensor | np.ndarray | np.generic | torch.Generator):
        return _packed_numbers(value, way, tensors)
    if isinstance(value, Mapping):
        rows = [(key, _packed(item, (*way, str(key)), tensors, rebuilt)) for key, item in value.items()]
        return ["dict", [[_packed(key, way, tensors, rebuilt), item] for key, item in rows]]
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        parts = [_packed(item, (*way, str(place)), tensors, rebuilt) for place, item in enumerate(value)]
        return ["list" if isinstance(value, list) else "tuple", parts]
    if not _is_object(value):
        raise TypeError(
            f"checkpoint: {'.'.join(way) or 'state'} must be numbers, text, a container or an object of "
            f"them, got {type(value).__name__}; keep it elsewhere or name it in REBUILT of gans.checkpoint"
        )
    left_out = rebuilt.get(type(value).__name__, frozenset())
    kept = {name: part for name, part in fields_of(value).items() if name not in left_out}
    packed = {name: _packed(part, (*way, name), tensors, rebuilt) for name, part in kept.items()}
    return ["object", _name(type(value)), packed]


_NO_SCALAR = object()


def _scalar(value: Any) -> Tree:
    """What JSON holds as it is; numbers that are not finite and precisions by their names."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else ["float", str(float(value))]
    if isinstance(value, torch.dtype):
        return ["dtype", str(value).removeprefix("torch.")]
    return _NO_SCALAR


def _packed_numbers(value: Any, way: tuple[str, ...], tensors: dict[str, Tensor]) -> Tree:
    name = ".".join(way)
    while name in tensors:  # two ways of one spelling: {"a.b": x} beside {"a": {"b": y}}
        name += "'"
    if isinstance(value, Tensor):
        # A copy in plain memory: slices of one tensor would be refused as shared.
        tensors[name] = value.detach().cpu().contiguous().clone()
        return ["tensor", name, str(value.device)]
    if isinstance(value, torch.Generator):
        tensors[name] = value.get_state()
        return ["generator", name, str(value.device)]
    tensors[name] = torch.from_numpy(np.array(value, copy=True))
    return ["array" if isinstance(value, np.ndarray) else "number", name]


def _is_object(value: Any) -> bool:
    if isinstance(value, nn.Module | type) or callable(value):
        return False
    return hasattr(value, "_fields") or dataclasses.is_dataclass(value) or hasattr(value, "__dict__")


@dataclass(frozen=True)
class _Unpacking:
    """One way back through a tree."""

    tensors: Mapping[str, Tensor]
    classes: Mapping[str, type]

    def value(self, tree: Tree, like: Any, way: tuple[str, ...]) -> Any:
        """What a tree stands for, built after something of the same kind where there is any."""
        if not isinstance(tree, list):
            return tree
        kind, *rest = tree
        return getattr(self, f"_{kind}")(*rest, like, way)

    def _float(self, text: str, like: Any, way: tuple[str, ...]) -> float:
        return float(text)

    def _dtype(self, name: str, like: Any, way: tuple[str, ...]) -> Any:
        return getattr(torch, name)

    def _tensor(self, name: str, device: str, like: Any, way: tuple[str, ...]) -> Tensor:
        # Cloned into memory that PyTorch aligns: what lies elsewhere in a file may take other kernels.
        return self.tensors[name].clone().to(device)

    def _array(self, name: str, like: Any, way: tuple[str, ...]) -> Any:
        return self.tensors[name].numpy().copy()

    def _number(self, name: str, like: Any, way: tuple[str, ...]) -> Any:
        return self.tensors[name].numpy()[()]

    def _generator(self, name: str, device: str, like: Any, way: tuple[str, ...]) -> torch.Generator:
        found = like if isinstance(like, torch.Generator) else torch.Generator(device=device)
        found.set_state(self.tensors[name])
        return found

    def _dict(self, rows: list[Any], like: Any, way: tuple[str, ...]) -> dict[Any, Any]:
        have = like if isinstance(like, Mapping) else {}
        keyed = [(self.value(key, None, way), item) for key, item in rows]
        return {key: self.value(item, have.get(key), (*way, str(key))) for key, item in keyed}

    def _list(self, parts: list[Any], like: Any, way: tuple[str, ...]) -> list[Any]:
        return list(self._parts(parts, like, way))

    def _tuple(self, parts: list[Any], like: Any, way: tuple[str, ...]) -> tuple[Any, ...]:
        return tuple(self._parts(parts, like, way))

    def _parts(self, parts: list[Any], like: Any, way: tuple[str, ...]) -> Iterator[Any]:
        have = like if isinstance(like, list | tuple) and len(like) == len(parts) else [None] * len(parts)
        for place, (part, alike) in enumerate(zip(parts, have, strict=True)):
            yield self.value(part, alike, (*way, str(place)))

    def _object(self, name: str, packed: Mapping[str, Tree], like: Any, way: tuple[str, ...]) -> Any:
        alike = like if _name(type(like)) == name else None
        kind = type(alike) if alike is not None else self.classes.get(name)
        if kind is None:
            raise ValueError(
                f"checkpoint: {'.'.join(way)} must be a {type(like).__name__}, got a {name}; it was "
                "written by another version"
            )
        have = {} if alike is None else fields_of(alike)
        parts = {each: self.value(part, have.get(each), (*way, each)) for each, part in packed.items()}
        if issubclass(kind, tuple):
            return kind(**parts)
        return _filled(kind, {**have, **parts}, None if _is_frozen(kind) else alike)


def _filled(kind: type, parts: Mapping[str, Any], target: Any) -> Any:
    """An object with these parts: the one that is there, or a new one that no constructor has touched."""
    made = object.__new__(kind) if target is None else target
    for name, part in parts.items():
        object.__setattr__(made, name, part)
    return made


def _is_frozen(kind: type) -> bool:
    return dataclasses.is_dataclass(kind) and bool(kind.__dataclass_params__.frozen)  # type: ignore[attr-defined]


def _name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"
