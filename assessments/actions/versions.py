"""Publishing questionnaires: a draft becomes the current version, the one before it retires, none ever changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max

from assessments import transitions
from assessments.definition import FALLBACK_LANGUAGE, Definition, digest_of, text_for
from assessments.enums import VersionStatus
from assessments.exceptions import StaleState
from assessments.models import Instrument, InstrumentVersion


class Outcome(Enum):
    """What loading one definition came to."""

    UNCHANGED = "unchanged"
    FIRST = "published"
    NEXT = "published as the next version"


class Loaded(NamedTuple):
    version: InstrumentVersion
    outcome: Outcome


@transaction.atomic
def draft_version(definition: Definition) -> InstrumentVersion:
    """Add a draft under the instrument's next number; the instrument comes into being with its first version."""
    instrument = _locked_instrument(definition)
    last = instrument.versions.aggregate(last=Max("number"))["last"] or 0
    text = definition.canonical()
    return InstrumentVersion.objects.create(
        instrument=instrument, number=last + 1, definition_json=text, digest=digest_of(text)
    )


@transaction.atomic
def publish_version(version: InstrumentVersion, *, now: datetime) -> InstrumentVersion:
    """Make a draft the instrument's current version and retire the one before it.

    Raises DefinitionTampered, IllegalMove, and StaleState when somebody else published or retired meanwhile.
    """
    transitions.check_move(transitions.VERSION, version.status, VersionStatus.PUBLISHED)
    _ = version.definition  # verified for the last time before it is kept for good
    current = InstrumentVersion.objects.published().filter(instrument=version.instrument_id).first()
    if current is not None:
        retire_version(current, now=now)
    return _move(version, VersionStatus.PUBLISHED, published_at=now)


@transaction.atomic
def retire_version(version: InstrumentVersion, *, now: datetime) -> InstrumentVersion:
    """Stop asking a published version; what was answered to it stays as it is. Raises IllegalMove, StaleState."""
    transitions.check_move(transitions.VERSION, version.status, VersionStatus.RETIRED)
    return _move(version, VersionStatus.RETIRED, retired_at=now)


@transaction.atomic
def load_catalog(definitions: Iterable[Definition], *, now: datetime) -> list[Loaded]:
    """Publish what is new or changed, leave the rest alone. Loading the same twice changes nothing."""
    return [_load(definition, now=now) for definition in definitions]


def _load(definition: Definition, *, now: datetime) -> Loaded:
    _locked_instrument(definition)
    current = InstrumentVersion.objects.published().of(definition.slug).first()
    if current is not None and current.digest == definition.digest():
        return Loaded(current, Outcome.UNCHANGED)
    version = publish_version(draft_version(definition), now=now)
    return Loaded(version, Outcome.FIRST if version.number == 1 else Outcome.NEXT)


def _locked_instrument(definition: Definition) -> Instrument:
    """The instrument, there and locked, so that two servers that start together publish one version between them."""
    title = text_for(definition.title, FALLBACK_LANGUAGE)
    return Instrument.objects.update_or_create(slug=definition.slug, defaults={"title": title})[0]


def _move(version: InstrumentVersion, target: VersionStatus, **instants: datetime) -> InstrumentVersion:
    """The guarded update: from the state last seen, or not at all."""
    old = InstrumentVersion.objects.filter(pk=version.pk, status=version.status)
    if not old.update(status=target, **instants):
        raise StaleState(f"version {version.pk} is no longer {version.status}")
    version.status = target
    for name, instant in instants.items():
        setattr(version, name, instant)
    return version
