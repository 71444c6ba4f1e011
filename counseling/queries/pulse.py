"""Whether emails still leave. One statement, for every page of the staff and for probes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from counseling.conf import conf
from counseling.enums import DeliveryState, MailTrouble
from counseling.models import Clinic, Delivery, FollowUp, Heartbeat, MailCircuit


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """``ticked_at`` is when something last looked for due emails; ``due_since``, since when the longest due one waits;
    ``refused_since``, since when the mail server turns away what waits (``trouble``, ``code``). None: never, nothing.
    """

    now: datetime
    ticked_at: datetime | None = None
    due_since: datetime | None = None
    refused_since: datetime | None = None
    trouble: str = ""
    code: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What a person has to look after: its kind for programs, in words, and since when. ``code`` is a mail server's."""

    kind: str
    text: str | Promise
    since: datetime | None
    code: int | None = None


def take_pulse(*, now: datetime) -> Pulse:
    """The clinics' outbox as it stands; nothing is read but the ends of partial indexes.

    With an empty outbox nobody tries the mail server, so nobody can say that it still refuses us.
    """
    circuit = MailCircuit.objects.filter(opened_at__isnull=False)
    columns = {
        "ticked_at": _first(Heartbeat.objects.order_by("-started_at"), "started_at"),
        "unsent": _first(Delivery.objects.filter(state=DeliveryState.DUE), "next_at"),
        "email": _first(Delivery.objects.due(now), "next_at"),
        "invitation": _first(FollowUp.objects.unqueued(now), "due_at"),
        "reminder": _first(FollowUp.objects.reminder_due(now), "next_reminder_at"),
        "refused_since": _first(circuit, "failing_since"),
        "trouble": _first(circuit, "trouble"),
        "code": _first(circuit, "code"),
    }
    # Any row will do: it is there for the columns, which become those of one statement.
    found: dict[str, Any] | None = Clinic.objects.order_by("pk").annotate(**columns).values(*columns).first()
    if found is None:
        return Pulse(now=now)
    return Pulse(
        now=now,
        ticked_at=found["ticked_at"],
        due_since=min(filter(None, (found["email"], found["invitation"], found["reminder"])), default=None),
        refused_since=None if found["unsent"] is None else found["refused_since"],
        trouble=found["trouble"] or "",
        code=found["code"],
    )


def _first(rows: QuerySet[Any], column: str) -> Subquery:
    """The least of a column, in the order of the index that serves it."""
    return Subquery((rows if rows.query.order_by else rows.order_by(column)).values(column)[:1])


def find_alarms(pulse: Pulse, *, silence: timedelta | None = None, late: timedelta | None = None) -> list[Alarm]:
    """What is wrong, causes first. Limits not given are the settings'."""
    silence = timedelta(minutes=conf().alarm_silence_minutes) if silence is None else silence
    late = timedelta(minutes=conf().alarm_late_minutes) if late is None else late
    alarms: list[Alarm] = []
    if pulse.refused_since is not None:
        text = MailTrouble(pulse.trouble).label
        alarms.append(Alarm(kind=pulse.trouble, text=text, since=pulse.refused_since, code=pulse.code))
    if pulse.ticked_at is None or pulse.now - pulse.ticked_at > silence:
        alarms.append(Alarm(kind="silence", text=_("Nothing looks for due emails"), since=pulse.ticked_at))
    if pulse.due_since is not None and pulse.now - pulse.due_since > late:
        alarms.append(Alarm(kind="late", text=_("An email that is due does not leave"), since=pulse.due_since))
    return alarms
