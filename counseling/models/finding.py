from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from counseling.enums import FindingEventKind, FindingStatus, Pattern, Strength
from counseling.models.base import AppendOnlyQuerySet, Row, all_or_none, one_of, set_exactly_when
from counseling.models.case import Case
from counseling.models.client import Client
from counseling.models.clinic import Clinic
from counseling.models.staff import StaffMember
from counseling.models.threshold import ThresholdSet

WAITING = (FindingStatus.OPEN, FindingStatus.IN_REVIEW)
STRENGTH_ORDER = (Strength.URGENT, Strength.PATTERN, Strength.SIGNAL)


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, staff: StaffMember) -> FindingQuerySet:
        return self.filter(case__in=Case.objects.visible_to(staff))

    def waiting(self) -> FindingQuerySet:
        """Not decided: what the review queue is made of."""
        return self.filter(status__in=WAITING)

    def watch_may_be_over(self, latest: date) -> FindingQuerySet:
        """Put aside until that day or an earlier one, the latest there is on earth."""
        return self.filter(status=FindingStatus.WATCHING, watch_until__lte=latest)

    def suspending(self) -> FindingQuerySet:
        """Safety findings that nobody has signed off: while one stands, confirmed or not, partners are not compared."""
        return self.filter(pattern=Pattern.SAFETY).exclude(status=FindingStatus.DISMISSED)

    def with_suspension(self) -> FindingQuerySet:
        """Each with ``comparison_suspended``: whether a safety finding of its case still stands."""
        standing = Finding.objects.suspending().filter(case=OuterRef("case"))
        return self.annotate(comparison_suspended=Exists(standing))

    def by_urgency(self) -> FindingQuerySet:
        """Safety first, then what the data confirm, then signals; the longest waiting first within each."""
        rank = models.Case(
            *(models.When(strength=strength, then=place) for place, strength in enumerate(STRENGTH_ORDER)),
            output_field=models.PositiveSmallIntegerField(),
        )
        return self.annotate(urgency=rank).order_by("urgency", "raised_at", "id")


class Finding(Row):
    """A reason for a counselor to look: one pattern, about one member of one case, with its latest evidence.

    ``subject`` is the person the pattern names: who gives more (one-sided), who reports the blur (enmeshed), who
    answered (safety). ``strength`` is what the data say; ``status`` is where the people are with it.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+", verbose_name=_("clinic"))
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="findings", verbose_name=_("case"))
    pattern = models.CharField(_("pattern"), max_length=40, choices=Pattern)
    subject = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", verbose_name=_("subject"))
    status = models.CharField(_("status"), max_length=20, choices=FindingStatus, default=FindingStatus.OPEN)
    strength = models.CharField(_("strength"), max_length=20, choices=Strength)
    probability = models.FloatField(_("probability"), null=True, blank=True)
    evidence = models.JSONField(_("evidence"))
    thresholds = models.ForeignKey(ThresholdSet, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(_("raised at"))
    evaluated_at = models.DateTimeField(_("evaluated at"))
    cleared_at = models.DateTimeField(_("cleared at"), null=True, blank=True)
    claimed_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    claimed_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("taken by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    watch_until = models.DateField(_("watch until"), null=True, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        indexes = (
            models.Index(fields=["case", "status"], name="finding_by_case"),
            models.Index(fields=["raised_at", "id"], name="finding_waiting", condition=Q(status__in=WAITING)),
            models.Index(fields=["clinic", "raised_at"], name="finding_by_clinic"),
            models.Index(fields=["watch_until"], name="finding_watched", condition=Q(status=FindingStatus.WATCHING)),
        )
        constraints = (
            models.UniqueConstraint(fields=["case", "pattern", "subject"], name="finding_one_per_subject"),
            one_of("finding_pattern_known", "pattern", Pattern),
            one_of("finding_status_known", "status", FindingStatus),
            one_of("finding_strength_known", "strength", Strength),
            all_or_none("finding_claimed_pair", "claimed_at", "claimed_by"),
            all_or_none("finding_decided_pair", "decided_at", "decided_by"),
            set_exactly_when("finding_cleared_at", "cleared_at", status_in=[FindingStatus.CLEARED]),
            set_exactly_when("finding_watch_until", "watch_until", status_in=[FindingStatus.WATCHING]),
            set_exactly_when("finding_claimed_at", "claimed_at", status_in=[FindingStatus.IN_REVIEW]),
            set_exactly_when(
                "finding_decided_at",
                "decided_at",
                status_in=[FindingStatus.CONFIRMED, FindingStatus.DISMISSED, FindingStatus.WATCHING],
            ),
            models.CheckConstraint(
                condition=~Q(pattern=Pattern.SAFETY) | ~Q(status=FindingStatus.CLEARED),
                name="finding_safety_never_cleared",
            ),
            models.CheckConstraint(
                condition=Q(probability__isnull=True) | Q(probability__gte=0, probability__lte=1),
                name="finding_probability_range",
            ),
        )

    def __str__(self) -> str:
        return self.get_pattern_display()

    @property
    def is_waiting(self) -> bool:
        return self.status in WAITING


class FindingEvent(Row):
    """What the data did to a finding, with the evidence as it stood: append-only."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="events", verbose_name=_("finding"))
    kind = models.CharField(_("kind"), max_length=20, choices=FindingEventKind)
    at = models.DateTimeField(_("at"))
    strength = models.CharField(_("strength"), max_length=20, choices=Strength)
    probability = models.FloatField(_("probability"), null=True, blank=True)
    thresholds = models.ForeignKey(ThresholdSet, on_delete=models.PROTECT, related_name="+")
    evidence = models.JSONField(_("evidence"))

    objects = AppendOnlyQuerySet["FindingEvent"].as_manager()

    class Meta:
        verbose_name = _("finding event")
        verbose_name_plural = _("finding events")
        ordering = ("at", "id")
        indexes = (models.Index(fields=["finding", "at"], name="finding_event_by_finding"),)
        constraints = (one_of("finding_event_kind_known", "kind", FindingEventKind),)

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def clinic_id(self) -> UUID:
        return self.finding.clinic_id
