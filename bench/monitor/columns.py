"""What people call things in their logs: column names to the names that the diagnostics know."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

from bench.monitor.observed import LONGEST_NAME, brief
from bench.records.columns import EVALUATION_COLUMNS

STEP, EPOCH = "step", "epoch"

RUNS = (
    "run",
    "run_id",
    "run_name",
    "seed",
    "trial",
    "trial_id",
    "experiment",
    "experiment_id",
    "exp",
    "fold",
)
"""Columns that say which run a row is of."""

REAL_OUTPUT, FAKE_OUTPUT = "output_real", "output_fake"

_D, _G = ("d", "dis", "disc", "discriminator", "critic", "netd"), ("g", "gen", "generator", "netg")


def _of(players: Sequence[str], *words: str) -> tuple[str, ...]:
    """Every order of player and word: d_loss, loss_d, dloss, lossd."""
    pairs = [(player, word) for player in players for word in words]
    return tuple(f"{a}{gap}{b}" for p, w in pairs for a, b in ((p, w), (w, p)) for gap in ("_", ""))


ALIASES: Mapping[str, tuple[str, ...]] = {
    STEP: (
        "step", "steps", "global_step", "globalstep", "iteration", "iterations", "iter", "iters", "it",
        "n_iter", "niter", "itr", "batches_done", "batch", "kimg", "cur_nimg", "nimg", "tick", "i",
    ),
    EPOCH: ("epoch", "epochs", "ep"),
    "discriminator_loss": (
        *_of(_D, "loss", "losses", "err", "error", "cost"), "d_total_loss", "d_loss_total", "loss_d_total",
    ),
    "generator_loss": (
        *_of(_G, "loss", "losses", "err", "error", "cost"), "g_total_loss", "g_loss_total", "loss_g_total",
    ),
    REAL_OUTPUT: (
        "d_x", "dx", "d_real", "real_score", "real_scores", "score_real", "scores_real", "d_real_mean",
        "d_out_real", "out_real", "output_real", "prob_real", "real_prob", "p_real", "d_real_score", "real_d",
        "logit_real", "logits_real", "real_logit", "real_logits", "d_logit_real", "d_logits_real",
        "real_validity", "d_real_output",
    ),
    FAKE_OUTPUT: (
        "d_g_z", "dgz", "d_gz", "d_g_z1", "d_g_z_1", "d_gz1", "d_fake", "fake_score", "fake_scores",
        "score_fake", "scores_fake", "d_fake_mean", "d_out_fake", "out_fake", "output_fake", "prob_fake",
        "fake_prob", "p_fake", "d_fake_score", "fake_d", "logit_fake", "logits_fake", "fake_logit",
        "fake_logits", "d_logit_fake", "d_logits_fake", "fake_validity", "d_fake_output",
    ),
    "output_holdout": (
        "d_val", "d_holdout", "d_test", "logit_holdout", "logits_holdout", "holdout_logits", "d_real_val",
        "d_val_real", "d_x_val", "d_x_test", "real_val_score", "val_logits", "output_holdout",
        "holdout_score", "logit_val", "logits_val",
    ),
    "accuracy_real": ("acc_real", "real_acc", "d_acc_real", "d_real_acc", "accuracy_real", "real_accuracy"),
    "accuracy_fake": ("acc_fake", "fake_acc", "d_acc_fake", "d_fake_acc", "accuracy_fake", "fake_accuracy"),
    "accuracy": (*_of(_D, "acc", "accuracy"), "accuracy", "acc"),
    "generator_gradient": (*_of(_G, "grad", "grad_norm", "gradient", "gradient_norm", "gradnorm", "gnorm"),),
    "discriminator_gradient": (
        *_of(_D, "grad", "grad_norm", "gradient", "gradient_norm", "gradnorm", "gnorm"),
    ),
    "distance": (
        "distance", "fid", "fid50k", "fid50k_full", "fid5k", "fid10k", "fid_score", "frechet_distance",
        "frechet_inception_distance", "frechet", "sw2", "swd", "sliced_wasserstein", "sliced_wasserstein_2",
        "mmd", "kid", "kid50k_full", "energy_distance",
    ),
    "auc_train_holdout": ("auc_train_holdout", "auc_train_val"),
    "auc_real_fake": ("auc_real_fake", "d_auc", "auc_d", "auc"),
    "inception_score": ("inception_score", "is", "is_mean", "is50k", "inception_score_mean"),
}  # fmt: skip
"""Each known thing with what it is called, lower case and with underscores; the first that is there wins."""

_OWN = tuple(
    name
    for name in EVALUATION_COLUMNS
    if name not in ("run_id", "step", "q", "histogram_tv", "fid", "kid", "logit_real", "logit_fake")
)
NAMES = tuple(dict.fromkeys((*ALIASES, *_OWN)))
"""Everything that ``--columns NAME=COLUMN`` may name."""

MEANINGS: Mapping[str, str] = {
    STEP: "generator updates so far",
    EPOCH: "passes over the data so far",
    REAL_OUTPUT: "the discriminator's mean output on real training samples: D(x), logits or probabilities",
    FAKE_OUTPUT: "the same on generated samples: D(G(z))",
    "output_holdout": "the same on real samples that were not trained on",
    "accuracy": "share of real and generated samples that the discriminator gets right",
    **{name: column.meaning for name, column in EVALUATION_COLUMNS.items() if name in NAMES[2:]},
}

_PREFIXES = ("train_", "training_", "losses_", "metrics_", "metric_", "loss_scores_", "eval_", "stats_")
_PLACE = {alias: (name, place) for name, aliases in ALIASES.items() for place, alias in enumerate(aliases)}
_PLACE |= {name: (name, 0) for name in _OWN}


def spelled(column: str) -> str:
    """A column's name as the table of names spells it.

    Example:
        >>> [spelled(name) for name in ("D(G(z))", "Loss_D", "train/d-loss", "generatorLoss", " FID ")]
        ['d_g_z', 'loss_d', 'train_d_loss', 'generator_loss', 'fid']
    """
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])", "_", column.strip())
    return re.sub(r"[^a-z0-9]+", "_", split.lower()).strip("_")


def recognise(columns: Sequence[str]) -> dict[str, int]:
    """Find what is known among the columns of a log.

    Returns:
        Name to the place of its column; of several candidates the one that stands first in the table.

    Example:
        >>> recognise(["iter", "Loss_D", "Loss_G", "D(x)", "D(G(z))", "lr", "train/FID"])
        {'step': 0, 'discriminator_loss': 1, 'generator_loss': 2, 'output_real': 3, 'output_fake': 4,
        'distance': 6}
    """
    best: dict[str, tuple[int, int]] = {}
    for index, column in enumerate(columns):
        known = _known(spelled(column))
        if known is None:
            continue
        name, place = known
        if name not in best or place < best[name][0]:
            best[name] = (place, index)
    return {name: index for name, (_, index) in best.items()}


def chosen(options: Sequence[str], columns: Sequence[str]) -> dict[str, int]:
    """Read ``NAME=COLUMN`` options.

    Raises:
        ValueError: an option is malformed, a name is unknown, or the log has no such column.

    Example:
        >>> chosen(["distance=my score"], ["step", "my score"])
        {'distance': 1}
        >>> chosen(["distanse=step"], ["step"])
        Traceback (most recent call last):
        ValueError: --columns: NAME must be a known name, got 'distanse'; did you mean 'distance'?
    """
    found: dict[str, int] = {}
    for option in options:
        name, equals, column = (part.strip() for part in option.partition("="))
        if not (name and equals and column):
            raise ValueError(
                f"--columns: must be NAME=COLUMN, got {option!r}; as in discriminator_loss=my_loss"
            )
        if name not in NAMES:
            raise ValueError(f"--columns: NAME must be a known name, got {name!r}; {nearest(name, NAMES)}")
        if column not in columns:
            raise ValueError(
                f"--columns: COLUMN must be in the log, got {brief(column)!r}; {nearest(column, columns)}"
            )
        if name in found:
            raise ValueError(f"--columns: {name} must be given once, got it twice; keep one")
        found[name] = list(columns).index(column)
    return found


def _known(name: str) -> tuple[str, int] | None:
    if name in _PLACE:
        return _PLACE[name]
    for prefix in _PREFIXES:
        if name.startswith(prefix):
            return _known(name.removeprefix(prefix))
    return None


def nearest(word: str, known: Sequence[str]) -> str:
    """The known name that a word comes near to, or the first of those that there are."""
    near = difflib.get_close_matches(word[:LONGEST_NAME], known, n=1, cutoff=0.5)
    if near:
        return f"did you mean {brief(near[0])!r}?"
    listed = ", ".join(map(brief, known[:12]))
    return f"there {'are' if len(known) != 1 else 'is'} {listed}{' and others' if len(known) > 12 else ''}"
