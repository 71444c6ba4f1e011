from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models

from counseling.actions.base import action, record
from counseling.exceptions import AuditTampered
from counseling.models import AuditEvent, Clinic, FollowUp, StaffMember
from counseling.models.audit import GENESIS


@action
def record_view(subject: models.Model, *, by: StaffMember, now: datetime) -> None:
    """Note that somebody read a clinical record."""
    record(f"{subject._meta.model_name}.viewed", subject, by=by, now=now)


@action
def record_answers_read(follow_ups: Iterable[FollowUp], *, by: StaffMember, now: datetime) -> None:
    """Note that somebody read what was answered or scored on these occasions."""
    for follow_up in follow_ups:
        record("response.viewed", follow_up, by=by, now=now, response=str(follow_up.response_id))


def verify_chain(clinic: Clinic) -> int:
    """Walk the clinic's chain; the number of events when it is whole. Raises `AuditTampered` naming the first break."""
    previous, expected = GENESIS, 0
    for event in AuditEvent.objects.filter(clinic=clinic).order_by("sequence").iterator():
        expected += 1
        if event.sequence != expected:
            raise AuditTampered(f"event {expected} is missing")
        if event.previous_hash != previous or event.hash != event.computed_hash():
            raise AuditTampered(f"event {expected} was altered")
        previous = event.hash
    return expected
