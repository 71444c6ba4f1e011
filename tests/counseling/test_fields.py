from __future__ import annotations

import pytest
from django.db import connection

from counseling.encryption import PREFIX
from counseling.exceptions import CiphertextInvalid
from counseling.models import Client
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db


def stored_email(client):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT email FROM counseling_client WHERE id = %s",
            [Client.id.field.get_db_prep_value(client.pk, connection)],
        )
        return cursor.fetchone()[0]


def test_the_database_holds_no_address():
    client = ClientFactory(email="ana@mail.example")
    assert stored_email(client).startswith(PREFIX)
    assert "ana" not in stored_email(client)
    assert Client.objects.get(pk=client.pk).email == "ana@mail.example"


def test_saving_what_was_not_opened_keeps_it_as_it_is():
    client = ClientFactory()
    before = stored_email(client)
    Client.objects.get(pk=client.pk).save()
    assert stored_email(client) == before


def test_a_deferred_value_is_fetched_when_asked_for():
    client = ClientFactory(email="ana@mail.example")
    assert Client.objects.defer("email").get(pk=client.pk).email == "ana@mail.example"


def test_bulk_created_rows_are_sealed_too():
    blueprint = ClientFactory()
    row = Client(
        clinic=blueprint.clinic,
        registered_by=blueprint.registered_by,
        created_at=blueprint.created_at,
        email="bo@mail.example",
    )
    Client.objects.bulk_create([row])
    assert stored_email(row).startswith(PREFIX)
    assert Client.objects.get(pk=row.pk).email == "bo@mail.example"


def test_two_rows_swapped_in_the_database_are_detected():
    first, second = ClientFactory(), ClientFactory()
    sealed = Client.objects.values_list("email", flat=True).get(pk=second.pk)
    Client.objects.filter(pk=first.pk).update(email=str(sealed))
    with pytest.raises(CiphertextInvalid):
        Client.objects.get(pk=first.pk).email  # noqa: B018 - reading is the act


def test_writing_past_the_instance_is_refused():
    client = ClientFactory()
    with pytest.raises(TypeError, match="encrypted"):
        Client.objects.filter(pk=client.pk).update(email="plain@mail.example")
    client.email = "plain@mail.example"
    with pytest.raises(TypeError, match="encrypted"):
        Client.objects.bulk_update([client], ["email"])


def test_searching_it_is_refused():
    with pytest.raises(TypeError, match="cannot be searched"):
        Client.objects.filter(email__icontains="ana").exists()


def test_the_empty_address_stays_empty():
    client = ClientFactory(email="")
    assert stored_email(client) == ""
    assert Client.objects.filter(email="").get().pk == client.pk


def test_exact_lookup_goes_through_the_index():
    client = ClientFactory(email="Ana@Mail.Example")
    ClientFactory(email="bo@mail.example")
    assert Client.objects.with_email("ana@mail.example ").get() == client
