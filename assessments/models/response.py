"""What one person answered to one version, and the scores computed from it."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from assessments.enums import OtherRole, ResponseStatus
from assessments.models.instrument import InstrumentVersion


class ResponseQuerySet(models.QuerySet["Response"]):
    def drafts(self) -> ResponseQuerySet:
        return self.filter(status=ResponseStatus.DRAFT)

    def submitted(self) -> ResponseQuerySet:
        return self.filter(status=ResponseStatus.SUBMITTED)


class Response(models.Model):
    """The answers to a pinned version, in a pinned language, about a pinned other person.

    ``answers`` maps item ids to values: an absent key is not answered yet, null is "does not apply / prefer not to
    say". ``revision`` counts the saved pages, so that two tabs can't overwrite each other.
    ``item_seconds`` is the time a page took, spread over its items.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(
        InstrumentVersion, on_delete=models.PROTECT, related_name="responses", verbose_name=_("version")
    )
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=ResponseStatus,
        default=ResponseStatus.DRAFT,
        db_default=ResponseStatus.DRAFT.value,
    )
    language = models.CharField(_("language"), max_length=8)
    other_role = models.CharField(_("asked about"), max_length=20, choices=OtherRole)
    other_term = models.CharField(_("words used for the other person"), max_length=60)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    item_seconds = models.JSONField(_("seconds per item"), default=dict, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=0, db_default=0)
    started_at = models.DateTimeField(_("started at"))
    saved_at = models.DateTimeField(_("last saved at"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ("-started_at", "id")
        constraints = (
            CheckConstraint(
                condition=Q(status=ResponseStatus.DRAFT, submitted_at__isnull=True, withdrawn_at__isnull=True)
                | Q(status=ResponseStatus.SUBMITTED, submitted_at__isnull=False, withdrawn_at__isnull=True)
                | Q(status=ResponseStatus.WITHDRAWN, submitted_at__isnull=False, withdrawn_at__isnull=False),
                name="response_status_matches_timestamps",
            ),
            CheckConstraint(condition=Q(other_role__in=sorted(OtherRole.values)), name="response_other_role_known"),
        )

    def __str__(self) -> str:
        return f"{self.get_status_display()} · {self.pk}"


class ScoreQuerySet(models.QuerySet["Score"]):
    def computed(self) -> ScoreQuerySet:
        """Without the scales that had too few answers."""
        return self.filter(value__isnull=False)


class Score(models.Model):
    """One scale of one response under one version of the scoring code; null where it cannot be computed.

    ``answered`` of ``total`` items (or complete pairs) went into it; ``sem`` is the error used, null when unknown.
    Rescoring adds rows under a new ``scoring_version`` and overwrites none.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="scores", verbose_name=_("response"))
    scale = models.CharField(_("scale"), max_length=40)
    value = models.FloatField(_("value"), null=True, blank=True)
    answered = models.PositiveSmallIntegerField(_("answered"))
    total = models.PositiveSmallIntegerField(_("of"))
    prorated = models.BooleanField(_("prorated"))
    sem = models.FloatField(_("standard error"), null=True, blank=True)
    scoring_version = models.PositiveSmallIntegerField(_("scoring version"))

    objects = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ("response", "scoring_version", "scale")
        constraints = (
            UniqueConstraint(fields=["response", "scale", "scoring_version"], name="score_once_per_scoring_version"),
            CheckConstraint(condition=Q(answered__lte=F("total")), name="score_answered_within_total"),
            CheckConstraint(
                condition=Q(prorated=False) | Q(value__isnull=False, answered__lt=F("total")),
                name="score_prorated_has_gaps",
            ),
            CheckConstraint(condition=Q(sem__isnull=True) | Q(sem__gt=0), name="score_sem_positive"),
        )

    def __str__(self) -> str:
        return f"{self.scale} · {self.response_id}"
