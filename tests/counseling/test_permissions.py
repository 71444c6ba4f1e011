from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from counseling.enums import StaffRole
from counseling.exceptions import NotAllowed
from counseling.models import Case
from counseling.permissions import Permission, allows, find_visible, may_author, require, staff_of
from tests.factories import CaseFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

GRANTED = {
    StaffRole.COUNSELOR: {"work_cases", "review_findings"},
    StaffRole.SUPERVISOR: {"work_cases", "review_findings", "manage_plans", "manage_thresholds"},
    StaffRole.CLINIC_ADMIN: {
        "run_reports",
        "manage_plans",
        "manage_thresholds",
        "manage_staff",
        "read_audit",
        "author_questionnaires",
    },
}


@pytest.mark.parametrize("role", StaffRole)
@pytest.mark.parametrize("permission", Permission)
def test_each_role_holds_exactly_its_permissions(role, permission):
    staff = StaffFactory.build(role=role)
    expected = permission in GRANTED[role]
    assert allows(staff, permission) is expected
    if expected:
        assert require(staff, permission) is staff
    else:
        with pytest.raises(NotAllowed, match=permission):
            require(staff, permission)


def test_clinic_admins_write_questionnaires_and_nobody_else():
    users = {role: StaffFactory(role=role).user for role in StaffRole}
    assert {role for role, user in users.items() if may_author(user)} == {StaffRole.CLINIC_ADMIN}
    assert not may_author(UserFactory(is_superuser=True))


def test_who_left_and_who_never_came_hold_none():
    assert not allows(StaffFactory.build(is_active=False), Permission.WORK_CASES)
    assert not allows(None, Permission.WORK_CASES)


def test_staff_of_a_user_is_fetched_once(django_assert_num_queries):
    user = StaffFactory().user
    with django_assert_num_queries(1):
        assert staff_of(user) == staff_of(user) == user.staff_member


@pytest.mark.parametrize("make", [AnonymousUser, UserFactory, lambda: None])
def test_a_user_without_a_working_staff_row_is_nobody(make):
    assert staff_of(make()) is None


def test_neither_a_retired_account_nor_a_retired_staff_row_works():
    assert staff_of(StaffFactory(is_active=False).user) is None
    assert staff_of(StaffFactory(user__is_active=False).user) is None


def test_out_of_reach_and_absent_answer_alike():
    case = CaseFactory()
    assert find_visible(Case.objects, case.lead, case.pk) == case
    for pk in (case.pk, "019a0000-0000-7000-8000-000000000000", "not-a-uuid"):
        with pytest.raises(Http404, match="No such object"):
            find_visible(Case.objects, StaffFactory(), pk)
