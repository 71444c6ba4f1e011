from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from counseling.enums import CaseStatus, Confidentiality
from counseling.models.base import Row, one_of, set_exactly_when
from counseling.models.client import Client
from counseling.models.clinic import Clinic
from counseling.models.relationship import Relationship
from counseling.models.staff import StaffMember


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> CaseQuerySet:
        return self.filter(status=CaseStatus.OPEN)

    def visible_to(self, staff: StaffMember) -> CaseQuerySet:
        """The row scope of everything clinical: lead or co-counselor, or the supervisor of one of them."""
        if not staff.is_clinical:
            return self.none()
        team = StaffMember.objects.team_of(staff).values("pk")
        shared = Case.co_counselors.through.objects.filter(case=OuterRef("pk"), staffmember__in=team)
        return self.filter(Q(lead__in=team) | Exists(shared), clinic=staff.clinic_id)

    def with_people(self) -> CaseQuerySet:
        """Everything that naming a case and its members needs, joined."""
        return self.select_related("client", "relationship__first", "relationship__second", "lead")


class Case(Row):
    """The work with one client or one relationship, led by one counselor."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="cases", verbose_name=_("clinic"))
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("client")
    )
    relationship = models.ForeignKey(
        Relationship,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("relationship"),
    )
    lead = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="led_cases", verbose_name=_("lead"))
    co_counselors = models.ManyToManyField(
        StaffMember, related_name="shared_cases", blank=True, verbose_name=_("co-counselors")
    )
    status = models.CharField(_("status"), max_length=20, choices=CaseStatus, default=CaseStatus.OPEN)
    confidentiality = models.CharField(
        _("confidentiality"), max_length=20, choices=Confidentiality, default=Confidentiality.LIMITED_SECRETS
    )
    episode = models.PositiveSmallIntegerField(_("episode"), default=1)
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = (
            models.Index(fields=["lead", "status"], name="case_by_lead"),
            models.Index(fields=["clinic", "status", "id"], name="case_by_clinic"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(client__isnull=False, relationship__isnull=True)
                | Q(client__isnull=True, relationship__isnull=False),
                name="case_about_client_or_relationship",
            ),
            one_of("case_status_known", "status", CaseStatus),
            set_exactly_when("case_closed_at", "closed_at", status_in=[CaseStatus.CLOSED]),
        )

    def __str__(self) -> str:
        return str(self.relationship or self.client)

    @property
    def members(self) -> tuple[Client, ...]:
        """The people of the case: one client, or the relationship's first and second."""
        if self.relationship is not None:
            return self.relationship.members
        return (self.client,) if self.client is not None else ()
