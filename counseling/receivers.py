"""What follows when an answer comes in: the case's patterns are looked at again, in the same transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from assessments.models import Response
from assessments.signals import response_submitted
from counseling.actions.findings import evaluate_case
from counseling.models import FollowUp


@receiver(response_submitted, sender=Response, dispatch_uid="counseling.evaluate_after_submit")
def evaluate_after_submit(*, response: Response, **_: Any) -> None:
    """Re-evaluate the case that the response belongs to. Responses of other makers are none of our business."""
    follow_up = FollowUp.objects.select_related("case").filter(response=response).first()
    if follow_up is not None and response.submitted_at is not None:
        evaluate_case(follow_up.case, now=response.submitted_at)
