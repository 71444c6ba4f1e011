"""What others ask of the stored questionnaires and answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from assessments.definition import Definition
from assessments.enums import VersionStatus
from assessments.exceptions import NoPublishedVersion
from assessments.models import InstrumentVersion, Score


def current_version(slug: str) -> InstrumentVersion:
    """The version to ask now; raises NoPublishedVersion."""
    version = InstrumentVersion.objects.published().of(slug).select_related("instrument").first()
    if version is None:
        raise NoPublishedVersion(f'no version of "{slug}" is published; run manage.py load_instruments')
    return version


_definitions: dict[UUID, Definition] = {}
"""What was once published never changes, so a process reads it once. Some 50 kB of text a version."""


def definitions_of(version_ids: Iterable[UUID]) -> dict[UUID, Definition]:
    """The definitions of the versions; a published one that this process has met before costs no query."""
    wanted = set(version_ids)
    read = InstrumentVersion.objects.in_bulk(wanted - _definitions.keys())
    found = {pk: version.definition for pk, version in read.items()}
    _definitions.update((pk, found[pk]) for pk, version in read.items() if version.status != VersionStatus.DRAFT)
    return {pk: found.get(pk) or _definitions[pk] for pk in wanted}


def latest_scores(response_ids: Iterable[UUID]) -> dict[UUID, dict[str, Score]]:
    """Per response and scale, the score of the newest scoring version. One query, however many responses."""
    scores: dict[UUID, dict[str, Score]] = defaultdict(dict)
    for score in Score.objects.filter(response__in=list(response_ids)).order_by("scoring_version"):
        scores[score.response_id][score.scale] = score
    return dict(scores)
