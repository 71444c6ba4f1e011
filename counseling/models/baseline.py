from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models import Instrument
from counseling.models.base import Row, all_or_none
from counseling.models.case import Case
from counseling.models.client import Client
from counseling.models.follow_up import FollowUp
from counseling.models.staff import StaffMember


class BaselineQuerySet(models.QuerySet["Baseline"]):
    def standing(self) -> BaselineQuerySet:
        return self.filter(lifted_at__isnull=True)

    def visible_to(self, staff: StaffMember) -> BaselineQuerySet:
        return self.filter(case__in=Case.objects.visible_to(staff))


class Baseline(Row):
    """From which answers on a person's change on an instrument is measured in a case; without one, from the first.

    Setting another, or lifting it, keeps the row: it was what people saw until then.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="baselines", verbose_name=_("case"))
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", verbose_name=_("client"))
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+", verbose_name=_("instrument"))
    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="+", verbose_name=_("answers"))
    set_at = models.DateTimeField(_("set at"))
    set_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+", verbose_name=_("set by"))
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lifted by")
    )

    objects = BaselineQuerySet.as_manager()

    class Meta:
        verbose_name = _("baseline")
        verbose_name_plural = _("baselines")
        ordering = ("set_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["case", "client", "instrument"],
                condition=Q(lifted_at__isnull=True),
                name="baseline_one_standing",
            ),
            all_or_none("baseline_lifted_pair", "lifted_at", "lifted_by"),
        )

    def __str__(self) -> str:
        return f"{self.set_at:%Y-%m-%d}"

    @property
    def clinic_id(self) -> UUID:
        return self.case.clinic_id
