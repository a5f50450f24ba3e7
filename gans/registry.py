"""Names to entries: one mapping per kind of thing a profile may name. No entry lives here."""

from __future__ import annotations

import contextlib
import difflib
import importlib
import sys
from collections.abc import Callable, Iterator
from operator import attrgetter
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """The known members of one kind, and the way to a user's own by ``module:object``.

    Args:
        kind: the word that error messages use, such as "loss".
        accepts: says whether an imported object can be an entry; None accepts all.
        wanted: what ``accepts`` looks for, in words, such as "a gans.losses.Loss".

    Example:
        >>> shapes = Registry("shape", accepts=lambda entry: isinstance(entry, float), wanted="a number")
        >>> shapes.add("circle", 3.0)
        3.0
        >>> shapes.resolve("circle"), shapes.resolve("math:pi")
        (3.0, 3.141592653589793)
        >>> shapes.get("cirkle")
        Traceback (most recent call last):
        ValueError: shape: must be a known shape, got 'cirkle'; did you mean 'circle'? (circle)
    """

    def __init__(
        self, kind: str, accepts: Callable[[Any], bool] | None = None, wanted: str = "an entry"
    ) -> None:
        self.kind = kind
        self._accepts = accepts
        self._wanted = wanted
        self._entries: dict[str, T] = {}

    def add(self, name: str, entry: T) -> T:
        """Register an entry under a name of its own, and hand it back.

        Raises:
            ValueError: the name is taken, empty, or reads as an import path.
        """
        if not name or ":" in name:
            raise ValueError(
                f"{self.kind}: a name must be non-empty and without ':', got {name!r}; rename it"
            )
        if name in self._entries:
            raise ValueError(
                f"{self.kind}: {name!r} must be registered once, got it twice; choose another name"
            )
        self._entries[name] = entry
        return entry

    def get(self, name: str) -> T:
        """The entry of a registered name.

        Raises:
            ValueError: nobody registered it; the message holds the nearest right spelling.
        """
        if name not in self._entries:
            raise ValueError(
                f"{self.kind}: must be a known {self.kind}, got {name!r}; {self._advice(str(name))} "
                f"({', '.join(sorted(self._entries))})"
            )
        return self._entries[name]

    def resolve(self, name: str) -> T:
        """The entry of a registered name, or the object that ``module:object`` imports.

        Importing runs the module's code; a module in the current folder is found.

        Raises:
            ValueError: unknown name, module or object, a module that cannot be
                imported, or an object of another kind.
        """
        if ":" not in str(name):
            return self.get(name)
        entry = _import_object(self.kind, name)
        if self._accepts is not None and not self._accepts(entry):
            raise ValueError(
                f"{self.kind}: {name!r} must be {self._wanted}, got {type(entry).__name__}; "
                "name another object of that module"
            )
        return entry  # type: ignore[no-any-return]

    def names(self) -> tuple[str, ...]:
        """All registered names, in the order of registration."""
        return tuple(self._entries)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names())

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def _advice(self, name: str) -> str:
        near = difflib.get_close_matches(name.lower(), self._entries, n=1, cutoff=0.5)
        return f"did you mean {near[0]!r}?" if near else "choose one of"


def _import_object(kind: str, path: str) -> Any:
    module_name, _, object_name = path.partition(":")
    parts = (*module_name.split("."), *object_name.split("."))
    if not all(part.isidentifier() for part in parts):
        raise ValueError(
            f"{kind}: an import path must read 'module:object', got {path!r}; as in 'my_gans:thing'"
        )
    module = _import_module(kind, module_name)
    try:
        return attrgetter(object_name)(module)
    except AttributeError:
        near = difflib.get_close_matches(object_name, vars(module), n=1)
        hint = f"did you mean {near[0]!r}?" if near else "check its spelling"
        raise ValueError(
            f"{kind}: module {module_name!r} must define {object_name!r}, got no such name; {hint}"
        ) from None


def _import_module(kind: str, name: str) -> ModuleType:
    try:
        with _current_folder_on_path():
            return importlib.import_module(name)
    # Whatever a user's module raises while it loads is a fault of that module, to be told in one line.
    except Exception as error:
        missing = isinstance(error, ModuleNotFoundError) and f"{name}.".startswith(f"{error.name}.")
        if missing:
            reason, advice = "got no such module", "install it or run from the folder that holds it"
        else:
            first_line = str(error).partition("\n")[0]
            reason, advice = f"got {type(error).__name__}: {first_line}", "make it import cleanly"
        raise ValueError(f"{kind}: module {name!r} must be importable, {reason}; {advice}") from error


@contextlib.contextmanager
def _current_folder_on_path() -> Iterator[None]:
    # An installed command does not search the folder it is called from; last, so that it shadows nothing.
    folder = str(Path.cwd())
    if folder in sys.path or "" in sys.path:
        yield
        return
    sys.path.append(folder)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):
            sys.path.remove(folder)
