"""How a command ends other than well: lines for the user and an exit code."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from bench.disk import DISK_FAULTS

DONE, OUR_FAULT, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130

LONGEST_LINE = 2_000
"""Characters of a line of error that are shown."""

_SHOWN = 60


class CommandError(Exception):
    """A command that stops; ``lines`` go to the user, each on its own line, and ``code`` to the shell."""

    def __init__(self, lines: Iterable[str], code: int = BAD_INPUT) -> None:
        self.lines = tuple(lines)
        self.code = code
        super().__init__("\n".join(self.lines))


def plain(text: str) -> str:
    """Spell what a terminal might obey, and cut what nobody reads: text from outside on one line.

    Example:
        >>> plain("a name\\x1b[2J\\nof two lines")
        'a name\\\\x1b[2J\\\\nof two lines'
    """
    short = text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}..."
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in short)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn the errors that users can cause or must know of into lines; whatever else is a bug passes."""
    import sqlite3

    from bench.engines.protocol import EngineError
    from bench.folder import FolderError
    from bench.lock import FolderLockedError
    from bench.profile import ProfileError
    from bench.records.store import StoreError

    try:
        yield
    except ProfileError as error:
        raise CommandError(error.lines) from error
    except (FolderError, FolderLockedError, StoreError) as error:
        raise CommandError([str(error)]) from error
    except ValueError as error:
        # Not imported: data sets need PyTorch, and whoever met their error has it loaded.
        data = sys.modules.get("gans.data.places")
        if data is None or not isinstance(error, data.DataError):
            raise
        raise CommandError([str(error)]) from error
    except EngineError as error:
        raise CommandError([str(error)], OUR_FAULT) from error
    except (sqlite3.Error, OSError) as error:
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            name = str(error.filename)[:_SHOWN]
            raise CommandError([f"{name}...: must be a name that a file can have; shorten it"]) from error
        if isinstance(error, OSError) and error.errno not in DISK_FAULTS:
            raise
        reason = " ".join(str(error).split())
        advice = "see that the disk has room and the folder can be written, then run again"
        raise CommandError([f"results: must be kept on disk, got {reason}; {advice}"], OUR_FAULT) from error
