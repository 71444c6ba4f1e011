"""A case's scores over its latest waves, person by person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from assessments.definition import Scale, text_for
from assessments.models import InstrumentVersion, Score
from assessments.queries import latest_scores
from counseling.enums import FollowUpStatus
from counseling.models import Case, Client, FollowUp

WAVES = 6


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """One person's values on one scale; None where they were not asked or did not answer."""

    scale: Scale
    title: str
    person: Client
    cells: tuple[Score | None, ...]


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """One instrument's scores: the latest waves as columns, scale by scale and person by person as rows."""

    title: str
    days: tuple[date, ...]
    rows: tuple[ScaleRow, ...]


def answered_lately(case: Case) -> list[FollowUp]:
    """The answered follow-ups of the latest waves of each instrument, oldest first. One query."""
    answered = (
        FollowUp.objects.filter(case=case, status=FollowUpStatus.COMPLETED, response__withdrawn_at__isnull=True)
        .select_related("client", "version")
        .defer("version__definition_json")
        .order_by("local_date", "client__given_name", "client")
    )
    latest: dict[UUID, list[date]] = {}
    for follow_up in answered:
        days = latest.setdefault(follow_up.version.instrument_id, [])
        if follow_up.local_date not in days:
            days.append(follow_up.local_date)
    return [one for one in answered if one.local_date in latest[one.version.instrument_id][-WAVES:]]


def score_tables(answered: Sequence[FollowUp], *, language: str) -> list[ScoreTable]:
    """The tables of these follow-ups, one an instrument, in that language's words. Two queries."""
    scores = latest_scores(one.response_id for one in answered if one.response_id)
    newest = {one.version.instrument_id: one.version_id for one in answered}
    versions = InstrumentVersion.objects.in_bulk(list(newest.values()))
    return [_table(answered, scores, versions[version], language) for version in newest.values()]


def _table(
    answered: Sequence[FollowUp], scores: Mapping[UUID, Mapping[str, Score]], version: InstrumentVersion, language: str
) -> ScoreTable:
    asked = [one for one in answered if one.version.instrument_id == version.instrument_id]
    days = tuple(sorted({one.local_date for one in asked}))
    people = {one.client_id: one.client for one in asked}
    on_day = {(one.client_id, one.local_date): scores.get(one.response_id, {}) for one in asked if one.response_id}
    rows = (
        ScaleRow(
            scale=scale,
            title=text_for(scale.title, language),
            person=person,
            cells=tuple(on_day.get((pk, day), {}).get(scale.id) for day in days),
        )
        for scale in version.definition.scales
        for pk, person in people.items()
    )
    return ScoreTable(text_for(version.definition.title, language), days, tuple(rows))
