"""Changing a questionnaire leaves a trace in the trail of the clinic that the person works in."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from assessments.actions.versions import draft_version
from assessments.drafting import laid_out
from assessments.models import InstrumentVersion
from assessments.signals import version_changed
from counseling.actions.audit import verify_chain
from counseling.actions.base import action, record
from counseling.actions.questionnaires import record_version_change
from counseling.enums import StaffRole
from counseling.exceptions import CounselingError
from counseling.models import AuditEvent
from tests.assessments.factories import published, small
from tests.factories import NOW, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return StaffFactory(role=StaffRole.CLINIC_ADMIN, user__is_staff=True)


def events() -> list[tuple[str, object, object, dict]]:
    return [(each.action, each.actor, each.subject_id, each.data) for each in AuditEvent.objects.order_by("sequence")]


def test_it_is_noted_with_the_version_and_its_number(admin):
    version = draft_version(small())
    record_version_change(version, by=admin, now=NOW, what="edited")
    assert events() == [("questionnaire.edited", admin, version.pk, {"number": 1})]
    assert verify_chain(admin.clinic) == 1


def test_every_change_on_the_staff_s_pages_is_noted(admin, client):
    client.force_login(admin.user)
    version = published(small())
    add = reverse("admin:assessments_instrument_add")
    client.post(add, {"definition": laid_out(small(slug="other")), "save": 1})
    for move in ("copy", "retire"):
        url = reverse(f"admin:assessments_instrumentversion_{move}", args=[version.pk])
        client.post(url, {"seen": version.digest, "current": ""})
    assert [name for name, *_ in events()] == ["questionnaire.written", "questionnaire.copied", "questionnaire.retired"]


def test_somebody_without_a_clinic_leaves_no_event(db):
    outsider = get_user_model().objects.create(username="outsider")
    version_changed.send(InstrumentVersion, version=draft_version(small()), user=outsider, what="edited")
    assert events() == []


def test_what_has_no_clinic_cannot_be_recorded_by_nobody(db):
    @action
    def forget_who() -> None:
        record("questionnaire.edited", draft_version(small()), by=None, now=NOW)

    with pytest.raises(CounselingError, match="without a clinic"):
        forget_who()
