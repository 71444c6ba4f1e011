"""Staff can read every questionnaire; nobody can change one here."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.assessments.factories import published, two_way_check_in

pytestmark = pytest.mark.django_db


def page(name: str, *args: object) -> str:
    return reverse(f"admin:assessments_{name}", args=args)


@pytest.fixture
def staff(client):
    client.force_login(get_user_model().objects.create(username="staff", is_staff=True))
    return client


@pytest.fixture
def version():
    return published()


@pytest.fixture
def pages(version):
    return [
        page("instrument_changelist"),
        page("instrument_change", version.instrument.pk),
        page("instrumentversion_changelist"),
        page("instrumentversion_change", version.pk),
    ]


def test_staff_read_every_page(staff, pages):
    assert [staff.get(url).status_code for url in pages] == [200, 200, 200, 200]


def test_a_version_shows_its_questions_and_scales(staff, version):
    html = staff.get(page("instrumentversion_change", version.pk)).content.decode()
    shown = ["I count on my partner for nearly all my emotional support.", "n1, n2, n3 (R), n4 (R)", "0 Never"]
    assert [text in html for text in shown] == [True, True, True]
    assert two_way_check_in().notice["en"] in html


@pytest.mark.parametrize("user", [None, {"is_staff": False}, {"is_staff": True, "is_active": False}])
def test_others_are_sent_to_sign_in(client, pages, user):
    if user is not None:
        client.force_login(get_user_model().objects.create(username="other", **user))
    assert [client.get(url).status_code for url in pages] == [302, 302, 302, 302]


def test_nothing_can_be_added_changed_or_deleted(staff, version):
    assert staff.get(page("instrumentversion_add")).status_code == 403
    assert staff.post(page("instrumentversion_change", version.pk), {"number": 9}).status_code == 403
    assert staff.post(page("instrumentversion_delete", version.pk), {"post": "yes"}).status_code == 403


def test_the_list_takes_as_many_queries_for_three_rows_as_for_one(staff, version):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            staff.get(page("instrumentversion_changelist"))
        return len(captured)

    staff.get(page("instrumentversion_changelist"))
    with_one = queries()
    for slug in ("second", "third"):
        published(two_way_check_in().model_copy(update={"slug": slug}))
    assert queries() == with_one
