from __future__ import annotations

from datetime import date, timedelta

import pytest

from counseling.actions.clients import update_client
from counseling.actions.enrollments import change_enrollment, end_enrollment
from counseling.actions.sessions import schedule_session
from counseling.actions.single_questions import ask_once
from counseling.enums import Anchor, Cadence
from counseling.models import AuditEvent, Client, DeliveryEvent, Enrollment
from counseling.planning.rehearsal import ChangedSinceShown, do_as_shown, is_rehearsal, rehearse
from tests.counseling.outbox.mailing import counted_queries
from tests.counseling.planning.cases import START, on_plan, snapshot
from tests.factories import NOW, CaseFactory

pytestmark = pytest.mark.django_db


def moving(enrollment, zone="Europe/Madrid", now=NOW):
    def change():
        first = Client.objects.get(pk=enrollment.case.members[0].pk)
        return update_client(first, by=enrollment.case.lead, now=now, time_zone=zone)

    return change


def test_a_rehearsal_tells_what_would_change_and_changes_nothing():
    enrollment = on_plan({"occurrences": 2})
    before, events = snapshot(), (AuditEvent.objects.count(), DeliveryEvent.objects.count())
    changes = rehearse(moving(enrollment))
    assert changes.counts == {"moved": 2}
    one, _two = changes
    assert (one.client, one.before.time_zone, one.after.time_zone) == (
        enrollment.case.members[0],
        "America/New_York",
        "Europe/Madrid",
    )
    assert (one.before.local_date, one.after.local_date) == (START, START)
    assert snapshot() == before
    assert (AuditEvent.objects.count(), DeliveryEvent.objects.count()) == events
    assert Client.objects.get(pk=one.client.pk).time_zone == "America/New_York"
    assert not is_rehearsal()


def test_what_was_shown_is_done():
    enrollment = on_plan({"occurrences": 2})
    shown = rehearse(moving(enrollment))
    do_as_shown(moving(enrollment), shown=shown.digest)
    assert {row["time_zone"] for row in snapshot()} == {"America/New_York", "Europe/Madrid"}


def test_a_digest_is_the_same_later_as_long_as_the_facts_are():
    enrollment = on_plan({"occurrences": 2})
    later = NOW + timedelta(hours=5)
    assert rehearse(moving(enrollment)).digest == rehearse(moving(enrollment, now=later)).digest


def test_what_has_changed_since_is_not_done():
    enrollment = on_plan({"occurrences": 2})
    shown = rehearse(moving(enrollment))
    change_enrollment(enrollment, start_on=START, end_on=START, by=enrollment.case.lead, now=NOW)
    before, events = snapshot(), AuditEvent.objects.count()
    with pytest.raises(ChangedSinceShown):
        do_as_shown(moving(enrollment), shown=shown.digest)
    assert (snapshot(), AuditEvent.objects.count()) == (before, events)
    assert Client.objects.get(pk=enrollment.case.members[0].pk).time_zone == "America/New_York"


def test_ending_is_rehearsed_like_anything_else():
    enrollment = on_plan({"occurrences": 2})

    def change():
        return end_enrollment(Enrollment.objects.get(), by=enrollment.case.lead, now=NOW)

    assert rehearse(change).counts == {"cancelled": 4}
    assert Enrollment.objects.get().status == "active"


def test_a_rehearsal_that_is_refused_says_why():
    enrollment = on_plan({"occurrences": 1})
    with pytest.raises(Exception, match="time_zone"):
        rehearse(moving(enrollment, zone="Mars/Olympus"))
    assert not is_rehearsal()


def test_changes_come_by_time_and_count_by_kind():
    enrollment = on_plan({"occurrences": 3}, case=CaseFactory())

    def change():
        return change_enrollment(
            Enrollment.objects.get(),
            start_on=START + timedelta(days=1),
            end_on=date(2026, 3, 12),
            by=enrollment.case.lead,
            now=NOW,
        )

    changes = rehearse(change)
    assert changes.counts == {"cancelled": 2, "moved": 4}
    assert [one.at for one in changes] == sorted(one.at for one in changes)


def test_a_rehearsal_never_waits_for_the_audit_trail():
    enrollment = on_plan({"occurrences": 1})
    with counted_queries() as queries:
        rehearse(moving(enrollment))
    assert not any("auditevent" in query["sql"] for query in queries.captured_queries)


def test_what_a_change_makes_anew_does_not_make_it_another_change():
    """A session and a plan of one question have other ids in each run; what a person saw is the same."""
    enrollment = on_plan({"anchor": Anchor.AFTER_SESSION, "cadence": Cadence.ONCE})
    case = enrollment.case
    instrument = enrollment.plan.steps.get().instrument

    def plan_session():
        return schedule_session(case, starts_at=NOW + timedelta(days=3), by=case.lead, now=NOW)

    def ask():
        return ask_once(case, instrument, by=case.lead, now=NOW)

    for change in (plan_session, ask):
        assert rehearse(change).digest == rehearse(change).digest
        do_as_shown(change, shown=rehearse(change).digest)


def test_ending_as_shown():
    enrollment = on_plan({"occurrences": 2})
    shown = rehearse(lambda: end_enrollment(Enrollment.objects.get(), by=enrollment.case.lead, now=NOW))
    do_as_shown(lambda: end_enrollment(enrollment, by=enrollment.case.lead, now=NOW), shown=shown.digest)
    assert {row["status"] for row in snapshot()} == {"cancelled"}
