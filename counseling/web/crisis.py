"""Help, shown at once to a person whose answers say that they may need it."""

from __future__ import annotations

from django.utils.translation import gettext

from assessments.alerts import raised_alerts
from assessments.models import Response
from counseling.models import FollowUp


def crisis_resources(follow_up: FollowUp, response: Response) -> str:
    """The clinic's own words when an answer, sent or only saved, raised a safety alert; empty when none did."""
    alerts = raised_alerts(follow_up.version.definition, response.answers)
    if not any(alert.kind == "safety" for alert in alerts):
        return ""
    return follow_up.clinic.crisis_text or gettext("If you are in danger, call the emergency services.")
