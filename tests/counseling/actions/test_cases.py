from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from counseling.actions.cases import assign_case, close_case, hold_case, open_case, resume_case
from counseling.enums import Anchor, Cadence, CaseStatus, FollowUpStatus, StaffRole
from counseling.exceptions import IllegalMove, InvalidInput, StaleState
from counseling.models import AuditEvent, Case, FollowUp
from counseling.outbox.claiming import claim_due
from counseling.outbox.queueing import queue_invitations
from counseling.planning.rehearsal import rehearse
from tests.counseling.outbox.mailing import MORNING, claimed, passes, single_case
from tests.counseling.planning.cases import on_plan
from tests.couples import answer, enrolled, wave
from tests.factories import NOW, CaseFactory, ClientFactory, RelationshipFactory, StaffFactory, StepFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


def names():
    return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


@pytest.mark.parametrize("make", [ClientFactory, RelationshipFactory])
def test_a_case_is_opened_about_a_client_or_a_relationship(make):
    about = make()
    staff = StaffFactory(clinic=about.clinic)
    case = open_case(about, by=staff, now=NOW)
    stored = Case.objects.get()
    assert (stored.client or stored.relationship) == about
    assert (stored, stored.lead, stored.status, stored.episode) == (case, staff, "open", 1)
    assert names() == ["case.opened"]


def test_another_clinics_client_cannot_be_the_subject():
    with pytest.raises(InvalidInput, match="this clinic"):
        open_case(ClientFactory(), by=StaffFactory(), now=NOW)
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    "person",
    [
        {},
        {"role": StaffRole.CLINIC_ADMIN, "same": True},
        {"is_active": False, "same": True},
    ],
)
def test_only_clinical_staff_of_the_clinic_lead_or_help(person):
    client = ClientFactory()
    by = client.registered_by
    clinic = {"clinic": by.clinic} if person.pop("same", False) else {}
    unfit = StaffFactory(**clinic, **person)
    with pytest.raises(InvalidInput, match="counselor or supervisor"):
        open_case(client, by=by, lead=unfit, now=NOW)
    with pytest.raises(InvalidInput, match="counselor or supervisor"):
        open_case(client, by=by, co_counselors=[unfit], now=NOW)


def test_the_lead_does_not_help_themselves():
    client = ClientFactory()
    with pytest.raises(InvalidInput, match="co_counselors"):
        open_case(client, by=client.registered_by, co_counselors=[client.registered_by], now=NOW)


def test_from_open_to_hold_to_closed_and_a_new_episode():
    case = CaseFactory()
    hold_case(case, by=case.lead, now=NOW)
    resume_case(case, by=case.lead, now=NOW)
    assert Case.objects.get().episode == 1
    close_case(case, by=case.lead, now=LATER)
    assert (Case.objects.get().status, Case.objects.get().closed_at) == ("closed", LATER)
    resume_case(case, by=case.lead, now=LATER)
    stored = Case.objects.get()
    assert (stored.status, stored.closed_at, stored.episode) == ("open", None, 2)
    assert names() == ["case.held", "case.resumed", "case.closed", "case.resumed"]


@pytest.mark.parametrize(
    ("status", "move"),
    [
        (CaseStatus.OPEN, resume_case),
        (CaseStatus.ON_HOLD, hold_case),
        (CaseStatus.CLOSED, hold_case),
        (CaseStatus.CLOSED, close_case),
    ],
)
def test_what_the_table_does_not_hold_is_refused(status, move):
    case = CaseFactory(status=status, closed_at=NOW if status == CaseStatus.CLOSED else None)
    with pytest.raises(IllegalMove):
        move(case, by=case.lead, now=NOW)
    assert names() == []


def test_two_people_close_and_hold_at_once():
    case = CaseFactory()
    stale = Case.objects.get()
    close_case(case, by=case.lead, now=NOW)
    with pytest.raises(StaleState):
        hold_case(stale, by=case.lead, now=NOW)
    assert Case.objects.get().status == CaseStatus.CLOSED


def test_closing_ends_the_plans_and_cancels_what_is_unanswered():
    enrollment = enrolled()
    answered, open_one = wave(enrollment, 1)
    answer(answered)
    close_case(enrollment.case, by=enrollment.case.lead, now=open_one.due_at + timedelta(hours=3))
    enrollment.refresh_from_db()
    assert enrollment.status == "ended"
    assert set(enrollment.follow_ups.values_list("status", flat=True)) == {
        FollowUpStatus.COMPLETED,
        FollowUpStatus.CANCELLED,
    }
    assert enrollment.follow_ups.filter(status=FollowUpStatus.COMPLETED).get() == answered


def test_a_failure_while_closing_leaves_the_case_and_its_plans_as_they_were(monkeypatch):
    enrollment = enrolled()

    def broken(*_args, **_facts):
        raise RuntimeError

    monkeypatch.setattr("counseling.actions.cases.end_enrollment", broken)
    with pytest.raises(RuntimeError):
        close_case(enrollment.case, by=enrollment.case.lead, now=NOW)
    assert Case.objects.get().status == CaseStatus.OPEN
    assert not AuditEvent.objects.filter(action="case.closed").exists()


def test_handing_a_case_over():
    case = CaseFactory()
    old, new, helper = case.lead, StaffFactory(clinic=case.clinic), StaffFactory(clinic=case.clinic)
    assign_case(case, lead=new, co_counselors=[helper], by=old, now=NOW)
    assert not Case.objects.visible_to(old).exists()
    assert Case.objects.visible_to(new).get() == Case.objects.visible_to(helper).get() == case
    assert AuditEvent.objects.get().data == {"lead": str(new.pk), "co": [str(helper.pk)]}


# --- After the discharge ----------------------------------------------------------------------------

DISCHARGE = [{"anchor": Anchor.DISCHARGE, "cadence": Cadence.ONCE, "offset_months": months} for months in (1, 3, 6, 12)]
AFTERWARDS = datetime(2026, 8, 31, 15, tzinfo=UTC)


def asked_after(enrollment, status="planned"):
    rows = enrollment.follow_ups.filter(client=enrollment.case.members[0], status=status)
    return list(rows.order_by("due_at").values_list("local_date", flat=True))


def test_closing_asks_months_later_and_ends_the_rest():
    enrollment = on_plan({"every": 52, "occurrences": 2}, *DISCHARGE)
    assert len(asked_after(enrollment)) == 2
    close_case(enrollment.case, by=enrollment.case.lead, now=AFTERWARDS)
    enrollment.refresh_from_db()
    assert enrollment.status == "active"
    assert asked_after(enrollment) == [date(2026, 9, 30), date(2026, 11, 30), date(2027, 2, 28), date(2027, 8, 31)]
    assert asked_after(enrollment, "cancelled") == [date(2026, 3, 3), date(2027, 3, 2)]
    data = AuditEvent.objects.get(action="case.closed").data
    assert data == {"added": 8, "cancelled": 4}


def test_what_is_asked_after_the_discharge_is_sent_though_the_case_is_closed():
    enrollment = on_plan(*DISCHARGE, case=single_case())
    close_case(enrollment.case, by=enrollment.case.lead, now=NOW)
    a_month_later = datetime(2026, 4, 2, 15, tzinfo=UTC)
    queue_invitations(now=a_month_later)
    (delivery,) = claim_due("worker", now=a_month_later, limit=5)
    assert passes(delivery, now=a_month_later)


def test_what_a_worker_holds_when_the_case_is_closed_does_not_leave():
    delivery = claimed()
    case = delivery.follow_up.case
    plan, instrument = delivery.follow_up.enrollment.plan, delivery.follow_up.version.instrument
    StepFactory(plan=plan, position=2, instrument=instrument, **DISCHARGE[0])
    close_case(case, by=case.lead, now=MORNING)
    assert not passes(delivery, now=MORNING)
    assert delivery.follow_up.enrollment.follow_ups.filter(status="planned").count() == 1


def test_reopening_takes_back_what_is_still_to_be_asked():
    enrollment = on_plan(*DISCHARGE)
    case = enrollment.case
    close_case(case, by=case.lead, now=NOW)
    asked = enrollment.follow_ups.order_by("due_at").first()
    answer(asked)
    resume_case(case, by=case.lead, now=NOW)
    enrollment.refresh_from_db()
    assert enrollment.status == "ended"
    assert set(FollowUp.objects.values_list("status", "end_reason")) == {
        ("completed", ""),
        ("cancelled", "case_reopened"),
    }


def test_closing_is_shown_before():
    enrollment = on_plan({"occurrences": 2}, DISCHARGE[0])
    changes = rehearse(lambda: close_case(Case.objects.get(), by=enrollment.case.lead, now=NOW))
    assert changes.counts == {"added": 2, "cancelled": 4}
    assert Case.objects.get().status == CaseStatus.OPEN
