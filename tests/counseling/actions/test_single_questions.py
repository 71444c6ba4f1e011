from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import DatabaseError

from counseling.actions.enrollments import end_enrollment
from counseling.actions.single_questions import ask_once
from counseling.exceptions import ConsentMissing, IllegalMove, InvalidInput
from counseling.models import AuditEvent, Client, Delivery, Enrollment, FollowUp, FollowUpPlan
from counseling.outbox.queueing import queue_invitations
from tests.assessments.factories import published
from tests.counseling.outbox.mailing import single_case
from tests.factories import NOW, CaseFactory, ConsentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    case = CaseFactory()
    for member in case.members:
        ConsentFactory(client=member)
    return case


@pytest.fixture
def instrument(db):
    return published().instrument


def ask(case, instrument, **options):
    return ask_once(case, instrument, **{"by": case.lead, "now": NOW, **options})


def test_now_is_now_for_everybody_wherever_they_live(case, instrument):
    east, west = case.members
    Client.objects.filter(pk=east.pk).update(time_zone="Europe/Madrid")
    Client.objects.filter(pk=west.pk).update(time_zone="Pacific/Honolulu")
    case = type(case).objects.get()
    ask(case, instrument)
    assert {row.due_at <= NOW < row.expires_at for row in FollowUp.objects.all()} == {True}
    queue_invitations(now=NOW)
    assert Delivery.objects.count() == 2
    assert sorted(Delivery.objects.values_list("next_at", flat=True)) == [
        NOW,
        datetime(2026, 3, 2, 18, tzinfo=UTC),  # it is two at night in Honolulu
    ]


def test_at_a_chosen_hour_it_is_everybody_s_own(case, instrument):
    ask(case, instrument, on=date(2026, 3, 9), at=time(18), open_days=3)
    row = FollowUp.objects.first()
    assert (row.local_date, row.local_time, row.due_at) == (
        date(2026, 3, 9),
        time(18),
        datetime(2026, 3, 9, 22, tzinfo=UTC),
    )
    assert row.expires_at - row.due_at == timedelta(days=3)
    assert FollowUp.objects.count() == 2


def test_one_person_alone(case, instrument):
    _first, second = case.members
    ask(case, instrument, client=second)
    assert FollowUp.objects.get().client == second


def test_it_is_no_plan_of_the_clinic_s(case, instrument):
    enrollment = ask(case, instrument)
    plan = enrollment.plan
    assert (plan.case, plan.name, plan.is_active) == (case, instrument.title, False)
    assert not FollowUpPlan.objects.visible_to(case.lead).exists()
    assert not FollowUpPlan.objects.offered().exists()


def test_the_same_question_may_be_asked_again(case, instrument):
    ask(case, instrument)
    ask(case, instrument)
    assert (Enrollment.objects.count(), FollowUp.objects.count()) == (2, 4)


def test_it_is_audited_and_taken_back_like_a_plan(case, instrument):
    enrollment = ask(case, instrument)
    event = AuditEvent.objects.get()
    assert (event.action, event.subject_id, event.data["follow_ups"]) == ("enrollment.started", enrollment.pk, 2)
    end_enrollment(enrollment, by=case.lead, now=NOW)
    assert set(FollowUp.objects.values_list("status", flat=True)) == {"cancelled"}


def test_on_the_client_s_own_day_while_the_clinic_s_is_another(instrument):
    case = single_case(time_zone="America/New_York")
    ConsentFactory(client=case.client)
    case.clinic.time_zone = "Pacific/Auckland"
    case.clinic.save()
    ask(case, instrument)
    assert FollowUp.objects.get().local_date == date(2026, 3, 2)


def test_what_cannot_be_asked_is_refused_and_leaves_nothing_behind(case, instrument):
    refused = [
        (CaseFactory(), {}, ConsentMissing),
        (CaseFactory(status="closed", closed_at=NOW), {}, IllegalMove),
        (case, {"on": date(2026, 2, 27)}, InvalidInput),
        (case, {"client": ConsentFactory().client}, InvalidInput),
    ]
    for about, options, error in refused:
        with pytest.raises(error):
            ask(about, instrument, **options)
    assert not FollowUpPlan.objects.exists()


def test_when_the_audit_fails_nothing_was_asked(case, instrument, monkeypatch):
    def fail(*_args, **_kwargs):
        raise DatabaseError

    monkeypatch.setattr(AuditEvent.objects, "bulk_create", fail)
    with pytest.raises(DatabaseError):
        ask(case, instrument)
    assert not FollowUpPlan.objects.exists()


def test_where_clocks_differ_nobody_gets_less_time(case, instrument):
    east, west = case.members
    Client.objects.filter(pk=east.pk).update(time_zone="Pacific/Kiritimati")
    Client.objects.filter(pk=west.pk).update(time_zone="Pacific/Honolulu")
    ask(type(case).objects.get(), instrument, open_days=1)
    rows = list(FollowUp.objects.all())
    assert len(rows) == 2
    assert all(row.expires_at - NOW >= timedelta(days=1) - timedelta(minutes=1) for row in rows)
