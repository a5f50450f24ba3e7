"""Two results folders side by side: comparison.html and comparison.csv."""

from reports.comparison.page import write_comparison

__all__ = ["write_comparison"]
