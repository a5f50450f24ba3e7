"""Regression tracking: this tree against another, in speed and in quality, and both over time."""
