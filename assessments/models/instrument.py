"""A questionnaire and its numbered versions. What was once published never changes."""

from __future__ import annotations

from functools import lru_cache

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from assessments.definition import Definition, digest_of, load_definition
from assessments.enums import VersionStatus
from assessments.exceptions import DefinitionTampered


class Instrument(models.Model):
    """One questionnaire by its stable name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(_("name in addresses"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.title


class InstrumentVersionQuerySet(models.QuerySet["InstrumentVersion"]):
    def published(self) -> InstrumentVersionQuerySet:
        return self.filter(status=VersionStatus.PUBLISHED)

    def of(self, slug: str) -> InstrumentVersionQuerySet:
        return self.filter(instrument__slug=slug)

    def without_definition(self) -> InstrumentVersionQuerySet:
        """For lists: the definition is some 50 kB of text and stays in the database."""
        return self.defer("definition_json")


class InstrumentVersion(models.Model):
    """One exact wording and scoring of an instrument.

    ``definition_json`` is the canonical text that ``digest`` is the SHA-256 of. Once published, the text, its
    digest and its number never change again: triggers on both databases refuse it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    instrument = models.ForeignKey(
        Instrument, on_delete=models.PROTECT, related_name="versions", verbose_name=_("instrument")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=VersionStatus,
        default=VersionStatus.DRAFT,
        db_default=VersionStatus.DRAFT.value,
    )
    definition_json = models.TextField(_("definition"))
    digest = models.CharField(_("digest"), max_length=64)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    objects = InstrumentVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("instrument version")
        verbose_name_plural = _("instrument versions")
        ordering = ("instrument", "-number")
        constraints = (
            UniqueConstraint(fields=["instrument", "number"], name="version_number_unique"),
            UniqueConstraint(
                fields=["instrument"], condition=Q(status=VersionStatus.PUBLISHED), name="version_one_published"
            ),
            CheckConstraint(condition=Q(number__gte=1), name="version_number_positive"),
            CheckConstraint(
                condition=Q(status=VersionStatus.DRAFT, published_at__isnull=True, retired_at__isnull=True)
                | Q(status=VersionStatus.PUBLISHED, published_at__isnull=False, retired_at__isnull=True)
                | Q(status=VersionStatus.RETIRED, published_at__isnull=False, retired_at__isnull=False),
                name="version_status_matches_timestamps",
            ),
        )

    def __str__(self) -> str:
        return f"{self.instrument} · {self.number}"

    @property
    def definition(self) -> Definition:
        """The parsed definition, once per text and process; raises DefinitionTampered when it isn't what was stored."""
        definition, digest = _parse(self.definition_json)
        if digest != self.digest:
            raise DefinitionTampered(f"version {self.pk} does not match its digest")
        return definition


@lru_cache(maxsize=64)
def _parse(text: str) -> tuple[Definition, str]:
    return load_definition(text), digest_of(text)
