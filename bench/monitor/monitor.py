"""The Monitor: our diagnostics and verdict in anybody's PyTorch training loop."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from bench.diagnostics.arrays import Floats
from bench.features import Extractor
from bench.metrics import reference_for
from bench.monitor import arguments, files, telling
from bench.monitor.agreed import agreed
from bench.monitor.curves import curves_of
from bench.monitor.diagnosis import Diagnosis, diagnose
from bench.monitor.gauge import Gauge
from bench.monitor.looks import Look, outputs_of
from bench.monitor.marks import Plan, contexts_of, one_context, problems_of
from bench.monitor.observed import Observed
from bench.monitor.run import OUTPUTS, Run, run_of, series_of, with_values
from bench.monitor.scales import UNKNOWN, Meaning
from bench.monitor.stick import given
from bench.monitor.turns import Turns, gradient_of, mean_of
from bench.pages import WritePage, write_diagnosis
from bench.records.schema import EvaluationRecord
from bench.verdict import Context, Verdict, window_start
from gans.data import Dataset, load
from gans.losses import LOSSES, Loss

Player = nn.Module | Tensor | float

_STEP, _EVALUATE = "Monitor.step", "Monitor.evaluate"

_COLUMN = {
    "real_logits": "output_real", "fake_logits": "output_fake", "d_loss": "discriminator_loss",
    "g_loss": "generator_loss", "generator": "generator_gradient", "discriminator": "discriminator_gradient",
}  # fmt: skip
"""What each argument of a step is kept as."""


@dataclass(kw_only=True, eq=False)
class Monitor:
    """Watches one GAN in training and says what its trainer would: diagnostics, mechanisms, a verdict.

    Nothing that training does makes it raise; it keeps no graph and changes no weight, gradient, buffer or
    mode. What it was not given is "not measured", and what stood in for something else is named.

    Args:
        loss: name of a registered loss, or a Loss; without it, what depends on a logit's meaning is left out.
        real: real samples that the GAN is not trained on; quality and modes are measured against them.
        train: the training samples; memorisation and the limits of little data need them.
        steps: generator updates planned; without it, the last one seen is the end.
        evaluations: calls of ``evaluate`` planned; with it costly metrics wait for the final window.
        mode_centers, mode_sd: modes of a mixture of points, where they are known.
        extractor: features of images; without one principal components of pixels, which the scores are named
            after.
        dataset: a registered data set (or a Dataset) in place of ``real``.
        regularizer: "gradient_penalty" or "clip" where the critic is bounded so, "none" where it is not.
        outputs: "logits" or "probabilities"; "auto" takes outputs for probabilities that all lie from 0 to 1
            and spread over it, under a loss for which they can be.
        floor: what real data score, where quality is your own: ``evaluate(values={"distance": ...})``.

    Shapes:
        real, train: (n, *sample_shape), as the generator returns them. mode_centers: (modes, dimension).

    Raises:
        ValueError: an argument that cannot be used.

    Example:
        >>> monitor = Monitor(loss="non_saturating", steps=2)
        >>> for step in (1, 2):
        ...     monitor.step(d_loss=1.4, g_loss=float("nan"))
        >>> monitor.verdict().outcome, monitor.verdict().onset_step
        ('diverged:nonfinite', 1)
    """

    loss: str | Loss | None = None
    real: Any | None = None
    train: Any | None = None
    steps: int | None = None
    evaluations: int | None = None
    mode_centers: Any | None = None
    mode_sd: float | None = None
    extractor: Extractor | None = None
    dataset: str | Dataset | None = None
    regularizer: str = UNKNOWN
    outputs: str = "auto"
    floor: float = math.nan
    _turns: Turns = field(init=False, repr=False, default_factory=Turns)
    _looks: dict[int, Look] = field(init=False, repr=False, default_factory=dict)
    _gauge: Gauge = field(init=False, repr=False, default_factory=Gauge)
    _loss: Loss | None = field(init=False, repr=False, default=None)
    _empty: Counter[str] = field(init=False, repr=False, default_factory=Counter)
    _repeated: int = field(init=False, repr=False, default=0)

    def __post_init__(self) -> None:
        """Check the arguments once, so that training is never interrupted by them."""
        self._loss = LOSSES.resolve(self.loss) if isinstance(self.loss, str) else self.loss
        if self.outputs not in OUTPUTS:
            raise ValueError(
                f"Monitor: outputs must be one of {', '.join(OUTPUTS)}, got {self.outputs!r}; choose one"
            )
        for name in ("steps", "evaluations"):
            if getattr(self, name) is not None:
                arguments.planned(name, getattr(self, name))
        for name in ("mode_sd", "floor"):
            if getattr(self, name) is not None:
                arguments.positive(name, getattr(self, name))
        if self.dataset is not None and self.real is not None:
            raise ValueError(
                "Monitor: dataset and real must not both be given; a data set has its own holdout"
            )
        self._gauge.train = self.train
        if self.real is not None:
            self._gauge.given = given(self.real, self.train, self.mode_centers, self.mode_sd, self.extractor)
        if self.dataset is not None:
            dataset = load(self.dataset) if isinstance(self.dataset, str) else self.dataset
            self._gauge.reference = reference_for(dataset)

    def step(
        self,
        *,
        real_logits: Tensor | None = None,
        fake_logits: Tensor | None = None,
        d_loss: Tensor | float | None = None,
        g_loss: Tensor | float | None = None,
        generator: Player | None = None,
        discriminator: Player | None = None,
        step: int | None = None,
    ) -> None:
        """Report a training step, or a part of one; everything is optional, at least one must be there.

        Numbers stay on their device until a few hundred have come together.

        Args:
            real_logits, fake_logits: the discriminator's outputs on the batch.
            generator, discriminator: modules whose gradients are there right now, or the root mean square
                of their gradients. Hand the discriminator over right after its own backward pass: the
                generator's adds to its gradients.
            step: generator updates so far, this one included. Calls with the same number are one step;
                without it each call is the next.

        Raises:
            TypeError: an argument is no number, tensor or module. ValueError: nothing was given, or the step
                is no whole number.
        """
        outputs = {"real_logits": real_logits, "fake_logits": fake_logits, "d_loss": d_loss, "g_loss": g_loss}
        players = {"generator": generator, "discriminator": discriminator}
        reported = {
            name: arguments.numbers_of(_STEP, name, each)
            for name, each in outputs.items()
            if each is not None
        }
        seen = {
            name: arguments.player_of(_STEP, name, each) for name, each in players.items() if each is not None
        }
        if not reported and not seen:
            raise ValueError(f"{_STEP}: at least one quantity must be given, got none; see its docstring")
        at = self._turns.following if step is None else arguments.step_of(_STEP, step)
        values = {_COLUMN[name]: mean_of(each) for name, each in reported.items()}
        self._empty.update(name for name in reported if values[_COLUMN[name]] is None)
        values |= {_COLUMN[name]: gradient_of(each) for name, each in seen.items()}
        self._turns.add(at, values)
        real, fake = reported.get("real_logits"), reported.get("fake_logits")
        if isinstance(real, Tensor) and isinstance(fake, Tensor):
            self._turns.keep(self._turns.last, real, fake)

    def evaluate(
        self,
        samples: Tensor | None = None,
        *,
        step: int | None = None,
        holdout_logits: Any | None = None,
        train_logits: Any | None = None,
        fake_logits: Any | None = None,
        discriminator: Callable[[Tensor], Tensor] | None = None,
        averaged: Tensor | None = None,
        values: Mapping[str, float] | None = None,
    ) -> None:
        """Measure the generator's samples and what the discriminator knows.

        Call it once before training, with step 0, to have the untrained generator's distance.

        Args:
            samples: of the generator, best always from the same latents. averaged: of its moving average.
            step: generator updates so far; without it that of the last ``step``.
            holdout_logits, train_logits, fake_logits: the discriminator's outputs on ``real``, on training
                samples and on ``samples``.
            discriminator: in their place, the discriminator itself; it is asked in evaluation mode.
            values: columns that you measured yourself, under their names in reports/SCHEMA.md.

        Raises:
            TypeError: an argument is of another kind. ValueError: samples of another shape than the real
                ones, an unknown column, or a step that is no whole number.
        """
        at = self._turns.last if step is None else arguments.step_of(_EVALUATE, step) + self._turns.offset
        look = Look(step=at)
        look.outputs = self._outputs(
            {"holdout_logits": holdout_logits, "train_logits": train_logits, "fake_logits": fake_logits}
        )
        own = arguments.values_of(_EVALUATE, {} if values is None else values)
        drawn, mean = (
            None if each is None else arguments.samples_of(_EVALUATE, name, each, self._gauge.sample_shape)
            for name, each in (("samples", samples), ("averaged", averaged))
        )
        asked = None if discriminator is None else arguments.discriminator_of(_EVALUATE, discriminator)
        if drawn is not None:
            self._gauge.measure_samples(look, drawn, mean, self._tiers(look.step))
        if asked is not None:
            self._gauge.ask(look, asked, drawn, slope=self._loss is not None)
        look.values.update(own)
        self._repeated += look.step in self._looks
        self._looks[look.step] = look

    def _outputs(self, given_outputs: Mapping[str, Any]) -> dict[str, Floats]:
        found = {
            name: outputs_of(arguments.tensor_of(_EVALUATE, name, each))
            for name, each in given_outputs.items()
            if each is not None
        }
        self._empty.update(name for name, each in found.items() if not each.size)
        return {name.removesuffix("_logits"): each for name, each in found.items()}

    @property
    def extractor_name(self) -> str:
        """What quality is measured on: scores of different names must not be compared; empty for none."""
        reference = self._gauge.reference
        return "" if reference is None else reference.extractor.name

    def verdict(self) -> Verdict:
        """The verdict as if training ended now, by the rules that judge this project's own runs.

        It names the outcome of ``diagnosis`` where one remains, else ``invalid``: what was not measured
        cannot be judged. Where the outcome is the same under every floor that was tried, q and score are NaN:
        they are not the same.
        """
        return agreed(self.diagnosis(), self._plan().meaning)

    def diagnosis(self) -> Diagnosis:
        """Outcome, mechanisms, how sure, what could not be measured and why, and what to try next."""
        return diagnose(self.observed())

    def records(self) -> tuple[EvaluationRecord, ...]:
        """The evaluations so far, in the form of this project's own records."""
        return self._run().records

    def observed(self) -> Observed:
        """All that was seen, ready to be diagnosed."""
        run = self._run()
        stand_ins = {**({} if self._gauge.given is None else self._gauge.given.stand_ins), **run.stand_ins}
        plan = self._plan()
        contexts = contexts_of(run, plan, self._gauge.reference, stand_ins)
        looks = list(self._looks.values())
        return Observed(
            source="Monitor",
            evaluations=run.records,
            contexts=contexts,
            diverged_step=run.diverged_step,
            problems=(*problems_of(looks, plan, self._repeated, self._empty), *run.problems),
            stand_ins=stand_ins,
            counts={"steps reported": len(run.order.steps), "evaluations": len(self._looks)},
            mapping={"samples": f"features {self.extractor_name}"} if self.extractor_name else {},
            curves=curves_of(series_of(run)),
        )

    def summary(self) -> str:
        """The diagnosis as text."""
        return "\n".join(telling.lines(self.diagnosis()))

    def to_csv(self, path: str | Path) -> Path:
        """Write one row per evaluation; ``ganbench diagnose`` reads it again."""
        run = self._run()
        return files.write_csv(Path(path), run.records, self._context(run))

    def report(self, path: str | Path, writer: WritePage = write_diagnosis) -> Path:
        """Write the diagnosis as one HTML page.

        Args:
            writer: who makes the page, of the diagnosis's values and the path.
        """
        return writer(telling.to_mapping(self.diagnosis()), Path(path))

    def _context(self, run: Run) -> Context:
        plan = self._plan()
        return one_context(contexts_of(run, plan, self._gauge.reference, {}), plan.meaning)

    def _tiers(self, step: int) -> set[str]:
        """All but the last tier, unless it is planned when the final window begins."""
        index = sum(0 < each < step for each in self._looks)
        early = self.evaluations is not None and index < window_start(self.evaluations)
        return {"every"} if step == 0 or early else {"every", "window"}

    def _run(self) -> Run:
        run = run_of(self._turns, list(self._looks.values()), self._loss, self.outputs)
        if not run.looks or self._gauge.reference is None:
            return run
        last = run.looks[-1]
        self._gauge.measure_end(last)
        ended = with_values(run.records[-1], last.values, last.statuses)
        return replace(run, records=(*run.records[:-1], ended))

    def _plan(self) -> Plan:
        loss = self._loss
        meaning = Meaning(floor=self.floor)
        if loss is not None:
            meaning = Meaning(loss.name, loss.decision_point, loss.has_gain, self.floor)
        return Plan(
            meaning=meaning,
            steps=self.steps,
            evaluations=self.evaluations,
            regularizer=self.regularizer,
            train_rows=None if self.train is None else len(self.train),
            given=self._gauge.given,
            wanted=self.real is not None,
        )
