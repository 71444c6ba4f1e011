"""Three probes. They say nothing about anyone and need no sign-in."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from counseling.admin.sending_alarm import log_alarms
from counseling.clock import database_now
from counseling.queries.pulse import find_alarms, take_pulse


@require_safe
def alive(_request: HttpRequest) -> HttpResponse:
    """The process answers; restart it when it does not."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """The database answers too; send no traffic here while it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database unreachable", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def sending(_request: HttpRequest) -> HttpResponse:
    """Emails leave when they are due; wake somebody when they do not. A restart or another server won't help.

    The words are the kinds of alarms, in no case a number: silence, late, or the mail server's trouble.
    """
    try:
        alarms = find_alarms(take_pulse(now=database_now()))
    except DatabaseError:
        return HttpResponse("database unreachable", status=503, content_type="text/plain")
    log_alarms(alarms)
    words = " ".join(alarm.kind for alarm in alarms)
    return HttpResponse(words or "ok", status=503 if alarms else 200, content_type="text/plain")
