from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from counseling.actions.reviews import (
    claim_finding,
    confirm_finding,
    dismiss_finding,
    return_watched,
    watch_finding,
)
from counseling.enums import FindingStatus, Pattern, StaffRole, Strength
from counseling.exceptions import IllegalMove, InvalidInput, NotAllowed, StaleState
from counseling.models import AuditEvent, Finding, Review
from tests.factories import NOW, CaseFactory, FindingFactory, StaffFactory

pytestmark = pytest.mark.django_db
NEXT_WEEK = date(2026, 3, 9)


def claim(finding, by):
    return claim_finding(finding, by=by, now=NOW)


def confirm(finding, by):
    return confirm_finding(finding, by=by, now=NOW)


def dismiss(finding, by):
    return dismiss_finding(finding, reason="a new baby", by=by, now=NOW)


def watch(finding, by):
    return watch_finding(finding, until=NEXT_WEEK, by=by, now=NOW)


DECISIONS = {
    claim: FindingStatus.IN_REVIEW,
    confirm: FindingStatus.CONFIRMED,
    dismiss: FindingStatus.DISMISSED,
    watch: FindingStatus.WATCHING,
}


@pytest.mark.parametrize("decide", DECISIONS)
def test_a_decision_moves_the_finding_and_is_kept_with_what_the_person_saw(decide):
    finding = FindingFactory(evidence={"seen": 1})
    counselor = finding.case.lead
    review = decide(finding, counselor)
    stored = Finding.objects.get()
    assert stored.status == DECISIONS[decide] == finding.status
    assert (review.from_status, review.to_status) == ("open", stored.status)
    assert (review.evidence, review.probability, review.by, review.at) == ({"seen": 1}, 0.85, counselor, NOW)
    event = AuditEvent.objects.get()
    assert (event.action, event.actor) == (f"finding.{review.decision}", counselor)
    assert "baby" not in str(event.data)


@pytest.mark.parametrize("decide", DECISIONS)
def test_two_people_decide_at_once(decide):
    finding = FindingFactory()
    stale = Finding.objects.get()
    dismiss(finding, finding.case.lead)
    with pytest.raises(StaleState):
        decide(stale, finding.case.lead)
    assert Review.objects.count() == AuditEvent.objects.count() == 1


@pytest.mark.parametrize("decide", DECISIONS)
def test_what_was_dismissed_stays_so(decide):
    finding = FindingFactory()
    dismiss(finding, finding.case.lead)
    with pytest.raises(IllegalMove):
        decide(finding, finding.case.lead)


@pytest.mark.parametrize("decide", DECISIONS)
def test_evidence_that_came_in_since_is_looked_at_first(decide):
    finding = FindingFactory(evaluated_at=NOW + timedelta(minutes=1))
    with pytest.raises(StaleState, match="new evidence"):
        confirm_finding(finding, by=finding.case.lead, now=NOW, seen=NOW)
    confirm_finding(finding, by=finding.case.lead, now=NOW, seen=finding.evaluated_at)


def test_a_dismissal_says_why():
    finding = FindingFactory()
    with pytest.raises(InvalidInput, match="reason"):
        dismiss_finding(finding, reason="  ", by=finding.case.lead, now=NOW)
    assert Finding.objects.get().status == FindingStatus.OPEN


def test_the_reason_is_sealed_in_the_database():
    finding = FindingFactory()
    dismiss(finding, finding.case.lead)
    assert "baby" not in Review.objects.values_list("reason", flat=True).get()
    assert Review.objects.get().reason == "a new baby"


def test_a_colleagues_claim_is_respected_but_a_supervisor_may_take_over():
    case = CaseFactory()
    finding = FindingFactory(case=case)
    claim(finding, case.lead)
    with pytest.raises(NotAllowed, match="colleague"):
        confirm(finding, StaffFactory(clinic=case.clinic))
    confirm(finding, StaffFactory(clinic=case.clinic, role=StaffRole.SUPERVISOR))
    assert Finding.objects.get().claimed_by is None


def test_a_clinic_admin_decides_nothing():
    finding = FindingFactory()
    with pytest.raises(NotAllowed):
        confirm(finding, StaffFactory(clinic=finding.clinic, role=StaffRole.CLINIC_ADMIN))


@pytest.mark.parametrize("until", [date(2026, 3, 2), date(2026, 3, 1)])
def test_watching_needs_a_date_to_come(until):
    finding = FindingFactory()
    with pytest.raises(InvalidInput, match="after today"):
        watch_finding(finding, until=until, by=finding.case.lead, now=NOW)


def test_safety_cannot_be_put_aside_but_is_signed_off_with_a_reason():
    finding = FindingFactory(pattern=Pattern.SAFETY, strength=Strength.URGENT, probability=None)
    with pytest.raises(InvalidInput, match="safety"):
        watch(finding, finding.case.lead)
    dismiss(finding, finding.case.lead)
    assert not Finding.objects.suspending().exists()


def test_confirming_safety_keeps_the_partners_apart_until_it_is_signed_off():
    finding = FindingFactory(pattern=Pattern.SAFETY, strength=Strength.URGENT, probability=None)
    confirm(finding, finding.case.lead)
    assert Finding.objects.suspending().get() == finding
    dismiss(finding, finding.case.lead)
    assert not Finding.objects.suspending().exists()


@pytest.mark.parametrize("decide", DECISIONS)
def test_while_safety_stands_no_pattern_is_judged(decide):
    safety = FindingFactory(pattern=Pattern.SAFETY, strength=Strength.URGENT, probability=None)
    other = FindingFactory(case=safety.case)
    with pytest.raises(NotAllowed, match="safety"):
        decide(other, safety.case.lead)
    dismiss(safety, safety.case.lead)
    decide(other, safety.case.lead)


def test_watched_findings_return_once_their_date_has_come_where_the_clinic_is():
    finding = FindingFactory()  # New York
    watch(finding, finding.case.lead)
    assert return_watched(now=datetime(2026, 3, 9, 3, 59, tzinfo=UTC)) == 0
    midnight = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)
    assert return_watched(now=midnight) == 1
    assert return_watched(now=midnight) == 0
    stored = Finding.objects.get()
    assert (stored.status, stored.watch_until, stored.decided_at) == (FindingStatus.OPEN, None, None)


def test_watching_again_and_claiming_from_watch():
    finding = FindingFactory()
    watch(finding, finding.case.lead)
    claim(finding, finding.case.lead)
    stored = Finding.objects.get()
    assert (stored.status, stored.claimed_by, stored.decided_by) == ("in_review", finding.case.lead, None)


def test_a_decision_rests_on_the_evidence_as_it_is_when_it_is_taken():
    finding = FindingFactory(evidence={"seen": 1})
    Finding.objects.update(evidence={"seen": 2}, evaluated_at=NOW + timedelta(minutes=1))
    with pytest.raises(StaleState, match="new evidence"):
        confirm_finding(finding, by=finding.case.lead, now=NOW, seen=NOW)
    finding.refresh_from_db()
    assert confirm_finding(finding, by=finding.case.lead, now=NOW).evidence == {"seen": 2}
