"""A verdict as a whole: its score, its evidence on disk, judging again, and inputs no run should leave."""

import dataclasses
import json
import math
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted_runs import (
    FLAGGED,
    GOOD,
    PLANTED,
    STEPS,
    ending,
    image_context,
    mixture_context,
    rotating_classes,
    run,
)

from bench.records.columns import EVALUATION_COLUMNS
from bench.records.encoding import dumps, loads
from bench.records.schema import MECHANISMS, OUTCOMES, STATES, EvaluationRecord, RunRecord, from_json, to_json
from bench.verdict import DEFAULT, annotate, judge, override, rejudge
from bench.verdict.context import context_from_mapping
from bench.verdict.outcome import RULES, UNDECIDABLE
from bench.verdict.plots import PLOTS

COLUMNS = (
    *GOOD,
    "high_quality",
    "mode_spread",
    "distance_ema",
    "auc_real_fake",
    "auc_train_holdout",
    "overfit_ratio",
    "generator_gain",
    "generator_gradient",
    "discriminator_slope",
    "data_copying",
    "penalty_deviation",
    "clip_saturation",
    "probe_auc",
    "memory_ratio",
    "slope_profile",
)

anything = st.floats(width=64)
wild_evaluations = st.lists(
    st.builds(
        EvaluationRecord,
        step=st.integers(-5, 2 * STEPS),
        values=st.dictionaries(st.sampled_from(COLUMNS), anything),
        histogram=st.lists(anything, max_size=10).map(tuple) | st.just((0.1,) * 10),
    ),
    max_size=14,
)
wild_contexts = st.builds(
    image_context,
    kind=st.sampled_from(["images", "mixture"]),
    distance_floor=anything,
    distance_start=anything,
    distance_copy=anything,
    precision_floor=anything,
    coverage_copy=anything,
    recall_copy=anything,
    modes_strict_copy=anything,
    mode_kl_copy=anything,
    distance_noise=anything,
    data_range=anything,
    high_quality_floor=anything,
    decision_point=st.none() | st.just(0.0),
    regularizer=st.sampled_from(["none", "clip", "gradient_penalty"]),
)


def stored(verdict, evaluations) -> RunRecord:
    return RunRecord(
        run_id="0" * 16,
        config={},
        status="finished",
        outcome=verdict.outcome,
        state=verdict.state,
        mechanisms=verdict.mechanisms,
        onset_step=verdict.onset_step,
        evidence=verdict.evidence,
        thresholds=verdict.thresholds,
        metrics={},
        speed={},
        cohort="",
        cohort_members=1,
        mode="eager",
        machine="",
        finished_at="",
        evaluations=evaluations,
    )


def judged(name, **options):
    planted = PLANTED[name]()
    return judge(planted.evaluations, planted.context, diverged_step=planted.diverged_step, **options)


def same(first, second):
    """Equal, NaN included."""
    return repr(first) == repr(second)


@settings(max_examples=150, deadline=None)
@given(wild_evaluations, wild_contexts, st.none() | st.integers(0, STEPS))
def test_judge_never_raises_and_always_gives_a_known_verdict(evaluations, context, diverged_step):
    verdict = judge(evaluations, context, diverged_step=diverged_step)

    assert verdict.state == OUTCOMES[verdict.outcome]
    assert verdict.state in STATES
    assert set(verdict.mechanisms) <= set(MECHANISMS)
    assert math.isnan(verdict.score) or 0 <= verdict.score <= 1
    assert (verdict.outcome == "diverged:nonfinite") or diverged_step is None
    json.dumps(verdict.evidence, allow_nan=False)


@settings(max_examples=50, deadline=None)
@given(wild_evaluations, wild_contexts)
def test_wild_runs_are_judged_the_same_from_disk(evaluations, context):
    verdict = judge(evaluations, context)

    again = rejudge(from_json(to_json(stored(verdict, tuple(evaluations)))))

    assert same(again, verdict)


@settings(max_examples=50, deadline=None)
@given(wild_evaluations)
def test_a_run_that_no_rule_finds_is_invalid_and_says_what_was_not_measured(evaluations):
    verdict = judge(evaluations, image_context(distance_floor=math.nan), rules=())

    assert (verdict.outcome, verdict.state) == ("invalid", OUTCOMES["invalid"])
    assert verdict.evidence["rule"] == UNDECIDABLE.name
    assert verdict.onset_step is None
    assert math.isnan(verdict.score)
    said, _, missing = verdict.evidence["detail"].partition(": ")
    assert said == "not measured in the final window"
    numbers = verdict.evidence["numbers"]
    assert "q" in missing.split()  # without a floor there is no scale
    assert set(missing.split()) == {name for name, value in numbers.items() if value is None}


@pytest.mark.parametrize("name", PLANTED)
def test_a_stored_run_is_judged_again_to_the_same_verdict(name):
    planted, verdict = PLANTED[name](), judged(name)

    again = rejudge(from_json(to_json(stored(verdict, planted.evaluations))))

    assert same(again, verdict)


@pytest.mark.parametrize("name", PLANTED)
def test_evidence_survives_the_store_unchanged(name):
    evidence = judged(name).evidence

    assert loads(dumps(evidence)) == evidence
    assert json.loads(json.dumps(evidence, allow_nan=False)) == evidence


def test_judging_again_with_other_limits_changes_verdict_and_version():
    verdict = judged("uncovered")
    record = stored(verdict, PLANTED["uncovered"]().evaluations)

    again = rejudge(record, override(DEFAULT, {"stalled_coverage": DEFAULT.stalled_coverage / 2}))

    assert (verdict.outcome, again.outcome) == ("stalled-low-quality", "converged")
    assert again.thresholds == f"{DEFAULT.version}+stalled_coverage={DEFAULT.stalled_coverage / 2:g}"


def test_a_run_that_was_never_judged_cannot_be_judged_again():
    record = RunRecord(
        **{
            **{name: getattr(stored(judged("perfect"), ()), name) for name in RunRecord.__slots__},
            "evidence": {},
        }
    )

    with pytest.raises(ValueError, match=r"rejudge: run 0{16} must hold a context, got none"):
        rejudge(record)


def test_the_evidence_shows_number_and_limit_of_the_rule_under_one_name():
    evidence = judged("hopping").evidence

    assert evidence["rule"] == "oscillating:mode-hopping"
    assert evidence["numbers"]["hop"] == pytest.approx(0.8)
    assert evidence["limits"]["hop"] == DEFAULT.hop
    assert evidence["numbers"]["histogram_tv"] > evidence["limits"]["histogram_tv"]


def test_the_evidence_describes_the_window_of_every_run():
    window = judged("perfect").evidence["window"]

    assert (window["first_step"], window["evaluations"]) == (3100, 10)
    assert window["precision_rel"] == pytest.approx(1.0)
    assert window["coverage_rel"] == pytest.approx(0.98 / 0.95)
    assert window["hop"] is None


def test_score_is_one_less_q_between_zero_and_one():
    good, far = judged("perfect"), judged("uniform noise")

    assert good.score == 1.0 - max(good.q, 0.0)
    assert far.score == pytest.approx(0.0)
    assert judged("stalled far").score == pytest.approx(0.35)


@pytest.mark.parametrize("name", ["nan in training", "nan samples", "scale growth"])
def test_divergence_scores_zero_and_is_not_missing(name):
    verdict = judged(name)

    assert (verdict.q, verdict.score, verdict.state) == (1.5, 0.0, "failed")


def test_the_best_q_is_kept_beside_the_last():
    verdict = judged("late divergence")

    assert verdict.q_best == pytest.approx(0.2)
    assert verdict.q > verdict.q_best


def test_annotation_adds_q_and_histogram_tv_and_nothing_else():
    evaluations = rotating_classes()

    annotated = annotate(evaluations, image_context())

    assert [
        set(after.values) - set(before.values) for before, after in zip(evaluations, annotated, strict=True)
    ] == [{"q", "histogram_tv"}] * len(evaluations)
    assert annotated[5].values["histogram_tv"] == pytest.approx(1.0)
    assert annotated[-1].values["q"] == pytest.approx(judge(evaluations, image_context()).q)


def test_a_context_comes_back_from_json_as_it_was():
    context = image_context(distance_copy=math.nan, mode_shares=(0.1,) * 10, decision_point=None)

    again = context_from_mapping(json.loads(json.dumps(context.to_mapping(), allow_nan=False)))

    assert same(again, context)


def test_infinite_marks_come_back_as_they_were():
    context = image_context(distance_start=math.inf, distance_floor=-math.inf)

    assert context_from_mapping(json.loads(json.dumps(context.to_mapping(), allow_nan=False))) == context


def test_a_context_of_another_schema_is_refused():
    with pytest.raises(ValueError, match="context: must have fields of Context only, got \\['colour'\\]"):
        context_from_mapping({**image_context().to_mapping(), "colour": 1})
    with pytest.raises(ValueError, match="context: must hold every required field"):
        context_from_mapping({"kind": "images"})


@pytest.mark.parametrize(("change", "message"), [
    ({"kind": "sounds"}, "kind must be one of images, mixture, got 'sounds'"),
    ({"samples": 0}, "samples must be at least 1, got 0"),
    ({"mode_shares": (0.5, 0.5)}, "mode_shares must be empty or one share per mode, got 2 for 10 modes"),
])  # fmt: skip
def test_a_context_that_allows_no_verdict_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        image_context(**change)


@pytest.mark.parametrize(
    ("modes", "samples", "expected"), [(8, 2500, 0.0035), (10, 10_000, 0.0010), (25, 2500, 0.0086)]
)
def test_the_kl_null_is_what_simulation_gave(modes, samples, expected):
    context = mixture_context(modes_total=modes, samples=samples)

    assert context.kl_null_q99 == pytest.approx(expected, rel=0.1)


def test_the_ceiling_is_the_lower_of_floor_and_copy_and_either_alone_where_the_other_is_unknown():
    def ceiling(floor, copied):
        return image_context(coverage_floor=floor, coverage_copy=copied).ceiling("coverage")

    assert (ceiling(0.97, 0.36), ceiling(0.97, 0.98), ceiling(0.97, math.nan)) == (0.36, 0.97, 0.97)
    assert math.isnan(ceiling(math.nan, math.nan))


def test_judging_needs_no_torch():
    code = "import sys, bench.verdict; print('torch' in sys.modules)"

    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "False"


def test_one_evaluation_with_nothing_in_it_is_no_crash():
    verdict = judge((EvaluationRecord(step=STEPS, values={}),), image_context())

    assert verdict.outcome == "invalid"
    assert verdict.evidence["detail"] == "the distance was never measured"


def test_verdicts_of_equal_runs_are_equal():
    assert judge(run(ending()), image_context()) == judge(run(ending()), image_context())


def plots_of(verdict):
    yield verdict.evidence["rule"], verdict.evidence["plot"]
    for name, finding in verdict.evidence["mechanisms"].items():
        if finding["status"] == "measured":
            yield name, finding["plot"]


def every_planted_verdict():
    for make in PLANTED.values():
        planted = make()
        yield judge(planted.evaluations, planted.context, diverged_step=planted.diverged_step)
    for _, make in FLAGGED.values():
        planted = make()
        yield judge(planted.evaluations, planted.context, run_level=planted.run_level)


def test_every_rule_and_every_mechanism_names_the_plot_that_shows_it():
    assert {rule.name for rule in (*RULES, UNDECIDABLE)} | set(MECHANISMS) == {
        name.partition(" (")[0] for name in PLOTS
    }


def test_a_plot_draws_measured_columns_with_lines_in_their_units():
    for verdict in every_planted_verdict():
        for name, plot in plots_of(verdict):
            assert set(plot) == {"series", "limits", "from_step"}, name
            assert set(plot["series"]) <= set(EVALUATION_COLUMNS), name
            assert set(plot["limits"]) <= set(plot["series"]), name
            assert all(math.isfinite(value) for values in plot["limits"].values() for value in values)
            assert plot["from_step"] is None or 0 < plot["from_step"] <= STEPS


@pytest.mark.parametrize("name", [name for name in PLANTED if name != "nan in training"])
def test_the_plot_of_a_planted_ending_has_something_to_draw(name):
    assert judged(name).evidence["plot"]["series"]


def test_a_limit_that_is_a_share_of_the_ceiling_is_drawn_in_the_unit_of_its_column():
    plot = judged("uncovered").evidence["plot"]

    assert plot["limits"]["coverage"] == [pytest.approx(DEFAULT.stalled_coverage * 0.95)]
    assert plot["from_step"] == 3100


def test_a_plot_leaves_out_what_was_never_measured():
    assert judged("1 image per class").evidence["plot"]["series"] == ["coverage", "recall", "density"]


def test_run_level_numbers_are_read_back_from_the_record():
    planted = FLAGGED["turning at rest"][1]()
    verdict = judge(planted.evaluations, planted.context, run_level=planted.run_level)
    record = dataclasses.replace(stored(verdict, planted.evaluations), metrics=planted.run_level)

    assert rejudge(record).mechanisms == verdict.mechanisms == ("rotational",)


def test_the_window_holds_the_p_of_a_rhythm():
    window = judged("in rhythm").evidence["window"]

    assert window["oscillation_p"] < DEFAULT.oscillation_p
    assert window["oscillation_period"] == 10.0
