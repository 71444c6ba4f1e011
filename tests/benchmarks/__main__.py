"""`python -m tests.benchmarks [name[,name]...]`: one JSON object per line, and a table for the person at a terminal."""

from __future__ import annotations

import json
import os
import sys
import traceback
from dataclasses import asdict

import django

from tests.benchmarks.registry import Benchmark, Result, chosen


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    names = [name for argument in arguments for name in argument.split(",") if name]
    try:
        benchmarks = chosen(names)
    except LookupError as error:
        print(error, file=sys.stderr)
        return 2
    results = {benchmark: result for benchmark in benchmarks if (result := report(benchmark))}
    if sys.stderr.isatty():
        print(table(results), file=sys.stderr)
    return 0 if len(results) == len(benchmarks) else 1


def report(benchmark: Benchmark) -> Result | None:
    """Run one and print what it found. A failing one is told on stderr and does not stop the others."""
    try:
        result = benchmark.run()
    except Exception:  # noqa: BLE001 - whatever went wrong, the remaining figures are still wanted
        print(f"{benchmark.name} failed:\n{traceback.format_exc()}", file=sys.stderr)
        return None
    print(json.dumps(asdict(result)), flush=True)
    return result


def table(results: dict[Benchmark, Result]) -> str:
    rows = [row("benchmark", "ours", "reference", "ratio", "unit, against")]
    rows += [
        row(
            result.name,
            f"{result.figure:,.6g}",
            f"{result.reference:,.6g}",
            f"{result.ratio:.3g}",
            f"{result.unit}, against {benchmark.against}",
        )
        for benchmark, result in results.items()
    ]
    return "\n".join(rows)


def row(name: str, ours: str, reference: str, ratio: str, remark: str) -> str:
    return f"{name:<24} {ours:>14} {reference:>14} {ratio:>8}  {remark}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
