"""ganbench ledger: published results beside those of stored records."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bench.commands.endings import DONE, OUR_FAULT, CommandError, told_plainly

if TYPE_CHECKING:
    from bench.pages import LedgerPage


def ledger(
    folders: Sequence[Path], page: Path, records: Path | None, ledger_page: LedgerPage, *, check: bool
) -> int:
    """Write the page, or say whether it is up to date."""
    with told_plainly():  # a name may be too long, or its folder closed to us
        lines = [*_problems(folders, records, check=check), *_page_problems(page, check=check)]
    if lines:
        raise CommandError(lines)
    from gans.data.checksums import written_atomically

    with told_plainly():
        try:
            text = ledger_page(folders, records)
        except ValueError as error:
            raise CommandError([str(error)]) from error
        if check:
            return _checked(page, text, records)
        with written_atomically(page) as stream:
            stream.write(text.encode())
    print(f"ledger: {page}")
    return DONE


def _checked(page: Path, text: str, records: Path | None) -> int:
    # Bytes: a page with other line breaks is not what would be written either.
    if page.is_file() and page.read_bytes() == text.encode():
        print(f"{page} is what the records say")
        return DONE
    of = ["--records", str(records)] if records else []
    again = shlex.join(["ganbench", "ledger", *of, "--out", str(page)])
    print(f"{page} is not what the records say; write it again: {again}")
    return OUR_FAULT


def _problems(folders: Sequence[Path], records: Path | None, *, check: bool) -> Iterator[str]:
    for each in folders:
        if not each.is_dir():
            yield (
                f"ledger: must be given results folders, got {str(each)!r}, which is none; "
                "run a preset first (ganbench list profiles)"
            )
    if records is not None and not folders and not records.is_dir():
        yield f"--records: must be a folder, got {str(records)!r}; give results folders to fill it"
    if records is not None and folders and (file := _file_on_the_way(records)):
        yield f"--records: must be a folder, got {str(records)!r}, but {str(file)!r} is none; name another"
    if check and folders:
        yield "--check: must stand without results folders, got some; they would change the records"


def _page_problems(page: Path, *, check: bool) -> Iterator[str]:
    if page.is_dir():
        yield f"--out: must be a file, got the folder {str(page)!r}; as in {page / 'REPRODUCTION.md'}"
    elif file := _file_on_the_way(page.parent):
        yield f"--out: must be a file in a folder, got {str(page)!r}, but {str(file)!r} is none; name another"
    elif check and page.is_file() and not _is_text(page):
        yield f"--out: must be a page that ganbench ledger wrote, got {str(page)!r}, no text; name the page"


def _file_on_the_way(folder: Path) -> Path | None:
    """What keeps a folder from being made: the nearest of it and its parents that is there, if no folder."""
    there = next((each for each in (folder, *folder.parents) if each.exists()), folder)
    return there if there.exists() and not there.is_dir() else None


def _is_text(page: Path) -> bool:
    try:
        page.read_text("utf-8")
    except UnicodeDecodeError:
        return False
    return True
