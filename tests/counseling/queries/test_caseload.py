from __future__ import annotations

from datetime import timedelta

import pytest

from counseling.actions.reviews import dismiss_finding
from counseling.enums import CaseStatus, DeliveryKind, DeliveryState, Pattern, StaffRole, Strength
from counseling.models import Case, Delivery, Enrollment, FollowUp
from counseling.queries.caseload import caseload
from tests.assessments.factories import published, small
from tests.factories import (
    NOW,
    CaseFactory,
    ClientFactory,
    FindingFactory,
    PlanFactory,
    SessionFactory,
    StaffFactory,
    StepFactory,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def counselor():
    return StaffFactory()


def follow_up_of(case, **changes):
    """A questionnaire that is out, and not answered."""
    step = StepFactory(plan=PlanFactory(clinic=case.clinic), instrument=published(small()).instrument)
    enrollment = Enrollment.objects.create(
        case=case, plan=step.plan, start_on=NOW.date(), started_at=NOW, started_by=case.lead
    )
    facts = {"status": "sent", "sent_at": NOW, "due_at": NOW, "expires_at": NOW + 24 * HOUR, **changes}
    return FollowUp.objects.create(
        clinic=case.clinic,
        case=case,
        client=case.members[0],
        enrollment=enrollment,
        step=step,
        occurrence=1,
        version=step.instrument.versions.get(),
        local_date=NOW.date(),
        local_time=NOW.time(),
        time_zone="UTC",
        token_nonce="n",
        token_key="k",
        token_digest=str(case.pk),
        **facts,
    )


def deliver(follow_up, state):
    Delivery.objects.create(
        follow_up=follow_up,
        kind=DeliveryKind.INVITATION,
        state=state,
        next_at=NOW,
        message_id=f"<{follow_up.pk}@clinic>",
        created_at=NOW,
    )


def test_each_case_carries_what_waits_for_the_counselor(counselor):
    case = CaseFactory(lead=counselor)
    second = case.members[1]
    FindingFactory(case=case, strength=Strength.PATTERN)
    FindingFactory(case=case, subject=second, strength=Strength.SIGNAL)
    decided = FindingFactory(case=case, pattern=Pattern.ENMESHED, strength=Strength.PATTERN)
    dismiss_finding(decided, reason="caring for a child", by=counselor, now=NOW)
    FindingFactory(case=case, pattern=Pattern.SAFETY, strength=Strength.URGENT)
    SessionFactory(case=case, starts_at=NOW - HOUR)
    SessionFactory(case=case, starts_at=NOW + 2 * HOUR)
    SessionFactory(case=case, starts_at=NOW + HOUR)
    found = caseload(counselor, now=NOW).get()
    assert (found.urgent, found.patterns, found.signals, found.attention) == (1, 1, 1, 0)
    assert (found.unsettled, found.next_session) == (1, NOW + HOUR)
    assert (found.asked, found.undelivered, found.last_answer) == (0, 0, None)


def test_a_questionnaire_that_is_out_and_an_email_in_doubt_are_counted(counselor):
    case = CaseFactory(lead=counselor)
    deliver(follow_up_of(case), DeliveryState.UNCERTAIN)
    found = caseload(counselor, now=NOW).get()
    assert (found.asked, found.undelivered, found.attention) == (1, 1, 2)


def test_an_email_that_failed_no_longer_matters_once_nobody_waits_for_the_answer(counselor):
    case = CaseFactory(lead=counselor)
    deliver(follow_up_of(case, status="expired", ended_at=NOW), DeliveryState.DEAD)
    assert caseload(counselor, now=NOW).get().undelivered == 0


def test_those_that_need_the_counselor_come_first_then_the_next_session(counselor):
    quiet, later, sooner, unsettled, signal, doubt, pattern, safety = (CaseFactory(lead=counselor) for _ in range(8))
    SessionFactory(case=later, starts_at=NOW + 2 * HOUR)
    SessionFactory(case=sooner, starts_at=NOW + HOUR)
    SessionFactory(case=unsettled, starts_at=NOW - HOUR)
    FindingFactory(case=signal, strength=Strength.SIGNAL)
    deliver(follow_up_of(doubt), DeliveryState.DEAD)
    FindingFactory(case=pattern, strength=Strength.PATTERN)
    FindingFactory(case=safety, pattern=Pattern.SAFETY, strength=Strength.URGENT)
    assert list(caseload(counselor, now=NOW)) == [safety, pattern, doubt, signal, unsettled, sooner, later, quiet]


@pytest.mark.parametrize(
    ("text", "names"), [("iri", {"Iris"}), ("iris blo", {"Iris"}), ("blo", {"Iris", "Finn"}), ("iris fox", set())]
)
def test_every_word_must_be_part_of_a_member_s_name(counselor, text, names):
    for given, family in (("Iris", "Bloom"), ("Finn", "Bloom"), ("Lena", "Fox")):
        client = ClientFactory(registered_by=counselor, given_name=given, family_name=family)
        CaseFactory(lead=counselor, relationship=None, client=client)
    assert {case.client.given_name for case in caseload(counselor, now=NOW, text=text)} == names


def test_a_couple_is_found_by_either_name(counselor):
    case = CaseFactory(lead=counselor)
    for member in case.members:
        assert list(caseload(counselor, now=NOW, text=member.given_name)) == [case]


def test_the_status_and_the_lead_narrow_it_down():
    supervisor = StaffFactory(role=StaffRole.SUPERVISOR)
    first, second = (StaffFactory(clinic=supervisor.clinic, supervisor=supervisor) for _ in range(2))
    open_case, held = CaseFactory(lead=first), CaseFactory(lead=second, status=CaseStatus.ON_HOLD)
    CaseFactory(lead=StaffFactory(clinic=supervisor.clinic))
    assert set(caseload(supervisor, now=NOW)) == {open_case, held}
    assert list(caseload(supervisor, now=NOW, status=CaseStatus.ON_HOLD)) == [held]
    assert list(caseload(supervisor, now=NOW, counselor=first.pk)) == [open_case]


def test_it_takes_one_query_however_many_cases(counselor, django_assert_num_queries):
    for _ in range(3):
        SessionFactory(case=CaseFactory(lead=counselor))
    with django_assert_num_queries(1):
        assert [(str(case), case.lead.display_name) for case in caseload(counselor, now=NOW)] != []
    assert Case.objects.count() == 3
