"""A cohort that is killed at any moment goes on from its checkpoint and ends in the same bits as without."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from bench import checkpoints, worker
from bench.checkpoints import code_digest, facts_of, held
from bench.jobs import CohortJob
from bench.records import spool
from bench.records.encoding import dumps
from gans.config import run_id
from gans.defaults import config_of

HERE = Path(__file__).parent
ALWAYS = 1e-9
"""Seconds between checkpoints that make every evaluation write one."""


def tiny(**changes):
    shape = {"generator_width": 4, "discriminator_width": 4, "batch_size": 4, "steps": 60, "evaluations": 6}
    data = {"dataset": "small_data:images", "latent_dim": 2, "data_size": 64}
    return config_of(**{"recipe": "wgan-gp", "n_critic": 1, **shape, **data, **changes})


def job_of(out, *configs, **changes):
    return CohortJob(**{"cohort": "c", "configs": configs, "compiled": False, "out": str(out),
                        "checkpoint_every": ALWAYS, **changes})  # fmt: skip


def fingerprint(out):
    """A hash of every handed over record, less times; its artifacts' hashes are those of the weights."""
    found = {}
    for _, record in spool.read_all(out):
        timeless = dataclasses.replace(record, speed={}, finished_at="", machine="")
        found[record.run_id] = hashlib.sha256(dumps(asdict(timeless), sort_keys=True).encode()).hexdigest()
    return found


def started(folder, trainings):
    """A process that makes these trainings, (job, moment) each, once it has ended."""
    plan = folder / "plan.json"
    rows = [{"moment": moment, "job": asdict(job)} for job, moment in trainings]
    plan.write_text(json.dumps(rows))
    return subprocess.run(
        [sys.executable, HERE / "killed_worker.py", plan],
        capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": f"{HERE}:{HERE.parent.parent}", "OMP_NUM_THREADS": "1"},
    )  # fmt: skip


def run_all(folder, trainings):
    """Train in processes of their own, one after another: what became of each, and what was said."""
    done = started(folder, trainings)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]), done.stderr


MOMENTS = (
    "probe:4", "numbers:1", "numbers:3", "sync:1", "sync:10", "sync:11", "sync:12", "prune:2",
    "handed over:2",
)  # fmt: skip


@pytest.mark.timeout(180)
def test_killed_at_any_moment_a_cohort_ends_in_the_same_bits(tmp_path):
    configs = (tiny(seed=0), tiny(seed=1, generator_lr=1e38), tiny(seed=2, data_size=32))
    whole = job_of(tmp_path / "whole", *configs, checkpoint_every=0.0)
    outs = {moment: tmp_path / moment.replace(":", "-") for moment in MOMENTS}
    trainings = [(whole, "")]
    for moment, out in outs.items():
        trainings += [(job_of(out, *configs), moment), (job_of(out, *configs), "")]
    found, said = run_all(tmp_path, trainings)

    expected = fingerprint(tmp_path / "whole")
    assert found[0] == {"code": 0, "steps": [10, 20, 30, 40, 50, 60]}
    assert len(expected) == 3
    for place, (moment, out) in enumerate(outs.items()):
        killed, resumed = found[1 + 2 * place], found[2 + 2 * place]
        assert (killed["code"], resumed["code"]) == (-9, 0), moment
        assert fingerprint(out) == expected, moment
        assert resumed["steps"][-1] == 60
        assert not list((out / "checkpoints").iterdir())
    steps = {moment: found[2 + 2 * place]["steps"][0] for place, moment in enumerate(MOMENTS)}
    # Where the second process began to tell: at its first probe, or at the step of the checkpoint.
    assert steps["probe:4"] == 30
    assert steps["numbers:3"] == 20
    assert steps["sync:12"] == 30
    assert steps["handed over:2"] == 60
    assert "damaged" not in said


@pytest.mark.timeout(180)
def test_what_was_let_go_early_stays_let_go(tmp_path):
    shape = {"recipe": "nsgan", "evaluations": 20, "steps": 100}
    configs = (tiny(seed=0, **shape), tiny(seed=1, generator_lr=1e38, **shape), tiny(seed=2, **shape))
    jobs = [job_of(tmp_path / name, *configs, stop_early=True) for name in ("whole", "cut")]
    found, _ = run_all(tmp_path, [(jobs[0], ""), (jobs[1], "probe:9"), (jobs[1], "")])

    assert [each["code"] for each in found] == [0, -9, 0]
    assert found[2]["steps"][0] == 40
    assert fingerprint(tmp_path / "cut") == fingerprint(tmp_path / "whole")
    assert len(fingerprint(tmp_path / "cut")) == 3


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_compiled_cohort_goes_on_in_the_same_bits(tmp_path):
    configs = (tiny(seed=0), tiny(seed=1))
    jobs = [job_of(tmp_path / name, *configs, compiled=True) for name in ("whole", "cut")]
    found = [started(tmp_path, [part]) for part in ((jobs[0], ""), (jobs[1], "probe:4"), (jobs[1], ""))]

    assert [each.returncode for each in found] == [0, -9, 0], [each.stderr for each in found]
    assert found[2].stdout.split()[0] == "30"
    assert {record.mode for _, record in spool.read_all(tmp_path / "cut")} == {"compiled"}
    assert fingerprint(tmp_path / "cut") == fingerprint(tmp_path / "whole")


class _CutError(Exception):
    """Stands for the death of a worker."""


def cut(job, after):
    """Train in this process until so many probes have been told of."""
    told = []

    def progress(step, outcomes=None):
        told.append(step)
        if len(told) == after:
            raise _CutError

    with pytest.raises(_CutError):
        worker.run_cohort(job, progress)


def resumed(job):
    told = []
    worker.run_cohort(job, lambda step, outcomes=None: told.append(step))
    return told


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    out = tmp_path_factory.mktemp("undisturbed")
    worker.run_cohort(job_of(out, tiny(seed=0), checkpoint_every=0.0))
    return fingerprint(out)


@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
def test_the_older_checkpoint_is_used_when_the_newer_is_damaged(tmp_path, capfd, undisturbed, suffix):
    job = job_of(tmp_path, tiny(seed=0))
    cut(job, after=4)
    folder = tmp_path / "checkpoints" / "c"
    generations = sorted(path.name for path in folder.iterdir())
    newest = max(folder.glob(f"*{suffix}"))
    content = bytearray(newest.read_bytes())
    content[len(content) // 2] ^= 1
    newest.write_bytes(content)

    assert generations == ["00000002.json", "00000002.safetensors", "00000003.json", "00000003.safetensors"]
    assert resumed(job)[0] == 20
    assert "00000003.json is damaged and not used: " in capfd.readouterr().err
    assert fingerprint(tmp_path) == undisturbed


def test_with_both_damaged_training_starts_again(tmp_path, capfd, undisturbed):
    job = job_of(tmp_path, tiny(seed=0))
    cut(job, after=4)
    for path in (tmp_path / "checkpoints" / "c").glob("*.safetensors"):
        path.write_bytes(path.read_bytes()[:-1])

    assert resumed(job)[0] == 10
    assert capfd.readouterr().err.count("must match its SHA-256") == 2
    assert fingerprint(tmp_path) == undisturbed


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"spectra": True}, "spectra must be True, got False"),
        ({"configs": (tiny(seed=1),)}, "its configs must be those of this cohort, got others"),
    ],
)
def test_a_checkpoint_of_another_job_is_not_used(tmp_path, capfd, changes, reason):
    job = job_of(tmp_path, tiny(seed=0))
    cut(job, after=2)

    assert resumed(dataclasses.replace(job, **changes))[0] == 10
    assert f"is not used: {reason}" in capfd.readouterr().err


@pytest.mark.parametrize("fact", ["code", "torch", "numpy", "processor"])
def test_a_checkpoint_of_other_versions_is_not_used(tmp_path, capfd, monkeypatch, undisturbed, fact):
    job = job_of(tmp_path, tiny(seed=0))
    cut(job, after=3)
    other = {**checkpoints.surroundings(), fact: "another"}
    monkeypatch.setattr(checkpoints, "surroundings", lambda: other)

    assert held(tmp_path, other)[0].other.startswith(f"{fact} must be another, got ")
    assert resumed(job)[0] == 10
    assert f"is not used: {fact} must be another, got " in capfd.readouterr().err
    assert fingerprint(tmp_path) == undisturbed


def test_a_state_that_does_not_fit_is_not_used(tmp_path, capfd, monkeypatch):
    job = job_of(tmp_path, tiny(seed=0))
    cut(job, after=3)
    monkeypatch.setattr(worker, "EvaluationRecord", worker.Look)  # as if records had another name today

    assert resumed(job)[0] == 10
    assert "checkpoint of cohort c does not fit and is not used: " in capfd.readouterr().err


@pytest.mark.parametrize("every", [0.0, 3600.0])
def test_short_cohorts_and_those_without_checkpoints_write_none(tmp_path, monkeypatch, every):
    monkeypatch.setattr(checkpoints.Checkpoints, "write", lambda *_: pytest.fail("a checkpoint was written"))
    worker.run_cohort(job_of(tmp_path, tiny(seed=0), checkpoint_every=every))

    assert not (tmp_path / "checkpoints").exists()


def test_a_checkpoint_that_cannot_be_written_does_not_stop_training(tmp_path, capfd, undisturbed):
    (tmp_path / "checkpoints").write_text("in the way")
    worker.run_cohort(job_of(tmp_path, tiny(seed=0)))

    assert "checkpoint of cohort c could not be written: " in capfd.readouterr().err
    assert fingerprint(tmp_path) == undisturbed


def test_a_folder_says_which_cohorts_it_could_go_on_with(tmp_path):
    first, second = tiny(seed=0), tiny(seed=1)
    cut(job_of(tmp_path, first, second), after=3)
    (found,) = held(tmp_path, {**checkpoints.surroundings(), "device": "cpu"})

    assert (found.cohort, found.step, found.compiled, found.other) == ("c", 20, False, "")
    assert found.ids == {run_id(first), run_id(second)}
    assert [each.other for each in held(tmp_path, {"device": "cuda"})] == ["device must be cuda, got cpu"]


def test_the_digest_of_the_code_is_that_of_what_lies_on_disk():
    assert code_digest() == code_digest.__wrapped__()
    assert len(code_digest()) == 16


def test_a_job_is_described_by_all_that_its_result_depends_on():
    about = {"cohort", "out", "checkpoint_every", "compiled", "memory"}
    facts = facts_of(job_of("/x", tiny(seed=0)), "eager")

    assert {field.name for field in dataclasses.fields(CohortJob)} - about <= set(facts)
