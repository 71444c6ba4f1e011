from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from counseling.actions.audit import verify_chain
from counseling.demo import cases
from counseling.demo.clinic import PASSWORD, NotTheDemo, check_ownership, find_demo, seed_clinic
from counseling.demo.people import COUPLES
from counseling.demo.simulation import Kind
from counseling.demo.truth import truth_table
from counseling.enums import DeliveryState, FollowUpStatus, Reason
from counseling.models import AuditEvent, Case, Clinic, Delivery, FollowUp
from counseling.queries.attention import attention_counts, blocked_people, with_people
from tests.factories import ClinicFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(monkeypatch):
    """Two couples and six weeks: the same road in a hundredth of the time."""
    few = COUPLES[:2]
    for module in ("cases", "truth"):
        monkeypatch.setattr(f"counseling.demo.{module}.COUPLES", few)
    monkeypatch.setattr(cases, "KINDS", (Kind.ONE_SIDED_A, Kind.INTERDEPENDENT))
    monkeypatch.setattr("counseling.demo.clinic.HISTORY", timedelta(weeks=6))
    call_command("load_instruments", verbosity=0)


def test_an_empty_database_waits_for_the_demo():
    assert find_demo() is None


@pytest.mark.parametrize("make", [ClinicFactory, UserFactory])
def test_somebody_elses_database_is_left_alone(make):
    make()
    with pytest.raises(NotTheDemo, match="left alone"):
        check_ownership()


def test_a_database_without_tables_is_anybodys(monkeypatch):
    monkeypatch.setattr("counseling.demo.clinic.connection.introspection.table_names", list)
    check_ownership()


def test_an_interrupted_set_up_says_how_to_start_again(small, monkeypatch):
    monkeypatch.setattr("counseling.demo.clinic.live_through", lambda *_args, **_facts: None)
    monkeypatch.setattr("counseling.demo.clinic._mark_seeded", lambda *_args, **_facts: None)
    seed_clinic(now=timezone.now())
    with pytest.raises(NotTheDemo, match="--purge"):
        find_demo()
    check_ownership()  # so that it can be purged


def test_the_clinic_has_lived_and_can_be_found_again(small):
    made = seed_clinic(now=timezone.now())
    clinic = find_demo()
    assert clinic == made
    assert Clinic.objects.count() == 1
    assert Case.objects.count() == 2
    assert verify_chain(clinic.clinic) == AuditEvent.objects.count()
    answered = FollowUp.objects.filter(status=FollowUpStatus.COMPLETED)
    assert answered.count() >= 8
    assert not answered.filter(sent_at__isnull=True).exists()
    assert set(Delivery.objects.values_list("state", flat=True)) <= {DeliveryState.SENT, DeliveryState.CANCELLED}


def test_somebody_can_answer_right_away_and_everybody_can_sign_in(small, client):
    clinic = seed_clinic(now=timezone.now())
    live = clinic.live_follow_up()
    assert live.is_answerable(timezone.now())
    for _role, email in clinic.sign_ins:
        assert client.login(email=email, password=PASSWORD)


def test_the_table_puts_truth_beside_findings(small):
    table = truth_table(seed_clinic(now=timezone.now()).clinic)
    rows = {line[:20].strip(): line[20:].split() for line in table.splitlines()}
    assert rows["truth"] == ["couples", "found", "missed", "flagged", "wrongly"]
    assert rows["one-sided, a gives"] == ["1", "1", "0", "0"]
    assert rows["interdependent"] == ["1", "0", "0", "0"]


def test_some_emails_are_lost_and_some_people_out_of_reach(monkeypatch):
    """The couples 6, 9 and 18 of a clinic that opened yesterday."""
    call_command("load_instruments", verbosity=0)
    monkeypatch.setattr("counseling.demo.clinic.HISTORY", timedelta(days=1))
    made = seed_clinic(now=timezone.now())
    everybody = list(Case.objects.order_by("opened_at", "id").values_list("pk", flat=True))
    counts = attention_counts(everybody, now=timezone.now())
    assert (counts.unknown, counts.refused, counts.blocked) == (1, 1, 4)
    rows = blocked_people(everybody, now=timezone.now())
    people = with_people(rows, everybody, now=timezone.now())
    assert {person.obstacles for person in people} == {
        (Reason.NO_CONSENT,),
        (Reason.EMAIL_UNSAFE,),
        (Reason.NO_ZONE,),
        (Reason.NO_EMAIL,),
    }
    assert {person.follow_up.case.lead for person in people} == {Case.objects.get(pk=everybody[6]).lead}
    assert verify_chain(made.clinic) == AuditEvent.objects.count()
