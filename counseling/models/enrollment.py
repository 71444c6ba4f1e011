from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import OtherRole
from counseling.enums import EnrollmentStatus
from counseling.models.base import Row, all_or_none, one_of, set_exactly_when
from counseling.models.case import Case
from counseling.models.plan import FollowUpPlan
from counseling.models.staff import StaffMember


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    def active(self) -> EnrollmentQuerySet:
        return self.filter(status=EnrollmentStatus.ACTIVE)

    def visible_to(self, staff: StaffMember) -> EnrollmentQuerySet:
        return self.filter(case__in=Case.objects.visible_to(staff))


class Enrollment(Row):
    """A case put on a plan from a date on. Starting one writes its follow-ups; ending it cancels what is unanswered."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="enrollments", verbose_name=_("case"))
    plan = models.ForeignKey(FollowUpPlan, on_delete=models.PROTECT, related_name="enrollments", verbose_name=_("plan"))
    start_on = models.DateField(_("start on"))
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
                fields=["case", "plan"], condition=Q(status=EnrollmentStatus.ACTIVE), name="enrollment_one_active"
            ),
            one_of("enrollment_status_known", "status", EnrollmentStatus),
            set_exactly_when("enrollment_ended_at", "ended_at", status_in=[EnrollmentStatus.ENDED]),
            all_or_none("enrollment_ended_pair", "ended_at", "ended_by"),
        )

    def __str__(self) -> str:
        return f"{self.plan}, {self.start_on:%Y-%m-%d}"

    @property
    def clinic_id(self) -> UUID:
        return self.case.clinic_id
