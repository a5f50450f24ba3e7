"""ganbench data and --data-root: what they say, how they end, and that workers hear of the folder."""

import os
import subprocess
import sys

import pytest
from planted_data import TRAIN, plant_idx

import bench.cli
from gans.data import FILES


@pytest.fixture
def ask(data_root, monkeypatch, capsys):
    """Run a command line; its exit code, what it printed and what it complained of."""
    monkeypatch.setattr(bench.cli.signal, "signal", lambda *_: None)

    def run(*arguments):
        code = bench.cli.main([str(each) for each in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def test_all_data_sets_are_listed_with_where_they_were_looked_for(ask, data_root):
    plant_idx(data_root / "MNIST" / "raw")

    code, told, complaints = ask("data")

    assert (code, complaints) == (0, "")
    place = f"read from {data_root / 'MNIST/raw'} (--data-root or GANBENCH_DATA), checksums verified"
    assert f"mnist: {TRAIN} to train on, 20 held out, 1 x 28 x 28 numbers each, 10 classes; {place}" in told
    assert "cifar10: not found\n  looked in " in told
    assert f"  looked in {data_root / 'cifar-10-batches-py'} (--data-root or GANBENCH_DATA)" in told
    assert (
        "to get it: ganbench data cifar10 --download (171 MB), or name the folder above cifar-10-batches-py"
        in told
    )
    assert "folder: your own images; folder:PATH" in told


def test_a_damaged_data_set_does_not_keep_the_others_from_being_listed(ask, data_root):
    (plant_idx(data_root / "MNIST" / "raw") / "train-images-idx3-ubyte").write_text("x")

    code, told, _ = ask("data")

    assert code == 0
    assert "mnist: found, but " in told
    assert "digits: 1100 to train on" in told


@pytest.mark.parametrize("name", FILES)
def test_a_data_set_asked_for_by_name_must_be_there(ask, name):
    code, told, complaints = ask("data", name)

    assert (code, told) == (2, "")
    assert complaints.startswith(f"ganbench: dataset {FILES[name].name!r}: must be in one of ")
    assert complaints.count("\n") == 1


def test_the_option_names_the_data_root_and_wins_over_the_environment(ask, data_root, tmp_path, monkeypatch):
    plant_idx(tmp_path / "other" / "MNIST" / "raw")

    code, told, _ = ask("data", "mnist", "--data-root", tmp_path / "other")

    assert code == 0
    assert str(tmp_path / "other" / "MNIST" / "raw") in told
    assert os.environ["GANBENCH_DATA"] == str(tmp_path / "other")  # where worker processes find it


def test_an_audit_reads_from_the_folder_that_the_option_names(ask, data_root, tmp_path):
    plant_idx(tmp_path / "other" / "MNIST" / "raw")

    missing = ask("audit", "mnist")
    code, told, _ = ask("audit", "mnist", "--data-root", tmp_path / "other")

    assert (missing[0], code) == (2, 0)
    assert f"{TRAIN} images of 1 x 28 x 28 numbers, 20 held out" in told


def test_a_sample_is_drawn_with_the_folder_that_the_option_names(ask, data_root, tmp_path):
    (tmp_path / "other").mkdir()

    code, _, _ = ask("sample", tmp_path / "no-runs", "r1", "--data-root", tmp_path / "other")

    assert code == 2  # there is no such run; the option was taken nevertheless
    assert os.environ["GANBENCH_DATA"] == str(tmp_path / "other")


def test_a_worker_process_sees_what_the_option_named(ask, data_root, tmp_path):
    plant_idx(tmp_path / "other" / "MNIST" / "raw")
    ask("data", "mnist", "--data-root", tmp_path / "other")
    ours = "from gans.data.mnist import MNIST; print(MNIST.find().folder)"

    theirs = subprocess.run([sys.executable, "-c", ours], capture_output=True, text=True, check=True)

    assert theirs.stdout.strip() == str(tmp_path / "other" / "MNIST" / "raw")


@pytest.mark.parametrize(
    "command", [["data"], ["plan", "smoke"], ["run", "smoke"], ["audit", "mnist"], ["sample", "out", "r1"]]
)
def test_a_data_root_that_is_no_folder_is_refused_by_every_command(ask, tmp_path, command):
    code, _, complaints = ask(*command, "--data-root", tmp_path / "nowhere")

    assert code == 2
    assert complaints.startswith("ganbench: --data-root: must be a folder, got no such folder: ")
    assert complaints.count("\n") == 1


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--download"], "--download: must have a data set to fetch, got none; name one"),
        (
            ["digits", "--download"],
            "--download: must name a data set that can be fetched, got 'digits'; choose",
        ),
        (["minst"], "dataset: must be a known dataset, got 'minst'; did you mean 'mnist'?"),
        (["folder:nowhere"], "nowhere: must be a folder of images, got no such folder"),
        (["folder"], "dataset: must read folder:PATH"),
    ],
)
def test_what_cannot_be_answered_is_told_in_one_line(ask, arguments, message):
    code, _, complaints = ask("data", *arguments)

    assert code == 2
    assert complaints.startswith(f"ganbench: {message}")
    assert complaints.count("\n") == 1


def test_a_download_happens_on_request_alone(ask, data_root, monkeypatch):
    from torchvision import datasets

    asked = []

    def fetch(folder, download):
        asked.append(folder)
        plant_idx(data_root / "MNIST" / "raw")

    monkeypatch.setattr(datasets, "MNIST", fetch)

    without, _, _ = ask("data", "mnist")
    nobody_asked = list(asked)
    code, told, _ = ask("data", "mnist", "--download")

    assert (without, nobody_asked, code, asked) == (2, [], 0, [str(data_root)])
    assert f"mnist: now in {data_root}" in told


def test_a_profile_that_needs_missing_files_ends_with_one_line(ask, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.toml").write_text(
        'name = "p"\n[[grid]]\nname = "g"\ndataset = "mnist"\nrecipe = "nsgan"\ngenerator_width = 8\n'
        "batch_size = 8\nsteps = 10\nseeds = 1\n"
    )

    code, _, complaints = ask("plan", "p.toml")

    assert code == 2
    assert "dataset 'mnist': must be in one of " in complaints
    assert complaints.count("\n") == 1


def test_a_profile_that_names_a_spoiled_folder_ends_with_one_line_that_names_the_file(
    ask, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pictures").mkdir()
    for name in ("a.png", "b.png"):
        (tmp_path / "pictures" / name).write_text("no image")

    code, _, complaints = ask("plan", "smoke", "--set", "dataset=folder:pictures")

    assert code == 2
    assert "pictures/a.png: must be a readable image, got cannot identify" in complaints
    assert complaints.count("\n") == 1


def test_the_command_to_go_on_with_names_the_data_root_again(tmp_path):
    from bench.commands.run import RunOptions, _command

    assert _command("p", [], None, RunOptions(data_root=tmp_path)) == f"ganbench run p --data-root {tmp_path}"
