from __future__ import annotations

from datetime import date, timedelta

import pytest

from counseling.actions.cases import close_case
from counseling.actions.enrollments import change_enrollment, end_enrollment, start_enrollment
from counseling.actions.follow_ups import skip_follow_up
from counseling.exceptions import ConsentMissing, IllegalMove, InvalidInput, StaleState
from counseling.links import form_token
from counseling.models import AuditEvent, Case, Client, Delivery, DeliveryEvent, Enrollment, FollowUp
from counseling.tokens import token_digest
from tests.assessments.factories import published
from tests.counseling.outbox.mailing import MORNING, claimed, counted_queries, handed_over, ledger, single_case
from tests.couples import answer, enrolled, wave
from tests.factories import NOW, CaseFactory, ConsentFactory, PlanFactory, StepFactory

pytestmark = pytest.mark.django_db
START = date(2026, 3, 3)


def plan_for(case, **step):
    plan = PlanFactory(clinic=case.clinic)
    StepFactory(plan=plan, instrument=published().instrument, **{"occurrences": 2, **step})
    return plan


def start(case, plan, **options):
    return start_enrollment(case, plan, **{"start_on": START, "by": case.lead, "now": NOW, **options})


def test_starting_writes_every_follow_up_of_every_member():
    enrollment = enrolled(occurrences=3)
    case = enrollment.case
    rows = FollowUp.objects.order_by("occurrence", "client")
    assert {(row.client, row.occurrence) for row in rows} == {(m, n) for m in case.members for n in (1, 2, 3)}
    assert {(row.case, row.clinic, row.enrollment, row.status) for row in rows} == {
        (case, case.clinic, enrollment, "planned")
    }
    assert {row.version for row in rows} == {enrollment.plan.steps.get().instrument.versions.get()}
    assert (enrollment.status, enrollment.started_at, enrollment.started_by) == ("active", NOW, case.lead)


def test_the_partners_of_one_occasion_are_a_wave():
    one, other = wave(enrolled(), 2)
    assert (one.step, one.occurrence, one.due_at) == (other.step, other.occurrence, other.due_at)
    assert one.client != other.client


def test_every_follow_up_has_a_link_of_its_own():
    enrolled()
    rows = list(FollowUp.objects.all())
    assert len({row.token_digest for row in rows}) == len(rows) == 12
    assert all(token_digest(form_token(row)) == row.token_digest for row in rows)


def test_starting_is_audited_and_in_every_ledger():
    enrollment = enrolled(occurrences=2)
    event = AuditEvent.objects.get(action="enrollment.started")
    assert (event.subject_id, event.actor, event.data["follow_ups"]) == (enrollment.pk, enrollment.case.lead, 4)
    assert list(DeliveryEvent.objects.values_list("kind", flat=True)) == ["planned"] * 4


def test_a_long_plan_takes_as_many_queries_as_a_short_one():
    counts = []
    for occurrences in (1, 12):  # two members; past 37 rows Django 5.2 splits an insert on SQLite
        case = CaseFactory()
        ConsentFactory(client=case.members[0])
        plan = plan_for(case, occurrences=occurrences)
        with counted_queries() as queries:
            start(case, plan)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_same_plan_twice_is_refused_and_leaves_nothing_behind():
    enrollment = enrolled()
    with pytest.raises(InvalidInput, match="already"):
        start(enrollment.case, enrollment.plan)
    assert (Enrollment.objects.count(), FollowUp.objects.count()) == (1, 12)
    assert AuditEvent.objects.filter(action="enrollment.started").count() == 1


def test_a_case_that_was_closed_meanwhile_gets_nothing_planned():
    case = CaseFactory()
    ConsentFactory(client=case.members[0])
    close_case(Case.objects.get(pk=case.pk), by=case.lead, now=NOW)
    with pytest.raises(StaleState, match="closed"):
        start(case, plan_for(case))
    assert not Enrollment.objects.exists()


def test_a_plan_that_was_ended_may_start_anew():
    enrollment = enrolled()
    end_enrollment(enrollment, by=enrollment.case.lead, now=NOW)
    assert start(enrollment.case, enrollment.plan).status == "active"


def test_a_member_without_a_zone_is_named_and_nothing_is_written():
    case = single_case(time_zone="")
    ConsentFactory(client=case.client)
    with pytest.raises(InvalidInput, match="time_zone"):
        start(case, plan_for(case))
    assert not FollowUp.objects.exists()


def test_nobody_to_write_to_is_no_reason_to_plan():
    case = CaseFactory()
    with pytest.raises(ConsentMissing):
        start(case, plan_for(case))
    assert not Enrollment.objects.exists()


def test_one_member_who_has_not_agreed_yet_does_not_hold_the_other_back():
    case = CaseFactory()
    ConsentFactory(client=case.members[0])
    start(case, plan_for(case))
    assert FollowUp.objects.filter(client=case.members[1], status="planned").count() == 2


def test_a_single_client_is_asked_about_whom_the_counselor_says():
    case = single_case()
    ConsentFactory(client=case.client)
    enrollment = start(case, plan_for(case), other_role="mother")
    assert enrollment.other_role == "mother"
    assert set(FollowUp.objects.values_list("other_role", flat=True)) == {"mother"}


# --- Ending ----------------------------------------------------------------------------------------


def test_ending_cancels_what_is_unanswered_and_keeps_what_was_answered():
    enrollment = enrolled(occurrences=2)
    answered = answer(wave(enrollment, 1)[0])
    end_enrollment(enrollment, by=enrollment.case.lead, now=MORNING)
    rows = FollowUp.objects.exclude(pk=answered.pk)
    assert set(rows.values_list("status", "ended_at", "end_reason")) == {("cancelled", MORNING, "enrollment_ended")}
    assert FollowUp.objects.get(pk=answered.pk).status == "completed"
    stored = Enrollment.objects.get()
    assert (stored.status, stored.ended_at, stored.ended_by) == ("ended", MORNING, enrollment.case.lead)
    assert AuditEvent.objects.get(action="enrollment.ended").data == {"cancelled": 3}


def test_ending_takes_back_what_a_worker_has_claimed():
    delivery = claimed()
    follow_up = delivery.follow_up
    end_enrollment(follow_up.enrollment, by=follow_up.case.lead, now=MORNING)
    assert Delivery.objects.get().state == "cancelled"
    assert ledger(follow_up)[-1] == ("cancelled", "enrollment_ended")


def test_an_email_already_handed_over_is_beyond_recall():
    follow_up = handed_over().follow_up
    end_enrollment(follow_up.enrollment, by=follow_up.case.lead, now=MORNING)
    assert Delivery.objects.get().state == "handoff"


def test_ending_twice_is_no_legal_move_and_a_race_is_a_conflict():
    enrollment = enrolled()
    stale = Enrollment.objects.get()
    end_enrollment(enrollment, by=enrollment.case.lead, now=NOW)
    with pytest.raises(IllegalMove):
        end_enrollment(enrollment, by=enrollment.case.lead, now=NOW)
    with pytest.raises(StaleState):
        end_enrollment(stale, by=enrollment.case.lead, now=NOW)
    assert AuditEvent.objects.filter(action="enrollment.ended").count() == 1


def test_ending_a_long_plan_takes_as_many_queries_as_a_short_one():
    counts = []
    for occurrences in (1, 26):
        enrollment = enrolled(occurrences=occurrences)
        by = enrollment.case.lead
        with counted_queries() as queries:
            end_enrollment(enrollment, by=by, now=NOW)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_when_the_audit_fails_nothing_was_started(monkeypatch):
    from counseling.actions import base

    def fail(_entries: object) -> None:
        raise RuntimeError("no audit")

    case = CaseFactory()
    ConsentFactory(client=case.members[0])
    plan = plan_for(case)
    monkeypatch.setattr(base, "_write_trail", fail)
    with pytest.raises(RuntimeError):
        start(case, plan)
    assert not FollowUp.objects.exists()


def test_what_was_skipped_stays_skipped():
    enrollment = enrolled(occurrences=1)
    skip_follow_up(wave(enrollment, 1)[0], by=enrollment.case.lead, now=NOW)
    end_enrollment(enrollment, by=enrollment.case.lead, now=NOW)
    assert sorted(FollowUp.objects.values_list("status", flat=True)) == ["cancelled", "skipped"]


# --- Changing --------------------------------------------------------------------------------------


def change_dates(enrollment, **options):
    given = {"start_on": enrollment.start_on, "end_on": enrollment.end_on, "by": enrollment.case.lead, "now": NOW}
    return change_enrollment(enrollment, **{**given, **options})


def dates(enrollment, status="planned"):
    rows = enrollment.follow_ups.filter(status=status, client=enrollment.case.members[0]).order_by("due_at")
    return list(rows.values_list("local_date", flat=True))


def test_another_first_and_last_day_move_what_is_unasked():
    enrollment = enrolled(occurrences=3)
    change_dates(enrollment, start_on=date(2026, 3, 5), end_on=date(2026, 3, 19))
    assert dates(enrollment) == [date(2026, 3, 5), date(2026, 3, 19)]
    assert dates(enrollment, "cancelled") == [date(2026, 3, 31)]
    event = AuditEvent.objects.get(action="enrollment.changed")
    assert event.data == {"fields": ["end_on", "start_on"], "moved": 4, "cancelled": 2}
    change_dates(enrollment, end_on=None)
    assert dates(enrollment) == [date(2026, 3, 5), date(2026, 3, 19), date(2026, 4, 2)]


def test_a_plan_may_end_on_a_day_from_the_start():
    case = CaseFactory()
    ConsentFactory(client=case.members[0])
    enrollment = start(case, plan_for(case), end_on=START)
    assert dates(enrollment) == [START]


def test_the_person_named_is_asked_alone_and_may_become_the_other():
    case = CaseFactory()
    for member in case.members:
        ConsentFactory(client=member)
    plan, (first, second) = plan_for(case, asks="named"), case.members
    with pytest.raises(InvalidInput, match="named_client: the plan asks one person"):
        start(case, plan)
    with pytest.raises(InvalidInput, match="named_client: choose a member"):
        start(case, plan, named_client=ConsentFactory().client)
    enrollment = start(case, plan, named_client=first)
    assert set(FollowUp.objects.values_list("client", flat=True)) == {first.pk}
    change_dates(enrollment, named_client=second)
    assert set(FollowUp.objects.values_list("client", "status")) == {(first.pk, "cancelled"), (second.pk, "planned")}


def test_dates_have_an_order_and_do_not_lie_in_the_past():
    enrollment = enrolled()
    with pytest.raises(InvalidInput, match="end_on"):
        change_dates(enrollment, end_on=date(2026, 3, 2))
    with pytest.raises(InvalidInput, match="start_on"):
        change_dates(enrollment, start_on=date(2026, 3, 1))
    change_dates(enrollment, end_on=date(2026, 5, 1), now=MORNING)
    assert Enrollment.objects.get().end_on == date(2026, 5, 1)


def test_what_has_ended_is_not_changed_and_of_two_changes_at_once_one_wins():
    enrollment = enrolled()
    stale = Enrollment.objects.get()
    change_dates(enrollment, end_on=date(2026, 5, 1))
    with pytest.raises(StaleState):
        change_dates(stale, end_on=date(2026, 6, 1))
    end_enrollment(enrollment, by=enrollment.case.lead, now=NOW)
    with pytest.raises(IllegalMove):
        change_dates(enrollment, end_on=date(2026, 6, 1))
    assert Enrollment.objects.get().end_on == date(2026, 5, 1)


def test_repeating_a_change_changes_nothing():
    enrollment = enrolled(occurrences=2)
    for _ in range(2):
        change_dates(enrollment, start_on=date(2026, 3, 5))
    assert AuditEvent.objects.filter(action="enrollment.changed").latest("sequence").data == {"fields": []}


def test_from_the_opening_of_the_case_only_what_is_to_come_is_asked():
    case = CaseFactory(opened_at=NOW - timedelta(days=20))
    ConsentFactory(client=case.members[0])
    plan = plan_for(case, anchor="case_opened", occurrences=4)
    enrollment = start(case, plan)
    assert dates(enrollment) == [date(2026, 3, 3)]  # the 10th, 17th and 24th of February have passed
    assert AuditEvent.objects.get(action="enrollment.started").data["follow_ups"] == 2


def test_what_is_written_follows_the_rows_as_they_are_not_as_they_were_read():
    case = CaseFactory()
    ConsentFactory(client=case.members[0])
    plan = plan_for(case)
    Client.objects.filter(pk=case.members[0].pk).update(time_zone="Europe/Madrid")
    plan.steps.update(occurrences=3)
    start(case, plan)
    assert FollowUp.objects.count() == 6
    assert FollowUp.objects.filter(time_zone="Europe/Madrid").count() == 3
