"""The two trees of a comparison: a folder as it is, or a revision checked out beside it for a while."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path


class TreeError(ValueError):
    """A revision or folder that cannot be compared; the message is one line for the user."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Code to be measured.

    Args:
        name: what the user called it. folder: where its packages lie. revision: its commit, empty if unknown.
    """

    name: str
    folder: Path
    revision: str = ""


def head(folder: Path | None = None) -> Tree:
    """The tree that the user stands in, changes not committed included."""
    place = (folder or Path.cwd()).resolve()
    commit = _git(place, "rev-parse", "--short=12", "HEAD")
    changed = bool(_git(place, "status", "--porcelain", "--untracked-files=no"))
    return Tree("this tree", place, f"{commit}+changes" if commit and changed else commit)


@contextmanager
def checked_out(base: str, repository: Path) -> Iterator[Tree]:
    """A folder as it is, or a revision of the repository in a worktree that is removed afterwards.

    Args:
        base: a path, or anything that git takes for a commit.
        repository: where revisions are looked for.

    Raises:
        TreeError: neither a folder nor a revision.
    """
    if base and Path(base).is_dir():
        yield Tree(base, Path(base).resolve(), _git(Path(base), "rev-parse", "--short=12", "HEAD"))
        return
    commit = _git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}^{{commit}}")
    if not commit:
        raise TreeError(f"--base: must be a revision or a folder, got {base!r}{_nearest(base, repository)}")
    with tempfile.TemporaryDirectory(prefix="ganbench-base-") as parent:
        place = Path(parent) / "tree"
        made = _run(repository, "worktree", "add", "--detach", "--quiet", str(place), commit)
        if made.returncode:
            raise TreeError(f"--base: {base} must be fit to be checked out, git says {_line(made.stderr)!r}")
        try:
            yield Tree(base, place, commit[:12])
        finally:
            _run(repository, "worktree", "remove", "--force", str(place))


def _nearest(base: str, repository: Path) -> str:
    known = _git(repository, "for-each-ref", "--format=%(refname:short)").split()
    if not known:
        return "; this folder is no git repository with revisions, name a folder"
    close = get_close_matches(base, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; branches and tags are {', '.join(known[:5])}"


def _git(folder: Path, *arguments: str) -> str:
    done = _run(folder, *arguments)
    return done.stdout.strip() if done.returncode == 0 else ""


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return subprocess.CompletedProcess(arguments, 127, "", "git is not installed")


def _line(text: str) -> str:
    return " ".join(text.split())[-200:]
