"""Shares of a joint effect: exact Shapley values and interactions of a game of three, as plain weights.

Both are sums of the eight values with fixed weights, so they are exact, add up, and resample cheaply.
"""

from __future__ import annotations

import math

import numpy as np

from reports.stats import Floats

FACTORS = "CLD"
"""Capacity, loss, data: the letters of the three remedies."""
SETS = ("", "C", "L", "CL", "D", "CD", "LD", "CLD")
"""Every set of remedies; the place of a set has bit i where it holds letter i."""
PAIRS = ("CL", "CD", "LD")
"""Letters whose interaction is measured."""


def shapley() -> Floats:
    """Weights of the eight values in the share of each letter.

    Source:
        Shapley 1953, "A value for n-person games".

    Shapes:
        result: (3, 8), rows as FACTORS, columns as SETS.

    Example:
        >>> additive = np.array([sum({"C": 1, "L": 2, "D": 4}[letter] for letter in name) for name in SETS])
        >>> [round(float(share), 12) for share in shapley() @ additive]
        [1.0, 2.0, 4.0]
    """
    weights = np.zeros((3, 8))
    for player in range(3):
        for place, name in enumerate(SETS):
            others = len(name) - (FACTORS[player] in name)
            weight = math.factorial(others) * math.factorial(2 - others) / math.factorial(3)
            weights[player, place] = weight if FACTORS[player] in name else -weight
    return weights


def interaction() -> Floats:
    """Weights of the eight values in what two letters do together beyond what each does alone.

    Source:
        Grabisch and Roubens 1999, "An axiomatic approach to the concept of interaction".

    Shapes:
        result: (3, 8), rows as PAIRS, columns as SETS.

    Example:
        >>> both = np.array([float("C" in name and "L" in name) for name in SETS])
        >>> (interaction() @ both).tolist()
        [1.0, 0.0, 0.0]
    """
    signs = [[(-1.0) ** len(set(pair) - set(name)) / 2 for name in SETS] for pair in PAIRS]
    return np.array(signs)
