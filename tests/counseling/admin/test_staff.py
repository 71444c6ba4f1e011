from __future__ import annotations

import pytest
from django.urls import reverse

from tests.counseling.admin.queries import queries_of
from tests.counseling.admin.work import browser_of
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/counseling/staffmember/"


def test_the_admin_sees_who_works_here_and_for_whom(work):
    admin = browser_of(work.admin)
    people = {person.display_name for person in admin.get(LIST).context["cl"].result_list}
    assert people == {"Nora Counselor", "Sofia Supervisor", "Ada Admin"}
    page = admin.get(reverse("admin:counseling_staffmember_change", args=[work.counselor.pk]))
    assert "Sofia Supervisor" in page.text


def test_the_number_of_queries_is_the_same_with_1_and_3_rows(work):
    admin = browser_of(work.admin)
    before = queries_of(admin, LIST)
    for _ in range(2):
        StaffFactory(clinic=work.case.clinic, supervisor=work.supervisor)
    assert queries_of(admin, LIST) == before
