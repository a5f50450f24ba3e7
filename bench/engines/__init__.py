"""Engines: where cohorts run."""

from bench.engines.protocol import Completion, Engine, EngineError, OnStep

__all__ = ["Completion", "Engine", "EngineError", "OnStep"]
