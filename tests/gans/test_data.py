"""Data sets by name, what a user's own must satisfy, and nested subsets."""

import re
import sys
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gans.data import DATASETS, FILES, Dataset, load, subset_indices, validate

WITHOUT_FILES = [name for name in DATASETS if name not in FILES and name != "folder"]
"""Data sets that are always there; the others have tests of their own."""
every_dataset = pytest.mark.parametrize("name", WITHOUT_FILES)
every_varied_dataset = pytest.mark.parametrize(
    "name", [name for name in WITHOUT_FILES if not load(name).is_constant]
)
few_examples = settings(deadline=None, max_examples=25, derandomize=True)
NAN, INFINITY = float("nan"), float("inf")


def _dataset(**changed) -> Dataset:
    points = torch.tensor([[0.0, 0.5], [-1.0, 1.0], [0.25, 0.0]])
    labels = torch.tensor([0, 1, 1])
    good = Dataset(
        name="own",
        train=points,
        holdout=points[:2] / 2,
        train_labels=labels,
        holdout_labels=labels[:2],
        classes=2,
        bounded=True,
        mode_centers=torch.zeros(2, 2),
        mode_sd=0.1,
    )
    return replace(good, **changed)


@every_dataset
def test_every_registered_dataset_is_usable_and_bears_its_name(name):
    dataset = load(name)

    assert validate(dataset, name) is dataset
    assert dataset.name == name
    assert dataset.train.is_contiguous()
    assert dataset.holdout.is_contiguous()


@every_dataset
def test_a_dataset_is_loaded_once(name):
    assert load(name) is load(name)


@every_dataset
def test_a_dataset_is_the_same_whenever_it_is_made(name):
    again = DATASETS.get(name)()

    assert torch.equal(again.train, load(name).train)
    assert torch.equal(again.holdout, load(name).holdout)
    assert (again.train_labels is None) == (load(name).train_labels is None)
    if again.train_labels is not None:
        assert torch.equal(again.train_labels, load(name).train_labels)


def test_only_dirac_has_nothing_to_tell_its_samples_apart():
    assert [name for name in WITHOUT_FILES if load(name).is_constant] == ["dirac"]


@every_varied_dataset
def test_train_and_holdout_share_no_sample(name):
    dataset = load(name)
    both = torch.cat([dataset.train, dataset.holdout]).flatten(1)

    assert len(both.unique(dim=0)) == len(both)


@every_dataset
def test_the_holdout_is_large_enough_for_the_metrics(name):
    assert len(load(name).holdout) >= 500


def test_size_and_sample_shape_describe_the_training_samples():
    dataset = _dataset()

    assert (dataset.size, dataset.sample_shape) == (3, (2,))


def test_pooled_rows_count_the_training_samples_first():
    dataset = _dataset()

    found = dataset.pooled(torch.tensor([4, 0, 3, 2]))

    assert torch.equal(found, torch.cat([dataset.train, dataset.holdout])[[4, 0, 3, 2]])


def test_a_misspelled_dataset_is_answered_with_the_nearest_one():
    with pytest.raises(ValueError, match=r"must be a known dataset, got 'ring'; did you mean 'ring8'\?"):
        load("ring")


@pytest.mark.parametrize(
    "changed, message",
    [
        ({"train": [[0.0, 1.0]]}, "train must be a torch.Tensor, got list"),
        (
            {"train": torch.zeros(3, 2, dtype=torch.float16)},
            "train must be float32 or float64, got float16",
        ),
        ({"holdout": torch.zeros(3, 2, dtype=torch.int64)}, "holdout must be float32 or float64, got int64"),
        (
            {"holdout": torch.zeros(3, 2, dtype=torch.float64)},
            "holdout must have the precision of train, float32, got float64",
        ),
        ({"train": torch.zeros(3)}, "train must have shape (n, *sample_shape) with n >= 1, got (3,)"),
        ({"train": torch.zeros(0, 2)}, "train must have shape (n, *sample_shape) with n >= 1, got (0, 2)"),
        ({"train": torch.tensor([[0.0, NAN], [0.0, 0.0]])}, "train must be finite, got 1 samples with NaN"),
        ({"holdout": torch.tensor([[INFINITY, NAN]])}, "holdout must be finite, got 1 samples with NaN"),
        ({"train": torch.tensor([[0.0, 16.0]])}, "train must lie within [-1, 1] when bounded, got [0, 16]"),
        (
            {"holdout": torch.zeros(2, 3)},
            "holdout samples must have the shape of training samples (2,), got (3,)",
        ),
        (
            {"train_labels": torch.tensor([0, 1])},
            "train_labels must be int64 of shape (3,), got torch.int64 (2,)",
        ),
        ({"train_labels": [0, 1, 1]}, "train_labels must be int64 of shape (3,), got list"),
        (
            {"holdout_labels": torch.zeros(2)},
            "holdout_labels must be int64 of shape (2,), got torch.float32 (2,)",
        ),
        (
            {"train_labels": torch.tensor([0, 1, 2])},
            "train_labels must lie between 0 and classes - 1 = 1, got [0, 2]",
        ),
        (
            {"train_labels": torch.tensor([0, 1, -1])},
            "train_labels must lie between 0 and classes - 1 = 1, got [-1, 1]",
        ),
        ({"mode_sd": None}, "mode_centers must come with a positive mode_sd, got mode_sd None"),
        ({"mode_sd": 0.0}, "mode_centers must come with a positive mode_sd, got mode_sd 0.0"),
        ({"mode_centers": torch.zeros(3, 2)}, "mode_centers must be finite of shape (2, 2), got (3, 2)"),
        ({"mode_centers": torch.full((2, 2), NAN)}, "mode_centers must be finite of shape (2, 2)"),
    ],
)
def test_what_cannot_be_trained_on_is_told_in_one_line(changed, message):
    with pytest.raises(ValueError, match=re.escape(f"dataset 'own': {message}")) as caught:
        validate(_dataset(**changed), "own")

    assert "\n" not in str(caught.value)


def test_a_dataset_in_double_precision_is_usable():
    points = torch.tensor([[100.0, -100.0]], dtype=torch.float64)
    double = Dataset("double", points, points, None, None, classes=0, bounded=False)

    assert validate(double, "double") is double


def test_labels_modes_and_bounds_are_optional():
    points = torch.tensor([[100.0, -100.0]])
    plain = Dataset("plain", points, points, None, None, classes=0, bounded=False)

    assert validate(plain, "plain") is plain


@pytest.fixture
def own_module(tmp_path, monkeypatch):
    """A user's module in the current folder; nothing of it stays behind."""
    (tmp_path / "own_data.py").write_text(
        "import torch\n"
        "from gans.data import Dataset\n"
        "points = torch.arange(8.0).reshape(4, 2)\n"
        "def good():\n    return Dataset('a', points, points + 9, None, None, classes=0, bounded=False)\n"
        "def wrong():\n    return points\n"
        "def scaled():\n    return Dataset('x', points, points, None, None, classes=0, bounded=True)\n"
        "def failing():\n    raise OSError('no such file\\nreally')\n"
        "def needy(folder):\n    return None\n"
    )
    monkeypatch.chdir(tmp_path)
    yield
    sys.modules.pop("own_data", None)


@pytest.mark.usefixtures("own_module")
def test_a_users_own_dataset_is_named_by_its_import_path_whatever_it_calls_itself():
    dataset = load("own_data:good")

    assert dataset.name == "own_data:good"
    assert dataset.train.tolist() == [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [6.0, 7.0]]


@pytest.mark.usefixtures("own_module")
@pytest.mark.parametrize(
    "name, message",
    [
        ("own_data:wrong", "dataset 'own_data:wrong': must return a gans.data.Dataset, got Tensor"),
        ("own_data:points", "dataset: 'own_data:points' must be a function without arguments"),
        (
            "own_data:scaled",
            "dataset 'own_data:scaled': train must lie within [-1, 1] when bounded, got [0, 7]",
        ),
        ("own_data:failing", "must return a gans.data.Dataset, got OSError: no such file; call it"),
        ("own_data:needy", "must return a gans.data.Dataset, got TypeError: needy() missing 1 required"),
        ("own_data:god", "must define 'god', got no such name; did you mean 'good'?"),
    ],
)
def test_a_users_faulty_dataset_is_told_in_one_line(name, message):
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        load(name)

    assert "\n" not in str(caught.value)


@few_examples
@given(size=st.integers(1, 300), data=st.data())
def test_a_smaller_subset_is_the_beginning_of_a_larger_one(size, data):
    small, large = sorted((data.draw(st.integers(1, size)), data.draw(st.integers(1, size))))

    chosen = subset_indices(size, large, seed=5)

    assert torch.equal(subset_indices(size, small, seed=5), chosen[:small])
    assert chosen.dtype == torch.int64
    assert len(chosen.unique()) == large
    assert chosen.min() >= 0
    assert chosen.max() < size


def test_the_whole_dataset_is_a_reordering_of_all_of_it():
    assert subset_indices(1100, 1100, seed=0).sort().values.tolist() == list(range(1100))


def test_the_same_seed_chooses_the_same_samples_and_another_seed_others():
    assert torch.equal(subset_indices(1100, 64, seed=0), subset_indices(1100, 64, seed=0))
    assert not torch.equal(subset_indices(1100, 64, seed=0), subset_indices(1100, 64, seed=1))


def test_seed_0_chooses_the_samples_that_stored_results_were_made_with():
    # Printed on 2026-11-23 with torch 2.15.
    assert subset_indices(1100, 5, seed=0).tolist() == [325, 1035, 639, 12, 473]


def test_every_sample_is_chosen_as_often_as_any_other():
    chosen = torch.cat([subset_indices(10, 3, seed) for seed in range(2000)])

    counts = torch.bincount(chosen, minlength=10).double()

    # Each count is binomial (2000, 0.3), sd 20.5; five of them leave one false alarm in 10**5.
    assert (counts - 600).abs().max().item() < 5 * 20.5


@pytest.mark.parametrize("data_size", [0, -1, 1101])
def test_a_data_size_beyond_the_dataset_is_refused(data_size):
    with pytest.raises(ValueError, match=f"data_size: must be between 1 and 1100.* got {data_size}"):
        subset_indices(1100, data_size, seed=0)
