from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import OtherRole
from counseling.enums import EnrollmentStatus
from counseling.models.base import Row, all_or_none, one_of, set_exactly_when
from counseling.models.case import Case
from counseling.models.client import Client
from counseling.models.plan import FollowUpPlan
from counseling.models.staff import StaffMember

RUNNING = (EnrollmentStatus.ACTIVE, EnrollmentStatus.PAUSED)


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    def active(self) -> EnrollmentQuerySet:
        return self.filter(status=EnrollmentStatus.ACTIVE)

    def running(self) -> EnrollmentQuerySet:
        """Active or paused: whose follow-ups are still to come."""
        return self.filter(status__in=RUNNING)

    def visible_to(self, staff: StaffMember) -> EnrollmentQuerySet:
        return self.filter(case__in=Case.objects.visible_to(staff))


class Enrollment(Row):
    """A case put on a plan from a date on. Starting one writes its follow-ups; ending it cancels what is unanswered."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="enrollments", verbose_name=_("case"))
    plan = models.ForeignKey(FollowUpPlan, on_delete=models.PROTECT, related_name="enrollments", verbose_name=_("plan"))
    start_on = models.DateField(_("start on"))
    end_on = models.DateField(_("last day"), null=True, blank=True)
    named_client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person named"),
        help_text=_("Whom the steps for one person ask."),
    )
    other_role = models.CharField(
        _("asked about"),
        max_length=20,
        choices=OtherRole,
        default=OtherRole.PARTNER,
        help_text=_("For a single client: whom the questions are about. A relationship brings its own."),
    )
    status = models.CharField(_("status"), max_length=20, choices=EnrollmentStatus, default=EnrollmentStatus.ACTIVE)
    started_at = models.DateTimeField(_("started at"))
    started_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="+", verbose_name=_("started by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrollment")
        verbose_name_plural = _("enrollments")
        ordering = ("-started_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["case", "plan"], condition=Q(status__in=sorted(RUNNING)), name="enrollment_one_active"
            ),
            one_of("enrollment_status_known", "status", EnrollmentStatus),
            set_exactly_when("enrollment_ended_at", "ended_at", status_in=[EnrollmentStatus.ENDED]),
            models.CheckConstraint(
                condition=Q(end_on__isnull=True) | Q(end_on__gte=F("start_on")), name="enrollment_ends_after_start"
            ),
            all_or_none("enrollment_ended_pair", "ended_at", "ended_by"),
        )

    def __str__(self) -> str:
        return f"{self.plan}, {self.start_on:%Y-%m-%d}"

    @property
    def clinic_id(self) -> UUID:
        return self.case.clinic_id


class PauseQuerySet(models.QuerySet["Pause"]):
    def visible_to(self, staff: StaffMember) -> PauseQuerySet:
        return self.filter(enrollment__case__in=Case.objects.visible_to(staff))


class Pause(Row):
    """A stretch in which an enrollment asked nothing. Once over, it either left out what fell into it or, when it
    ``moves_later``, everything from its first day on comes later by as many days as it lasted.
    """

    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.PROTECT, related_name="pauses", verbose_name=_("enrollment")
    )
    from_day = models.DateField(_("from"))
    until_day = models.DateField(_("until"), null=True, blank=True)
    moves_later = models.BooleanField(_("moves later"), default=False)
    paused_at = models.DateTimeField(_("paused at"))
    paused_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+", verbose_name=_("paused by"))
    resumed_at = models.DateTimeField(_("taken up again at"), null=True, blank=True)
    resumed_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("taken up by")
    )

    objects = PauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering = ("paused_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["enrollment"], condition=Q(resumed_at__isnull=True), name="pause_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until_day__isnull=True) | Q(until_day__gte=F("from_day")), name="pause_forward"
            ),
            all_or_none("pause_resumed_together", "resumed_at", "resumed_by", "until_day"),
        )

    def __str__(self) -> str:
        return f"{self.from_day:%Y-%m-%d}"

    @property
    def clinic_id(self) -> UUID:
        return self.enrollment.clinic_id
