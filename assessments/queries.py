"""What others ask of the stored questionnaires and answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from assessments.exceptions import NoPublishedVersion
from assessments.models import InstrumentVersion, Score


def current_version(slug: str) -> InstrumentVersion:
    """The version to ask now; raises NoPublishedVersion."""
    version = InstrumentVersion.objects.published().of(slug).select_related("instrument").first()
    if version is None:
        raise NoPublishedVersion(f'no version of "{slug}" is published; run manage.py load_instruments')
    return version


def latest_scores(response_ids: Iterable[UUID]) -> dict[UUID, dict[str, Score]]:
    """Per response and scale, the score of the newest scoring version. One query, however many responses."""
    scores: dict[UUID, dict[str, Score]] = defaultdict(dict)
    for score in Score.objects.filter(response__in=list(response_ids)).order_by("scoring_version"):
        scores[score.response_id][score.scale] = score
    return dict(scores)
