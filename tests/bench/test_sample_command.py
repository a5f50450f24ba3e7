"""ganbench sample draws from stored generators what their runs drew, and says in a line why it cannot."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch
from bench_helpers import make_config, make_record
from PIL import Image
from safetensors.torch import load_file
from test_checkpoints import tiny
from test_sweep import Told, plan_of

import bench
from bench.artifacts import GAP, GAP_GREY, SCALE, evaluation_latents, sheet
from bench.cli import main
from bench.commands.sample import _picture
from bench.engines.serial import SerialEngine
from bench.generators import GeneratorError, StoredGenerator, load_generator
from bench.jobs import CohortJob
from bench.metrics import reference_for
from bench.records import spool
from bench.records.store import open_store
from bench.sweep import sweep
from bench.worker import run_cohort
from gans.cohort import Cohort
from gans.config import run_id
from gans.data import load

SMALL = {
    "dataset": "small_data:images", "recipe": ["nsgan"], "latent_dim": 2, "steps": 30, "evaluations": 3,
    "seeds": 2, "batch_size": 4, "generator_width": 4,
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A real sweep, a run that diverged, and one that failed."""
    out = tmp_path_factory.mktemp("sample") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bench.machine.gemm_gflops", lambda: 100.0)
        patch.setattr("bench.engines.task.give_back", lambda: None)
        sweep(plan_of(**SMALL), out, SerialEngine, Told())
    run_cohort(CohortJob("w", (wild(),), compiled=False, out=str(out)))
    with open_store(out, create=True) as store:
        store.ingest(item[1] for item in spool.read_all(out))
        store.ingest([make_record(failed(), status="failed", artifacts={}, error="no memory")])
    return out


def wild():
    return tiny(recipe="nsgan", seed=0, generator_lr=1e38)


def failed():
    return make_config(seed=77)


@pytest.fixture(scope="module")
def runs(folder):
    with open_store(folder) as store:
        return [run for run in store.load_runs() if run.status == "finished"]


def told(capsys, *words):
    code = main([*map(str, words)])
    said = capsys.readouterr()
    return code, said.out.splitlines(), said.err.splitlines()


def test_without_a_seed_the_raw_picture_is_the_stored_one(folder, runs, tmp_path, capsys):
    for run in runs:
        out = tmp_path / f"{run.run_id}.png"
        code, lines, _ = told(capsys, "sample", folder, run.run_id[:9], "--raw", "--out", out)
        drawn, stored = (
            np.asarray(Image.open(path)).astype(int)
            for path in (out, folder / "artifacts" / run.run_id / "samples.png")
        )

        assert code == 0
        assert lines == [
            f"64 samples of run {run.run_id} (nsgan on small_data:images, live weights, the latents of its "
            f"evaluations): {out}"
        ]
        assert drawn.shape == stored.shape
        # Kernels of a lone generator may round otherwise than those of a cohort: by a level of grey at most.
        assert np.abs(drawn - stored).max() <= 1
        assert (drawn == stored).mean() > 0.999


def test_the_latents_are_those_of_the_runs_evaluations(folder, runs):
    reference = reference_for(load("small_data:images"))
    generator = load_generator(folder, runs[0].run_id)

    assert generator.shown == reference.n == 80
    assert torch.equal(generator.latents(80), reference.latents(2))
    assert torch.equal(evaluation_latents("small_data:images", 80, 2), reference.latents(2))


@pytest.mark.parametrize("average", [True, False])
def test_a_loaded_generator_is_the_one_that_was_trained(folder, runs, average):
    run = runs[0]
    config = next(config for config in plan_of(**SMALL).cohorts[0].configs if run_id(config) == run.run_id)
    cohort = Cohort([config, replace(config, seed=5)], load(config.dataset))
    cohort.train(config.steps)
    generator = bench.load_generator(folder, run.run_id, average=average)
    latents = generator.latents(16, seed=3)

    expected = cohort.generate(latents, average=average)[0]
    assert torch.allclose(generator.from_latents(latents), expected, atol=1e-4)
    assert not torch.allclose(cohort.generate(latents, average=not average)[0], expected, atol=1e-4)
    assert not generator.module.training


def test_a_seed_names_its_samples(folder, runs):
    generator = load_generator(folder, runs[0].run_id)

    assert torch.equal(generator.draw(300, seed=1), generator.draw(300, seed=1))
    assert not torch.equal(generator.draw(5, seed=1), generator.draw(5, seed=2))
    assert generator.draw(600, seed=1).shape == (600, 1, 3, 3)


def test_samples_can_be_had_as_arrays(folder, runs, tmp_path, capsys):
    outs = [tmp_path / f"s{suffix}" for suffix in (".npz", ".safetensors", ".PNG")]
    words = [word for out in outs for word in ("--out", out)]
    code, _, errors = told(capsys, "sample", folder, runs[0].run_id, "--n", 10, "--seed", 4, *words)
    expected = load_generator(folder, runs[0].run_id).draw(10, seed=4)

    assert (code, errors) == (0, [])
    with np.load(outs[0], allow_pickle=False) as arrays:
        assert np.array_equal(arrays["samples"], expected.numpy())
        assert arrays["latents"].shape == (10, 2)
    assert torch.equal(load_file(outs[1])["samples"], expected)
    side = 3 * SCALE + GAP
    assert Image.open(outs[2]).size == (4 * side + GAP, 3 * side + GAP)


def test_batch_norm_comes_back_with_its_statistics(tmp_path):
    config = tiny(recipe="nsgan", network="dcgan", dataset="small_data:larger", generator_width=2,
                  discriminator_width=2, generator_depth=1, discriminator_depth=1)  # fmt: skip
    run_cohort(CohortJob("c", (config,), compiled=False, out=str(tmp_path)))
    with open_store(tmp_path, create=True) as store:
        store.ingest(item[1] for item in spool.read_all(tmp_path))
    cohort = Cohort([config], load(config.dataset))
    cohort.train(config.steps)
    generator = load_generator(tmp_path, run_id(config), average=False)

    assert generator.space.sample_shape == (3, 8, 8)
    latents = generator.latents(9, seed=0)
    assert torch.allclose(generator.from_latents(latents), cohort.generate(latents)[0], atol=1e-4)
    assert main(["sample", str(tmp_path), run_id(config), "--n", "4", "--out", str(tmp_path / "c.png")]) == 0
    assert Image.open(tmp_path / "c.png").mode == "RGB"


def test_points_of_a_mixture_are_drawn_over_its_modes():
    generator = StoredGenerator("r", make_config(), "live", torch.nn.Identity(), load("ring8"), 100)
    content = _picture(generator, torch.zeros(3, 2), torch.zeros(3, 2))

    assert content.startswith(b"\x89PNG")


def test_folders_from_before_samples_were_described_are_read_too(folder, runs, monkeypatch):
    expected = load_generator(folder, runs[0].run_id)
    monkeypatch.setattr("bench.generators._metadata", lambda content: {})
    found = load_generator(folder, runs[0].run_id)

    assert torch.equal(found.draw(70), expected.draw(70))


def refused(capsys, *words):
    code, lines, errors = told(capsys, "sample", *words)
    assert (code, lines, len(errors)) == (2, [], 1)
    return errors[0].removeprefix("ganbench: ")


def test_a_run_that_is_not_there_or_not_one_is_told(folder, capsys):
    assert "by its id or a unique start of it, got 'zz', found none" in refused(capsys, folder, "zz")
    assert "got '', found " in refused(capsys, folder, "")


def test_a_start_of_several_ids_is_told(tmp_path, capsys):
    configs = [make_config(seed=seed) for seed in range(17)]  # two of them begin with the same of 16 digits
    with open_store(tmp_path, create=True) as store:
        store.ingest(map(make_record, configs))
    starts = Counter(run_id(config)[0] for config in configs)
    start = next(digit for digit, count in starts.items() if count > 1)

    line = refused(capsys, tmp_path, start)
    assert f"got {start!r}, found {start}" in line
    assert line.endswith(" and more; ids are in report/runs.csv")


def test_a_diverged_run_has_nothing_to_draw_from(folder, capsys):
    for raw in ([], ["--raw"]):
        line = refused(capsys, folder, run_id(wild()), *raw)
        version = "live" if raw else "average"
        assert line == (
            f"run {run_id(wild())}: must have finite {version} weights, got NaN or infinity (it diverged at "
            "step 2 of 60); choose a run that stayed finite"
        )


def test_a_failed_run_left_no_generator(folder, capsys):
    line = refused(capsys, folder, run_id(failed()))

    assert line.endswith("must have left a generator, got none (it failed: no memory); train it again")


@pytest.mark.parametrize("harm", ["flipped", "cut", "gone"])
def test_a_damaged_file_is_told_by_its_checksum(folder, runs, tmp_path, capsys, harm):
    path = folder / "artifacts" / runs[0].run_id / "generator.safetensors"
    whole = path.read_bytes()
    try:
        if harm == "gone":
            path.unlink()
        else:
            path.write_bytes(whole[:-1] if harm == "cut" else whole[:-1] + bytes([whole[-1] ^ 1]))
        line = refused(capsys, folder, runs[0].run_id, "--out", tmp_path / "x.png")
    finally:
        path.write_bytes(whole)

    wanted = (
        "must be a file that can be read, got No such file" if harm == "gone" else "must have the SHA-256"
    )
    assert line.startswith(f"{path}: {wanted}")
    assert not (tmp_path / "x.png").exists()


def test_an_output_that_cannot_be_written_is_told(folder, runs, tmp_path, capsys):
    out = tmp_path / "nowhere" / "x.png"
    line = refused(capsys, folder, runs[0].run_id, "--out", out)

    assert line == f"--out: must be a place that can be written, got {out}: No such file or directory; " \
        "choose another"  # fmt: skip


@pytest.mark.parametrize(
    "words, line",
    [
        (["--n", "0"], "--n: must be an integer from 1 to 100000, got 0; 64 make a picture"),
        (
            ["--n", "81"],
            "--n: must be from 1 to 80, the latents of an evaluation, got 81; give a --seed for more",
        ),
        (["--seed", "-1"], "--seed: must be an integer >= 0, got -1; leave it out for the evaluation's"),
        (["--out", "x.gif"], "--out: must end in .png, .npz, .safetensors, got 'x.gif'; a picture is a .png"),
    ],
)
def test_options_that_cannot_be_are_told(folder, runs, capsys, words, line):
    assert refused(capsys, folder, runs[0].run_id, *words) == line


def test_a_folder_without_results_is_told(tmp_path, capsys):
    assert str(tmp_path) in refused(capsys, tmp_path, "abc")


def test_weights_of_another_network_are_told(folder, runs, monkeypatch):
    monkeypatch.setattr("bench.generators.build_modules", lambda config, space: (torch.nn.Linear(2, 2), None))
    with pytest.raises(GeneratorError, match="its weights must fit network 'mlp', they do not"):
        load_generator(folder, runs[0].run_id)


def test_a_sheet_in_colour_keeps_its_colours():
    red = np.full((5, 2, 2, 3), -1.0)
    red[..., 0] = 1.0
    drawn = sheet(red, 2, 3)

    side = GAP + 2 * SCALE
    assert drawn.shape == (2 * side + GAP, 3 * side + GAP, 3)
    assert drawn[GAP, GAP].tolist() == [255, 0, 0]
    assert drawn[0, 0].tolist() == [GAP_GREY] * 3
    assert drawn[side + GAP, 2 * side + GAP].tolist() == [0, 0, 0]
    assert math.isclose(float(drawn[..., 0].max()), 255.0)
