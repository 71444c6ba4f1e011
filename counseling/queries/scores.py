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
class PersonRow:
    """One person's values on one scale; None where they were not asked or did not answer."""

    person: Client
    cells: tuple[Score | None, ...]

    @property
    def is_computed(self) -> bool:
        return any(score is not None and score.value is not None for score in self.cells)


@dataclass(frozen=True, slots=True)
class ScaleRows:
    scale: Scale
    title: str
    rows: tuple[PersonRow, ...]


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """One instrument's scores: the latest waves as columns, scale by scale and person by person as rows.

    ``not_computed``: the titles of the scales that nobody's answers sufficed for. That is not the same as a low score.
    """

    title: str
    days: tuple[date, ...]
    scales: tuple[ScaleRows, ...]
    not_computed: tuple[str, ...]


def answered_lately(case: Case) -> list[FollowUp]:
    """The answered follow-ups of the latest waves of each instrument, oldest first. One query."""
    answered = (
        FollowUp.objects.filter(case=case, status=FollowUpStatus.COMPLETED, response__withdrawn_at__isnull=True)
        .select_related("version")
        .defer("version__definition_json")
        .order_by("local_date", "id")
    )
    latest: dict[UUID, list[date]] = {}
    for follow_up in answered:
        days = latest.setdefault(follow_up.version.instrument_id, [])
        if follow_up.local_date not in days:
            days.append(follow_up.local_date)
    return [one for one in answered if one.local_date in latest[one.version.instrument_id][-WAVES:]]


def score_tables(case: Case, answered: Sequence[FollowUp], *, language: str) -> list[ScoreTable]:
    """The tables of these follow-ups, one an instrument, in that language's words. Two queries."""
    scores = latest_scores(one.response_id for one in answered if one.response_id)
    newest = {one.version.instrument_id: one.version_id for one in answered}
    versions = InstrumentVersion.objects.in_bulk(list(newest.values()))
    return [_table(case, answered, scores, versions[version], language) for version in newest.values()]


def _table(
    case: Case,
    answered: Sequence[FollowUp],
    scores: Mapping[UUID, Mapping[str, Score]],
    version: InstrumentVersion,
    language: str,
) -> ScoreTable:
    asked = [one for one in answered if one.version.instrument_id == version.instrument_id]
    days = tuple(sorted({one.local_date for one in asked}))
    on_day = {(one.client_id, one.local_date): scores.get(one.response_id, {}) for one in asked if one.response_id}
    scales = [
        ScaleRows(
            scale,
            text_for(scale.title, language),
            tuple(
                PersonRow(person, tuple(on_day.get((person.pk, day), {}).get(scale.id) for day in days))
                for person in case.members
            ),
        )
        for scale in version.definition.scales
    ]
    computed = [scale for scale in scales if any(row.is_computed for row in scale.rows)]
    return ScoreTable(
        title=text_for(version.definition.title, language),
        days=days,
        scales=tuple(computed),
        not_computed=tuple(scale.title for scale in scales if scale not in computed),
    )
