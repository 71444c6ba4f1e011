"""What follows in the same transaction: when answers come in, the case's patterns are looked at again; when somebody
changes a questionnaire, it is noted who.
"""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from assessments.alerts import raised_alerts
from assessments.models import InstrumentVersion, Response
from assessments.signals import answers_saved, response_submitted, version_changed
from counseling.actions.findings import evaluate_after
from counseling.actions.questionnaires import record_version_change
from counseling.permissions import staff_of


@receiver(response_submitted, sender=Response, dispatch_uid="counseling.evaluate_after_submit")
def evaluate_after_submit(*, response: Response, **_: Any) -> None:
    """Re-evaluate the case that the response belongs to."""
    evaluate_after(response)


@receiver(answers_saved, sender=Response, dispatch_uid="counseling.alert_from_draft")
def alert_from_draft(*, response: Response, answers: dict[str, Any], **_: Any) -> None:
    """A saved page that raises an alert does not wait for the rest of the questionnaire."""
    if raised_alerts(response.version.definition, answers):
        evaluate_after(response)


@receiver(version_changed, sender=InstrumentVersion, dispatch_uid="counseling.record_version_change")
def record_who_changed_a_version(*, version: InstrumentVersion, user: Any, what: str, **_: Any) -> None:
    """Staff of a clinic leave their trace in its trail; somebody else only in Django's own log."""
    staff = staff_of(user)
    if staff is not None:
        record_version_change(version, by=staff, now=timezone.now(), what=what)
