"""Which engine a command line asks for: serial, local, any Dask scheduler, or SLURM."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from bench.engines.protocol import Engine, OnStep

_SCHEDULER = re.compile(r"dask(\+tls)?://([\w.-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})")


class EngineNameError(ValueError):
    """An engine that cannot be; the message is one line for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOptions:
    """What an engine is made from.

    Args:
        name: ``serial``, ``local``, ``slurm``, ``dask://HOST:PORT`` or ``dask+tls://HOST:PORT``.
        workers: how many processes, or jobs. log: file that takes what local processes print.
        tls: files of the certificate authority, of our certificate and of its key.
        slurm: options of a job, ``KEY=VALUE``. note: is told in a line what a user should know.
    """

    name: str
    workers: int
    log: Path
    tls: tuple[Path, Path, Path] | None = None
    slurm: Sequence[str] = ()
    note: Callable[[str], object] = lambda line: None


def check_name(name: str, tls: bool = False) -> None:
    """Refuse an engine that is not known.

    Raises:
        EngineNameError: with the nearest right one.

    Example:
        >>> check_name("dask://10.0.0.1:8786")
    """
    if name.startswith("dask"):
        found = _SCHEDULER.fullmatch(name)
        if not found or not 0 < int(found[3]) < 65536:
            raise EngineNameError(
                f"--engine: must be dask://HOST:PORT, got {name!r}; as in dask://10.0.0.1:8786"
            )
        if found[1] and not tls:
            raise EngineNameError(
                f"--tls: must be given for {name}, got nothing; name CA, certificate and key"
            )
        if tls and not found[1]:
            raise EngineNameError(
                f"--tls: must stand beside --engine dask+tls://HOST:PORT, got {name!r}; "
                f"name dask+tls://{found[2]}:{found[3]}"
            )
    elif name not in ENGINES:
        known = (*ENGINES, "dask://HOST:PORT")
        close = get_close_matches(name, known, n=1, cutoff=0.4)
        hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}"
        raise EngineNameError(f"--engine: must be a known engine, got {name!r}; {hint}")
    elif tls:
        raise EngineNameError(
            f"--tls: must stand beside --engine dask+tls://HOST:PORT, got {name!r}; leave it out"
        )


def check_tls(files: Sequence[Path]) -> None:
    """Refuse files that are no authority, certificate and key, in this order.

    Raises:
        EngineNameError: one is not there, or not what it should be.
    """
    for path in files:
        if not path.is_file():
            raise EngineNameError(
                f"--tls: must be three files, got {path}, no such file; authority, certificate, key"
            )
    authority, certificate, key = files
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(authority)
    except (OSError, ValueError) as error:
        raise EngineNameError(
            f"--tls: must begin with an authority's certificate in PEM, got {authority}; see openssl x509"
        ) from error
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ValueError) as error:
        raise EngineNameError(
            f"--tls: must end with a certificate and its own key in PEM, got {certificate} and {key}; "
            "name the certificate first"
        ) from error


def make_engine(options: EngineOptions, on_step: OnStep) -> Engine:
    """Start the engine that was asked for."""
    if options.name.startswith("dask"):
        return _remote(options, on_step)
    return ENGINES[options.name](options, on_step)


def _serial(options: EngineOptions, on_step: OnStep) -> Engine:
    from bench.engines.serial import SerialEngine

    return SerialEngine(on_step)


def _local(options: EngineOptions, on_step: OnStep) -> Engine:
    from bench.engines.local import LocalEngine

    return LocalEngine(options.workers, on_step, options.log)


def _remote(options: EngineOptions, on_step: OnStep) -> Engine:
    from bench.engines.remote import Address, RemoteEngine

    found = _SCHEDULER.fullmatch(options.name)
    assert found is not None  # check_name has seen it
    scheme = "tls" if found[1] else "tcp"
    return RemoteEngine(Address(f"{scheme}://{found[2]}:{found[3]}", *(options.tls or ())), on_step)


def _slurm(options: EngineOptions, on_step: OnStep) -> Engine:
    from bench.engines.slurm import slurm_engine

    return slurm_engine(options, on_step)


ENGINES: Mapping[str, Callable[[EngineOptions, OnStep], Engine]] = {
    "serial": _serial,
    "local": _local,
    "slurm": _slurm,
}
"""Engines by name; schedulers are named by their address."""
