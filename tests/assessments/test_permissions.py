"""Who may write questionnaires: staff whom the host project's own function lets, and nobody else."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Permission

from assessments.permissions import MODEL_PERMISSIONS, may_author, may_read

pytestmark = pytest.mark.django_db


def user(*permissions: str, **facts):
    person = get_user_model().objects.create(username="somebody", **{"is_staff": True, **facts})
    person.user_permissions.set(Permission.objects.filter(codename__in=[name.split(".")[1] for name in permissions]))
    return person


def everybody(_user) -> bool:
    return True


@pytest.fixture
def by_model_permissions(settings):
    settings.ASSESSMENTS = {}


def test_without_a_setting_django_s_model_permissions_decide(by_model_permissions):
    assert may_author(user(*MODEL_PERMISSIONS)) is True


@pytest.mark.parametrize("held", [(), MODEL_PERMISSIONS[:1], MODEL_PERMISSIONS[1:]])
def test_one_of_the_two_is_not_enough(by_model_permissions, held):
    assert may_author(user(*held)) is False


def test_the_host_s_function_decides(settings):
    settings.ASSESSMENTS = {"MAY_AUTHOR": f"{__name__}.everybody"}
    assert may_author(user()) is True


@pytest.mark.parametrize("facts", [{"is_staff": False}, {"is_active": False}])
def test_whoever_may_not_read_may_not_write(settings, facts):
    settings.ASSESSMENTS = {"MAY_AUTHOR": f"{__name__}.everybody"}
    person = user(*MODEL_PERMISSIONS, **facts)
    assert (may_read(person), may_author(person)) == (False, False)


def test_nobody_is_nobody():
    assert (may_read(AnonymousUser()), may_author(AnonymousUser())) == (False, False)
