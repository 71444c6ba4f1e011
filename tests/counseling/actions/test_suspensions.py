from __future__ import annotations

from datetime import timedelta

import pytest

from counseling.actions.clients import register_client, update_client
from counseling.actions.suspensions import lift_suspension, suspend_address
from counseling.contact import is_suspended
from counseling.enums import SuspensionCause
from counseling.exceptions import IllegalMove, StaleState
from counseling.models import AuditEvent, Client
from tests.factories import NOW, ClientFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
BOUNCED, COMPLAINED = SuspensionCause.BOUNCED, SuspensionCause.COMPLAINED


def suspend(client: Client, *, address: str = "", cause: SuspensionCause = BOUNCED, now=NOW) -> int:
    return suspend_address(client, address=address or client.email, cause=cause, now=now)


def fresh(client: Client) -> Client:
    return Client.objects.get(pk=client.pk)


def events() -> list[tuple[str, object, dict]]:
    return list(AuditEvent.objects.order_by("clinic", "sequence").values_list("action", "actor", "data"))


def sharing(client: Client) -> Client:
    return ClientFactory(registered_by=client.registered_by, email=client.email)


def test_an_address_is_suspended_with_when_and_why_and_by_nobody():
    client = ClientFactory()
    assert suspend(client, cause=COMPLAINED) == 1
    row = fresh(client)
    assert (row.suspended_index, row.suspended_at, row.suspended_for) == (row.email_index, NOW, "complained")
    assert is_suspended(row)
    assert events() == [("client.address_suspended", None, {"cause": "complained"})]


def test_suspending_again_changes_nothing():
    client = ClientFactory()
    suspend(client)
    assert suspend(client, cause=COMPLAINED, now=LATER) == 0
    assert (fresh(client).suspended_at, fresh(client).suspended_for, len(events())) == (NOW, "bounced", 1)


def test_it_counts_for_everybody_at_the_clinic_with_the_address_and_for_nobody_else():
    client = ClientFactory()
    partner, elsewhere = sharing(client), ClientFactory(email=client.email)
    neighbour = ClientFactory(registered_by=client.registered_by)
    assert suspend(client) == 2
    assert [is_suspended(fresh(each)) for each in (client, partner, neighbour, elsewhere)] == [True, True, False, False]
    assert set(Client.objects.suspended()) == {client, partner}


def test_a_new_address_is_free_and_the_old_one_stays_suspended():
    client = ClientFactory(email="old@mail.example")
    suspend(client)
    staff = client.registered_by
    update_client(fresh(client), by=staff, now=LATER, email="new@mail.example")
    assert not is_suspended(fresh(client))
    update_client(fresh(client), by=staff, now=LATER, email="old@mail.example")
    assert is_suspended(fresh(client))


def test_a_bounce_of_the_address_before_says_nothing_about_the_one_of_today():
    client = ClientFactory(email="new@mail.example")
    assert suspend(client, address="old@mail.example") == 0
    assert not is_suspended(fresh(client))


@pytest.mark.parametrize("said", ["", "ADA@xn--bcher-kva.example", " ada@bücher.example"])
def test_the_address_is_known_in_every_form_that_a_provider_gives_it(said):
    client = ClientFactory(email="Ada@bücher.example")
    assert suspend_address(client, address=said, cause=BOUNCED, now=NOW) == 1


def test_a_client_without_an_address_has_none_to_suspend():
    client = ClientFactory(email="")
    assert suspend_address(client, address="", cause=BOUNCED, now=NOW) == 0
    assert suspend_address(client, address="x@y.example", cause=BOUNCED, now=NOW) == 0


def test_whoever_is_given_a_suspended_address_has_it_suspended():
    client = ClientFactory()
    suspend(client)
    staff = client.registered_by
    registered = register_client(by=staff, now=LATER, given_name="Iris", email=client.email)
    other = update_client(ClientFactory(registered_by=staff), by=staff, now=LATER, email=client.email)
    for row in (fresh(registered), fresh(other)):
        assert (is_suspended(row), row.suspended_at, row.suspended_for) == (True, NOW, "bounced")


def test_staff_lift_it():
    client = ClientFactory()
    suspend(client)
    lift_suspension(fresh(client), by=client.registered_by, now=LATER)
    row = fresh(client)
    assert (row.suspended_index, row.suspended_at, row.suspended_for) == ("", None, "")
    assert events()[-1] == ("client.suspension_lifted", client.registered_by.pk, {"cause": "bounced"})


def test_it_is_lifted_for_the_one_client_only():
    client = ClientFactory()
    partner = sharing(client)
    suspend(client)
    lift_suspension(fresh(client), by=client.registered_by, now=LATER)
    assert [is_suspended(fresh(each)) for each in (client, partner)] == [False, True]


def test_what_is_not_suspended_cannot_be_lifted():
    client = ClientFactory()
    suspend(client)
    lifted = lift_suspension(fresh(client), by=client.registered_by, now=LATER)
    with pytest.raises(IllegalMove):
        lift_suspension(lifted, by=client.registered_by, now=LATER)


def test_of_two_who_lift_it_one_is_told_that_it_moved_on():
    client = ClientFactory()
    suspend(client)
    first, second = fresh(client), fresh(client)
    lift_suspension(first, by=client.registered_by, now=LATER)
    with pytest.raises(StaleState):
        lift_suspension(second, by=client.registered_by, now=LATER)
    assert len(events()) == 2


def test_nothing_is_suspended_that_cannot_be_audited(monkeypatch):
    client = ClientFactory()
    monkeypatch.setattr("counseling.actions.base._append", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        suspend(client)
    assert not is_suspended(fresh(client))


def test_nothing_is_lifted_that_cannot_be_audited(monkeypatch):
    client = ClientFactory()
    suspend(client)
    monkeypatch.setattr("counseling.actions.base._append", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        lift_suspension(fresh(client), by=client.registered_by, now=LATER)
    assert is_suspended(fresh(client))
