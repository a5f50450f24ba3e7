"""Every column of runs.csv and evaluations.csv: its unit and its meaning in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bench.records.schema import MECHANISMS, OUTCOMES, STATES, STATUSES


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its unit ("" for a plain number, "text" for words), and what it says."""

    name: str
    unit: str
    meaning: str


def columns_of(*rows: tuple[str, str, str]) -> Mapping[str, Column]:
    """Columns by name, of (name, unit, meaning) each."""
    return {name: Column(name, unit, meaning) for name, unit, meaning in rows}


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

METRIC_COLUMNS = columns_of(
    ("fid", "feature units squared", "Frechet distance to the holdout, median over the final window"),
    ("fid_last", "feature units squared", "Frechet distance at the last evaluation"),
    ("fid_ema", "feature units squared", "the same of the averaged generator, median over the final window"),
    ("fid_floor", "feature units squared", "Frechet distance of a real sample of the same size"),
    ("fid_start", "feature units squared", "Frechet distance of the untrained generator"),
    ("fid_copy", "feature units squared", "what a faithful copy of the run's training images would score"),
    ("fid_clean", "feature units squared", "what a copy of as many images without defect would score"),
    ("fid_extractor", "text", "name and sample count of the Frechet distance, e.g. fid-digits32@697"),
    ("distance", "", "the distance verdicts use: fid for images, squared sliced Wasserstein-2 for mixtures"),
    ("distance_floor", "", "the same, real against real"),
    ("distance_start", "", "the same of the untrained generator"),
    ("distance_copy", "", "the same of a faithful copy of the training samples"),
    ("distance_clean", "", "the same of a faithful copy of as many samples without defect"),
    ("distance_excess", "", "distance less distance_copy: what the run lost beside its data"),
    ("inception_score", "", "exp of mean KL of class posteriors, by the extractor's classifier"),
    (
        "fid_infinity",
        "feature units squared",
        "Frechet distance extrapolated to endless samples of both sides",
    ),
    ("fid_infinity_se", "feature units squared", "standard error of that extrapolation"),
    ("kid", "", "cubic-kernel MMD squared on standardised features, unbiased"),
    ("kid_se", "", "its standard error by disjoint blocks: conservative near zero"),
    ("probe_auc", "", "AUC of a classifier of fixed size, real against generated, on samples it did not see"),
    ("energy_distance", "", "mixtures: energy distance to the holdout, unbiased"),
    ("precision", "", "share of generated samples inside the real manifold, k = 3"),
    ("precision_floor", "", "the same for real against real"),
    ("recall", "", "share of real samples inside the generated manifold, k = 3"),
    ("recall_floor", "", "the same for real against real"),
    ("density", "", "mean number of real balls around a generated sample over k = 5"),
    ("coverage", "", "share of real balls that hold a generated sample, k = 5"),
    ("coverage_floor", "", "the same for real against real"),
    ("coverage_copy", "", "the same for a faithful copy of the training samples"),
    ("coverage_clean", "", "the same for a faithful copy of as many samples without defect"),
    ("modes", "", "modes or classes that got at least one counted sample"),
    ("modes_strict", "", "modes or classes that got at least a fifth of their fair share"),
    ("modes_total", "", "modes or classes of the data"),
    ("mode_kl", "nat", "KL of the generated histogram over modes or classes from the real one"),
    ("mode_jsd", "nat", "Jensen-Shannon divergence of those two histograms: 0 equal, log 2 nothing shared"),
    ("effective_modes", "", "modes or classes times exp(-mode_kl): m that are evenly covered give m"),
    (
        "label_entropy",
        "",
        "entropy of the generated histogram over modes or classes, over that of the real one; 1 for real",
    ),
    ("missing_modes", "", "modes or classes that got less than a fifth of their fair share"),
    ("high_quality", "", "mixtures: share of samples within 3 sd of a mode (0.9889 for real)"),
    ("mode_spread", "", "mixtures: median over modes of the samples' sd over the mode's own; 1 for real"),
    ("class_coverage", "", "coverage of the class that is covered worst: low is collapse within a class"),
    (
        "ndb",
        "",
        "share of bins that hold significantly more or fewer samples than they should; 0.05 for real",
    ),
    ("bin_jsd", "nat", "Jensen-Shannon divergence of the histograms over those bins"),
    (
        "support_size",
        "samples",
        "distinct samples that collisions in batches speak for; a lower bound where none",
    ),
    ("vendi_ratio", "", "effective number of distinct samples over that of real ones"),
    ("pairwise_ratio", "", "median distance between generated samples over that between real ones"),
    ("data_copying", "", "C_T: z of nearest-train distances, generated against holdout; below -3 copies"),
    (
        "memory_ratio",
        "",
        "distance to the holdout over distance to the training samples, floors taken off both",
    ),
    (
        "authenticity",
        "",
        "share of generated samples farther from their training neighbour than it from its own",
    ),
    ("authenticity_holdout", "", "the same of held-out samples, which copy nothing: its comparator"),
)

DYNAMICS_COLUMNS = columns_of(
    ("auc_real_fake", "", "AUC of the discriminator, holdout against generated; 0.5 cannot tell, 1 always"),
    ("auc_train_holdout", "", "AUC of the discriminator, train against holdout; above 0.5 it overfits"),
    ("overfit_ratio", "", "r_v: train-holdout gap of logits over train-fake gap; 0 none, 1 complete"),
    ("accuracy_real", "", "share of holdout samples on the real side of the decision point"),
    ("accuracy_fake", "", "share of generated samples on the fake side of the decision point"),
    ("saturation", "", "share of logits beyond 6 in absolute value"),
    ("logit_real", "", "mean logit on holdout"),
    ("logit_fake", "", "mean logit on generated samples"),
    ("logit_real_p05", "", "5 % quantile of logits on holdout"),
    ("logit_real_p50", "", "median logit on holdout"),
    ("logit_real_p95", "", "95 % quantile of logits on holdout"),
    ("logit_fake_p05", "", "5 % quantile of logits on generated samples"),
    ("logit_fake_p50", "", "median logit on generated samples"),
    ("logit_fake_p95", "", "95 % quantile of logits on generated samples"),
    (
        "jsd_bound",
        "nat",
        "logistic losses: Jensen-Shannon divergence that the logits prove at least; log 2 if always right",
    ),
    (
        "critic_gap",
        "data units",
        "mean logit on holdout less that on generated samples, over the steepest slope seen",
    ),
    ("train_sign", "", "r_t: mean sign of logits on training samples as they are; 1 all taken for real"),
    ("generator_gain", "", "mean size of the generator loss's slope in the logit; 0 is a vanished signal"),
    ("discriminator_slope", "", "mean norm of the discriminator's gradient at generated samples"),
    (
        "generator_gradient",
        "",
        "root mean square of the generator's gradient, mean since the last evaluation",
    ),
    ("discriminator_gradient", "", "root mean square of the discriminator's gradient, likewise"),
    (
        "generator_snr",
        "",
        "signal over noise of the generator's gradient: its mean's norm over its sd between batches, 0 noise",
    ),
    ("discriminator_snr", "", "the same of the discriminator's gradient"),
    (
        "generator_cosine",
        "",
        "cosine between the generator's gradients on the same samples, four evaluations apart",
    ),
    ("discriminator_cosine", "", "the same of the discriminator's gradients"),
    ("generator_update_ratio", "", "norm of the last step's change of the generator's weights over theirs"),
    ("discriminator_update_ratio", "", "the same of the discriminator's weights"),
    ("generator_growth", "", "norm of the generator's weights over their norm before training"),
    ("discriminator_growth", "", "the same of the discriminator's weights"),
    ("lipschitz_lower", "", "largest slope of the discriminator seen at real, generated and mixed samples"),
    ("pair_slope", "", "largest difference of two logits over the distance of their samples, real and fake"),
    (
        "lipschitz_upper",
        "",
        "product of its layers' operator norms: no slope is larger; missing for unknown layers",
    ),
    ("slope_profile", "", "largest over smallest gradient size among the discriminator's layers"),
    ("generator_profile", "", "largest over smallest gradient size among the generator's layers"),
    (
        "straightness",
        "",
        "way of fixed-latent samples from the window's start to its end over the way they went",
    ),
    ("penalty_deviation", "", "gradient penalty: mean |slope - 1| at interpolates"),
    ("clip_saturation", "", "weight clipping: share of weights at the bound"),
    ("ada_p", "", "ADA: how likely each transform is made to a sample, as its controller has set it"),
    (
        "ada_rt",
        "",
        "ADA: r_t at its last adjustment, mean sign of logits on augmented training samples; target 0.6",
    ),
    (
        "augmentation_leak",
        "",
        "DiffAugment with translation, runs that end with q <= 0.4: share of samples that carry it; 1 all",
    ),
    (
        "ada_reading",
        "",
        "share of samples that look augmented by ADA; a run's less that of its twin without ADA is the leak",
    ),
    (
        "mode_certainty",
        "",
        "stacked digits: mean probability of the likeliest triple, 26,000 samples at the end",
    ),
    (
        "final_modes",
        "",
        "stacked digits: triples among 26,000 samples at the end; missing below certainty 0.8",
    ),
    ("final_modes_strict", "", "the same with a fifth of their fair share: 6 samples or more"),
    ("final_mode_kl", "nat", "KL of these triples' histogram from the even one; 0.019 by chance alone"),
    ("generator_loss", "", "mean since the last evaluation"),
    ("discriminator_loss", "", "mean since the last evaluation"),
    ("hop", "", "modes visited in the final window less modes held at once, over all modes"),
    ("amplitude", "", "exp of the P10-P90 range of log distance in the final window"),
    ("oscillation_p", "", "p of a spectral peak in log distance against red noise, second half of training"),
    ("oscillation_period", "evaluations", "period of that peak"),
    ("spectrum_radius", "", "largest size of an eigenvalue of one training turn: above 1 not attracting"),
    ("spectrum_real", "", "largest real part of the game Jacobian's eigenvalues"),
    (
        "spectrum_rotation",
        "",
        "median of |imaginary part| / size of its six eigenvalues of largest imaginary part",
    ),
    ("spectrum_radius_ok", "", "1 where all eigenvalues behind spectrum_radius converged, 0 where not"),
    ("spectrum_real_ok", "", "the same of spectrum_real"),
    ("spectrum_rotation_ok", "", "the same of spectrum_rotation: where 0, no flag rests on it"),
    (
        "stationarity",
        "",
        "size of the game's gradients over their early median: spectra mean little above 0.05",
    ),
)

RUN_ONLY = (
    "hop", "amplitude", "straightness", "oscillation_p", "oscillation_period", "spectrum_radius",
    "spectrum_real", "spectrum_rotation", "spectrum_radius_ok", "spectrum_real_ok", "spectrum_rotation_ok",
    "stationarity", "augmentation_leak", "ada_reading", "mode_certainty", "final_modes", "final_modes_strict",
    "final_mode_kl",
)  # fmt: skip
"""Dynamics that only a whole run or its end has."""

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
    ("duplicate_fraction", "", "share of generated samples equal to an earlier one after rounding to 1e-6"),
    ("max_abs", "", "largest absolute value generated"),
    ("distance", "", "as in runs.csv, at this step"),
    ("distance_ema", "", "the same of the averaged generator; every fourth time, in the window every time"),
    ("q", "", "normalised log distance at this step"),
    ("histogram_tv", "", "total variation between this class or mode histogram and the one before"),
    *((name, METRIC_COLUMNS[name].unit, _at_one_step(name)) for name in _MEASURED_PER_EVALUATION),
    *((name, c.unit, c.meaning) for name, c in DYNAMICS_COLUMNS.items() if name not in RUN_ONLY),
)  # fmt: skip
