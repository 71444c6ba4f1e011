from __future__ import annotations

from datetime import time
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models import Instrument
from counseling.enums import Cadence
from counseling.models.base import Row, one_of
from counseling.models.clinic import Clinic
from counseling.models.staff import StaffMember


class FollowUpPlanQuerySet(models.QuerySet["FollowUpPlan"]):
    def visible_to(self, staff: StaffMember) -> FollowUpPlanQuerySet:
        return self.filter(clinic=staff.clinic_id) if staff.works else self.none()

    def offered(self) -> FollowUpPlanQuerySet:
        """Plans that a case can still be enrolled in."""
        return self.filter(is_active=True)


class FollowUpPlan(Row):
    """A clinic's template of follow-ups: which questionnaires, how often, at what hour."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="plans", verbose_name=_("clinic"))
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    is_active = models.BooleanField(_("offered"), default=True)
    created_at = models.DateTimeField(_("created at"))

    objects = FollowUpPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up plan")
        verbose_name_plural = _("follow-up plans")
        ordering = ("name", "id")
        constraints = (models.UniqueConstraint(fields=["clinic", "name"], name="plan_name_once_per_clinic"),)

    def __str__(self) -> str:
        return self.name


class PlanStep(Row):
    """One questionnaire of a plan and its rhythm, in each client's own local time."""

    plan = models.ForeignKey(FollowUpPlan, on_delete=models.CASCADE, related_name="steps", verbose_name=_("plan"))
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+", verbose_name=_("instrument"))
    cadence = models.CharField(_("cadence"), max_length=20, choices=Cadence, default=Cadence.WEEKLY)
    every = models.PositiveSmallIntegerField(_("every"), default=1, help_text=_("2 with “weekly” is every two weeks."))
    occurrences = models.PositiveSmallIntegerField(_("times"), default=6)
    offset_days = models.PositiveSmallIntegerField(_("days after the start"), default=0)
    send_at = models.TimeField(_("local hour"), default=time(9))
    open_days = models.PositiveSmallIntegerField(_("days to answer"), default=7)
    reminder_after_days = models.PositiveSmallIntegerField(_("remind after days"), default=3)
    max_reminders = models.PositiveSmallIntegerField(_("reminders at most"), default=1)

    class Meta:
        verbose_name = _("plan step")
        verbose_name_plural = _("plan steps")
        ordering = ("plan", "position")
        constraints = (
            models.UniqueConstraint(fields=["plan", "position"], name="step_position_once_per_plan"),
            one_of("step_cadence_known", "cadence", Cadence),
            models.CheckConstraint(condition=Q(every__gte=1, every__lte=52), name="step_every_sane"),
            models.CheckConstraint(condition=Q(occurrences__gte=1, occurrences__lte=366), name="step_occurrences_sane"),
            models.CheckConstraint(condition=Q(open_days__gte=1, open_days__lte=90), name="step_open_days_sane"),
            models.CheckConstraint(
                condition=Q(max_reminders__lte=3) & (Q(max_reminders=0) | Q(reminder_after_days__gte=1)),
                name="step_reminders_sane",
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan} {self.position}"

    @property
    def clinic_id(self) -> UUID:
        return self.plan.clinic_id
