from __future__ import annotations

from datetime import time
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from counseling.enums import Language
from counseling.models.base import Row


class Clinic(Row):
    """The tenant: staff, clients and everything about them belong to exactly one."""

    name = models.CharField(_("name"), max_length=200)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(_("language"), max_length=8, choices=Language, default=Language.ENGLISH)
    sender_name = models.CharField(
        _("sender name"), max_length=80, blank=True, help_text=_("Shown as the sender of emails; keep it neutral.")
    )
    reply_to = models.EmailField(_("reply-to address"), blank=True)
    crisis_text = models.TextField(
        _("crisis resources"), blank=True, help_text=_("Shown to a client who may be at risk, before anything else.")
    )
    quiet_from = models.TimeField(_("no email from"), default=time(21))
    quiet_until = models.TimeField(_("no email until"), default=time(8))
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("clinic")
        verbose_name_plural = _("clinics")

    def __str__(self) -> str:
        return self.name

    @property
    def clinic_id(self) -> UUID:
        return self.pk
