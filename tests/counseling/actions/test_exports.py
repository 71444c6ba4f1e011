from __future__ import annotations

import pytest

from counseling.actions.exports import record_export
from counseling.models import AuditEvent
from tests.factories import NOW, StaffFactory

pytestmark = pytest.mark.django_db


def test_an_export_is_noted_with_what_was_chosen():
    staff = StaffFactory()
    record_export("follow-ups", by=staff, now=NOW, first="2026-01", last="2026-03")
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.at, event.subject_id) == ("report.exported", staff, NOW, staff.clinic_id)
    assert event.data == {"report": "follow-ups", "first": "2026-01", "last": "2026-03"}
