from __future__ import annotations

import math

import pytest
from numpy.testing import assert_allclose

from counseling.patterns.base import MEMBERS, History, NotComputed, Report
from counseling.patterns.thresholds import Rule, Thresholds
from counseling.patterns.tracks import Track, observe_gap, observe_scale, standard_error, track_gap, track_scales
from tests.counseling.patterns.builders import history, report, score, wave

NUMBERS = Thresholds()


def blur(value: float) -> Report:
    return report({"blur": value})


def test_one_score_by_hand():
    """50 + (77 - 50) * 400 / (400 + 64 + 81), and 400 - 400² / 545."""
    observed = observe_scale(history((blur(77), None)), "a", "blur", NUMBERS)
    (track,) = track_scales(history((blur(77), None)), [observed], NUMBERS)
    assert_allclose(track.means, [50 + 27 * 400 / 545])
    assert_allclose(track.deviations, [math.sqrt(400 - 400**2 / 545)])
    assert track.reporters == [("a",)]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (None, "no_report"),
        (report({"blur": 70}, valid=False), "invalid_report"),
        (report({"need": 70}), "not_asked"),
        (report({"blur": None}), "too_few_answers"),
    ],
)
def test_what_is_missing_is_named_and_never_zero(given, why):
    observed = observe_scale(history((given, None)), "a", "blur", NUMBERS)
    assert math.isnan(observed.values[0])
    assert observed.missing == (NotComputed(wave="w1", member="a", what="blur", why=why),)


def test_a_gap_needs_both_scales():
    one_sided = history((report({"giving": 60}), report({"giving": 60, "receiving": None})))
    assert observe_gap(one_sided, "a", NUMBERS).missing == (
        NotComputed(wave="w1", member="a", what="giving - receiving", why="not_asked"),
    )
    assert observe_gap(one_sided, "b", NUMBERS).missing[0].why == "too_few_answers"


def test_a_gap_and_the_variance_of_its_error():
    observed = observe_gap(history((report({"giving": 70, "receiving": 30}), None)), "a", NUMBERS)
    assert (observed.values, observed.error_variances) == ([40], [288])


def test_whom_the_client_is_alone_without_is_never_missing():
    alone = History([wave(1, blur(60))], members=("a",))
    assert observe_scale(alone, "b", "blur", NUMBERS).missing == ()


def test_a_score_brings_its_own_error_or_the_assumed_one():
    own = Report(at=wave(1).at, scores={"blur": score("blur", 50, sem=7.0)})
    bare = Report(at=wave(1).at, scores={"blur": score("blur", 50)._replace(sem=None)})
    assert standard_error(own, "blur", NUMBERS) == 7
    assert standard_error(bare, "blur", NUMBERS) == 9
    assert standard_error(bare, "blur", Thresholds.from_json({"standard_errors": {"blur": 11}})) == 11


def test_who_reported_when():
    seen = history((None, None), (blur(60), None), (None, blur(60)))
    by_a, by_b = (observe_scale(seen, member, "blur", NUMBERS) for member in MEMBERS)
    together = track_gap(seen, by_a, by_b, NUMBERS)
    assert together.waves_seen == [1, 2]
    assert [together.informants(position) for position in range(3)] == [set(), {"a"}, {"a", "b"}]


def test_probabilities_and_what_clears():
    track = Track(reporters=[("a",)], means=[60.0], deviations=[10.0])
    assert track.probability_above(60, 0) == 0.5
    assert track.probability_above(50, 0) == pytest.approx(0.841345, abs=1e-6)
    rule = Rule(quantity="q", size=55)
    border = track.clears_below(rule, 0)
    assert border == pytest.approx(55 - 2.5335, abs=1e-4)
    assert Track([("a",)], [border], [10.0]).probability_above(55, 0) == pytest.approx(0.40)


def test_a_gap_is_turned_toward_either_partner():
    track = Track(reporters=[("a",)], means=[12.0], deviations=[3.0])
    assert track.toward("a") == track
    assert track.toward("b") == Track(reporters=[("a",)], means=[-12.0], deviations=[3.0])


def test_no_waves():
    observed = observe_scale(history(), "a", "blur", NUMBERS)
    assert track_scales(history(), [observed], NUMBERS) == [Track([], [], [])]
