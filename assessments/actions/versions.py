"""Writing and publishing questionnaires: a draft is edited until it is the current version, which never changes."""

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
from assessments.exceptions import IllegalMove, InvalidDefinition, Problem, StaleState
from assessments.models import Instrument, InstrumentVersion

TITLE_LENGTH = Instrument._meta.get_field("title").max_length


class Outcome(Enum):
    """What loading one definition came to."""

    UNCHANGED = "unchanged"
    FIRST = "published"
    NEXT = "published as the next version"
    SUPERSEDED = "left as it is: published before, and replaced or retired since"


class Loaded(NamedTuple):
    version: InstrumentVersion
    outcome: Outcome


@transaction.atomic
def draft_version(definition: Definition) -> InstrumentVersion:
    """Add a draft under the instrument's next number; the instrument comes into being with its first version.

    An instrument is called what its published versions call it; before there is one, what its latest draft does.
    """
    instrument = _locked_instrument(definition)
    _name_after(instrument, definition, only_unpublished=True)
    last = instrument.versions.aggregate(last=Max("number"))["last"] or 0
    text = definition.canonical()
    return InstrumentVersion.objects.create(
        instrument=instrument, number=last + 1, definition_json=text, digest=digest_of(text)
    )


def copy_to_draft(version: InstrumentVersion) -> InstrumentVersion:
    """Add a draft that says what this version says, whatever its status."""
    return draft_version(version.definition)


@transaction.atomic
def edit_draft(version: InstrumentVersion, *, definition: Definition, digest: str) -> InstrumentVersion:
    """Put another definition in the draft's place. ``digest`` is that of the text the author started from.

    Raises IllegalMove when it is no draft, StaleState when somebody saved, published or discarded it meanwhile, and
    InvalidDefinition when the new definition belongs to another questionnaire. Saving the same twice changes nothing.
    """
    if version.status != VersionStatus.DRAFT:
        raise IllegalMove(f"version {version.pk} is {version.status}: only a draft can be edited")
    if definition.slug != version.instrument.slug:
        raise InvalidDefinition([Problem("$.slug", f'must stay "{version.instrument.slug}"')])
    text = definition.canonical()
    seen = InstrumentVersion.objects.filter(pk=version.pk, status=VersionStatus.DRAFT, digest=digest)
    if not seen.update(definition_json=text, digest=digest_of(text)):
        raise StaleState(f"version {version.pk} is not the draft that was edited")
    version.definition_json, version.digest = text, digest_of(text)
    _name_after(version.instrument, definition, only_unpublished=True)
    return version


@transaction.atomic
def discard_draft(version: InstrumentVersion) -> None:
    """Delete a draft as it was seen, and with its only version the instrument. Raises IllegalMove, StaleState."""
    if version.status != VersionStatus.DRAFT:
        raise IllegalMove(f"version {version.pk} is {version.status}: only a draft can be discarded")
    instrument = Instrument.objects.select_for_update().filter(pk=version.instrument_id).first()
    drafts = InstrumentVersion.objects.select_for_update().filter(status=VersionStatus.DRAFT)
    seen = drafts.filter(pk=version.pk, digest=version.digest).first()
    if instrument is None or seen is None:
        raise StaleState(f"version {version.pk} is not the draft that was seen")
    seen.delete()
    if not instrument.versions.exists():
        instrument.delete()


@transaction.atomic
def publish_version(version: InstrumentVersion, *, now: datetime) -> InstrumentVersion:
    """Make a draft, as it was seen, the instrument's current version and retire the one before it.

    Raises DefinitionTampered, IllegalMove, and StaleState when somebody else edited, published or retired meanwhile.
    """
    transitions.check_move(transitions.VERSION, version.status, VersionStatus.PUBLISHED)
    definition = version.definition  # verified for the last time before it is kept for good
    current = InstrumentVersion.objects.published().filter(instrument=version.instrument_id).first()
    if current is not None:
        retire_version(current, now=now)
    _name_after(version.instrument, definition)
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
    same = InstrumentVersion.objects.of(definition.slug).filter(digest=definition.digest())
    known = same.exclude(status=VersionStatus.DRAFT).order_by("-number").first()
    if known is not None:
        published = known.status == VersionStatus.PUBLISHED
        return Loaded(known, Outcome.UNCHANGED if published else Outcome.SUPERSEDED)
    version = publish_version(draft_version(definition), now=now)
    return Loaded(version, Outcome.FIRST if version.number == 1 else Outcome.NEXT)


def _locked_instrument(definition: Definition) -> Instrument:
    """The instrument, there and locked, so that two servers that start together publish one version between them."""
    created = {"title": _title_of(definition)}
    return Instrument.objects.update_or_create(slug=definition.slug, defaults={}, create_defaults=created)[0]


def _name_after(instrument: Instrument, definition: Definition, *, only_unpublished: bool = False) -> None:
    published = instrument.versions.exclude(status=VersionStatus.DRAFT)
    if not (only_unpublished and published.exists()):
        instrument.title = _title_of(definition)
        instrument.save(update_fields=["title"])


def _title_of(definition: Definition) -> str:
    return text_for(definition.title, FALLBACK_LANGUAGE)[:TITLE_LENGTH]


def _move(version: InstrumentVersion, target: VersionStatus, **instants: datetime) -> InstrumentVersion:
    """The guarded update: from the state and text last seen, or not at all."""
    old = InstrumentVersion.objects.filter(pk=version.pk, status=version.status, digest=version.digest)
    if not old.update(status=target, **instants):
        raise StaleState(f"version {version.pk} is no longer {version.status}")
    version.status = target
    for name, instant in instants.items():
        setattr(version, name, instant)
    return version
