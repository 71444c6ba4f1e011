from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from counseling.enums import ConsentPurpose
from counseling.models.base import Row, one_of
from counseling.models.client import Client
from counseling.models.staff import StaffMember


class ConsentQuerySet(models.QuerySet["Consent"]):
    def standing(self) -> ConsentQuerySet:
        return self.filter(withdrawn_at__isnull=True)

    def agreeing(self, clients: Iterable[Client | UUID]) -> set[UUID]:
        """The ids of those among the clients who agree, as of now, to be asked by email. One query."""
        agreed = self.standing().filter(client__in=clients, purpose=ConsentPurpose.FOLLOW_UP_EMAIL)
        return set(agreed.values_list("client", flat=True))

    def visible_to(self, staff: StaffMember) -> ConsentQuerySet:
        return self.filter(client__in=Client.objects.visible_to(staff))


class Consent(Row):
    """What a client agreed to, when, and when they took it back. Withdrawing never deletes."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="consents", verbose_name=_("client"))
    purpose = models.CharField(_("purpose"), max_length=40, choices=ConsentPurpose)
    granted_at = models.DateTimeField(_("granted at"))
    recorded_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        StaffMember,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
        help_text=_("Empty when the client did it themselves."),
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = (
            models.UniqueConstraint(
                fields=["client", "purpose"], condition=Q(withdrawn_at__isnull=True), name="consent_one_standing"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True) | Q(withdrawn_at__isnull=False),
                name="consent_withdrawn_by_needs_at",
            ),
            one_of("consent_purpose_known", "purpose", ConsentPurpose),
        )

    def __str__(self) -> str:
        return self.get_purpose_display()

    @property
    def clinic_id(self) -> UUID:
        return self.client.clinic_id
