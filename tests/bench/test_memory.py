import numpy as np
import psutil
import pytest

from bench.memory import own_bytes

SIZE = 200_000_000


def test_what_a_process_allocates_is_its_own():
    before = own_bytes()
    held = np.ones(SIZE, dtype=np.uint8)

    assert own_bytes() - before > 0.9 * SIZE
    assert held[-1] == 1


@pytest.mark.skipif(not psutil.LINUX, reason="Linux alone tells which memory is of files")
def test_data_mapped_from_a_file_are_not(tmp_path):
    np.ones(SIZE, dtype=np.uint8).tofile(tmp_path / "data")
    before = own_bytes()
    mapped = np.memmap(tmp_path / "data", dtype=np.uint8, mode="r")

    assert mapped.sum() == SIZE  # every page was read
    assert own_bytes() - before < 0.1 * SIZE
