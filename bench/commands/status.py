"""ganbench status: how far a folder is, looked at from another terminal; and its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bench.commands.endings import DONE, CommandError, plain, told_plainly

if TYPE_CHECKING:
    from bench.pages import WriteComparison, WriteReport
    from bench.records.store import Ending, Store


def status(out: Path) -> int:
    """Print what is stored, what is missing, and who is at work."""
    from bench.records.store import open_store

    with told_plainly(), open_store(out) as store:
        for line in describe(store, out):
            print(plain(line))
    return DONE


def report(out: Path, write_report: WriteReport, lang: str = "en") -> int:
    """Write a folder's report and print where it is."""
    from bench.records.store import open_store

    writing = _in_language(write_report, lang)
    with told_plainly():
        open_store(out).close()  # refused before the slow imports of the report
        print(f"report: {writing(out)}")
    return DONE


def _in_language(write: Callable[..., Path], lang: str) -> Callable[..., Path]:
    """Bind a page's language; English is what pages are in anyway."""
    from bench.pages import LANGUAGES

    if lang not in LANGUAGES:
        from bench.profile.problems import nearest

        raise CommandError([f"--lang: must be a known language, got {lang!r}; {nearest(lang, LANGUAGES)}"])
    return write if lang == LANGUAGES[0] else partial(write, lang=lang)


def compare(
    folders: Sequence[Path], out: Path | None, write_comparison: WriteComparison, lang: str = "en"
) -> int:
    """Write the page that sets two folders side by side and print where it is."""
    from bench.records.store import open_store

    writing = _in_language(write_comparison, lang)
    if len(folders) != 2:
        raise CommandError([_not_two(folders)])
    first, second = folders
    if first.resolve() == second.resolve():
        raise CommandError([f"report: must compare two different folders, got {second} twice"])
    if out is not None and out.exists() and not out.is_dir():
        raise CommandError([f"--out: must be a folder, got the file {out}"])
    with told_plainly():
        for folder in folders:
            open_store(folder).close()  # refused before the slow imports of the report
        print(f"comparison: {writing(first, second, out)}")
    return DONE


def _not_two(folders: Sequence[Path]) -> str:
    if len(folders) == 1:
        return "--out: is for a comparison, got one results folder; a report goes into its own"
    return f"report: must be given one results folder, or two to compare, got {len(folders)}"


def describe(store: Store, out: Path) -> Iterable[str]:
    """The lines of a status."""
    from bench.records import spool
    from bench.records.schema import FAILED, STOPPED

    endings, planned = store.endings(), store.planned_ids()
    good = {run: ending for run, ending in endings.items() if ending.status != FAILED}
    yield f"{out}: profile {store.meta('profile') or 'unknown'}"
    stored, missing = len(good.keys() & planned), len(planned - good.keys())
    yield f"{stored} of {len(planned)} runs are stored, {missing} are missing"
    stopped = sum(ending.status == STOPPED for ending in good.values())
    if stopped:
        yield f"{stopped} of them were ended by --stop-early; ganbench run without it trains them whole"
    waiting = len(spool.waiting(out))
    if waiting:
        yield f"{waiting} more are handed over and wait to be stored"
    yield from _counts("by state", (ending.state for ending in good.values()))
    yield from _counts("by outcome", (ending.outcome for ending in good.values()))
    yield from _failures(store, endings)
    yield from _driver(store, out)


def _counts(title: str, words: Iterable[str]) -> Iterable[str]:
    counts = Counter(words).most_common()
    if counts:
        yield f"{title}: " + ", ".join(f"{count} {word}" for word, count in counts)


def _failures(store: Store, endings: dict[str, Ending]) -> Iterable[str]:
    from bench.records.schema import FAILED

    lost = {run for run, ending in endings.items() if ending.status == FAILED}
    if lost:
        reasons_of = {failure.run_id: failure.reason for failure in store.failures()}
        reasons = Counter(str(reasons_of.get(run, "no reason was kept")) for run in lost)
        told = "; ".join(f"{count} of them: {reason}" for reason, count in reasons.most_common(3))
        yield f"{len(lost)} runs failed through our own fault and will be tried again ({told})"


def _driver(store: Store, out: Path) -> Iterable[str]:
    from bench.lock import holder_of
    from bench.progress import by_count, duration
    from bench.records.checking import is_number, is_whole

    holder = holder_of(out)
    if holder is None:
        yield "nobody is training here"
        return
    word = store.meta("driver")
    word = word if isinstance(word, dict) else {}
    left, seen = word.get("left_seconds"), word.get("seen")
    until = f", about {duration(float(left or 0))} left as of {word.get('at')}" if is_number(left) else ""
    if isinstance(seen, dict) and seen and all(map(is_whole, seen.values())):
        yield f"in training, as they look so far: {by_count(seen, most=len(seen))}"
    yield f"process {holder.pid} on {holder.host} has been training here since {holder.started}{until}"
