"""Fuzzing the command line in this process: what is hostile, what is watched, and how a command may end.

An audit hook sees each file that is opened for writing, each program that is started, each connection and
each name that a pickle asks for. While a command runs, whatever leaves the allowed folder is refused, as the
operating system would refuse it, and noted.
"""

from __future__ import annotations

import io
import os
import sys
import unicodedata
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

import bench.cli

FACTOR = int(os.environ.get("GANBENCH_FUZZ", "1"))
"""How many times the usual number of cases; ``nox -s fuzz`` sets it."""

LONGEST_LINE = 3_000

HOSTILE = (
    "", " ", "../../evil", "/etc/evil", "~", ".", "-", "--", "\\\\host\\share", "C:\\evil", "a/b", "CON",
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{7*7}}", "{% for x in y %}", "%s%n",
    "=cmd|' /C calc'!A0", "@SUM(1)", "+1", "__import__('os')", "$(touch evil)", "`touch evil`", "; rm -rf .",
    "\x1b[31mred\x1b[0m",
    "a\nb", "a\tb", "\r", "\u202eevil", "\u2028", "生成对抗网络", "مولد", "дискриминатор",
    "e\u0301", "😀", "x" * 10_000,
    "é" * 300, "nan", "inf", "-inf", "1e999", "-1", "0", "9" * 400, "9" * 5_000,
    "1_000", "0x10", "true", "null", "nosuch:thing", "nosuch.module:thing", ":", "a:", ":a", "folder:",
    "folder:../..", "noise:9", "ring8", "nsgan", "\ufeff", "'", '"', "[]", "{}", "NaN",
)  # fmt: skip
"""Names and values that have broken programs before: paths, markup, formulas, other scripts, huge numbers."""


def hostile_text(*, nul=True):
    """One of HOSTILE, any text, or both in one."""
    letters = st.characters(exclude_categories=("Cs",), exclude_characters="" if nul else "\0")
    return st.one_of(st.sampled_from(HOSTILE), st.text(letters, max_size=30))


def cases(usual):
    """Settings for so many cases: the same ones each time, unless more are asked for."""
    return settings(
        max_examples=usual * FACTOR, derandomize=FACTOR == 1, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


@dataclass
class Guard:
    """Sees what leaves a folder; ``seen`` holds what was refused, ``commands`` is how often it watched."""

    allowed: Path = Path("/nonexistent")
    active: bool = False
    blind: bool = False
    commands: int = 0
    seen: list[tuple[str, str]] = field(default_factory=list)

    def hook(self, event, arguments):
        look = _LOOKS.get(event)
        if not self.active or self.blind or look is None:
            return
        for target in look(*arguments):
            if not self._harmless(target):
                self.seen.append((event, str(target)[:200]))
                raise PermissionError(13, "Permission denied", str(target)[:200])

    def _harmless(self, target):
        if target is None:
            return False
        if isinstance(target, int):
            return True
        path = os.path.realpath(os.fsdecode(target))
        return path == "/dev/null" or "__pycache__" in path or Path(path).is_relative_to(self.allowed)

    @contextmanager
    def watching(self):
        self.seen.clear()
        self.commands += 1
        self.active = True
        try:
            yield
        finally:
            self.active = False


def _opened(path, mode, flags):
    return [path] if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND) else []


def _database(path):
    text = os.fsdecode(path)
    return [] if "mode=ro" in text or text == ":memory:" else [text]


_NEVER = dict.fromkeys(
    ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "socket.connect",
     "pickle.find_class", "os.kill", "os.killpg"), lambda *_: [None]
)  # fmt: skip
_LOOKS = _NEVER | {
    "open": _opened,
    "sqlite3.connect": _database,
    "os.mkdir": lambda path, *_: [path],
    "os.remove": lambda path, *_: [path],
    "os.rmdir": lambda path, *_: [path],
    "os.truncate": lambda path, *_: [path],
    "os.rename": lambda source, target, *_: [source, target],
    "os.link": lambda source, target, *_: [source, target],
    "os.symlink": lambda source, target, *_: [target],
    "os.chmod": lambda path, *_: [path],
}

GUARD = Guard()
sys.addaudithook(GUARD.hook)


@dataclass(frozen=True)
class Ending:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str
    escapes: tuple[tuple[str, str], ...]


def ganbench(*words):
    """Run a command line here, with streams as strict as a terminal's."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace", write_through=True)
    with redirect_stdout(out), redirect_stderr(err), GUARD.watching():
        code = bench.cli.main(words)
    said = [stream.buffer.getvalue().decode() for stream in (out, err)]
    return Ending(code, *said, tuple(GUARD.seen))


def check_clean(ending, *, named=False):
    """The property of all fuzzing.

    Args:
        named: places outside were named by the user, on the command line; refusing them is no fault.
    """
    assert ending.code in (0, 1, 2), ending
    assert "Traceback" not in ending.out + ending.err
    assert bool(ending.err) == (ending.code != 0) or ending.code == 0
    for line in ending.err.splitlines():
        assert len(line) <= LONGEST_LINE, line[:300]
    odd = {letter for letter in ending.out + ending.err if unicodedata.category(letter) == "Cc"} - {"\n"}
    assert not odd, (odd, ending.err[:500])
    assert named or not ending.escapes, ending.escapes
