"""Seeds the synthetic clinic through the product's own actions, and finds it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from assessments.models import Instrument
from counseling.actions.base import action, record
from counseling.demo.cases import open_cases
from counseling.demo.months import live_through
from counseling.demo.people import STAFF
from counseling.demo.troubles import cause_trouble
from counseling.enums import Anchor, Cadence, OffDays, StaffRole
from counseling.exceptions import CounselingError
from counseling.models import AuditEvent, Clinic, FollowUp, FollowUpPlan, PlanStep, StaffMember

CLINIC_ID = uuid5(UUID("6f1f3b1e-5d0c-4f0a-9a52-0d6a3c1f7b10"), "demo clinic")
PASSWORD = "harbor-light-demo"  # noqa: S105 - printed by the demo, valid nowhere else
INSTRUMENT = "two-way-check-in"
FEEDBACK = "session-feedback"
HISTORY = timedelta(weeks=26)
SEEDED = "demo.seeded"

CRISIS = (
    "If you are in danger now, call 911. You can call or text 988 at any hour, "
    "or reach our own line at 555-0100, day and night."
)


class NotTheDemo(CounselingError):
    """The database holds something that the demo did not make; the message says what to do."""

    http_status = 409


@dataclass(frozen=True, slots=True)
class DemoClinic:
    clinic: Clinic

    @property
    def sign_ins(self) -> list[tuple[str, str]]:
        """Role and address of everybody who can sign in."""
        return [(str(role.label), _address(login)) for role, _name, login in STAFF]

    def live_follow_up(self) -> FollowUp | None:
        """A questionnaire that can be answered now, the latest first."""
        now = timezone.now()
        asked = FollowUp.objects.filter(clinic=self.clinic, due_at__lte=now, expires_at__gt=now)
        return asked.awaited().select_related("client").order_by("-due_at", "id").first()


def check_ownership() -> None:
    """Raise `NotTheDemo` unless the database is empty, or holds the demo and nothing else. Writes nothing.

    It may be older than the code: only the tables' keys are read.
    """
    present = set(connection.introspection.table_names())
    clinics = set(Clinic.objects.values_list("pk", flat=True)[:2]) if Clinic._meta.db_table in present else set()
    users = get_user_model()
    has_users = users._meta.db_table in present and users.objects.values("pk").exists()
    if clinics - {CLINIC_ID} or (has_users and not clinics):
        raise NotTheDemo("this database is not the demo's and is left alone; point VAR_DIR to an empty folder")


def find_demo() -> DemoClinic | None:
    """The demo's clinic, or None in an empty database. Raises `NotTheDemo` for one that was not finished."""
    clinic = Clinic.objects.filter(pk=CLINIC_ID).first()
    if clinic is None:
        return None
    if not AuditEvent.objects.filter(clinic=CLINIC_ID, action=SEEDED).exists():
        raise NotTheDemo("the demo's set-up was interrupted; run `manage.py demo --purge` and start again")
    return DemoClinic(clinic)


def seed_clinic(*, now: datetime) -> DemoClinic:
    """Make the clinic and let it live through six months that end now. The same every time but for the dates."""
    opened = now - HISTORY
    clinic = _make_clinic(opened)
    staff = [_make_staff(clinic, *person, now=opened) for person in STAFF]
    _admin, supervisor, *counselors = staff
    StaffMember.objects.filter(pk__in=[person.pk for person in counselors]).update(supervisor=supervisor)
    fortnightly, today = _make_plans(clinic, opened=opened, now=now)
    couples = open_cases(counselors, opened=opened)
    live_through(couples, fortnightly, today, opened=opened, now=now)
    cause_trouble(couples, today, now=now)
    _mark_seeded(clinic, now=now)
    return DemoClinic(clinic)


def _make_clinic(opened: datetime) -> Clinic:
    # No quiet hours, so that the demo's mail leaves at whatever hour somebody tries it.
    return Clinic.objects.create(
        pk=CLINIC_ID,
        name="Harbor Street Practice",
        time_zone="America/New_York",
        sender_name="Harbor Street",
        reply_to="office@harbor.example",
        crisis_text=CRISIS,
        quiet_from=time(0),
        quiet_until=time(0),
        created_at=opened,
    )


def _make_staff(clinic: Clinic, role: StaffRole, name: str, login: str, *, now: datetime) -> StaffMember:
    user = get_user_model().objects.create_user(login, _address(login), PASSWORD, is_staff=True)
    return StaffMember.objects.create(user=user, clinic=clinic, role=role, display_name=name, created_at=now)


def _make_plans(clinic: Clinic, *, opened: datetime, now: datetime) -> tuple[FollowUpPlan, FollowUpPlan]:
    instrument = Instrument.objects.get(slug=INSTRUMENT)
    fortnightly = FollowUpPlan.objects.create(
        clinic=clinic, name="Every two weeks", description="The Two-Way Check-In, at nine.", created_at=opened
    )
    rhythm = {"cadence": Cadence.WEEKLY, "every": 2, "send_at": time(9), "occurrences": 16}
    PlanStep.objects.create(plan=fortnightly, instrument=instrument, **rhythm)
    today = FollowUpPlan.objects.create(clinic=clinic, name="Once, today", created_at=now)
    local = now.astimezone(ZoneInfo(clinic.time_zone))
    at_once = {"cadence": Cadence.ONCE, "occurrences": 1, "send_at": local.time().replace(second=0, microsecond=0)}
    PlanStep.objects.create(plan=today, instrument=instrument, **at_once)
    _make_other_plans(clinic, instrument, opened=opened)
    return fortnightly, today


def _make_other_plans(clinic: Clinic, instrument: Instrument, *, opened: datetime) -> None:
    """Two more that a counselor may choose: around each session, and after the discharge."""
    once: dict[str, Any] = {"cadence": Cadence.ONCE, "occurrences": 1}
    feedback = Instrument.objects.filter(slug=FEEDBACK).first() or instrument
    evening = {**once, "send_at": time(18), "open_days": 3, "max_reminders": 0}
    around = _plan(clinic, "Around each session", "The evening before, and how it was.", now=opened)
    before = {"anchor": Anchor.BEFORE_SESSION, "offset_days": -1}
    PlanStep.objects.create(plan=around, position=1, instrument=instrument, **before, **evening)
    PlanStep.objects.create(plan=around, position=2, instrument=feedback, anchor=Anchor.AFTER_SESSION, **evening)
    after = _plan(clinic, "After the discharge", "How they are 1, 3, 6 and 12 months on.", now=opened)
    for position, months in enumerate((1, 3, 6, 12), 1):
        rhythm = {
            **once,
            "anchor": Anchor.DISCHARGE,
            "offset_months": months,
            "off_days": OffDays.MOVE,
            "open_days": 14,
        }
        PlanStep.objects.create(plan=after, position=position, instrument=instrument, **rhythm)


def _plan(clinic: Clinic, name: str, description: str, *, now: datetime) -> FollowUpPlan:
    return FollowUpPlan.objects.create(clinic=clinic, name=name, description=description, created_at=now)


@action
def _mark_seeded(clinic: Model, *, now: datetime) -> None:
    record(SEEDED, clinic, by=None, now=now)


def _address(login: str) -> str:
    return f"{login}@harbor.example"
