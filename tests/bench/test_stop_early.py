"""--stop-early: members past hope are let go, say so, and come back whole where whole runs are asked for."""

from __future__ import annotations

import dataclasses
import signal

import fake_worker
import pytest
from bench_helpers import make_config, make_record
from test_sweep import Told, plan_of

import bench.cli
from bench.commands.status import describe
from bench.engines.serial import SerialEngine
from bench.jobs import CohortJob
from bench.live import Watch, pays
from bench.records import spool
from bench.records.schema import DIVERGED, FAILED, FINISHED, STOPPED
from bench.records.store import open_store
from bench.sweep import sweep
from bench.verdict import rejudge
from bench.worker import run_cohort
from gans.clock import Clock
from gans.config import run_id
from gans.defaults import config_of

STEPS, EVALUATIONS, STOPPED_AT = 24, 6, 12


def tiny(**changes):
    shape = {"generator_width": 8, "discriminator_width": 8, "batch_size": 8, "data_size": 64}
    return config_of("nsgan", **{**shape, "steps": STEPS, "evaluations": EVALUATIONS, **changes})


def train(out, *configs, stop_early=False, seen=None):
    def progress(step, outcomes):
        if seen is not None:
            seen.append((step, outcomes))

    ids = run_cohort(CohortJob("c", configs, compiled=False, out=str(out), stop_early=stop_early), progress)
    found = {record.run_id: record for _, record in spool.read_all(out)}
    return [found[name] for name in ids]


@pytest.fixture
def doom(monkeypatch):
    """Make members of some seeds past hope from step 12 on."""

    def make(*seeds):
        def doomed(watch):
            late = watch._looks[0][-1].step >= STOPPED_AT
            places = [m for m, context in enumerate(watch._contexts) if context.data_size in seeds]
            return dict.fromkeys(places if late else (), "collapsed:total")

        monkeypatch.setattr(Watch, "doomed", doomed)

    return make


def member(number):
    """Data sizes tell members apart, for a context does not know its seed."""
    return tiny(seed=number, data_size=60 + number)


def values_of(record, count=EVALUATIONS):
    return [repr(dict(evaluation.values)) for evaluation in record.evaluations[:count]]


def test_the_members_that_stay_train_on_as_if_nothing_had_happened(tmp_path, doom):
    doom(61, 63)
    whole = train(tmp_path / "whole", *map(member, range(4)))
    early = train(tmp_path / "early", *map(member, range(4)), stop_early=True)

    assert [record.status for record in early] == [FINISHED, STOPPED, FINISHED, STOPPED]
    for place in (0, 2):
        assert values_of(early[place]) == values_of(whole[place])
        assert early[place].traces["generator_loss"] == whole[place].traces["generator_loss"]
        assert early[place].speed["steps_saved"] == 0.0


def test_one_member_left_trains_on_unchanged_and_is_measured_to_the_last_digits(tmp_path, doom):
    """Its probes are computed alone, which rounds otherwise; its training is not."""
    doom(61, 62)
    whole = train(tmp_path / "whole", *map(member, range(3)))
    early = train(tmp_path / "early", *map(member, range(3)), stop_early=True)

    assert early[0].traces == whole[0].traces
    assert dict(early[0].evaluations[-1].values) == pytest.approx(
        dict(whole[0].evaluations[-1].values), rel=1e-4, abs=1e-6, nan_ok=True
    )


def test_a_stopped_run_is_the_start_of_the_whole_one_and_says_so(tmp_path, doom):
    doom(61)
    whole = train(tmp_path / "whole", *map(member, range(3)))[1]
    early = train(tmp_path / "early", *map(member, range(3)), stop_early=True)[1]

    assert [evaluation.step for evaluation in early.evaluations] == [4, 8, 12]
    assert values_of(early, 2) == values_of(whole, 2)
    assert early.evidence["stopped"] == {"reason": "collapsed:total", "step": 12, "planned_steps": STEPS}
    assert (early.speed["steps_saved"], early.speed["steps_done"]) == (12.0, 12.0)
    assert "stopped" not in whole.evidence
    assert early.cohort_members == 3


def test_a_stopped_run_is_judged_at_its_last_probe_also_from_the_store(tmp_path, doom):
    doom(61)
    record = train(tmp_path, *map(member, range(3)), stop_early=True)[1]

    assert record.evidence["context"]["steps"] == STOPPED_AT
    assert rejudge(record).outcome == record.outcome
    assert record.evidence["detail"] != "stopped before its time"


def test_without_the_option_nobody_is_stopped(tmp_path, doom):
    doom(60, 61, 62)
    records = train(tmp_path, *map(member, range(3)))

    assert {record.status for record in records} == {FINISHED}
    assert {record.speed["steps_saved"] for record in records} == {0.0}


def test_a_cohort_in_which_all_are_past_hope_ends_at_once(tmp_path, doom):
    doom(60, 61)
    seen = []
    records = train(tmp_path, member(0), member(1), stop_early=True, seen=seen)

    assert [record.status for record in records] == [STOPPED, STOPPED]
    assert [step for step, _ in seen] == [4, 8, 12]


def test_a_member_that_is_not_finite_is_let_go_and_stays_a_diverged_run(tmp_path):
    wild = dataclasses.replace(member(1), generator_lr=1e38)
    whole = train(tmp_path / "whole", member(0), wild, member(2))[1]
    early = train(tmp_path / "early", member(0), wild, member(2), stop_early=True)[1]

    assert (early.status, whole.status) == (DIVERGED, DIVERGED)
    assert (early.outcome, early.onset_step) == (whole.outcome, whole.onset_step)
    assert values_of(early) == values_of(whole)
    assert (early.speed["steps_saved"] > 0, whole.speed["steps_saved"]) == (True, 0.0)


def test_shares_of_time_still_add_up_to_what_was_spent(tmp_path, doom):
    doom(61, 62)
    records = train(tmp_path, *map(member, range(4)), stop_early=True)

    for record in records:
        parts = sum(record.speed[f"{part}_seconds"] for part in ("discriminator", "generator", "data"))
        assert parts == pytest.approx(record.speed["train_seconds"])
    stopped, whole = records[1].speed["train_seconds"], records[0].speed["train_seconds"]
    assert stopped < whole


def test_progress_tells_what_members_look_like_so_far(tmp_path):
    wild = dataclasses.replace(member(1), generator_lr=1e38)
    seen = []
    train(tmp_path, member(0), wild, seen=seen)

    assert seen[0] == (4, {})
    assert all(sum(outcomes.values()) == 2 for _, outcomes in seen[1:])
    assert seen[-1][1]["diverged:nonfinite"] == 1


class Fake:
    """A cohort as far as the decision on letting go sees it."""

    def __init__(self, mode, members=10):
        self.mode, self.members = mode, members
        self.state = type("State", (), {"step": 100})()
        self.clock = Clock()
        self.clock.seconds["generator"] = 10.0  # 0.1 s a step


@pytest.mark.parametrize(("mode", "doomed", "left", "compile_seconds", "expected"), [
    ("eager", 1, 100, 60.0, True),
    ("eager", 0, 100, 0.0, False),
    ("eager", 1, 0, 0.0, False),
    ("compiled", 5, 100, 4.0, True),
    ("compiled", 5, 100, 6.0, False),
    ("compiled", 10, 100, 60.0, True),
])  # fmt: skip
def test_a_compiled_cohort_is_narrowed_only_where_that_repays_compiling_again(
    mode, doomed, left, compile_seconds, expected
):
    assert pays(Fake(mode), doomed, left, compile_seconds) == expected


def swept(out, worker="good", **options):
    told = Told()
    plan = plan_of()
    result = sweep(plan, out, lambda on_step: SerialEngine(on_step, f"fake_worker:{worker}"), told, **options)
    return result, told


@pytest.fixture
def stopped_folder(tmp_path, monkeypatch):
    """A finished folder, one run of which was ended early."""
    monkeypatch.setattr("bench.machine.gemm_gflops", lambda: 100.0)
    monkeypatch.setattr("bench.engines.task.give_back", lambda: None)
    out = tmp_path / "out"
    monkeypatch.setattr(fake_worker, "make_record", _one_stopped)
    swept(out, stop_early=True)
    monkeypatch.undo()
    monkeypatch.setattr("bench.machine.gemm_gflops", lambda: 100.0)
    monkeypatch.setattr("bench.engines.task.give_back", lambda: None)
    return out


def _one_stopped(config, **changes):
    first = config.seed == 0 and config.recipe == "nsgan"
    return make_record(config, **changes, **({"status": STOPPED} if first else {}))


def statuses(out):
    with open_store(out) as store:
        return sorted(record.status for record in store.load_runs())


def test_a_folder_with_a_stopped_run_is_complete_for_whoever_asks_to_stop_early(stopped_folder):
    result, _ = swept(stopped_folder, stop_early=True)

    assert (result.stored, result.trained) == (12, 0)
    assert statuses(stopped_folder).count(STOPPED) == 1


def test_a_run_without_the_option_trains_stopped_runs_whole_and_those_alone(stopped_folder):
    before = len(fake_worker.calls(stopped_folder))
    result, told = swept(stopped_folder)

    assert (result.stored, result.trained) == (12, 1)
    assert [len(call) for call in fake_worker.calls(stopped_folder)[before:]] == [1]
    assert "1 of them were ended by --stop-early before and are now trained whole" in told.notes
    assert set(statuses(stopped_folder)) == {FINISHED}


def test_a_stopped_run_is_kept_when_training_it_whole_fails(stopped_folder):
    result, _ = swept(stopped_folder, worker="raises")

    assert (result.stored, sum(result.failures.values())) == (11, 1)
    assert statuses(stopped_folder).count(STOPPED) == 1


def test_status_says_that_a_run_is_not_whole(stopped_folder):
    with open_store(stopped_folder) as store:
        lines = list(describe(store, stopped_folder))

    assert "1 of them were ended by --stop-early; ganbench run without it trains them whole" in lines


@pytest.mark.parametrize(("first", "second", "kept"), [
    (FAILED, STOPPED, STOPPED),
    (STOPPED, FINISHED, FINISHED),
    (STOPPED, DIVERGED, DIVERGED),
    (FINISHED, STOPPED, FINISHED),
    (STOPPED, FAILED, STOPPED),
    (STOPPED, STOPPED, STOPPED),
])  # fmt: skip
def test_of_two_records_of_a_run_the_store_keeps_the_fuller(tmp_path, first, second, kept):
    with open_store(tmp_path / "s", create=True) as store:
        store.ingest([make_record(make_config(), status=first)])
        store.ingest([make_record(make_config(), status=second)])
        found = store.load_runs(evaluations=True)

    assert [record.status for record in found] == [kept]
    assert [record.run_id for record in found] == [run_id(make_config())]


def test_the_command_line_passes_the_option_on_and_repeats_it(tmp_path, monkeypatch, capsys):
    asked = []

    def swept_instead(plan, out, options):
        asked.append(options.stop_early)
        return type("Result", (), {"interrupted": True, "stored": 0, "runs": 1})()

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr("bench.commands.run.train", swept_instead)
    bench.cli.main(["run", "smoke", "--stop-early"])
    bench.cli.main(["run", "smoke"])

    assert asked == [True, False]
    assert "go on with: ganbench run smoke --stop-early" in capsys.readouterr().out.splitlines()[0]
