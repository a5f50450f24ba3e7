"""Dask over TLS for real: an authority made for the occasion, a scheduler, two worker processes, a driver."""

from __future__ import annotations

import shutil
import signal
import subprocess

import pytest
from drivers import end, finish, free_port, start_cluster, stored_in

from bench.engines.choice import EngineNameError, check_tls
from bench.engines.protocol import EngineError
from bench.engines.remote import Address, RemoteEngine

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """An authority of our own, and a certificate and key that it signed: CA, certificate, key."""
    folder = tmp_path_factory.mktemp("tls")
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")

    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    new_key = ("-newkey", "rsa:2048", "-nodes")
    openssl(
        "req", "-x509", *new_key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test", "-days", "2"
    )
    openssl("req", *new_key, "-keyout", "key.pem", "-out", "our.csr", "-subj", "/CN=localhost")
    openssl("x509", "-req", "-in", "our.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-out", "our.pem", "-days", "2")  # fmt: skip
    return folder / "ca.pem", folder / "our.pem", folder / "key.pem"


@pytest.fixture(scope="module")
def tls_cluster(authority):
    """``ganbench cluster`` with TLS as a process of its own: a scheduler and two workers; its port."""
    port = free_port()
    process = start_cluster("--workers", "2", "--port", str(port), "--tls", *map(str, authority))
    try:
        yield port
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=60)
        finally:
            end(process)


def test_a_profile_is_trained_over_tls_by_processes_that_prove_who_they_are(tmp_path, tls_cluster, authority):
    address = f"dask+tls://localhost:{tls_cluster}"
    code, out, err = finish(tmp_path, "--engine", address, "--tls", *map(str, authority), steps=20)

    assert code == 0, err
    assert "8 of 8 runs" in out
    assert stored_in(tmp_path / "out") == 8


def test_a_scheduler_of_another_authority_is_refused_in_one_line(
    tmp_path, tls_cluster, authority, monkeypatch
):
    monkeypatch.setattr("bench.engines.remote._START_SECONDS", 3.0)
    stranger = tmp_path / "ca.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(tmp_path / "k"), "-out",
         str(stranger), "-subj", "/CN=other", "-days", "2"], check=True, capture_output=True,
    )  # fmt: skip

    with pytest.raises(EngineError, match="a Dask scheduler must answer at tls://") as told:
        RemoteEngine(Address(f"tls://127.0.0.1:{tls_cluster}", stranger, *authority[1:]), lambda *_: None)
    assert "\n" not in str(told.value)


def test_without_certificates_a_tls_scheduler_says_nothing_to_anybody(tls_cluster, monkeypatch):
    monkeypatch.setattr("bench.engines.remote._START_SECONDS", 3.0)

    with pytest.raises(EngineError):
        RemoteEngine(Address(f"tcp://127.0.0.1:{tls_cluster}"), lambda *_: None)


def test_files_of_tls_are_looked_at_before_anything_starts(authority):
    """An authority, a certificate and its key; a stranger's key is none of it."""
    ours, certificate, key = authority
    check_tls(authority)
    for files, must in (
        ((key, certificate, key), "must begin with an authority's certificate"),
        ((ours, key, certificate), "must end with a certificate and its own key"),
        ((ours, certificate, ours.with_name("ca.key")), "must end with a certificate and its own key"),
        ((ours, certificate, ours.with_name("nothing")), "must be three files"),
    ):
        with pytest.raises(EngineNameError, match=must) as told:
            check_tls(files)
        assert "\n" not in str(told.value)
