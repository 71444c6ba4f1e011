from __future__ import annotations

from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from counseling.enums import DeliveryEventKind
from counseling.models.base import AppendOnlyQuerySet, Row, one_of
from counseling.models.delivery import Delivery


class ProviderNotice(Row):
    """What the email provider told of one email, each told once however often it is posted. Without a personal word."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="notices")
    provider = models.CharField(_("provider"), max_length=40)
    event_id = models.CharField(_("event id"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=DeliveryEventKind)
    occurred_at = models.DateTimeField(_("occurred at"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"))

    objects = AppendOnlyQuerySet["ProviderNotice"].as_manager()

    class Meta:
        verbose_name = _("provider notice")
        verbose_name_plural = _("provider notices")
        constraints = (
            models.UniqueConstraint(fields=["provider", "event_id"], name="notice_once"),
            # Some providers give each attempt at posting an id of its own.
            models.UniqueConstraint(fields=["delivery", "kind", "occurred_at"], name="notice_once_per_instant"),
            one_of("notice_kind_known", "kind", DeliveryEventKind),
        )

    def __str__(self) -> str:
        return f"{self.provider}: {self.get_kind_display()}"

    @property
    def clinic_id(self) -> UUID:
        return self.delivery.clinic_id
