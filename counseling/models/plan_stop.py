from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from counseling.models.base import Row
from counseling.models.case import Case
from counseling.models.client import Client
from counseling.models.plan import FollowUpPlan
from counseling.models.staff import StaffMember


class PlanStopQuerySet(models.QuerySet["PlanStop"]):
    def standing(self) -> PlanStopQuerySet:
        return self.filter(taken_back_at__isnull=True)

    def stopped_by(self, clients: Iterable[Client], *, case: Case, plan: FollowUpPlan) -> set[UUID]:
        """The ids of those among the clients who want no more of the plan on this case. One query."""
        stops = self.filter(client__in=[client.pk for client in clients], case=case, plan=plan)
        return set(stops.values_list("client", flat=True))

    def visible_to(self, staff: StaffMember) -> PlanStopQuerySet:
        return self.filter(case__in=Case.objects.visible_to(staff))


class PlanStop(Row):
    """A client's own "no more emails of this plan", until they take it back. Nobody else does either.

    It is about the plan on the case rather than one enrollment: to start the plan anew does not undo it.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="plan_stops", verbose_name=_("client"))
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="plan_stops", verbose_name=_("case"))
    plan = models.ForeignKey(FollowUpPlan, on_delete=models.PROTECT, related_name="+", verbose_name=_("plan"))
    stopped_at = models.DateTimeField(_("stopped at"))
    taken_back_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    objects = PlanStopQuerySet.as_manager()

    class Meta:
        verbose_name = _("stopped plan")
        verbose_name_plural = _("stopped plans")
        ordering = ("-stopped_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["client", "case", "plan"],
                condition=Q(taken_back_at__isnull=True),
                name="plan_stop_one_standing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan}, {self.stopped_at:%Y-%m-%d}"

    @property
    def clinic_id(self) -> UUID:
        return self.case.clinic_id
