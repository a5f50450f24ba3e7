"""The tracker on trial: planted slowdowns, faults of quality, and nothing at all; ``nox -s tracker``."""
