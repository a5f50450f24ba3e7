"""The page of one diagnosis: what a log or a monitor says about one training run."""

from reports.diagnosis.page import render, write_page

__all__ = ["render", "write_page"]
