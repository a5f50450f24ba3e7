"""Attribution by intervention: failing cells, each with every set of three remedies, on seeds of their own.

A flag of a verdict suggests a cause; only taking the cause away shows it. Cells are chosen because they
failed, and would fail less often the next time by chance alone, so all sets of remedies train on fresh seeds.
"""

CELLS = 2
"""Failing cells that are chosen where nobody says: with SEEDS the 20 pairs from which rates are claimed."""
SEEDS = 10
"""Fresh seeds per cell where nobody says."""
