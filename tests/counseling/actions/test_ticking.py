from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from counseling.actions.ticking import run_tick
from counseling.enums import FindingStatus
from counseling.models import Clinic, FollowUp
from tests.couples import enrolled
from tests.factories import FindingFactory

pytestmark = pytest.mark.django_db


def test_a_tick_sends_what_is_due_and_returns_what_was_put_aside():
    now = timezone.now()
    enrollment = enrolled()
    Clinic.objects.update(quiet_from="00:00", quiet_until="00:00")
    FollowUp.objects.filter(occurrence=1).update(due_at=now - timedelta(hours=1), expires_at=now + timedelta(days=6))
    finding = FindingFactory(
        case=enrollment.case,
        status=FindingStatus.WATCHING,
        watch_until=now.date(),
        decided_at=now,
        decided_by=enrollment.case.lead,
    )
    tick = run_tick()
    finding.refresh_from_db()
    assert (tick.verdicts, len(mail.outbox), finding.status) == ({"accepted": 2}, 2, "open")
