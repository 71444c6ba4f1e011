from __future__ import annotations

import pytest

from assessments.enums import OtherRole
from counseling.actions.relationships import relate_clients
from counseling.enums import RelationshipKind
from counseling.exceptions import InvalidInput
from counseling.models import Relationship
from tests.factories import NOW, ClientFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return StaffFactory()


def test_each_member_is_asked_about_the_other(staff):
    mother, son = ClientFactory.create_batch(2, registered_by=staff)
    relationship = relate_clients(
        mother,
        son,
        kind=RelationshipKind.PARENT_CHILD,
        first_role=OtherRole.MOTHER,
        second_role=OtherRole.SON,
        by=staff,
        now=NOW,
    )
    assert relationship.other_role(mother) == OtherRole.SON
    assert relationship.other_role(son) == OtherRole.MOTHER


def test_one_person_is_no_relationship(staff):
    client = ClientFactory(registered_by=staff)
    with pytest.raises(InvalidInput, match="two different"):
        relate_clients(client, client, by=staff, now=NOW)


def test_another_clinics_client_cannot_be_related(staff):
    with pytest.raises(InvalidInput, match="this clinic"):
        relate_clients(ClientFactory(registered_by=staff), ClientFactory(), by=staff, now=NOW)
    assert not Relationship.objects.exists()


def test_the_same_pair_is_recorded_once_whichever_way_round(staff):
    first, second = ClientFactory.create_batch(2, registered_by=staff)
    relate_clients(first, second, by=staff, now=NOW)
    with pytest.raises(InvalidInput, match="already"):
        relate_clients(second, first, by=staff, now=NOW)
    assert Relationship.objects.count() == 1
