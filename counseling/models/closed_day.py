from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from counseling.models.base import Row
from counseling.models.clinic import Clinic
from counseling.models.staff import StaffMember


class ClosedDayQuerySet(models.QuerySet["ClosedDay"]):
    def visible_to(self, staff: StaffMember) -> ClosedDayQuerySet:
        return self.filter(clinic=staff.clinic_id) if staff.works else self.none()


class ClosedDay(Row):
    """A holiday: a date on which the clinic is closed, wherever its clients live."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="closed_days", verbose_name=_("clinic"))
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=80, blank=True)

    objects = ClosedDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("closed day")
        verbose_name_plural = _("closed days")
        ordering = ("day",)
        constraints = (models.UniqueConstraint(fields=["clinic", "day"], name="closed_day_once"),)

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}".strip()
