"""What the database itself refuses, whoever writes."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from counseling.actions.clients import register_client
from counseling.enums import CaseStatus, Pattern, Strength
from counseling.models import (
    AuditEvent,
    Case,
    Client,
    Finding,
    FollowUp,
    PlanStop,
    ProviderNotice,
    Relationship,
    ThresholdSet,
)
from counseling.models.base import AppendOnlyError
from tests.counseling.outbox.mailing import due_follow_up, queued
from tests.couples import enrolled
from tests.factories import (
    NOW,
    CaseFactory,
    ClientFactory,
    ConsentFactory,
    RelationshipFactory,
    SessionFactory,
    StaffFactory,
    ThresholdSetFactory,
)

pytestmark = pytest.mark.django_db


@contextmanager
def refused():
    """The database says no, and the test's own transaction goes on."""
    with pytest.raises(IntegrityError), transaction.atomic():
        yield


@pytest.fixture
def audit_event():
    if connection.vendor == "sqlite":  # lifted for the test run, see tests/conftest.py
        migration = import_module("counseling.migrations.0002_database_guards")
        [guard] = [statement for statement in migration._sqlite() if "auditevent_no_delete" in statement]
        with connection.cursor() as cursor:
            cursor.execute(guard)
    register_client(by=StaffFactory(), now=NOW, given_name="Ana")
    return AuditEvent.objects.get()


@pytest.mark.parametrize(
    "statement", ["UPDATE counseling_auditevent SET action = 'x'", "DELETE FROM counseling_auditevent"]
)
def test_the_audit_trail_can_only_grow(audit_event, statement):
    with refused(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.get().action == "client.registered"


@pytest.mark.parametrize("given", ["id", "sequence"])
def test_nothing_takes_the_place_of_an_audit_event(audit_event, given):
    values = {f.column: f.column for f in AuditEvent._meta.fields} | {"action": "'x'"}
    values |= {"id": "'00000000000000000000000000000001'"} if given == "sequence" else {"sequence": "9"}
    replacing = " OR REPLACE" if connection.vendor == "sqlite" else ""
    another = f"INSERT{replacing} INTO counseling_auditevent ({', '.join(values)}) SELECT {', '.join(values.values())}"
    with refused(), connection.cursor() as cursor:
        cursor.execute(f"{another} FROM counseling_auditevent")
    assert AuditEvent.objects.get().action == "client.registered"


def test_append_only_querysets_say_so_before_the_database_does(audit_event):
    with pytest.raises(AppendOnlyError):
        AuditEvent.objects.update(action="x")
    with pytest.raises(AppendOnlyError):
        AuditEvent.objects.all().delete()


def test_a_threshold_set_is_never_edited():
    row = ThresholdSetFactory()
    with refused():
        ThresholdSet.objects.filter(pk=row.pk).update(note="changed")


def test_a_relationship_stays_within_its_clinic():
    relationship = RelationshipFactory()
    stranger = ClientFactory()
    with refused():
        Relationship.objects.filter(pk=relationship.pk).update(second=stranger)
    with refused():
        RelationshipFactory(second=stranger)


@pytest.mark.parametrize("column", ["relationship", "client", "lead"])
def test_a_case_stays_within_its_clinic(column):
    case = CaseFactory()
    foreign = {"relationship": RelationshipFactory, "client": ClientFactory, "lead": StaffFactory}[column]()
    changes = {column: foreign, **({"relationship": None} if column == "client" else {})}
    with refused():
        Case.objects.filter(pk=case.pk).update(**changes)


def test_a_finding_is_about_a_client_of_its_clinic():
    case = CaseFactory()
    with refused():
        make_finding(case, ClientFactory())


def make_finding(case, subject, **changes):
    values = {
        "clinic": case.clinic,
        "case": case,
        "subject": subject,
        "pattern": Pattern.SAFETY,
        "strength": Strength.URGENT,
        "evidence": {},
        "thresholds": ThresholdSetFactory(clinic=case.clinic, number=ThresholdSet.objects.count() + 1),
        "raised_at": NOW,
        "evaluated_at": NOW,
    }
    return Finding.objects.create(**{**values, **changes})


def test_safety_is_never_cleared_by_data_and_there_is_one_finding_per_subject():
    case = CaseFactory()
    first, _second = case.members
    finding = make_finding(case, first)
    with refused():
        Finding.objects.filter(pk=finding.pk).update(status="cleared", cleared_at=NOW)
    with refused():
        make_finding(case, first)


@pytest.mark.parametrize(
    "changes",
    [
        {"decided_at": NOW},
        {"claimed_at": NOW},
        {"status": "confirmed"},
        {"status": "watching"},
        {"status": "in_review"},
        {"watch_until": NOW.date()},
        {"probability": 1.2},
        {"strength": "certain"},
        {"pattern": "gemini"},
        {"status": "gone"},
    ],
)
def test_a_findings_columns_agree(changes):
    case = CaseFactory()
    with refused():
        make_finding(case, case.members[0], **changes)


def test_two_members_differ_and_are_recorded_once_whichever_way_round():
    relationship = RelationshipFactory()
    with refused():
        Relationship.objects.filter(pk=relationship.pk).update(second=relationship.first)
    with refused():
        RelationshipFactory(first=relationship.second, second=relationship.first)


def test_a_case_is_about_exactly_one_thing():
    case = CaseFactory()
    with refused():
        Case.objects.filter(pk=case.pk).update(relationship=None)
    with refused():
        Case.objects.filter(pk=case.pk).update(client=case.relationship.first)


@pytest.mark.parametrize("changes", [{"closed_at": NOW}, {"status": CaseStatus.CLOSED}, {"status": "lost"}])
def test_a_cases_status_and_instants_agree(changes):
    case = CaseFactory()
    with refused():
        Case.objects.filter(pk=case.pk).update(**changes)


@pytest.mark.parametrize("changes", [{"minutes": 4}, {"minutes": 481}, {"settled_at": NOW}, {"status": "held"}])
def test_a_sessions_columns_agree(changes):
    session = SessionFactory()
    with refused():
        type(session).objects.filter(pk=session.pk).update(**changes)


def test_one_consent_stands_at_a_time_and_a_withdrawal_has_its_instant():
    consent = ConsentFactory()
    with refused():
        ConsentFactory(client=consent.client)
    with refused():
        type(consent).objects.filter(pk=consent.pk).update(withdrawn_by=StaffFactory())
    type(consent).objects.filter(pk=consent.pk).update(withdrawn_at=NOW + timedelta(days=1))
    ConsentFactory(client=consent.client)
    assert consent.client.consents.standing().count() == 1


def test_nobody_supervises_themselves():
    staff = StaffFactory()
    with refused():
        type(staff).objects.filter(pk=staff.pk).update(supervisor=staff)


def test_a_provider_s_notice_is_neither_edited_nor_replaced():
    delivery = queued()
    told = {"delivery": delivery, "provider": "Postmark", "event_id": "1", "kind": "bounced", "received_at": NOW}
    row = ProviderNotice.objects.create(**told)
    with refused(), connection.cursor() as cursor:
        cursor.execute("UPDATE counseling_providernotice SET kind = 'delivered'")
    with refused():
        ProviderNotice.objects.create(**{**told, "kind": "delivered"})
    with refused():
        ProviderNotice.objects.create(**{**told, "id": row.pk, "event_id": "2"})
    assert ProviderNotice.objects.get().kind == "bounced"


def test_a_suspension_has_its_when_and_its_why():
    client = ClientFactory()
    rows = Client.objects.filter(pk=client.pk)
    halves = ({"suspended_index": "a"}, {"suspended_at": NOW}, {"suspended_for": "bounced"})
    whole = {name: value for half in halves for name, value in half.items()}
    for broken in (*halves, {**whole, "suspended_for": "else"}):
        with refused():
            rows.update(**broken)
    assert rows.update(**whole) == 1


def test_a_plan_is_stopped_once_at_a_time():
    follow_up = due_follow_up()
    stop = {"client": follow_up.client, "case": follow_up.case, "plan": follow_up.enrollment.plan, "stopped_at": NOW}
    PlanStop.objects.create(**stop, taken_back_at=NOW)
    PlanStop.objects.create(**stop)
    with refused():
        PlanStop.objects.create(**stop)


def test_a_follow_up_stays_within_its_clinic():
    """However many a statement adds or changes."""
    follow_up = enrolled(occurrences=1).follow_ups.first()
    foreign = {"client": ClientFactory(), "case": CaseFactory()}
    for name, row in foreign.items():
        with refused():
            FollowUp.objects.filter(pk=follow_up.pk).update(**{name: row})
        added = FollowUp.objects.get(pk=follow_up.pk)
        added.pk, added.occurrence, added.token_digest = FollowUp._meta.pk.get_default(), 99, "another"
        setattr(added, name, row)
        with refused():
            added.save(force_insert=True)
