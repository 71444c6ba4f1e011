"""What a benchmark is, and the list of all of them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import floor, log10

import tests.benchmarks


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What one run found: our figure and the reference's, in the benchmark's unit; and others, each under its name."""

    figure: float
    reference: float
    also: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One line of output. `ratio` is our figure over the reference's."""

    name: str
    figure: float
    unit: str
    reference: float
    ratio: float
    also: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    name: str
    unit: str
    against: str
    measure: Callable[[], Measurement]

    def run(self) -> Result:
        found = self.measure()
        return Result(
            name=self.name,
            figure=significant(found.figure),
            unit=self.unit,
            reference=significant(found.reference),
            ratio=significant(found.figure / found.reference),
            also={name: significant(figure) for name, figure in found.also.items()},
        )


_registered: dict[str, Benchmark] = {}


def benchmark(
    name: str, *, unit: str, against: str
) -> Callable[[Callable[[], Measurement]], Callable[[], Measurement]]:
    """Register a function as the benchmark `name`; `against` says in words what the reference does."""

    def register(measure: Callable[[], Measurement]) -> Callable[[], Measurement]:
        if name in _registered and _registered[name].measure.__module__ != measure.__module__:
            raise ValueError(f"Two benchmarks are called {name}")
        _registered[name] = Benchmark(name=name, unit=unit, against=against, measure=measure)
        return measure

    return register


def every_benchmark() -> dict[str, Benchmark]:
    """All benchmarks by name, found in the `bench_*.py` files of this folder."""
    for module in pkgutil.iter_modules(tests.benchmarks.__path__, "tests.benchmarks."):
        if module.name.rpartition(".")[2].startswith("bench_"):
            importlib.import_module(module.name)
    return dict(sorted(_registered.items()))


def chosen(names: Iterable[str]) -> list[Benchmark]:
    """The named benchmarks, or all of them. Raises `LookupError` for a name nobody registered."""
    known = every_benchmark()
    wanted = list(names) or list(known)
    if unknown := [name for name in wanted if name not in known]:
        raise LookupError(f"No benchmark called {', '.join(unknown)}. There are: {', '.join(known)}")
    return [known[name] for name in wanted]


def significant(value: float, *, digits: int = 4) -> float:
    """`value` rounded to that many significant digits; more would claim a precision no run has."""
    if value == 0:
        return 0.0
    return round(value, digits - 1 - floor(log10(abs(value))))
