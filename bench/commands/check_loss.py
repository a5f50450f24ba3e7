"""ganbench check-loss: the conformance kit on one loss or penalty, printed as a table."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from bench.commands.endings import DONE, OUR_FAULT, CommandError

if TYPE_CHECKING:
    from gans.conformance import Finding

_NARROWEST, _WIDEST = 60, 120


def check_loss(target: str, kind: str | None = None) -> int:
    """Print what is right and wrong with a loss or penalty; 1 if anything is wrong.

    Args:
        target: ``package.module:object``, or the name of a built-in loss or regularizer.
        kind: a key of ``gans.conformance.KINDS``; guessed if not given.

    Raises:
        CommandError: it cannot be imported or is no loss and no penalty.
    """
    from gans.conformance import KINDS, WRONG, check, kind_of

    subject = _import(target)
    name = target.rpartition(":")[2]
    try:
        findings = check(subject, kind, name)
        known = kind or kind_of(subject, name)
    except ValueError as error:
        raise CommandError([f"check-loss: {target}: {error}"]) from error
    print(f"{target}: checked as {KINDS[known]}\n")
    width = min(max(shutil.get_terminal_size((100, 24)).columns, _NARROWEST), _WIDEST)
    print("\n".join(_table(findings, width)))
    wrong = [finding.check for finding in findings if finding.status == WRONG]
    told = f"{len(wrong)} of {len(findings)} checks found something wrong: {', '.join(wrong)}"
    print(f"\n{told if wrong else 'nothing is wrong with it'}")
    return OUR_FAULT if wrong else DONE


def _import(target: str) -> Any:
    from gans.losses import LOSSES
    from gans.registry import Registry
    from gans.regularizers import REGULARIZERS

    objects: Registry[Any] = Registry("check-loss")
    try:
        if ":" in target:
            return objects.resolve(target)
        for registry in (LOSSES, REGULARIZERS):
            for name in registry:
                objects.add(name, registry.resolve(name))
        if target in objects:
            return objects.get(target)
    except ValueError as error:
        raise CommandError([str(error)]) from error
    from bench.profile.problems import nearest

    advice = nearest(target, objects)
    raise CommandError([f"check-loss: must be package.module:object or a built-in, got {target!r}; {advice}"])


def _table(findings: Sequence[Finding], width: int) -> Iterator[str]:
    """Each finding with its numbers behind its words, wrapped into the last column."""
    status = max(len(finding.status) for finding in findings)
    check = max(len(finding.check) for finding in findings)
    for finding in findings:
        head = f"{finding.status:<{status}}  {finding.check:<{check}}  "
        numbers = [f"measured {finding.measured}"] if finding.measured else []
        numbers += [f"expected {finding.expected}"] if finding.expected else []
        text = finding.words + (f" ({', '.join(numbers)})" if numbers else "")
        yield textwrap.fill(text, width, initial_indent=head, subsequent_indent=" " * len(head))
