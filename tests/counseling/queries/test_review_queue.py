from __future__ import annotations

from datetime import timedelta

import pytest

from counseling.actions.reviews import claim_finding, confirm_finding
from counseling.enums import Pattern, StaffRole, Strength
from counseling.queries.review_queue import review_queue
from tests.factories import NOW, CaseFactory, FindingFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def counselor():
    return StaffFactory()


def test_safety_comes_first_then_patterns_then_signals_each_by_age(counselor):
    def finding(strength, age, pattern=Pattern.ENMESHED):
        return FindingFactory(
            case=CaseFactory(lead=counselor), strength=strength, pattern=pattern, raised_at=NOW - timedelta(days=age)
        )

    signal, old_signal = finding(Strength.SIGNAL, 1), finding(Strength.SIGNAL, 9)
    pattern, old_pattern = finding(Strength.PATTERN, 1), finding(Strength.PATTERN, 3)
    safety = finding(Strength.URGENT, 0, Pattern.SAFETY)
    assert list(review_queue(counselor)) == [safety, old_pattern, pattern, old_signal, signal]


def test_what_was_taken_still_waits_and_what_was_decided_does_not(counselor):
    taken, decided = (FindingFactory(case=CaseFactory(lead=counselor)) for _ in range(2))
    claim_finding(taken, by=counselor, now=NOW)
    confirm_finding(decided, by=counselor, now=NOW)
    assert list(review_queue(counselor)) == [taken]


def test_a_finding_knows_that_a_safety_finding_of_its_case_is_undecided(counselor):
    case = CaseFactory(lead=counselor)
    paused, other = FindingFactory(case=case), FindingFactory(case=CaseFactory(lead=counselor))
    FindingFactory(case=case, pattern=Pattern.SAFETY, strength=Strength.URGENT)
    suspended = {finding.pk: finding.comparison_suspended for finding in review_queue(counselor)}
    assert (suspended[paused.pk], suspended[other.pk]) == (True, False)


def test_the_pattern_and_the_lead_narrow_it_down():
    supervisor = StaffFactory(role=StaffRole.SUPERVISOR)
    first, second = (StaffFactory(clinic=supervisor.clinic, supervisor=supervisor) for _ in range(2))
    one_sided = FindingFactory(case=CaseFactory(lead=first))
    enmeshed = FindingFactory(case=CaseFactory(lead=second), pattern=Pattern.ENMESHED)
    assert set(review_queue(supervisor)) == {one_sided, enmeshed}
    assert list(review_queue(supervisor, pattern=Pattern.ENMESHED)) == [enmeshed]
    assert list(review_queue(supervisor, counselor=first.pk)) == [one_sided]


def test_it_takes_one_query_however_many_findings(counselor, django_assert_num_queries):
    for _ in range(3):
        claim_finding(FindingFactory(case=CaseFactory(lead=counselor)), by=counselor, now=NOW)
    with django_assert_num_queries(1):
        people = [(str(f.case), str(f.subject), str(f.claimed_by), str(f.case.lead)) for f in review_queue(counselor)]
    assert len(people) == 3
