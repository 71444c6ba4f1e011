"""What follows when answers come in, in the same transaction: the case's patterns are looked at again."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from assessments.alerts import raised_alerts
from assessments.models import Response
from assessments.signals import answers_saved, response_submitted
from counseling.actions.findings import evaluate_after


@receiver(response_submitted, sender=Response, dispatch_uid="counseling.evaluate_after_submit")
def evaluate_after_submit(*, response: Response, **_: Any) -> None:
    """Re-evaluate the case that the response belongs to."""
    evaluate_after(response)


@receiver(answers_saved, sender=Response, dispatch_uid="counseling.alert_from_draft")
def alert_from_draft(*, response: Response, answers: dict[str, Any], **_: Any) -> None:
    """A saved page that raises an alert does not wait for the rest of the questionnaire."""
    if raised_alerts(response.version.definition, answers):
        evaluate_after(response)
