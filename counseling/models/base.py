"""What every model shares: its key, and the shapes of the constraints that tie columns together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models
from django.db.models import CheckConstraint, Q
from uuid_utils.compat import uuid7

from counseling.exceptions import CounselingError


class Row(models.Model):
    """A table keyed by UUIDv7: unguessable enough for a URL, ordered by time for the index, known before saving."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class AppendOnlyError(CounselingError):
    """An append-only row was about to be changed or removed."""

    http_status = 500


M = TypeVar("M", bound=models.Model)


class AppendOnlyQuerySet(models.QuerySet[M]):
    """Rows can be added and read. The database refuses the rest as well, by trigger."""

    def update(self, **_: Any) -> int:
        raise AppendOnlyError(f"{self.model._meta.label} is append-only")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError(f"{self.model._meta.label} is append-only")


def all_or_none(name: str, *columns: str) -> CheckConstraint:
    """The columns are set together or not at all."""
    everything, nothing = Q(), Q()
    for column in columns:
        everything &= Q(**{f"{column}__isnull": False})
        nothing &= Q(**{f"{column}__isnull": True})
    return CheckConstraint(condition=everything | nothing, name=name)


def set_exactly_when(name: str, column: str, *, status_in: Iterable[str], status: str = "status") -> CheckConstraint:
    """The column is set if and only if the row is in one of these states."""
    inside = Q(**{f"{status}__in": sorted(map(str, status_in))})
    filled = Q(**{f"{column}__isnull": False})
    return CheckConstraint(condition=(inside & filled) | (~inside & ~filled), name=name)


def one_of(name: str, column: str, choices: type[models.TextChoices]) -> CheckConstraint:
    """The column holds one of the enumeration's values, whoever writes it."""
    return CheckConstraint(condition=Q(**{f"{column}__in": sorted(choices.values)}), name=name)
