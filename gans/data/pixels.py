"""Images kept as bytes that read as float32: batches are scaled when they are drawn, never the whole set.

A float copy of MNIST takes 188 MB in every process; its bytes take 47 MB, once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.utils._pytree import tree_map_only

CHUNK = 4096
"""Images turned to float at once while all of them are gone through."""


class Pixels(Tensor):
    """A float32 tensor of images in [-1, 1] that holds a table of bytes.

    Use it as any tensor: ``images[indices]`` and ``images[:100]`` are ordinary
    float32 tensors of those images alone, also within ``torch.compile``. To go
    through all of them take ``torch.split``, whose parts stay bytes until they
    are used. Any other operation turns all images to float first, which for
    large sets takes gigabytes. Never write into it.

    Shapes:
        table: (rows, channels, height, width), uint8, possibly memory-mapped.
        parts: (n, k) rows of the table whose channels image i is stacked from;
            None: image i is row i.
        self: (n, k * channels, height + 2 * pad, width + 2 * pad), float32.

    Units:
        byte 0 becomes -1 and 255 becomes 1, exactly; padding is byte 0.

    Example:
        >>> table = torch.tensor([0, 255, 51], dtype=torch.uint8).reshape(3, 1, 1, 1)
        >>> images = Pixels(table)
        >>> images.shape, images.dtype, images[torch.tensor([0, 1])].flatten().tolist()
        (torch.Size([3, 1, 1, 1]), torch.float32, [-1.0, 1.0])
        >>> stacked = Pixels(table, torch.tensor([[0, 1, 0], [1, 1, 1]]))
        >>> stacked.shape, stacked[:1].flatten().tolist()
        (torch.Size([2, 3, 1, 1]), [-1.0, 1.0, -1.0])
    """

    table: Tensor
    parts: Tensor | None
    pad: int

    @staticmethod
    def __new__(cls: type[Pixels], table: Tensor, parts: Tensor | None = None, pad: int = 0) -> Pixels:
        """Wrap the table; nothing is copied."""
        count, stacked = (len(table), 1) if parts is None else (len(parts), parts.shape[1])
        shape = (count, stacked * table.shape[1], *(side + 2 * pad for side in table.shape[2:]))
        made: Pixels = Tensor._make_wrapper_subclass(cls, shape, dtype=torch.float32, device=table.device)
        made.table, made.parts, made.pad = table, parts, pad
        return made

    def __repr__(self, *, tensor_contents: Any = None) -> str:  # type: ignore[override]
        """Shape and device, without a look at the pixels."""
        return f"Pixels(shape={tuple(self.shape)}, device={self.device})"

    def dense(self) -> Tensor:
        """All images as an ordinary float32 tensor."""
        return self._scaled(self.table if self.parts is None else self._stacked(self.parts))

    def numpy(self, *, force: bool = False) -> npt.NDArray[np.float32]:
        """All images as a float32 array, a copy."""
        return self.dense().numpy(force=force)

    def _drawn(self, indices: Tensor) -> Tensor:
        if self.parts is None:
            return self._scaled(self.table[indices])
        return self._scaled(self._stacked(self.parts[indices]))

    def _stacked(self, parts: Tensor) -> Tensor:
        # (..., k) rows become (..., k, channels, h, w), and the two axes of channels one.
        return self.table[parts.long()].flatten(parts.ndim - 1, parts.ndim)

    def _scaled(self, pixels: Tensor) -> Tensor:
        padded = F.pad(pixels, (self.pad,) * 4) if self.pad else pixels
        return padded.to(torch.float32).div(127.5).sub(1.0)

    def _sliced(self, start: int, stop: int, step: int = 1) -> Pixels:
        if self.parts is None:
            return Pixels(self.table[start:stop:step], None, self.pad)
        return Pixels(self.table, self.parts[start:stop:step], self.pad)

    def _moved(self, device: torch.device) -> Pixels:
        parts = None if self.parts is None else self.parts.to(device)
        return Pixels(self.table.to(device), parts, self.pad)

    def _stable_hash_for_caching(self) -> str:
        # All that compiled code depends on beside shapes.
        return f"Pixels/{self.pad}/{self.parts is not None}"

    def __tensor_flatten__(self) -> tuple[list[str], int]:
        """What torch.compile sees in place of this tensor."""
        return ["table"] + ([] if self.parts is None else ["parts"]), self.pad

    @staticmethod
    def __tensor_unflatten__(inner: Mapping[str, Tensor], pad: int, size: object, stride: object) -> Pixels:
        """Put together again what ``__tensor_flatten__`` took apart."""
        return Pixels(inner["table"], inner.get("parts"), pad)

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]  # torch's stub leaves the operation out
        cls, operation: Any, types: Any, args: Any = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Answer what needs few images or no floats; for the rest become an ordinary tensor."""
        answer = _LAZY.get(operation)
        if answer is not None and isinstance(args[0], Pixels):
            found = answer(*args, **(kwargs or {}))
            if found is not NotImplemented:
                return found
        plain = partial(tree_map_only, Pixels, Pixels.dense)
        return operation(*plain(tuple(args)), **plain(dict(kwargs or {})))


def _index(images: Pixels, indices: Sequence[Tensor | None]) -> Any:
    first = indices[0]
    if len(indices) > 1 or first is None or first.dtype == torch.bool:
        return NotImplemented
    return images._drawn(first)


def _select(images: Pixels, axis: int, index: int) -> Any:
    if axis != 0:
        return NotImplemented
    index = index % len(images)
    return images._sliced(index, index + 1).dense()[0]


def _slice(
    images: Pixels, axis: int = 0, start: int | None = None, stop: int | None = None, step: int = 1
) -> Any:
    if axis != 0:
        return NotImplemented
    start, stop, step = slice(start, stop, step).indices(len(images))
    return images._sliced(start, stop, step).dense()


def _split(images: Pixels, size: int, axis: int = 0) -> Any:
    if axis != 0:
        return NotImplemented
    return [images._sliced(start, start + size) for start in range(0, len(images), size)]


def _index_select(images: Pixels, axis: int, indices: Tensor) -> Any:
    return images._drawn(indices) if axis == 0 else NotImplemented


def _to_copy(
    images: Pixels, *, dtype: torch.dtype | None = None, device: torch.device | None = None, **_: Any
) -> Any:
    if dtype not in (None, torch.float32):
        return NotImplemented
    return images._moved(device or images.device)


def _same(images: Pixels) -> Pixels:
    # PyTorch wants another object, even of a view of everything.
    return Pixels(images.table, images.parts, images.pad)


def _extreme(name: str, images: Pixels, axes: Sequence[int] = (), keepdim: bool = False) -> Any:
    if list(axes) != [0] or keepdim:
        return NotImplemented
    extreme = getattr(torch, name)
    return extreme(torch.stack([extreme(each.dense(), dim=0) for each in _split(images, CHUNK)]), dim=0)


_ATEN = torch.ops.aten
_LAZY: dict[Any, Callable[..., Any]] = {
    _ATEN.index.Tensor: _index,
    _ATEN.index_select.default: _index_select,
    _ATEN.select.int: _select,
    _ATEN.slice.Tensor: _slice,
    _ATEN.split.Tensor: _split,
    _ATEN._to_copy.default: _to_copy,
    _ATEN.detach.default: _same,
    _ATEN.alias.default: _same,
    _ATEN.amin.default: partial(_extreme, "amin"),
    _ATEN.amax.default: partial(_extreme, "amax"),
}
"""Operations that need not turn all images to float; each may hand back NotImplemented."""
