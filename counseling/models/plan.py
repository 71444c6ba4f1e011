from __future__ import annotations

from datetime import time
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models import Instrument
from counseling.enums import SESSION_ANCHORS, Anchor, Asks, Cadence, OffDays
from counseling.models.base import Row, one_of
from counseling.models.clinic import Clinic
from counseling.models.staff import StaffMember


class FollowUpPlanQuerySet(models.QuerySet["FollowUpPlan"]):
    def visible_to(self, staff: StaffMember) -> FollowUpPlanQuerySet:
        return self.templates().filter(clinic=staff.clinic_id) if staff.works else self.none()

    def templates(self) -> FollowUpPlanQuerySet:
        """Without those made for a single question to one case."""
        return self.filter(case__isnull=True)

    def offered(self) -> FollowUpPlanQuerySet:
        """Plans that a case can still be enrolled in."""
        return self.templates().filter(is_active=True)


class FollowUpPlan(Row):
    """A clinic's template of follow-ups: which questionnaires, how often, at what hour.

    With a ``case``, it is no template: a single question to that case, asked outside of any plan.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="plans", verbose_name=_("clinic"))
    case = models.ForeignKey(
        "counseling.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("case")
    )
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    is_active = models.BooleanField(_("offered"), default=True)
    created_at = models.DateTimeField(_("created at"))

    objects = FollowUpPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up plan")
        verbose_name_plural = _("follow-up plans")
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["clinic", "name"], condition=Q(case__isnull=True), name="plan_name_once_per_clinic"
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=True) | Q(is_active=False), name="plan_of_case_not_offered"
            ),
        )

    def __str__(self) -> str:
        return self.name


class PlanStepQuerySet(models.QuerySet["PlanStep"]):
    def current(self) -> PlanStepQuerySet:
        """Without those that were taken out of their plan after something had been asked from them."""
        return self.filter(removed_at__isnull=True)


class PlanStep(Row):
    """One questionnaire of a plan and its rhythm, in each client's own local time.

    ``offset_days`` counts from the anchor, and is negative for what comes before a session. A session brings one
    occasion; from any other day the cadence runs.
    """

    plan = models.ForeignKey(FollowUpPlan, on_delete=models.CASCADE, related_name="steps", verbose_name=_("plan"))
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+", verbose_name=_("instrument"))
    asks = models.CharField(_("asks"), max_length=20, choices=Asks, default=Asks.EVERYONE)
    anchor = models.CharField(_("counted from"), max_length=20, choices=Anchor, default=Anchor.START)
    cadence = models.CharField(_("cadence"), max_length=20, choices=Cadence, default=Cadence.WEEKLY)
    every = models.PositiveSmallIntegerField(_("every"), default=1, help_text=_("2 with “weekly” is every two weeks."))
    occurrences = models.PositiveSmallIntegerField(_("times"), default=6)
    offset_months = models.PositiveSmallIntegerField(_("months from then"), default=0)
    offset_days = models.SmallIntegerField(_("days from then"), default=0)
    send_at = models.TimeField(_("local hour"), default=time(9))
    off_days = models.CharField(_("on weekends and closed days"), max_length=20, choices=OffDays, default=OffDays.AS_IS)
    open_days = models.PositiveSmallIntegerField(_("days to answer"), default=7)
    reminder_after_days = models.PositiveSmallIntegerField(_("remind after days"), default=3)
    reminder_every_days = models.PositiveSmallIntegerField(_("then every … days"), default=3)
    max_reminders = models.PositiveSmallIntegerField(_("reminders at most"), default=1)
    removed_at = models.DateTimeField(_("taken out at"), null=True, blank=True)

    objects = PlanStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan step")
        verbose_name_plural = _("plan steps")
        ordering = ("plan", "position")
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "position"], condition=Q(removed_at__isnull=True), name="step_position_once_per_plan"
            ),
            one_of("step_cadence_known", "cadence", Cadence),
            one_of("step_anchor_known", "anchor", Anchor),
            one_of("step_asks_known", "asks", Asks),
            one_of("step_off_days_known", "off_days", OffDays),
            models.CheckConstraint(
                condition=~Q(anchor__in=sorted(SESSION_ANCHORS)) | Q(cadence=Cadence.ONCE, offset_months=0),
                name="step_once_per_session",
            ),
            models.CheckConstraint(
                condition=Q(anchor=Anchor.BEFORE_SESSION, offset_days__lte=0, offset_days__gte=-90)
                | (~Q(anchor=Anchor.BEFORE_SESSION) & Q(offset_days__gte=0, offset_days__lte=366)),
                name="step_offset_on_its_side",
            ),
            models.CheckConstraint(condition=Q(offset_months__lte=36), name="step_offset_months_sane"),
            models.CheckConstraint(condition=Q(every__gte=1, every__lte=52), name="step_every_sane"),
            models.CheckConstraint(condition=Q(occurrences__gte=1, occurrences__lte=366), name="step_occurrences_sane"),
            models.CheckConstraint(condition=Q(open_days__gte=1, open_days__lte=90), name="step_open_days_sane"),
            models.CheckConstraint(
                condition=Q(max_reminders__lte=3)
                & (Q(max_reminders=0) | Q(reminder_after_days__gte=1, reminder_every_days__gte=1)),
                name="step_reminders_sane",
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan} {self.position}"

    @property
    def clinic_id(self) -> UUID:
        return self.plan.clinic_id
