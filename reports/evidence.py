"""What the verdicts of many runs rest on, kept as it is stored and read run by run: as text it is small."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bench.records.encoding import loads


class Spelled(Mapping[str, Mapping[str, Any]]):
    """Run id to evidence; a run without any is not in it.

    Args:
        texts: run id to its evidence as JSON.

    Example:
        >>> kept = Spelled({"a": '{"rule":"converged"}', "b": "{}"})
        >>> list(kept), kept["a"]["rule"]
        (['a'], 'converged')
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = {run: text for run, text in texts.items() if text != "{}"}

    def __getitem__(self, run_id: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = loads(self._texts[run_id])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)
