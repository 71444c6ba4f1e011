"""A case's answered waves, as the patterns read them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from uuid import UUID

from assessments.alerts import left_open, raised_alerts
from assessments.models import Score
from assessments.queries import definitions_of, latest_scores
from counseling.models import Case, FollowUp

if TYPE_CHECKING:
    from assessments.scoring import ScaleScore
    from counseling.patterns.base import History, Member, Report


def member_of(case: Case, client_id: UUID) -> Member:
    """Which letter the patterns know a client by: the first member (or the only one) is ``a``."""
    return "a" if case.members[0].pk == client_id else "b"


def case_history(case: Case) -> History:
    """Every submitted answer of the case, wave by wave, and the alerts of drafts. Two queries, however long it is.

    ``case`` should come with its people joined. A withdrawn response is as if it never was. A draft that raises an
    alert counts for safety alone: a person may close the page right after saying that they are afraid.
    """
    from counseling.patterns.base import MEMBERS, History, Wave

    follow_ups = _answered(case)
    reports = _reports(follow_ups)
    waves: dict[str, list[FollowUp]] = defaultdict(list)
    for follow_up in follow_ups:
        if follow_up.pk in reports:
            waves[wave_key(follow_up)].append(follow_up)
    return History(
        (
            Wave(
                key=key,
                at=min(follow_up.due_at for follow_up in asked),
                **{member_of(case, follow_up.client_id): reports[follow_up.pk] for follow_up in asked},
            )
            for key, asked in waves.items()
        ),
        members=MEMBERS[: len(case.members)],
    )


def wave_key(follow_up: FollowUp) -> str:
    """What partners asked on the same occasion share."""
    return f"{follow_up.enrollment_id}/{follow_up.step_id}/{follow_up.occurrence}"


def _answered(case: Case) -> list[FollowUp]:
    rows = FollowUp.objects.filter(case=case, response__isnull=False, response__withdrawn_at__isnull=True)
    return list(rows.select_related("response").order_by("due_at", "id"))


def _reports(follow_ups: list[FollowUp]) -> dict[UUID, Report]:
    from counseling.patterns.base import Report

    responses = {follow_up.pk: follow_up.response for follow_up in follow_ups if follow_up.response is not None}
    scores = latest_scores(response.pk for response in responses.values())
    definitions = definitions_of(response.version_id for response in responses.values())
    return {
        pk: Report(
            at=response.submitted_at or response.saved_at or response.started_at,
            answers=response.answers,
            scores={scale: _scale_score(score) for scale, score in scores.get(response.pk, {}).items()},
            alerts=definitions[response.version_id].alerts,
            left_open=left_open(definitions[response.version_id], response.answers)
            if response.submitted_at
            else frozenset(),
            valid=response.submitted_at is not None,
            reference=str(response.pk),
        )
        for pk, response in responses.items()
        if response.submitted_at or raised_alerts(definitions[response.version_id], response.answers)
    }


def _scale_score(score: Score) -> ScaleScore:
    from assessments.scoring import ScaleScore

    return ScaleScore(score.scale, score.value, score.answered, score.total, score.prorated, score.sem)
