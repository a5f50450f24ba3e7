"""The page of a history: one small chart per benchmark, changes for good marked."""

from reports.history.page import render, write_page

__all__ = ["render", "write_page"]
