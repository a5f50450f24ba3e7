"""Data sets from files: where they are looked for, what they must be, and that work is done once."""

import gzip
import os
import pickle
import re
import stat

import numpy as np
import pytest
import torch
from planted_data import HOLDOUT, TRAIN, cifar_images, images, labels, plant_batch, plant_cifar, plant_idx

from gans.cohort import Cohort
from gans.data import FILES, DataError, checksums, load, validate
from gans.data.cifar import CIFAR10, read_batch
from gans.data.idx import read_idx, write_idx
from gans.data.mnist import FASHION, MNIST, modes_of
from gans.data.pixels import Pixels
from gans.defaults import config_of


@pytest.fixture
def counted(monkeypatch):
    """How many files were read for their checksum."""
    seen = []
    digest = checksums.hashlib.file_digest
    monkeypatch.setattr(checksums.hashlib, "file_digest", lambda *a: seen.append(a) or digest(*a))
    return seen


@pytest.mark.parametrize("packed", [False, True])
def test_mnist_is_read_from_torchvisions_folder_plain_or_gzipped(data_root, packed):
    plant_idx(data_root / "MNIST" / "raw", packed=packed)

    dataset = load("mnist")

    assert validate(dataset, "mnist") is dataset
    assert (dataset.name, dataset.classes, dataset.bounded) == ("mnist", 10, True)
    for part, found, seed, count in (
        (dataset.train, dataset.train_labels, 0, TRAIN),
        (dataset.holdout, dataset.holdout_labels, 1, HOLDOUT),
    ):
        assert torch.equal(part.dense(), torch.from_numpy(images(count, seed)).float()[:, None] / 127.5 - 1)
        assert found.tolist() == labels(count).tolist()


def test_torchvision_reads_the_same_from_the_same_folder(data_root, monkeypatch):
    from torchvision.datasets import MNIST as THEIRS

    plant_idx(data_root / "MNIST" / "raw")

    theirs = THEIRS(str(data_root), train=False)

    assert torch.equal(load("mnist").holdout.dense(), theirs.data[:, None].float() / 127.5 - 1)
    assert torch.equal(load("mnist").holdout_labels, theirs.targets)


@pytest.mark.parametrize("name", ["mnist32", "fashion-mnist32", "stacked-mnist32"])
def test_32_pixels_are_the_28_with_background_around(data_root, name):
    plant_idx(data_root / "MNIST" / "raw")
    plant_idx(data_root / "FashionMNIST" / "raw", FASHION)

    wide, narrow = load(name), load(name.removesuffix("32"))

    assert wide.train.shape[2:] == (32, 32)
    assert wide.name == name
    assert torch.equal(wide.train[:9, :, 2:-2, 2:-2], narrow.train[:9])
    wide_sum, narrow_sum = (dataset.train[:9].double().sum().item() for dataset in (wide, narrow))
    background = 9 * narrow.train.shape[1] * (32**2 - 28**2)
    assert wide_sum == pytest.approx(narrow_sum - background, abs=0.01)


def test_plain_files_are_mapped_and_not_read_into_memory(data_root):
    folder = plant_idx(data_root / "MNIST" / "raw")

    table = load("mnist").train.table
    with (folder / "train-images-idx3-ubyte").open("r+b") as stream:
        stream.seek(16)
        stream.write(bytes([7]))
    before = int(table[0, 0, 0, 0])
    table[0, 0, 0, 0] = 9  # never done by us: it must reach neither the file nor another process

    assert before == 7
    assert (folder / "train-images-idx3-ubyte").read_bytes()[16] == 7


def test_a_gzipped_file_is_unpacked_once(data_root, monkeypatch):
    plant_idx(data_root / "MNIST" / "raw", packed=True)
    first = load("mnist").train.dense()
    load.cache_clear()
    monkeypatch.setattr(gzip, "open", None)

    assert torch.equal(load("mnist").train.dense(), first)


def test_checksums_are_verified_once_for_a_file_and_again_when_it_changes(data_root, counted):
    folder = plant_idx(data_root / "MNIST" / "raw")

    load("mnist")
    load.cache_clear()
    load("mnist")
    after_two = len(counted)
    path = folder / "train-images-idx3-ubyte"
    os.utime(path, ns=(1, 1))
    load.cache_clear()
    load("mnist")

    assert (after_two, len(counted)) == (4, 5)


def test_a_file_that_was_changed_after_it_was_verified_is_refused(data_root):
    folder = plant_idx(data_root / "MNIST" / "raw")
    load("mnist")
    load.cache_clear()
    write_idx(folder / "t10k-images-idx3-ubyte", images(HOLDOUT, seed=9))
    os.utime(folder / "t10k-images-idx3-ubyte", ns=(2, 2))

    with pytest.raises(
        DataError, match=r"t10k-images-idx3-ubyte: must have the sha256 .* delete it and get it"
    ):
        load("mnist")


def test_notes_of_checksums_that_were_damaged_are_taken_again(data_root, tmp_path, counted):
    plant_idx(data_root / "MNIST" / "raw")
    load("mnist")
    (notes,) = tmp_path.rglob(checksums.NOTES)
    notes.write_text("{")
    load.cache_clear()

    assert load("mnist").size == TRAIN
    assert len(counted) == 8


def test_a_cache_that_cannot_be_written_costs_time_and_nothing_else(data_root, tmp_path, monkeypatch):
    plant_idx(data_root / "MNIST" / "raw")
    plant_cifar(data_root)
    (tmp_path / "blocked").write_text("a file")
    monkeypatch.setenv("GANBENCH_CACHE", str(tmp_path / "blocked"))

    assert (load("mnist").size, load("cifar10").size) == (TRAIN, 50)


def test_gzipped_files_without_a_cache_are_told_in_a_line(data_root, tmp_path, monkeypatch):
    plant_idx(data_root / "MNIST" / "raw", packed=True)
    (tmp_path / "blocked").write_text("a file")
    monkeypatch.setenv("GANBENCH_CACHE", str(tmp_path / "blocked"))

    with pytest.raises(
        DataError, match=r"must be writable to unpack train-images-idx3-ubyte.gz into"
    ) as caught:
        load("mnist")
    assert "\n" not in str(caught.value)


def test_the_package_of_debian_is_found(data_root, tmp_path):
    plant_idx(tmp_path / "debian" / "fashion-mnist", FASHION, packed=True)

    assert load("fashion-mnist").size == TRAIN
    assert FASHION.find().why == "Debian package"


def test_the_data_root_goes_before_downloads_and_packages(data_root, tmp_path):
    for folder in (tmp_path / "debian" / "fashion-mnist", data_root / "FashionMNIST" / "raw"):
        plant_idx(folder, FASHION)

    assert FASHION.find().folder == data_root / "FashionMNIST" / "raw"


@pytest.mark.parametrize("name", FILES)
def test_a_data_root_without_the_set_is_told_in_one_line_with_the_remedy(data_root, name):
    files = FILES[name]

    with pytest.raises(DataError) as caught:
        load(name)

    message = str(caught.value)
    assert message.startswith(f"dataset {files.name!r}: must be in one of {data_root / files.folder}, ")
    assert f"or fetch {files.megabytes} MB: ganbench data {files.name} --download" in message
    assert "\n" not in message


def test_a_set_of_which_a_file_is_missing_is_told_with_its_name(data_root):
    (plant_idx(data_root / "MNIST" / "raw") / "t10k-labels-idx1-ubyte").unlink()

    with pytest.raises(
        DataError, match=re.escape(f"{data_root / 'MNIST/raw'} lacks t10k-labels-idx1-ubyte; ")
    ):
        load("mnist")


@pytest.mark.parametrize("made, found", [(False, "no such folder"), (True, "a file")])
def test_a_data_root_that_is_no_folder_is_told(data_root, tmp_path, monkeypatch, made, found):
    if made:
        (tmp_path / "other").write_text("")
    monkeypatch.setenv("GANBENCH_DATA", str(tmp_path / "other"))

    with pytest.raises(DataError, match=f"--data-root or GANBENCH_DATA: must be a folder, got {found}: "):
        load("mnist")


def _empty(path):
    path.write_bytes(b"")


def _short(path):
    path.write_bytes(path.read_bytes()[:-1])


def _text(path):
    path.write_text("<html>404 not found</html>")


def _deep(path):
    path.write_bytes(bytes([0, 0, 8, 4]) + path.read_bytes()[4:])


@pytest.mark.parametrize("damage", [_empty, _short, _text, _deep])
def test_a_damaged_idx_file_is_told_in_one_line(tmp_path, damage):
    path = tmp_path / "train-images-idx3-ubyte"
    write_idx(path, images(3))
    damage(path)

    with pytest.raises(DataError, match=f"^{re.escape(str(path))}: must .*; get it again$"):
        read_idx(path, axes=3)


def test_a_damaged_archive_is_told_in_one_line(data_root):
    folder = plant_idx(data_root / "MNIST" / "raw", packed=True)
    path = folder / "train-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(
        DataError, match=r"train-images-idx3-ubyte.gz: must be a whole gzip file, got .*; get it"
    ):
        load("mnist")


def test_modes_of_stacked_images_are_their_digits_read_as_a_number():
    digits = torch.cartesian_prod(*[torch.arange(10)] * 3)

    assert modes_of(digits).tolist() == list(range(1000))


def test_stacked_channels_are_digits_and_the_label_says_which(data_root):
    plant_idx(data_root / "MNIST" / "raw")
    mnist, stacked = load("mnist"), load("stacked-mnist")
    label_of = {
        image.numpy().tobytes(): int(label)
        for image, label in zip(mnist.train, mnist.train_labels, strict=True)
    }

    digits = [
        [label_of[channel[None].numpy().tobytes()] for channel in image] for image in stacked.train[:200]
    ]

    assert modes_of(torch.tensor(digits)).tolist() == stacked.train_labels[:200].tolist()
    assert (stacked.size, len(stacked.holdout), stacked.classes) == (128_000, 26_000, 1000)


def test_stacked_images_are_made_of_one_table_of_digits(data_root):
    plant_idx(data_root / "MNIST" / "raw")

    train = load("stacked-mnist").train

    assert isinstance(train, Pixels)
    assert train.table.shape == (TRAIN, 1, 28, 28)


def test_stacked_images_are_the_same_whenever_they_are_made_and_every_channel_has_its_own(data_root):
    plant_idx(data_root / "MNIST" / "raw")
    first = load("stacked-mnist").train.parts
    load.cache_clear()

    again = load("stacked-mnist").train.parts

    assert torch.equal(again, first)
    # Two channels of 128,000 images agree by chance in one of 40, with a standard deviation of 0.00044.
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert (first[:, one] == first[:, other]).double().mean().item() == pytest.approx(
            1 / TRAIN, abs=0.002
        )


def test_a_gan_trains_on_stacked_images_as_on_their_floats(data_root):
    plant_idx(data_root / "MNIST" / "raw")
    from dataclasses import replace

    stacked = load("stacked-mnist")
    few = replace(stacked, train=Pixels(stacked.train.table, stacked.train.parts[:50]), train_labels=None)
    floats = replace(few, train=few.train.dense())
    config = config_of(
        "nsgan", dataset="stacked-mnist", batch_size=4, data_size=50, generator_width=4, discriminator_width=4
    )

    kept, plain = (Cohort([config], each).train(3) for each in (few, floats))

    assert all(torch.equal(kept[name], plain[name]) for name in plain)


def test_cifar_is_read_in_the_order_of_its_batches(data_root):
    plant_cifar(data_root)

    dataset = load("cifar10")

    pixels = np.concatenate([cifar_images(10, seed) for seed in range(5)]).reshape(50, 3, 32, 32)
    assert validate(dataset, "cifar10") is dataset
    assert torch.equal(dataset.train.dense(), torch.from_numpy(pixels).float() / 127.5 - 1)
    assert dataset.train_labels.tolist() == list(range(10)) * 5
    assert len(dataset.holdout) == 10


def test_cifar_batches_are_decoded_once(data_root, monkeypatch):
    plant_cifar(data_root)
    first = load("cifar10").train.dense()
    load.cache_clear()
    monkeypatch.setattr("gans.data.cifar.read_batch", None)

    assert torch.equal(load("cifar10").train.dense(), first)


class _Trap:
    def __reduce__(self):
        return os.mkdir, ("sprung",)


def test_a_batch_that_would_run_code_is_refused_and_runs_none(data_root, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = plant_cifar(data_root)
    plant_batch(folder / "data_batch_3", pickle.dumps({"data": _Trap(), "labels": []}, protocol=2))

    with pytest.raises(DataError, match=r"data_batch_3: must be a batch .*asks for posix.mkdir; delete it"):
        load("cifar10")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"not a pickle", pickle.dumps([1, 2]), pickle.dumps({"data": 3, "labels": [1]}),
     pickle.dumps({"data": np.zeros((2, 3072), np.float32), "labels": [1, 2]}),
     pickle.dumps({"data": np.zeros((2, 3072), np.uint8), "labels": [1]})],
)  # fmt: skip
def test_what_is_no_batch_is_told_in_one_line(tmp_path, content):
    path = tmp_path / "data_batch_1"
    path.write_bytes(content)

    with pytest.raises(
        DataError, match="data_batch_1: must be a batch of CIFAR-10 in Python's format, got"
    ) as caught:
        read_batch(path)
    assert "\n" not in str(caught.value)


def test_a_batch_written_by_python_2_is_read(tmp_path):
    # As Python 2 wrote them: text as byte strings, the array's content too.
    content = (
        b"\x80\x02}q\x01(U\x04dataq\x02cnumpy.core.multiarray\n_reconstruct\nq\x03cnumpy\nndarray\nq\x04K\x00\x85U\x01b"
        b"\x87Rq\x05(K\x01K\x01M\x00\x0c\x86cnumpy\ndtype\nq\x06U\x02u1K\x00K\x01\x87Rq\x07(K\x03U\x01|NNNJ\xff\xff\xff\xff"
        b"J\xff\xff\xff\xffK\x00tb\x89T\x00\x0c\x00\x00"
        + bytes(range(256)) * 12
        + b"tbU\x06labelsq\x08]q\tK\x06au."
    )
    path = tmp_path / "data_batch_1"
    path.write_bytes(content)

    pixels, found = read_batch(path)

    assert (pixels.shape, found.tolist()) == ((1, 3, 32, 32), [6])
    assert pixels[0, 2, 31, 31] == 255


def test_a_wrong_checksum_is_found_before_a_pickle_is_opened(data_root, monkeypatch):
    folder = plant_cifar(data_root)
    (folder / "test_batch").write_bytes(b"another")
    monkeypatch.setattr("gans.data.cifar.read_batch", None)

    with pytest.raises(DataError, match="test_batch: must have the md5"):
        load("cifar10")


def test_md5_sums_are_those_that_torchvision_knows():
    from torchvision.datasets import CIFAR10 as THEIRS

    assert {**CIFAR10.checksums} == dict(THEIRS.train_list + THEIRS.test_list)


def test_a_download_goes_to_the_data_root_and_is_verified(data_root, monkeypatch):
    from torchvision import datasets

    monkeypatch.setattr(datasets, "MNIST", lambda folder, download: plant_idx(data_root / "MNIST" / "raw"))

    assert MNIST.download() == data_root
    assert load("mnist").size == TRAIN


def test_a_download_that_fails_is_told_in_one_line(data_root, monkeypatch):
    from torchvision import datasets

    def fail(folder, download):
        raise RuntimeError("Error downloading:\nTried mirrors")

    monkeypatch.setattr(datasets, "MNIST", fail)

    with pytest.raises(
        DataError, match=r"must be downloadable into .* got Error downloading: Tried mirrors; see the"
    ):
        MNIST.download()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file: unreadable files are not proved")
def test_a_file_without_permission_is_told(data_root):
    folder = plant_idx(data_root / "MNIST" / "raw")
    (folder / "train-images-idx3-ubyte").chmod(stat.S_IWUSR)

    with pytest.raises(DataError, match="train-images-idx3-ubyte: must be readable"):
        load("mnist")
