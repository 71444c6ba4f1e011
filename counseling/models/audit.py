from __future__ import annotations

import hashlib
import json

from django.db import models
from django.utils.translation import gettext_lazy as _

from counseling.enums import StaffRole
from counseling.models.base import AppendOnlyQuerySet, Row
from counseling.models.clinic import Clinic
from counseling.models.staff import StaffMember

GENESIS = "0" * 64


class AuditEventQuerySet(AppendOnlyQuerySet["AuditEvent"]):
    def visible_to(self, staff: StaffMember) -> AuditEventQuerySet:
        """The clinic's own trail, for its admins only."""
        if not (staff.works and staff.role == StaffRole.CLINIC_ADMIN):
            return self.none()
        return self.filter(clinic=staff.clinic_id)


class AuditEvent(Row):
    """Who did what to which row, chained by hash within the clinic. Holds ids and states only, never content.

    ``hash`` = SHA-256 over the previous event's hash and this event's fields, so that a changed, removed or
    inserted row breaks the chain from there on.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(_("action"), max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ("clinic", "sequence")
        indexes = (
            models.Index(fields=["subject_id", "sequence"], name="audit_by_subject"),
            models.Index(fields=["clinic", "at"], name="audit_by_time"),
        )
        constraints = (models.UniqueConstraint(fields=["clinic", "sequence"], name="audit_sequence_once"),)

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"

    def computed_hash(self) -> str:
        """The hash this row should carry."""
        content = {
            "clinic": str(self.clinic_id),
            "sequence": self.sequence,
            "at": self.at.isoformat(),
            "actor": str(self.actor_id) if self.actor_id else None,
            "action": self.action,
            "subject": [self.subject_type, str(self.subject_id)],
            "data": self.data,
        }
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256((self.previous_hash + canonical).encode()).hexdigest()
