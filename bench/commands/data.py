"""ganbench data: where data sets were looked for, what was found, and how to get the others."""

from __future__ import annotations

from collections.abc import Iterable

from bench.commands.endings import DONE, CommandError

_ORIGINS = {"digits": "read from the installed scikit-learn, nothing to download"}


def data(name: str | None, *, download: bool) -> int:
    """Print what is known of one data set or of all; one that is asked for by name must be there."""
    from gans.data import DATASETS

    if name is None and download:
        advice = "name one, as in ganbench data mnist --download"
        raise CommandError([f"--download: must have a data set to fetch, got none; {advice}"])
    if name is None:
        for each in DATASETS:
            print("\n".join(_told(each)))
        return DONE
    if download:
        _fetch(name)
    try:
        lines = list(_found(name))
    except ValueError as error:
        raise CommandError([str(error)]) from error
    print("\n".join(lines))
    return DONE


def _fetch(name: str) -> None:
    from gans.data import DATASETS, FILES

    try:
        DATASETS.resolve(name)
        if name not in FILES:
            known = ", ".join(FILES)
            raise CommandError(
                [f"--download: must name a data set that can be fetched, got {name!r}; choose one of {known}"]
            )
        print(f"{name}: about {FILES[name].megabytes} MB, fetched by torchvision", flush=True)
        print(f"{name}: now in {FILES[name].download()}")
    except ValueError as error:
        raise CommandError([str(error)]) from error


def _told(name: str) -> Iterable[str]:
    """The lines of one data set among all, of which some need not be there."""
    from gans.data import FILES

    if name == "folder":
        from gans.data.folders import FORM

        return [f"folder: your own images; {FORM}"]
    if name in FILES and FILES[name].find() is None:
        return _absent(name)
    try:
        return list(_found(name))
    except ValueError as error:
        return [f"{name}: found, but {error}"]


def _absent(name: str) -> list[str]:
    from gans.data import FILES

    files = FILES[name]
    looked = [f"  looked in {place.folder} ({place.why})" for place in files.places()]
    return [
        f"{name}: not found",
        *looked,
        f"  to get it: ganbench data {files.name} --download ({files.megabytes} MB), or name the folder "
        f"above {files.folder} with --data-root or GANBENCH_DATA",
    ]


def _found(name: str) -> Iterable[str]:
    from gans.data import load

    found = load(name)
    shape = " x ".join(map(str, found.sample_shape))
    kinds = "classes" if found.mode_centers is None else "known modes"
    yield (
        f"{name}: {found.size} to train on, {len(found.holdout)} held out, {shape} numbers each, "
        f"{found.classes} {kinds}; {_origin(name)}"
    )


def _origin(name: str) -> str:
    from gans.data import DATASETS, FILES
    from gans.data.folders import PREFIX

    if name.startswith(PREFIX):
        return "decoded from your folder"
    if name not in DATASETS:
        return "made by your function"
    place = FILES[name].find() if name in FILES else None
    if place is not None:
        return f"read from {place.folder} ({place.why}), checksums verified"
    return _ORIGINS.get(name, "computed, nothing to download")
