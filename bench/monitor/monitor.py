"""The Monitor: our diagnostics and verdict in anybody's PyTorch training loop."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from bench.features import Extractor
from bench.metrics import reference_for
from bench.monitor import files, telling
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
from bench.verdict import Context, Verdict, judge, window_start
from gans.data import Dataset, load
from gans.losses import LOSSES, Loss

Player = nn.Module | Tensor | float


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
    _repeated: int = field(init=False, repr=False, default=0)

    def __post_init__(self) -> None:
        """Check the arguments once, so that training is never interrupted by them."""
        self._loss = LOSSES.resolve(self.loss) if isinstance(self.loss, str) else self.loss
        if self.outputs not in OUTPUTS:
            raise ValueError(
                f"Monitor: outputs must be one of {', '.join(OUTPUTS)}, got {self.outputs!r}; choose one"
            )
        for name in ("steps", "evaluations"):
            planned = getattr(self, name)
            if planned is not None and planned < 1:
                raise ValueError(
                    f"Monitor: {name} must be at least 1, got {planned}; leave it out if unknown"
                )
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
            ValueError: nothing was given.
        """
        reported = {
            "output_real": None if real_logits is None else mean_of(real_logits),
            "output_fake": None if fake_logits is None else mean_of(fake_logits),
            "discriminator_loss": None if d_loss is None else mean_of(d_loss),
            "generator_loss": None if g_loss is None else mean_of(g_loss),
            "generator_gradient": None if generator is None else gradient_of(generator),
            "discriminator_gradient": None if discriminator is None else gradient_of(discriminator),
        }
        if all(value is None for value in reported.values()) and generator is None and discriminator is None:
            raise ValueError("Monitor.step: at least one quantity must be given, got none; see its docstring")
        at = self._turns.last + 1 if step is None else int(step)
        self._turns.add(at, reported)
        if isinstance(real_logits, Tensor) and isinstance(fake_logits, Tensor):
            self._turns.keep(at, real_logits, fake_logits)

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
            ValueError: samples of another shape than the real ones.
        """
        look = Look(step=self._turns.last if step is None else int(step))
        given_outputs = {"holdout": holdout_logits, "train": train_logits, "fake": fake_logits}
        look.outputs = {name: outputs_of(each) for name, each in given_outputs.items() if each is not None}
        if samples is not None:
            self._gauge.measure_samples(look, samples.detach(), averaged, self._tiers(look.step))
        if discriminator is not None:
            self._gauge.ask(look, discriminator, samples, slope=self._loss is not None)
        look.values.update(values or {})
        self._repeated += look.step in self._looks
        self._looks[look.step] = look

    @property
    def extractor_name(self) -> str:
        """What quality is measured on: scores of different names must not be compared; empty for none."""
        reference = self._gauge.reference
        return "" if reference is None else reference.extractor.name

    def verdict(self) -> Verdict:
        """The verdict as if training ended now, by the rules that judge this project's own runs.

        What was not measured cannot be judged: without samples the outcome is ``invalid``, unless training
        stopped being finite. ``diagnosis`` says more in that case.
        """
        run = self._run()
        return judge(run.records, self._context(run), diverged_step=run.diverged_step)

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
            problems=(*problems_of(looks, plan, self._repeated), *run.problems),
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
