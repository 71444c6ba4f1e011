"""Change beyond error: the published figures and the properties."""

from __future__ import annotations

import math
from datetime import date
from statistics import stdev
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.change import (
    Category,
    Change,
    Point,
    band,
    change_since_baseline,
    compare,
    computed_cutoff,
    cutoff_a,
    cutoff_b,
    cutoff_c,
    reliable_change_criterion,
    reliable_change_index,
    standard_error,
)
from assessments.definition import Cutoff, Norm, ReliableChange, Scale
from tests.assessments.factories import words

MONDAY, TUESDAY, WEDNESDAY = (date(2026, 3, day) for day in (2, 3, 4))
WORSE, BETTER, NEUTRAL = "higher_is_worse", "higher_is_better", "neutral"

# The Dyadic Adjustment Scale of 30 couples before and after marital therapy: Jacobson and Truax (1991), table 2.
DAS = (
    (90.5, 97.0), (74.0, 124.0), (97.0, 97.5), (73.5, 88.0), (61.0, 96.5), (66.5, 62.5), (68.5, 112.5), (86.5, 103.5),
    (88.5, 90.0), (68.5, 82.5), (98.0, 105.0), (80.5, 99.5), (89.5, 112.5), (91.5, 101.0), (83.5, 99.5), (60.5, 79.5),
    (83.0, 88.0), (88.0, 100.5), (98.5, 119.0), (78.5, 116.0), (99.5, 116.0), (79.5, 129.0), (84.5, 113.0),
    (92.5, 118.0), (93.0, 92.0), (85.0, 114.0), (64.0, 68.0), (61.0, 52.0), (80.0, 60.5), (82.5, 104.5),
)  # fmt: skip


def norm(mean: float, sd: float, group: str = "clinical") -> Norm:
    return Norm(group=group, population=words("Some"), mean=mean, sd=sd, source=words("Here"))


def scale(direction: str = WORSE, *, cutoff: float | None = None, points: float | None = None, norms=()) -> Scale:
    """A scale on which scores at or beyond the cut-off are clinical."""
    comparison = "at_most" if direction == BETTER else "at_least"
    texts = {"label": words("Cut-off"), "source": words("Here")}
    return Scale(
        id="distress",
        title=words("Distress"),
        kind="sum",
        items=("a",),
        minimum=1,
        direction=direction,
        cutoffs=() if cutoff is None else (Cutoff(comparison=comparison, value=cutoff, **texts),),
        reliable_change=points and ReliableChange(points=points, source=words("Here")),
        norms=norms,
    )


def change(before: float, after: float, *, sem: float | None = None, **facts) -> Change:
    return compare(Point(MONDAY, before, sem), Point(TUESDAY, after, sem), scale(**facts))


# --- Published figures ----------------------------------------------------------------------------


def test_the_couples_of_jacobson_and_truax():
    sd = stdev(before for before, _ in DAS)
    sem = standard_error(sd, 0.88)
    assert (round(sd, 3), round(sem, 3), round(math.sqrt(2) * sem, 3)) == (11.826, 4.097, 5.793)
    found = [change(before, after, sem=sem, direction=BETTER).category for before, after in DAS]
    assert {category: found.count(category) for category in found} == {
        "improved": 19,
        "deteriorated": 1,
        "unchanged": 10,
    }


def test_the_client_of_jacobson_and_truax():
    """Means 40 and 60, both with SD 7.5, r = .80; 32.5 before and 47.5 after are 3.16 S_diff apart."""
    clinical, general = norm(40, 7.5), norm(60, 7.5)
    assert (cutoff_a(clinical, BETTER), cutoff_b(general, BETTER), cutoff_c(clinical, general)) == (55, 45, 50)
    assert reliable_change_index(32.5, 47.5, standard_error(7.5, 0.80)) == pytest.approx(3.16, abs=0.005)


def test_core_10():
    clinical, general = norm(19.7, 7.7), norm(4.7, 4.8)
    assert reliable_change_criterion(standard_error(clinical.sd, 0.90)) == pytest.approx(6.7, abs=0.05)
    assert cutoff_c(clinical, general) == pytest.approx(10.5, abs=0.05)
    assert (cutoff_a(clinical, WORSE), cutoff_b(general, WORSE)) == (pytest.approx(4.3), pytest.approx(14.3))


def test_rdas():
    assert reliable_change_criterion(4.18) == pytest.approx(11.58, abs=0.01)


# --- Error ----------------------------------------------------------------------------------------

numbers = st.floats(-1e6, 1e6)
errors = st.floats(1e-3, 1e3)


@pytest.mark.parametrize(
    ("sd", "reliability", "message"),
    [
        (0, 0.9, "a standard deviation is a number above zero, not 0"),
        (-1, 0.9, "above zero"),
        (math.nan, 0.9, "above zero"),
        (math.inf, 0.9, "above zero"),
        (10, 1, "a reliability is from 0 to below 1, not 1"),
        (10, -0.1, "from 0 to below 1"),
        (10, math.nan, "from 0 to below 1"),
    ],
)
def test_an_impossible_error_is_refused(sd, reliability, message):
    with pytest.raises(ValueError, match=message):
        standard_error(sd, reliability)


def test_without_reliability_all_of_the_spread_is_error():
    assert standard_error(10, 0) == 10


def test_the_band_ends_where_the_scale_does():
    assert band(50, 10) == (pytest.approx(30.4), pytest.approx(69.6))
    assert band(50, 10, z=1, low=45, high=55) == (45, 55)
    assert band(50, 10, z=1, low=0, high=100) == (40, 60)


@pytest.mark.parametrize("call", [lambda: band(1, 0), lambda: reliable_change_criterion(0)])
def test_no_error_is_no_number(call):
    with pytest.raises(ValueError, match=r"^a standard error is a number above zero, not 0$"):
        call()


def test_a_second_error_of_no_size_is_refused():
    with pytest.raises(ValueError, match=r"^a standard error is a number above zero, not 0$"):
        reliable_change_index(1, 2, 3, 0)


def test_errors_that_differ_add_as_squares():
    assert reliable_change_index(10, 20, 3, 4) == 2
    assert reliable_change_criterion(3, 4, z=1) == 5
    assert reliable_change_criterion(3, z=1) == pytest.approx(math.sqrt(18))


@given(numbers, numbers, errors)
def test_there_and_back_are_the_same_size(before, after, sem):
    assert reliable_change_index(before, after, sem) == -reliable_change_index(after, before, sem)


@given(before=st.integers(-100, 100), after=st.integers(-100, 100), shift=st.integers(-1000, 1000), sem=errors)
def test_where_on_the_scale_does_not_matter(before, after, shift, sem):
    assert reliable_change_index(before + shift, after + shift, sem) == reliable_change_index(before, after, sem)


@given(numbers, numbers, errors, errors)
def test_more_error_makes_nothing_surer(before, after, one, other):
    less, more = sorted((one, other))
    assert abs(reliable_change_index(before, after, more)) <= abs(reliable_change_index(before, after, less))
    assert reliable_change_criterion(more) >= reliable_change_criterion(less)


# --- Cut-offs -------------------------------------------------------------------------------------


@pytest.mark.parametrize("cutoff", [cutoff_a, cutoff_b])
def test_neutral_has_no_healthier_end(cutoff):
    with pytest.raises(ValueError, match=r"^a neutral scale has no healthier end, so no such cut-off$"):
        cutoff(norm(50, 10), NEUTRAL)


@given(clinical=st.tuples(numbers, errors), general=st.tuples(numbers, errors))
def test_c_is_equally_far_from_both(clinical, general):
    one, other = norm(*clinical), norm(*general)
    middle = cutoff_c(one, other)
    assert (middle - one.mean) / one.sd == pytest.approx((other.mean - middle) / other.sd, rel=1e-6, abs=1e-3)


CLINICAL, GENERAL = norm(40, 10), norm(70, 5, "general")


@pytest.mark.parametrize(
    ("norms", "direction", "cutoff"),
    [
        ((), BETTER, None),
        ((CLINICAL, GENERAL), NEUTRAL, None),
        ((GENERAL, CLINICAL), BETTER, 60),
        ((CLINICAL, GENERAL, norm(0, 1), norm(0, 1, "general")), BETTER, 60),
        ((CLINICAL,), BETTER, 60),
        ((CLINICAL,), WORSE, 20),
        ((norm(70, 5, "general"),), BETTER, 60),
        ((norm(70, 5, "general"),), WORSE, 80),
    ],
)
def test_the_cutoff_that_the_norms_give(norms, direction, cutoff):
    assert computed_cutoff(scale(direction, norms=norms)) == cutoff


# --- Categories -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "direction", "category"),
    [
        (20, 8, WORSE, "recovered"),
        (20, 12, WORSE, "improved"),
        (8, 1, WORSE, "improved"),
        (12, 9, WORSE, "crossed_only"),
        (9, 12, WORSE, "crossed_only"),
        (20, 18, WORSE, "unchanged"),
        (12, 20, WORSE, "deteriorated"),
        (8, 20, WORSE, "deteriorated"),
        (8, 20, BETTER, "recovered"),
        (12, 20, BETTER, "improved"),
        (20, 8, BETTER, "deteriorated"),
        (20, 8, NEUTRAL, "changed"),
        (8, 20, NEUTRAL, "changed"),
        (20, 18, NEUTRAL, "unchanged"),
    ],
)
def test_categories(before, after, direction, category):
    assert change(before, after, direction=direction, cutoff=10, points=6).category == category


@pytest.mark.parametrize(
    ("before", "after", "direction", "category"),
    [
        (20, 10, WORSE, "improved"),
        (20, 9, WORSE, "recovered"),
        (10, 3, WORSE, "recovered"),
        (3, 10, BETTER, "improved"),
        (3, 11, BETTER, "recovered"),
        (10, 20, BETTER, "recovered"),
    ],
)
@pytest.mark.parametrize("known", ["declared", "computed"])
def test_a_score_at_the_cutoff_is_clinical(before, after, direction, category, known):
    clinical, general = {WORSE: (20, 0), BETTER: (0, 20)}[direction]
    norms = (norm(clinical, 5), norm(general, 5, "general"))
    facts = {"cutoff": 10} if known == "declared" else {"norms": norms}
    assert change(before, after, points=6, direction=direction, **facts).category == category


def test_the_first_cutoff_counts_and_goes_before_the_norms():
    """A second cut-off at 18 and one that the norms put at 16 do not matter."""
    told = scale(cutoff=10, points=2, norms=(norm(26, 5),))
    told = told.model_copy(update={"cutoffs": (*told.cutoffs, *scale(cutoff=18).cutoffs)})
    assert compare(Point(MONDAY, 20), Point(TUESDAY, 12), told).category == "improved"


def test_without_a_cutoff_nobody_recovers():
    assert change(20, 0, points=6).category == "improved"


def test_published_points_are_reached():
    """PHQ-9: a change of 6 points is reliable."""
    assert change(15, 9, points=6) == Change(
        before=Point(MONDAY, 15),
        after=Point(TUESDAY, 9),
        difference=-6,
        rci=None,
        error="points",
        reliable=True,
        category="improved",
    )


def test_known_errors_go_before_published_points():
    found = change(15, 9, sem=3, points=6)
    assert (found.rci, found.error, found.category) == (pytest.approx(-1.414, abs=0.001), "sem", "unchanged")


def test_a_prorated_score_misses_no_point_by_rounding():
    """Seven of ten items answered, summing up to 1 and to 8: the prorated sums are 10 points apart."""
    before, after = 1 / 7 * 10, 8 / 7 * 10
    assert after - before < 10
    assert change(before, after, points=10).reliable is True
    assert change(before, after - 4e-10, points=10).reliable is True
    assert change(before, after - 6e-10, points=10).reliable is False


@pytest.mark.parametrize(("after", "reliable"), [(1.96, False), (1.97, True), (-1.97, True)])
def test_the_index_has_to_exceed_its_threshold(after, reliable):
    found = compare(Point(MONDAY, 0, 0.6), Point(TUESDAY, after, 0.8), scale(NEUTRAL))
    assert (found.rci, found.reliable, found.error) == (after, reliable, "sem")


@pytest.mark.parametrize("errors", [(None, None), (3, None), (None, 3)])
def test_where_no_error_is_known_nothing_is_said(errors):
    before, after = Point(MONDAY, 50, errors[0]), Point(TUESDAY, 0, errors[1])
    found = compare(before, after, scale(cutoff=10))
    assert found == Change(before, after, -50, rci=None, error=None, reliable=None, category="unknown")


@given(
    values=st.tuples(numbers, numbers),
    sem=st.none() | errors,
    points=st.none() | errors,
    cutoff=st.none() | numbers,
    direction=st.sampled_from([WORSE, BETTER, NEUTRAL]),
)
def test_every_change_has_the_category_its_parts_say(values, sem, points, cutoff, direction):
    found = change(*values, sem=sem, points=points, cutoff=cutoff, direction=direction)
    reliable = {"recovered", "improved", "deteriorated", "changed"}
    assert found.category in get_args(Category)
    assert (found.category == "unknown") == (sem is None and points is None)
    assert (found.category in reliable) == (found.reliable is True)
    assert (found.category == "changed") == (found.reliable is True and direction == NEUTRAL)


@given(st.tuples(numbers, numbers), errors)
def test_turning_the_scale_around_changes_no_category(values, sem):
    mirrored = [-value for value in values]
    assert change(*values, sem=sem).category == change(*mirrored, sem=sem, direction=BETTER).category


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_point_is_a_score(value):
    with pytest.raises(ValueError, match=r"^a score must be a number; leave out one that could not be computed$"):
        Point(MONDAY, value)


@pytest.mark.parametrize("sem", [0, -1, math.nan])
def test_a_point_s_error_is_above_zero(sem):
    with pytest.raises(ValueError, match="a standard error is a number above zero"):
        Point(MONDAY, 1, sem)


# --- Baseline -------------------------------------------------------------------------------------

SERIES = (Point(MONDAY, 30, 2), Point(TUESDAY, 20, 2), Point(WEDNESDAY, 19, 2))
PLAIN = scale()


@pytest.mark.parametrize(
    ("baseline", "first"), [(None, SERIES[0]), (MONDAY, SERIES[0]), (date(2026, 3, 1), SERIES[0]), (TUESDAY, SERIES[1])]
)
def test_the_latest_is_held_against_the_baseline(baseline, first):
    assert change_since_baseline(reversed(SERIES), PLAIN, baseline=baseline) == compare(first, SERIES[2], PLAIN)


@pytest.mark.parametrize(
    ("series", "baseline"), [((), None), (SERIES[:1], None), (SERIES, WEDNESDAY), (SERIES, date(2026, 4, 1))]
)
def test_one_point_is_no_change(series, baseline):
    assert change_since_baseline(series, PLAIN, baseline=baseline) is None
