"""Ctrl-C that cannot get lost: noted where it arrives, and raised again at the next look.

Python raises KeyboardInterrupt in whatever the main thread is doing. Inside a finalizer or a callback of the
garbage collector it is printed and forgotten, and a run of hours would go on as if nobody had asked.
"""

from __future__ import annotations

import signal
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any

HEEDED = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """Within it, a signal that interrupts is remembered beside being raised.

    Example:
        >>> import os
        >>> with Interrupts() as interrupts:
        ...     try:
        ...         os.kill(os.getpid(), signal.SIGINT)
        ...     except KeyboardInterrupt:
        ...         pass  # lost
        ...     try:
        ...         interrupts.check()
        ...     except KeyboardInterrupt:
        ...         print("noticed all the same")
        noticed all the same
    """

    def __init__(self) -> None:
        self.noted = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Interrupts:
        for number in HEEDED:
            handler = signal.getsignal(number)
            if callable(handler):  # else it is ignored, or ends the process without asking
                with suppress(ValueError):  # only a main thread may say so
                    signal.signal(number, self._note)
                    self._before[number] = handler
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def check(self) -> None:
        """Raise what may have been lost.

        Raises:
            KeyboardInterrupt: a signal arrived.
        """
        if self.noted:
            raise KeyboardInterrupt

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.noted = True
        self._before[number](number, frame)
