"""Columns that say how training went, and which of them only a whole run has."""

from __future__ import annotations

from bench.records.column import columns_of

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
