"""Every column of runs.csv and evaluations.csv: its unit and its meaning in one sentence."""

from __future__ import annotations

from collections.abc import Mapping

from bench.records.column import Column, columns_of
from bench.records.dynamics_columns import DYNAMICS_COLUMNS, RUN_ONLY
from bench.records.metric_columns import METRIC_COLUMNS
from bench.records.schema import MECHANISMS, OUTCOMES, STATES, STATUSES

__all__ = [
    "COHORT_COLUMNS", "DYNAMICS_COLUMNS", "EVALUATION_COLUMNS", "IDENTITY_COLUMNS", "METRIC_COLUMNS",
    "RUN_COLUMNS", "RUN_ONLY", "SPEED_COLUMNS", "VERDICT_COLUMNS", "Column", "columns_of",
]  # fmt: skip

IDENTITY_COLUMNS = columns_of(
    ("run_id", "text", "16 hex digits made from the whole config and the algorithm version"),
    ("grids", "text", "names of the grids the run belongs to, joined by a space"),
    ("dataset", "text", "registered name or module:object"),
    ("recipe", "text", "registered name or module:object"),
    ("loss", "text", "loss of both players"),
    ("regularizer", "text", "what is added to the loss or done to the weights"),
    ("regularizer_weight", "", "lambda of a gradient penalty, gamma of R1 and R2, or the clipping bound"),
    ("optimizer", "text", "adam, rmsprop or sgd"),
    ("network", "text", "registered name or module:object"),
    ("generator_width", "units", "width of the generator's hidden layers"),
    ("discriminator_width", "units", "width of the discriminator's hidden layers"),
    ("capacity_ratio", "", "discriminator width over generator width"),
    (
        "generator_norm",
        "text",
        "normalisation of its layers: own (what the network's authors did), none, batch or layer",
    ),
    ("discriminator_norm", "text", "the same of the discriminator's"),
    ("autocast", "text", "precision of products and convolutions in training; none is that of the data"),
    ("generator_params", "", "trainable parameters of the generator"),
    ("discriminator_params", "", "trainable parameters of the discriminator"),
    ("generator_flops", "FLOP", "forward pass of one sample through the generator"),
    ("discriminator_flops", "FLOP", "forward pass of one sample through the discriminator"),
    ("lr", "", "generator learning rate"),
    ("generator_lr", "", "generator learning rate"),
    ("discriminator_lr", "", "discriminator learning rate"),
    ("lr_scale", "", "generator learning rate over the recipe's own; NaN for a recipe without one"),
    ("data_size", "samples", "how many training samples the run may see"),
    ("defect", "text", "planted fault of the training data"),
    ("augmentation", "text", "augmentation of what the discriminator sees"),
    ("n_critic", "", "discriminator updates per generator update"),
    ("update_order", "text", "who moves first"),
    ("batch_size", "samples", "real samples per discriminator update, or packs of them"),
    ("packing", "samples", "samples that the discriminator judges at once; 1 but for PacGAN"),
    ("latent_dim", "", "length of the generator's input"),
    ("steps", "", "generator updates planned"),
    ("seed", "", "index of the seed"),
)

VERDICT_COLUMNS = columns_of(
    ("status", "text", "one of " + ", ".join(STATUSES)),
    ("outcome", "text", "exclusive ending: " + ", ".join(OUTCOMES)),
    ("state", "text", "what statistics count: " + ", ".join(STATES)),
    ("mechanisms", "text", "flags on why, joined by a space: " + ", ".join(MECHANISMS)),
    ("onset_step", "step", "first evaluated step from which the outcome held to the end"),
    ("q", "", "normalised log distance in the final window: 0 real, 1 untrained generator"),
    ("q_best", "", "lowest normalised log distance over the whole run"),
    ("score", "", "1 - clip(q, 0, 1); 0 for a diverged run; higher is better"),
    ("q_size", "", "part of q that few samples cost: q of a faithful copy of as many clean ones"),
    (
        "q_defect",
        "",
        "part of q that their defect costs: q of a faithful copy of the spoiled ones, less q_size",
    ),
    ("q_training", "", "the rest of q: near 0 where the run learned its data, good or bad, faithfully"),
    ("blamed", "text", "those of size, defect and training that cost much of q (from 0.1), heaviest first"),
    ("thresholds", "text", "version of the thresholds the verdict used"),
)

SPEED_COLUMNS = columns_of(
    ("steps_done", "", "generator updates made"),
    ("steps_saved", "", "planned generator updates that --stop-early spared; 0 for every run it left alone"),
    ("steps_per_second", "1/s", "steps_done over train_seconds"),
    ("samples_per_second", "1/s", "real samples consumed over train_seconds"),
    ("train_seconds", "s", "the run's equal share of its cohort's training, without compilation and warm-up"),
    ("discriminator_seconds", "s", "the part of it in discriminator updates"),
    ("generator_seconds", "s", "the part of it in generator updates"),
    ("data_seconds", "s", "the part of it in drawing indices and latents"),
    ("eval_seconds", "s", "the run's share of evaluation"),
    ("compile_seconds", "s", "the run's share of compilation and warm-up"),
    ("flop_per_second", "FLOP/s", "arithmetic of the cohort's training over its time"),
    ("peak_rss_mb", "MB", "largest resident memory of the worker process so far"),
    ("time_to_quality", "s", "training seconds of the run until q first was at most 0.4; infinite if never"),
)

COHORT_COLUMNS = columns_of(
    ("cohort", "text", "id of the cohort the run trained in"),
    ("cohort_members", "", "runs in that cohort"),
    ("mode", "text", "eager or compiled"),
    ("machine", "text", "id of the machine, described in environment.json"),
    ("finished_at", "text", "UTC time, ISO 8601"),
    ("error", "text", "reason of a failed run"),
)

RUN_COLUMNS: Mapping[str, Column] = {
    **IDENTITY_COLUMNS,
    **VERDICT_COLUMNS,
    **METRIC_COLUMNS,
    **DYNAMICS_COLUMNS,
    **SPEED_COLUMNS,
    **COHORT_COLUMNS,
}

_MEASURED_PER_EVALUATION = (
    "fid",
    "fid_ema",
    "inception_score",
    "fid_infinity",
    "fid_infinity_se",
    "kid",
    "kid_se",
    "probe_auc",
    "energy_distance",
    "precision",
    "recall",
    "density",
    "coverage",
    "modes",
    "modes_strict",
    "mode_kl",
    "mode_jsd",
    "effective_modes",
    "label_entropy",
    "missing_modes",
    "high_quality",
    "mode_spread",
    "class_coverage",
    "ndb",
    "bin_jsd",
    "support_size",
    "vendi_ratio",
    "pairwise_ratio",
    "data_copying",
    "memory_ratio",
    "authenticity",
    "authenticity_holdout",
)


def _at_one_step(name: str) -> str:
    return METRIC_COLUMNS[name].meaning.replace(", median over the final window", "")


EVALUATION_COLUMNS: Mapping[str, Column] = columns_of(
    ("run_id", "text", "the run"),
    ("step", "step", "generator updates done"),
    ("samples_seen", "samples", "real samples consumed"),
    ("finite_fraction", "", "share of generated samples that are finite"),
    ("range_fraction", "", "share of generated samples within the data's range"),
    ("duplicate_fraction", "", "in the final window: share of samples equal to another, rounded to 1e-6"),
    ("max_abs", "", "largest absolute value generated"),
    ("distance", "", "as in runs.csv, at this step"),
    ("distance_ema", "", "the same of the averaged generator; every 16th time, in the window every time"),
    ("q", "", "normalised log distance at this step"),
    ("histogram_tv", "", "total variation between this class or mode histogram and the one before"),
    *((name, METRIC_COLUMNS[name].unit, _at_one_step(name)) for name in _MEASURED_PER_EVALUATION),
    *((name, c.unit, c.meaning) for name, c in DYNAMICS_COLUMNS.items() if name not in RUN_ONLY),
)  # fmt: skip
