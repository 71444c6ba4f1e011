from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from counseling.enums import SessionStatus
from counseling.models.base import Row, one_of, set_exactly_when
from counseling.models.case import Case
from counseling.models.staff import StaffMember


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, staff: StaffMember) -> SessionQuerySet:
        return self.filter(case__in=Case.objects.visible_to(staff))


class Session(Row):
    """One meeting of a case: planned, and then held or not."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("case"))
    counselor = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("counselor")
    )
    starts_at = models.DateTimeField(_("starts at"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=50)
    status = models.CharField(_("status"), max_length=20, choices=SessionStatus, default=SessionStatus.SCHEDULED)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("-starts_at", "id")
        indexes = (
            models.Index(fields=["case", "-starts_at"], name="session_by_case"),
            models.Index(
                fields=["counselor", "starts_at"], name="session_upcoming", condition=Q(status=SessionStatus.SCHEDULED)
            ),
        )
        constraints = (
            one_of("session_status_known", "status", SessionStatus),
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=480), name="session_length_sane"),
            set_exactly_when(
                "session_settled_at",
                "settled_at",
                status_in=[s for s in SessionStatus if s != SessionStatus.SCHEDULED],
            ),
        )

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def clinic_id(self) -> UUID:
        return self.case.clinic_id
