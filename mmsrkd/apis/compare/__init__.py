"""Suites: train and test runs under equal conditions, and lay the results side by side."""

from .conditions import unequal_conditions
from .page import as_json, render
from .plot import draw
from .runs import read_results, run_one, run_suite
from .suite import load_suite, run_config, trains

__all__ = [
    "as_json",
    "draw",
    "load_suite",
    "read_results",
    "render",
    "run_config",
    "run_one",
    "run_suite",
    "trains",
    "unequal_conditions",
]
