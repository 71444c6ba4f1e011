"""Every pattern on one history."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import Protocol, cast

import counseling.patterns
from counseling.patterns.base import History, PatternState
from counseling.patterns.thresholds import Thresholds


class Finder(Protocol):
    """What a pattern file calls ``find``."""

    def __call__(self, history: History, thresholds: Thresholds) -> tuple[PatternState, ...]: ...


def evaluate(history: History, thresholds: Thresholds) -> tuple[PatternState, ...]:
    """The state of every (pattern, subject) after all the waves so far, sorted by pattern and subject.

    Deterministic, and the same in whatever order the waves were given or the reports came in.
    """
    states = (state for find in finders() for state in find(history, thresholds))
    return tuple(sorted(states, key=lambda state: (state.pattern, state.subject)))


@cache
def finders() -> tuple[Finder, ...]:
    """The ``find`` of every pattern file: a new file in this package is enough."""
    package = counseling.patterns
    modules = (import_module(f"{package.__name__}.{found.name}") for found in pkgutil.iter_modules(package.__path__))
    return tuple(cast(Finder, module.find) for module in modules if hasattr(module, "find"))
