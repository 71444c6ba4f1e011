"""Scoring again what was submitted before the scoring changed: new rows under the current version, none overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from assessments.models import InstrumentVersion, Response, Score
from assessments.scoring import SCORING_VERSION, score_responses

BATCH = 1000
"""Responses in one transaction: some ten thousand rows of scores, a fraction of a second."""


class Batch(NamedTuple):
    """What was committed together: how many responses got how many scores, and the last of the responses."""

    responses: int
    scores: int
    last: UUID


def unscored_responses() -> QuerySet[Response]:
    """Submitted responses without scores of the current scoring version. Drafts and withdrawn ones need none."""
    current = Score.objects.filter(response=OuterRef("pk"), scoring_version=SCORING_VERSION)
    return Response.objects.submitted().filter(~Exists(current))


def versions_to_rescore(slug: str | None = None) -> list[InstrumentVersion]:
    """Every version, or every one of one instrument, that has scales and responses without current scores.

    Raises DefinitionTampered.
    """
    waiting = unscored_responses().filter(version=OuterRef("pk"))
    versions = InstrumentVersion.objects.select_related("instrument").filter(Exists(waiting)).order_by("pk")
    return [version for version in (versions.of(slug) if slug else versions) if version.definition.scales]


def rescore_responses(version: InstrumentVersion, *, size: int = BATCH) -> Iterator[Batch]:
    """Add the scores that responses to this version lack, in batches, each committed before it is yielded.

    Stopped anywhere, the next run goes on from there. What has current scores is left alone, so that people go on
    answering meanwhile, and a second run beside this one waits for each batch and finds less to do. Nobody is told:
    `response_submitted` is not sent again. Raises DefinitionTampered.
    """
    last: UUID | None = None
    while batch := _rescore_batch(version, after=last, size=size):
        yield batch
        last = batch.last


@transaction.atomic(durable=True)
def _rescore_batch(version: InstrumentVersion, *, after: UUID | None, size: int) -> Batch | None:
    """The next responses in the order of their keys; None when none is left."""
    InstrumentVersion.objects.select_for_update(no_key=True).only("pk").get(pk=version.pk)  # one run at a time
    waiting = unscored_responses().filter(version=version).order_by("pk")
    rows = (waiting if after is None else waiting.filter(pk__gt=after)).values_list("pk", "answers")[:size]
    answers = dict(rows)
    if not answers:
        return None
    found = zip(answers, score_responses(version.definition, answers.values()), strict=True)
    scores = Score.objects.bulk_create(
        Score(response_id=pk, scoring_version=SCORING_VERSION, **score._asdict())
        for pk, scores in found
        for score in scores
    )
    return Batch(len(answers), len(scores), last=[*answers][-1])
