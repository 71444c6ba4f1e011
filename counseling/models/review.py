from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from counseling.enums import Decision, FindingStatus
from counseling.fields import EncryptedTextField
from counseling.models.base import AppendOnlyQuerySet, Row, one_of
from counseling.models.case import Case
from counseling.models.finding import Finding
from counseling.models.staff import StaffMember


class ReviewQuerySet(AppendOnlyQuerySet["Review"]):
    def visible_to(self, staff: StaffMember) -> ReviewQuerySet:
        return self.filter(finding__case__in=Case.objects.visible_to(staff))


class Review(Row):
    """One decision of one person on one finding, on the evidence they had: append-only."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("finding"))
    decision = models.CharField(_("decision"), max_length=20, choices=Decision)
    from_status = models.CharField(max_length=20, choices=FindingStatus)
    to_status = models.CharField(max_length=20, choices=FindingStatus)
    reason = EncryptedTextField(_("reason"), blank=True)
    watch_until = models.DateField(_("watch until"), null=True, blank=True)
    probability = models.FloatField(_("probability at the time"), null=True, blank=True)
    evidence = models.JSONField(_("evidence at the time"))
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ("at", "id")
        indexes = (models.Index(fields=["finding", "at"], name="review_by_finding"),)
        constraints = (
            one_of("review_decision_known", "decision", Decision),
            models.CheckConstraint(
                condition=~Q(decision=Decision.DISMISS) | ~Q(reason=""), name="review_dismissal_has_reason"
            ),
            models.CheckConstraint(
                condition=(Q(decision=Decision.WATCH) & Q(watch_until__isnull=False))
                | (~Q(decision=Decision.WATCH) & Q(watch_until__isnull=True)),
                name="review_watch_has_date",
            ),
        )

    def __str__(self) -> str:
        return self.get_decision_display()

    @property
    def clinic_id(self) -> UUID:
        return self.finding.clinic_id
