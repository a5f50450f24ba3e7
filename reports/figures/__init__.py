"""Drawings of the report, one module per kind of mark; each takes plain numbers and returns a ``Panel``."""
