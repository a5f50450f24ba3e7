"""How values are spelled on disk: strict JSON that survives NaN and infinity, and packed float32 traces."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

_AS_GIVEN = json.JSONEncoder(separators=(",", ":"), allow_nan=False)
_SORTED = json.JSONEncoder(separators=(",", ":"), allow_nan=False, sort_keys=True)
_WORDS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def dumps(value: Any, *, sort_keys: bool = False) -> str:
    """Spell a value as strict JSON; non-finite numbers become the strings "NaN", "Infinity", "-Infinity".

    Example:
        >>> dumps({"fid": float("nan"), "n": 3})
        '{"fid":"NaN","n":3}'
    """
    encode = _SORTED.encode if sort_keys else _AS_GIVEN.encode
    try:
        return encode(value)
    except (
        TypeError,
        ValueError,
    ):  # not finite, or no plain dict: walk over all values only then
        return encode(_spell(value))


def loads(text: str) -> Any:
    """Read what ``dumps`` wrote.

    Example:
        >>> loads('{"fid":"NaN","n":3}')
        {'fid': nan, 'n': 3}
    """
    value = json.loads(text)
    return _revive(value) if '"NaN"' in text or 'Infinity"' in text else value


def pack_traces(traces: Mapping[str, list[float]]) -> bytes:
    """Pack named series into one compressed float32 block; values beyond float32 become infinite.

    Shapes:
        traces: any number of series, each of any length of its own.
    """
    if not traces:
        return b""
    header = json.dumps([[name, len(series)] for name, series in traces.items()]).encode()
    with np.errstate(over="ignore", invalid="ignore"):
        blocks = [np.asarray(series, dtype="<f8").astype("<f4").tobytes() for series in traces.values()]
    return zlib.compress(header + b"\n" + b"".join(blocks), level=1)


def unpack_traces(block: bytes) -> dict[str, list[float]]:
    """Read a block of ``pack_traces``.

    Example:
        >>> unpack_traces(pack_traces({"loss": [1.0, 0.5]}))
        {'loss': [1.0, 0.5]}
    """
    if not block:
        return {}
    header, body = zlib.decompress(block).split(b"\n", 1)
    values = np.frombuffer(body, dtype="<f4").astype(float)
    series, start = {}, 0
    for name, length in json.loads(header):
        series[name] = values[start : start + length].tolist()
        start += length
    return series


def _spell(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    if isinstance(value, Mapping):
        return {str(key): _spell(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_spell(item) for item in value]
    return value


def _revive(value: Any) -> Any:
    if isinstance(value, str):
        return _WORDS.get(value, value)
    if isinstance(value, dict):
        return {key: _revive(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_revive(item) for item in value]
    return value
