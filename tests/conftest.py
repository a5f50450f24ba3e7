"""What all tests share."""

import signal

import pytest
import torch


def pytest_configure():
    """Ctrl-C is heard here and in what the tests start, also where a shell put the tests in its background.

    Such a shell has its children ignore the signal, and theirs after them.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Small matrices on many threads wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory):
    """No test writes into the user's cache: neither features nor notes of checksums, nor do its workers."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("GANBENCH_CACHE", str(folder))
        yield folder


@pytest.fixture
def data_root(tmp_path, monkeypatch):
    """An empty data root, named by the environment; cache, packages and checksums are this test's own."""
    from gans.data import FILES, filesets, load

    folder = tmp_path / "root"
    folder.mkdir()
    monkeypatch.setenv("GANBENCH_DATA", str(folder))
    monkeypatch.setenv("GANBENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(filesets, "DEBIAN", tmp_path / "debian")
    for files in FILES.values():
        for name, value in files.checksums.items():
            monkeypatch.setitem(files.checksums, name, value)  # so that what a test plants is taken back
    load.cache_clear()
    yield folder
    load.cache_clear()
