from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from counseling.models.base import Row
from counseling.models.clinic import Clinic
from counseling.models.staff import StaffMember


class ThresholdSetQuerySet(models.QuerySet["ThresholdSet"]):
    def visible_to(self, staff: StaffMember) -> ThresholdSetQuerySet:
        return self.filter(clinic=staff.clinic_id) if staff.works else self.none()


class ThresholdSet(Row):
    """One version of a clinic's judgement of what matters and how sure to be. A change is a new number."""

    clinic = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, related_name="threshold_sets", verbose_name=_("clinic")
    )
    number = models.PositiveIntegerField(_("number"))
    values = models.JSONField(_("values"))
    note = models.CharField(_("why"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )

    objects = ThresholdSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("threshold set")
        verbose_name_plural = _("threshold sets")
        constraints = (models.UniqueConstraint(fields=["clinic", "number"], name="threshold_set_number_once"),)

    def __str__(self) -> str:
        return f"#{self.number}"
