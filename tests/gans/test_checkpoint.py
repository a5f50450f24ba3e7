"""A cohort that is saved and read back is the same cohort, down to the last bit and field."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from gans import checkpoint
from gans.checkpoint import REBUILT, load_cohort, save_cohort, state_of
from gans.cohort import Cohort
from gans.data import load
from gans.defaults import config_of
from gans.rng import stream
from gans.sampling import BLOCK, MemberStreams
from gans.snapshot import fields_of, pack, unpack

CASES = {
    "a gradient penalty and two moments": {"recipe": "wgan-gp"},
    "clipping and one moment": {"recipe": "wgan"},
    "an adaptive augmentation": {"recipe": "nsgan", "augmentation": "ada"},
    "batch norm, and a member that is not batched": {"recipe": "nsgan", "network": "dcgan", "members": 1},
    "batch norm": {"recipe": "nsgan", "network": "dcgan"},
    "spectral normalisation": {"recipe": "nsgan", "regularizer": "spectral"},
    "packs": {"recipe": "wgan-gp", "packing": 3},
    "defects": {"recipe": "nsgan", "defect": "noise:0.2"},
    "a member that is not finite": {"recipe": "nsgan", "generator_lr": 1e38},
}


def cohort_of(recipe, members=2, **changes):
    shape = {"batch_size": 4, "generator_width": 4, "discriminator_width": 4}
    if changes.get("network") != "dcgan":
        shape["data_size"] = 64
    configs = [config_of(recipe, seed=seed, **{**shape, **changes}) for seed in range(members)]
    return Cohort(configs, load("digits"))


def leaves(value, way=""):
    """Every number, text and stream below a value, by its way there; written without gans.snapshot."""
    if isinstance(value, torch.Tensor):
        yield way, (value.dtype, tuple(value.shape), value.contiguous().flatten().view(torch.uint8).tolist())
    elif isinstance(value, torch.Generator):
        yield way, value.get_state().tolist()
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from leaves(part, f"{way}/{name}")
    elif isinstance(value, list | tuple):
        for place, part in enumerate(value):
            yield from leaves(part, f"{way}/{place}")
    elif hasattr(value, "__dict__") and not callable(value):
        yield from leaves(vars(value), way)
    else:
        yield way, repr(value)


def state_leaves(cohort):
    """All of a cohort but what its configs and data determine: that must be named here, field by field."""
    fixed = {"configs", "fits", "game", "program", "_dataset", "_device", "_evaluators", "_member_step_flops"}
    parts = {name: part for name, part in vars(cohort).items() if name not in fixed}
    return dict(leaves(parts)) | dict(leaves(cohort.clock.seconds, "/clock"))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_restored_cohort_is_where_it_was_and_goes_on_alike(tmp_path, case):
    first, second = cohort_of(**CASES[case]), cohort_of(**CASES[case])
    first.train(BLOCK - 4)  # the block of draws is used up within what follows
    save_cohort(tmp_path / "c", first)
    untrained = state_leaves(second)

    assert load_cohort(tmp_path / "c", second)
    here, there = state_leaves(first), state_leaves(second)
    assert here.keys() == there.keys()
    assert [name for name in here if here[name] != there[name] and "warm_up" not in name] == []
    assert sum(untrained[name] != there[name] for name in untrained) > 8
    traces = [cohort.train(8) for cohort in (first, second)]
    assert dict(leaves(traces[0])) == dict(leaves(traces[1]))
    here, there = state_leaves(first), state_leaves(second)
    assert [name for name in here if here[name] != there[name] and "/clock" not in name] == []


def test_every_tensor_of_a_state_is_among_what_is_saved():
    cohort = cohort_of("nsgan", augmentation="ada")
    cohort.train(3)
    saved = pack(state_of(cohort), REBUILT).tensors

    for owner in ("state", "_block", "_before"):
        for name, value in fields_of(getattr(cohort, owner)).items():
            wanted = f"cohort.{owner}.{name}"
            empty = isinstance(value, int) or value == ()
            assert empty or any(each == wanted or each.startswith(f"{wanted}.") for each in saved), wanted


def test_a_field_that_is_added_is_saved_and_one_that_cannot_be_is_an_error():
    cohort = cohort_of("nsgan")
    cohort.momentum = {"deep": [torch.arange(3.0)]}
    packed = pack(state_of(cohort), REBUILT)
    cohort.momentum["deep"][0] += 1.0
    unpack(packed, state_of(cohort))

    assert cohort.momentum["deep"][0].tolist() == [0.0, 1.0, 2.0]
    cohort.momentum = len
    with pytest.raises(TypeError, match=r"checkpoint: cohort\.momentum must be numbers, .* got builtin_func"):
        pack(state_of(cohort), REBUILT)


def test_what_is_not_saved_is_still_there_under_its_name():
    cohort = cohort_of("nsgan")
    cohort.step_flops()  # kept once it is known
    owners = {"Cohort": cohort, "MemberStreams": cohort._streams}

    assert set(owners) == set(REBUILT)
    for name, names in REBUILT.items():
        assert names <= set(vars(owners[name])), name
    assert isinstance(cohort._streams, MemberStreams)


def test_a_kept_cohort_goes_on_from_its_checkpoint(tmp_path):
    first, second = cohort_of("nsgan", members=3), cohort_of("nsgan", members=3)
    first.train(5)
    first.keep([2])
    save_cohort(tmp_path / "c", first)
    second.keep([2])

    assert load_cohort(tmp_path / "c", second)
    assert dict(leaves(first.train(3))) == dict(leaves(second.train(3)))


def test_only_two_generations_are_kept_and_no_pickle_among_them(tmp_path):
    cohort = cohort_of("nsgan")
    for _ in range(4):
        cohort.train(1)
        save_cohort(tmp_path / "c", cohort)

    names = sorted(path.name for path in (tmp_path / "c").iterdir())
    assert names == [f"0000000{n}.{kind}" for n in (3, 4) for kind in ("json", "safetensors")]
    content = json.loads((tmp_path / "c" / "00000004.json").read_text())["content"]
    assert content["about"] == {"step": 4}
    assert "cohort.state.generator.weights" in load_file(tmp_path / "c" / "00000004.safetensors")


@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
@pytest.mark.parametrize("harm", ["empty", "half", "flipped", "gone"])
def test_a_damaged_generation_gives_way_to_the_older(tmp_path, suffix, harm):
    first, second, notes = cohort_of("nsgan"), cohort_of("nsgan"), []
    for _ in range(2):
        first.train(1)
        save_cohort(tmp_path, first)
    damage(tmp_path / f"00000002{suffix}", harm)

    assert load_cohort(tmp_path, second, notes.append)
    assert second.state.step == 1
    gone = harm == "gone" and suffix == ".json"
    assert len(notes) == (0 if gone else 1)
    assert all("00000002.json is damaged and not used: " in note for note in notes)
    save_cohort(tmp_path, second)
    assert load_cohort(tmp_path, first, pytest.fail)


def damage(path, harm):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    harmed = {"empty": b"", "half": content[: len(content) // 2], "flipped": content}
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(harmed[harm])


def test_a_checkpoint_of_other_members_is_not_used(tmp_path):
    first, second, notes = cohort_of("nsgan"), cohort_of("nsgan", members=3), []
    save_cohort(tmp_path, first)
    before = state_leaves(second)

    assert not load_cohort(tmp_path, second, notes.append)
    assert notes[0].endswith("is not used: its configs must be those of this cohort, got others")
    assert state_leaves(second) == before
    assert not load_cohort(tmp_path / "nowhere", second, pytest.fail)


def test_a_full_disk_leaves_the_older_generation_as_it_was(tmp_path, monkeypatch):
    first, second = cohort_of("nsgan"), cohort_of("nsgan")
    save_cohort(tmp_path, first)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint, "_sync", full)
    with pytest.raises(OSError, match="No space left"):
        save_cohort(tmp_path, first)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert load_cohort(tmp_path, second)


class Pair(NamedTuple):
    left: object
    right: object


@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    x: float
    tags: tuple[str, ...] = ()


class Box:
    def __init__(self, item):
        self.item = item


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, -0.5, "text", float("inf"), float("-inf"), [], (), {}, [1, (2, [3.5])],
        {1: "a", (2, "b"): None}, torch.float64, Pair(1, (2,)), [Point(0.1, ("a",)), Point(float("inf"))],
    ],
    ids=repr,
)  # fmt: skip
def test_plain_values_come_back_as_they_were(value):
    packed = pack(value)
    through_json = dataclasses.replace(packed, tree=json.loads(json.dumps(packed.tree, allow_nan=False)))
    found = unpack(through_json, known=(Pair, Point))

    assert (found, type(found)) == (value, type(value))
    assert packed.tensors == {}


@pytest.mark.parametrize(
    "value",
    [
        torch.tensor(7), torch.empty(3, 0), torch.ones(2, 3).T, torch.tensor([True]),
        torch.tensor([torch.nan]), torch.tensor([1.5], dtype=torch.bfloat16),
        torch.ones(2, 2, 2, 2).to(memory_format=torch.channels_last),
        np.arange(6.0).reshape(2, 3)[:, ::2], np.array([], dtype=np.float64), np.float32(0.1), np.int64(3),
    ],
    ids=repr,
)  # fmt: skip
def test_numbers_come_back_in_their_precision_and_shape(value):
    found = unpack(pack([value]))[0]

    assert type(found) is type(value)
    assert (found.dtype, found.shape) == (value.dtype, value.shape)
    assert np.array_equal(np.asarray(found.tolist()), np.asarray(value.tolist()), equal_nan=True)


def test_objects_that_change_are_restored_in_place_and_streams_go_on():
    draws, box = stream(0, "test"), Box([1])
    alias = box
    packed = pack({"box": box, "draws": draws})
    expected = torch.rand(3, generator=stream(0, "test"))
    torch.rand(5, generator=draws)
    box.item = "changed"
    unpack(packed, {"box": box, "draws": draws})

    assert alias.item == [1]
    assert torch.equal(torch.rand(3, generator=draws), expected)


def test_names_that_are_spelled_alike_do_not_collide():
    value = {"a.b": torch.tensor(1), "a": {"b": torch.tensor(2)}}

    assert {str(key): str(part) for key, part in unpack(pack(value)).items()} == {
        "a.b": "tensor(1)",
        "a": "{'b': tensor(2)}",
    }


def test_an_object_of_a_class_that_nobody_knows_is_refused():
    packed = pack({"point": Point(1.0)})

    with pytest.raises(
        ValueError, match=r"checkpoint: point must be a Box, got a .*:Point; it was written by"
    ):
        unpack(packed, {"point": Box(1)})
