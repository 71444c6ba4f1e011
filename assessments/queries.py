"""What others ask of the stored questionnaires and answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from assessments.definition import Definition
from assessments.enums import ResponseStatus, VersionStatus
from assessments.exceptions import NoPublishedVersion
from assessments.fhir.responses import FhirResponseStatus, ResponseValues, write_response
from assessments.fhir.writing import PublicationStatus, WrittenRelease, write_questionnaire
from assessments.models import InstrumentVersion, Response, Score


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


_PUBLICATION: Mapping[str, PublicationStatus] = {
    VersionStatus.DRAFT: "draft",
    VersionStatus.PUBLISHED: "active",
    VersionStatus.RETIRED: "retired",
}
_COMPLETION: Mapping[str, FhirResponseStatus] = {
    ResponseStatus.DRAFT: "in-progress",
    ResponseStatus.SUBMITTED: "completed",
    ResponseStatus.WITHDRAWN: "entered-in-error",
}


def fhir_questionnaire(version: InstrumentVersion, release: WrittenRelease = "R5") -> dict[str, Any]:
    """One version as a FHIR Questionnaire, ready for JSON."""
    status = _PUBLICATION[version.status]
    return write_questionnaire(version.definition, release=release, version_number=version.number, status=status)


def fhir_response(response: Response, *, subject: str | None = None) -> dict[str, Any]:
    """One response as a FHIR QuestionnaireResponse, ready for JSON: the same in R4, R4B and R5.

    It names nobody, unless the caller gives a reference as ``subject`` ("Patient/7"). Clinical: whoever gets it must be
    allowed to read the answers.
    """
    values = ResponseValues(
        answers=response.answers,
        language=response.language,
        status=_COMPLETION[response.status],
        authored=response.submitted_at or response.saved_at or response.started_at,
        id=str(response.pk),
        subject=subject,
        other_term=response.other_term,
    )
    return write_response(response.version.definition, values, version_number=response.version.number)
