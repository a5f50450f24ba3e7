"""A cohort of our own trainer, watched from outside by one Monitor per member."""

from __future__ import annotations

from bench.metrics import reference_for
from bench.monitor import Monitor
from bench.probe_samples import HOLDOUT_PROBES, TRAIN_PROBES
from bench.records.schema import RunRecord
from bench.worker import schedule
from gans.cohort import Cohort
from gans.config import RunConfig
from gans.data import load


def watch(configs: list[RunConfig], records: list[RunRecord]) -> list[Monitor]:
    """Train as the worker does and hand every quantity to a monitor as a user's loop would.

    Args:
        records: of the same runs by the worker; only what a loop has to measure itself is taken from them.
    """
    config, data = configs[0], load(configs[0].dataset)
    latents = reference_for(data).latents(config.latent_dim)
    cohort = Cohort(configs, data, compiled=False)
    own = [data.train[cohort.training_indices(member)] for member in range(cohort.members)]
    monitors = [
        Monitor(
            loss=cohort.game.loss,
            dataset=data,
            train=own[member],
            steps=config.steps,
            evaluations=config.evaluations,
            regularizer=config.regularizer,
        )
        for member in range(cohort.members)
    ]
    look(monitors, cohort, latents, own, records)
    for step in schedule(config.steps, config.evaluations):
        done = cohort.state.step
        trace = cohort.train(step - done)
        for member, monitor in enumerate(monitors):
            for turn in range(step - done):
                monitor.step(
                    step=done + turn + 1,
                    d_loss=trace["discriminator_loss"][member, turn],
                    g_loss=trace["generator_loss"][member, turn],
                    generator=trace["generator_gradient"][member, turn],
                    discriminator=trace["discriminator_gradient"][member, turn],
                )
        look(monitors, cohort, latents, own, records)
    return monitors


OWN = ("clip_saturation", "penalty_deviation", "spectrum_rotation", "stationarity")
"""Columns that no logit, loss or sample holds: a loop measures them itself, or they are not measured."""


def look(monitors, cohort, latents, own, records) -> None:
    holdout = load(cohort.configs[0].dataset).holdout
    samples = cohort.generate(latents)
    averaged = cohort.generate(latents, average=True)
    fakes = samples[:, :HOLDOUT_PROBES]
    shared = holdout[:HOLDOUT_PROBES].expand(cohort.members, *holdout[:HOLDOUT_PROBES].shape)
    outputs = {"holdout": cohort.logits(shared), "fake": cohort.logits(fakes)}
    slopes = cohort.slopes(fakes[:, :256])
    for member, monitor in enumerate(monitors):
        mine = own[member][:TRAIN_PROBES]
        stored = [each.values for each in records[member].evaluations if each.step == cohort.state.step]
        extra = {name: values[name] for values in stored for name in OWN if name in values}
        train = cohort.logits(mine.expand(cohort.members, *mine.shape))[member]
        monitor.evaluate(
            samples[member],
            step=cohort.state.step,
            holdout_logits=outputs["holdout"][member],
            train_logits=train,
            fake_logits=outputs["fake"][member],
            averaged=averaged[member],
            values={"discriminator_slope": float(slopes[member].double().mean()), **extra},
        )
