from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import OtherRole
from assessments.models import InstrumentVersion, Response
from counseling.enums import DeliveryState, FollowUpStatus
from counseling.models.base import Row, one_of, set_exactly_when
from counseling.models.case import Case
from counseling.models.client import Client
from counseling.models.clinic import Clinic
from counseling.models.enrollment import Enrollment
from counseling.models.plan import PlanStep
from counseling.models.session import Session
from counseling.models.staff import StaffMember

AWAITED = (FollowUpStatus.PLANNED, FollowUpStatus.SENT, FollowUpStatus.OPENED)
ENDED = (FollowUpStatus.EXPIRED, FollowUpStatus.CANCELLED, FollowUpStatus.SKIPPED)


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, staff: StaffMember) -> FollowUpQuerySet:
        return self.filter(case__in=Case.objects.visible_to(staff))

    def awaited(self) -> FollowUpQuerySet:
        """Not answered and not ended."""
        return self.filter(status__in=AWAITED)

    def answered(self) -> FollowUpQuerySet:
        """Whose answers stand: submitted, and not withdrawn since."""
        return self.filter(status=FollowUpStatus.COMPLETED, response__withdrawn_at__isnull=True)

    def unqueued(self, now: datetime) -> FollowUpQuerySet:
        """Due, still answerable, and without an invitation in the outbox."""
        return self.filter(status=FollowUpStatus.PLANNED, queued_at__isnull=True, due_at__lte=now, expires_at__gt=now)

    def reminder_due(self, now: datetime) -> FollowUpQuerySet:
        """Time to remind of. One whose earlier email has not left yet waits for it."""
        due = self.filter(status__in=AWAITED, next_reminder_at__lte=now, expires_at__gt=now)
        return due.exclude(deliveries__state__in=(DeliveryState.DUE, DeliveryState.CLAIMED, DeliveryState.HANDOFF))

    def overdue(self, now: datetime) -> FollowUpQuerySet:
        """Past their last moment, still awaited: to be marked expired."""
        return self.filter(status__in=AWAITED, expires_at__lte=now)


class FollowUp(Row):
    """One questionnaire asked of one client on one occasion: the local intent, the instants, and the link's digest.

    Partners asked on the same occasion share (enrollment, step, occurrence): a *wave*.
    """

    clinic = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("clinic")
    )
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="follow_ups", db_index=False, verbose_name=_("case")
    )
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="follow_ups", verbose_name=_("client"))
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.PROTECT, related_name="follow_ups", db_index=False, verbose_name=_("enrollment")
    )
    step = models.ForeignKey(PlanStep, on_delete=models.PROTECT, related_name="+", verbose_name=_("step"))
    occurrence = models.PositiveSmallIntegerField(_("occurrence"))
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups", verbose_name=_("session")
    )
    version = models.ForeignKey(
        InstrumentVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("instrument version")
    )
    other_role = models.CharField(_("asked about"), max_length=20, choices=OtherRole, default=OtherRole.PARTNER)
    local_date = models.DateField(_("local date"))
    local_time = models.TimeField(_("local hour"))
    time_zone = models.CharField(_("time zone"), max_length=64)
    due_at = models.DateTimeField(_("due at"))
    expires_at = models.DateTimeField(_("expires at"))
    status = models.CharField(_("status"), max_length=20, choices=FollowUpStatus, default=FollowUpStatus.PLANNED)
    queued_at = models.DateTimeField(_("queued at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=40, blank=True)
    reminders_queued = models.PositiveSmallIntegerField(_("reminders"), default=0)
    next_reminder_at = models.DateTimeField(_("next reminder at"), null=True, blank=True)
    response = models.OneToOneField(
        Response, on_delete=models.PROTECT, null=True, blank=True, related_name="follow_up", verbose_name=_("response")
    )
    token_nonce = models.CharField(max_length=32, editable=False)
    token_key = models.CharField(max_length=20, editable=False)
    token_digest = models.CharField(max_length=64, editable=False)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ("due_at", "id")
        indexes = (
            models.Index(
                fields=["due_at"],
                name="follow_up_unqueued",
                condition=Q(status=FollowUpStatus.PLANNED, queued_at__isnull=True),
            ),
            models.Index(
                fields=["next_reminder_at"],
                name="follow_up_reminder",
                condition=Q(status__in=AWAITED, next_reminder_at__isnull=False),
            ),
            models.Index(fields=["expires_at"], name="follow_up_overdue", condition=Q(status__in=AWAITED)),
            models.Index(fields=["case", "due_at"], name="follow_up_by_case"),
            models.Index(fields=["clinic", "due_at"], name="follow_up_by_clinic"),
        )
        constraints = (
            models.UniqueConstraint(fields=["token_digest"], name="follow_up_by_link"),
            models.UniqueConstraint(
                fields=["enrollment", "step", "occurrence", "client"], name="follow_up_once_per_occasion"
            ),
            models.UniqueConstraint(
                fields=["enrollment", "step", "session", "client"],
                condition=Q(session__isnull=False),
                name="follow_up_once_per_session",
            ),
            models.CheckConstraint(condition=Q(due_at__lt=F("expires_at")), name="follow_up_due_before_expiry"),
            one_of("follow_up_status_known", "status", FollowUpStatus),
            set_exactly_when("follow_up_completed_at", "completed_at", status_in=[FollowUpStatus.COMPLETED]),
            set_exactly_when("follow_up_ended_at", "ended_at", status_in=ENDED),
            models.CheckConstraint(
                condition=~Q(status=FollowUpStatus.COMPLETED) | Q(response__isnull=False),
                name="follow_up_completed_has_response",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[FollowUpStatus.SENT, FollowUpStatus.OPENED, FollowUpStatus.COMPLETED])
                | Q(sent_at__isnull=False),
                name="follow_up_sent_at",
            ),
            models.CheckConstraint(
                condition=~Q(status=FollowUpStatus.OPENED) | Q(opened_at__isnull=False), name="follow_up_opened_at"
            ),
        )

    def __str__(self) -> str:
        return f"{self.local_date:%Y-%m-%d} {self.get_status_display()}"

    @property
    def is_awaited(self) -> bool:
        return self.status in AWAITED

    def is_answerable(self, now: datetime) -> bool:
        """Whether the link still opens the form."""
        return self.is_awaited and now < self.expires_at
