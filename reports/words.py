"""Numbers as a reader wants them: one function per kind of number, used by page, captions and alt texts.

Nothing here decides anything; verdicts are made in findings.py.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import cast

from reports.say import Name, Text, joined, say, shaped

_MINUS = "−"
_THIN = "\N{NARROW NO-BREAK SPACE}"
_SOLID = "\N{NO-BREAK SPACE}"
_UNKNOWN = "n/a"
_WITHIN = "{whole}, {part}"


def number(value: float, digits: int = 3) -> str:
    """A plain number with a true minus sign and no exponent where avoidable.

    Example:
        >>> number(-0.03125), number(12345.6), number(float("nan")), number(float("inf"))
        ('−0.0312', '12,346', 'n/a', '∞')
    """
    if math.isnan(value):
        return _UNKNOWN
    if math.isinf(value):
        return "∞" if value > 0 else f"{_MINUS}∞"
    if value != 0 and abs(value) < 1e-3:
        text = f"{value:.1e}"
    else:
        places = max(0, digits - 1 - math.floor(math.log10(abs(value)))) if value else 0
        text = f"{value:,.{places}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", _MINUS)


def fixed(value: float, places: int = 2) -> str:
    """A score with a fixed number of decimals, so that columns line up.

    Example:
        >>> fixed(0.5), fixed(-0.004), fixed(float("nan"))
        ('0.50', '0.00', 'n/a')
    """
    if not math.isfinite(value):
        return number(value)
    text = f"{value:.{places}f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", _MINUS)


def signed(value: float, places: int = 2) -> str:
    """A difference with its sign.

    Example:
        >>> signed(0.126), signed(-0.5), signed(0.0)
        ('+0.13', '−0.50', '0.00')
    """
    text = fixed(value, places)
    return f"+{text}" if math.isfinite(value) and float(f"{value:.{places}f}") > 0 else text


def percent(share: float) -> str:
    """A share as whole percent.

    Example:
        >>> percent(0.484).replace("\N{NARROW NO-BREAK SPACE}", " ")
        '48 %'
    """
    return _UNKNOWN if math.isnan(share) else f"{fixed(100 * share, 0)}{_THIN}%"


def points(difference: float) -> str:
    """A difference of shares in percentage points.

    Example:
        >>> points(-0.123).replace("\N{NARROW NO-BREAK SPACE}", " ")
        '−12 points'
    """
    text = signed(100 * difference, 0)
    said = say("{number}\N{NARROW NO-BREAK SPACE}points", number=text)
    return shaped(said[:-1], said) if text in ("+1", f"{_MINUS}1") else said


def span(low: float, high: float, *, share: bool = False) -> str:
    """An interval in brackets; shares in percent.

    Example:
        >>> span(0.41, 0.555, share=True).split(), span(-0.2, 0.1).split()
        (['[41,', '56]'], ['[−0.20,', '0.10]'])
    """
    if math.isnan(low) or math.isnan(high):
        return say("[no\N{NO-BREAK SPACE}interval]")
    if share:
        return f"[{fixed(100 * low, 0)},{_SOLID}{fixed(100 * high, 0)}]"
    return f"[{fixed(low)},{_SOLID}{fixed(high)}]"


def ratio(value: float) -> str:
    """A capacity ratio or a rate scale as people write it: 1/8, 1/2, 4.

    Example:
        >>> ratio(0.125), ratio(4.0), ratio(0.3), ratio(2.5)
        ('1/8', '4', '0.3', '2.5')
    """
    if not math.isfinite(value) or value <= 0:
        return number(value)
    simple = Fraction(value).limit_denominator(64)
    if simple.numerator == 1 and simple.denominator > 1 and abs(float(simple) - value) < 1e-9:
        return f"1/{simple.denominator}"
    return number(value)


def change(estimate: float, low: float, high: float) -> str:
    """A difference of scores with its interval.

    Example:
        >>> change(0.126, -0.2, 0.4).split()
        ['+0.13', '[−0.20,', '0.40]']
    """
    return joined([signed(estimate), span(low, high)])


def times(value: float) -> str:
    """A learning-rate scale: a multiple of the recipe's own rate.

    Example:
        >>> times(0.3), times(1.0)
        ('×0.3', '×1')
    """
    return f"×{number(value)}"


def count(amount: int, thing: str) -> str:
    """An amount with its noun in the right number.

    Example:
        >>> count(1, "run"), count(1200, "run")
        ('1 run', '1,200 runs')
    """
    said = say(f"{{amount}} {thing}s", amount=f"{amount:,}")
    return shaped(said[:-1], said) if amount == 1 else said


def listed(items: Sequence[str]) -> str:
    """Items as a clause.

    Example:
        >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
        ('a', 'a and b', 'a, b and c')
    """
    if len(items) < 2:
        return items[0] if items else ""
    return say("{items} and {last}", items=enumerated(items[:-1]), last=items[-1])


def enumerated(items: Sequence[str]) -> str:
    """Items one after another, with nothing between them but commas.

    Example:
        >>> enumerated(["a", "b", "c"])
        'a, b, c'
    """
    return joined(items, "{item}, {next}", ("item", "next"))  # named apart from the comma between clauses


def sentence(*parts: str) -> str:
    """Parts that are not empty, joined by a space, the first letter large.

    Example:
        >>> sentence("", "no run failed.", "Good.")
        'No run failed. Good.'
    """
    text = sentences([part for part in parts if part])
    return shaped(text[:1].upper() + text[1:], text)


def sentences(parts: Sequence[str]) -> str:
    """Whole sentences one after another.

    Example:
        >>> sentences(["No run failed.", "Good."])
        'No run failed. Good.'
    """
    return joined(parts, "{sentence} {next}", ("sentence", "next"))


def clauses(parts: Sequence[str]) -> str:
    """Parts of a sentence with commas between them.

    Example:
        >>> clauses(["no run failed", "3 pairs"])
        'no run failed, 3 pairs'
    """
    return joined(parts, "{left}, {right}")


def within(whole: str, part: str) -> str:
    """Name a part of something: ``digits, all recipes``.

    Example:
        >>> within("digits", "all recipes"), innermost(within(within("digits", "wgan"), "at ×1"))
        ('digits, all recipes', 'at ×1')
    """
    return say(_WITHIN, whole=whole, part=part)


def innermost(name: str) -> str:
    """The last part of a name made by ``within``; of any other name, itself."""
    if isinstance(name, Text) and name.pattern == _WITHIN:
        return cast(str, name.values["part"])
    return name.rsplit(", ", 1)[-1]


def told_by(name: str, content: object) -> str:
    """Something with its name before it: ``seed 3``.

    Example:
        >>> told_by("seed", 3)
        'seed 3'
    """
    return say("{name} {content}", name=name, content=content)


def seconds(value: float) -> str:
    """A duration in the unit that suits it.

    Example:
        >>> seconds(42.0), seconds(600.0), seconds(7260.0)
        ('42 s', '10 min', '2.02 h')
    """
    if not math.isfinite(value):
        return number(value)
    for unit, size in (("h", 3600.0), ("min", 60.0)):
        if value >= 2 * size:
            return f"{number(value / size)} {unit}"
    return f"{number(value)} s"


def label(name: object, length: int = 40) -> str:
    """A name from outside, fit to be drawn: one line, no control characters, not longer than ``length``.

    Example:
        >>> label("a\\nb\\x00c"), label("x" * 50, length=5)
        ('a b c', 'xxxx…')
    """
    text = "".join(letter if letter.isprintable() else " " for letter in str(name))
    text = text if len(text) <= length else f"{text[: length - 1]}…"
    return shaped(text, name) if isinstance(name, Text) else Name(text)
