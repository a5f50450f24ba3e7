"""What is kept of real data is what was measured, and nobody is answered with another's numbers."""

from __future__ import annotations

import dataclasses
import math

import pytest
import torch

from bench.metrics import Reference, kept, reference_for
from bench.metrics.kept import digest_of, kept_draws
from gans.data import load
from gans.data.pixels import Pixels

MEASURED = {"fid": (0.1, math.pi, math.nan), "sw2": (math.inf, 1e-300)}


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("GANBENCH_CACHE", str(tmp_path))
    return tmp_path


@pytest.fixture
def reference() -> Reference:
    return reference_for(load("digits"))


class Count:
    """A measurement that says how often it was made."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self):
        self.made += 1
        return MEASURED


def same(found) -> bool:
    return repr(dict(found)) == repr(MEASURED)  # NaN included, which equals nothing


def test_draws_are_made_once_and_read_to_the_last_bit(reference) -> None:
    make = Count()

    assert all(same(kept_draws("floors", reference, make)) for _ in range(3))
    assert make.made == 1


def other_real(reference: Reference) -> Reference:
    return reference.against(reference.real[1:])


def other_extractor(reference: Reference) -> Reference:
    return dataclasses.replace(
        reference, extractor=dataclasses.replace(reference.extractor, sha256="another")
    )


def other_name(reference: Reference) -> Reference:
    return dataclasses.replace(reference, dataset=dataclasses.replace(reference.dataset, name="namesake"))


def other_pixel(reference: Reference) -> Reference:
    train = reference.dataset.train.clone()
    train[7, 0, 3, 3] += 1e-6
    return dataclasses.replace(reference, dataset=dataclasses.replace(reference.dataset, train=train))


@pytest.mark.parametrize("changed", [other_real, other_extractor, other_name, other_pixel])
def test_whatever_the_draws_depend_on_makes_them_anew(reference, changed) -> None:
    make = Count()
    kept_draws("floors", reference, make)

    kept_draws("floors", changed(reference), make)

    assert make.made == 2


def test_so_does_another_kind_size_or_code(reference, monkeypatch) -> None:
    make = Count()
    kept_draws("copies", reference, make, data_size=64)

    kept_draws("floors", reference, make, data_size=64)
    kept_draws("copies", reference, make, data_size=65)
    monkeypatch.setattr(kept, "_code", lambda: "later")
    kept_draws("copies", reference, make, data_size=64)

    assert make.made == 4


@pytest.mark.parametrize("damage", [b"", b'{"fid": [0.1', b"[1, 2]", b'{"fid": ["x"]}', b"\xff\xfe"])
def test_a_damaged_file_is_made_again_and_replaced(reference, damage: bytes) -> None:
    make = Count()
    kept_draws("floors", reference, make)
    (path,) = kept.folder().iterdir()
    path.write_bytes(damage)

    assert all(same(kept_draws("floors", reference, make)) for _ in range(2))
    assert make.made == 2


def test_a_cache_that_cannot_be_written_costs_time_not_the_numbers(reference, cache) -> None:
    (cache / "data").write_text("a file where a folder should be")

    assert same(kept_draws("floors", reference, Count()))


def test_floors_and_copies_are_read_by_the_next_process_as_they_were_measured(monkeypatch) -> None:
    first, second = (Reference(each.dataset, each.extractor, each.real) for each in [tiny()] * 2)
    draws, copied = first.floor_draws, first.copy(20)
    assert len(list(kept.folder().iterdir())) == 2
    monkeypatch.setattr("bench.metrics.baselines.measure", None)  # whoever measures now, fails

    assert repr(second.floor_draws) == repr(draws)
    assert repr(second.copy(20)) == repr(copied)


def tiny() -> Reference:
    digits = load("digits")
    few = dataclasses.replace(
        digits,
        train=digits.train[:40],
        holdout=digits.holdout[:40],
        train_labels=digits.train_labels[:40],
        holdout_labels=digits.holdout_labels[:40],
    )
    return reference_for(few)


def test_images_kept_as_bytes_are_told_apart_by_bytes_parts_and_padding() -> None:
    table = torch.arange(12, dtype=torch.uint8).reshape(3, 1, 2, 2)
    parts = torch.tensor([[0, 1], [2, 2]])
    every = [
        Pixels(table), Pixels(table, pad=1), Pixels(table + 1), Pixels(table, parts),
        Pixels(table, parts.flip(0)),
        Pixels(table).dense(),
    ]  # fmt: skip

    assert len({digest_of(images) for images in every}) == len(every)
    assert digest_of(Pixels(table.clone(), parts.clone())) == digest_of(every[3])
