from __future__ import annotations

import pytest

from tests.benchmarks.registry import Benchmark, Measurement, chosen, every_benchmark, significant
from tests.benchmarks.timing import compare, median_seconds


def test_a_result_holds_the_ratio_of_ours_over_the_reference():
    benchmark = Benchmark(
        name="planning",
        unit="follow-ups/s",
        against="plain inserts",
        measure=lambda: Measurement(figure=30, reference=40, also={"of_ten": 123456}),
    )

    result = benchmark.run()

    assert (result.name, result.figure, result.unit, result.reference, result.ratio, result.also) == (
        "planning",
        30,
        "follow-ups/s",
        40,
        0.75,
        {"of_ten": 123500},
    )


@pytest.mark.parametrize(
    ("value", "shown"), [(0, 0.0), (123456.7, 123500.0), (0.00123456, 0.001235), (-98.7654, -98.77)]
)
def test_figures_are_rounded_to_four_significant_digits(value, shown):
    assert significant(value) == shown


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(LookupError, match="no_such_benchmark"):
        chosen(["no_such_benchmark"])


def test_every_benchmark_is_chosen_when_none_is_named():
    assert [benchmark.name for benchmark in chosen([])] == sorted(every_benchmark())


def test_both_sides_are_timed():
    calls = {"ours": 0, "reference": 0}

    def ours():
        calls["ours"] += 1

    seconds = compare(ours, lambda: None, runs=3)

    assert seconds.ours > 0
    assert seconds.reference > 0
    assert calls["ours"] > 3


def test_the_median_of_runs_is_per_call():
    assert 0 < median_seconds(lambda: sum(range(100)), runs=3) < 0.01


def test_the_fastest_run_can_be_picked():
    assert compare(lambda: None, lambda: sum(range(100)), runs=3, pick=min).reference > 0
