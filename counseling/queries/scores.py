"""A case's scores over its latest waves, person by person: how they changed, and how they were answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from assessments.change import Change, Point, Trend, change_since_baseline, trend
from assessments.definition import Definition, Scale, text_for
from assessments.models import Response, Score
from assessments.quality import QualitySignal, is_invalid, privacy_compromised, quality_signals
from assessments.queries import definitions_of, latest_scores
from counseling.models import Baseline, Case, Client, FollowUp

WAVES = 6


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person's values on one scale; None where they were not asked or did not answer.

    ``change``: since their baseline, which is their first score unless one was ``set``; None as long as there is only
    one score. ``trend``: over the same occasions.
    """

    person: Client
    cells: tuple[Score | None, ...]
    change: Change | None
    trend: Trend | None
    set: Baseline | None

    @property
    def is_computed(self) -> bool:
        return any(score is not None and score.value is not None for score in self.cells)


@dataclass(frozen=True, slots=True)
class ScaleRows:
    """``ends``: the least and the most that a score can be, where both are known."""

    scale: Scale
    title: str
    ends: tuple[float, float] | None
    rows: tuple[PersonRow, ...]


@dataclass(frozen=True, slots=True)
class AnswerNote:
    """What there is to say about how a person gave their latest answers."""

    person: Client
    day: date
    signals: tuple[QualitySignal, ...]
    overlooked: bool

    @property
    def is_invalid(self) -> bool:
        return is_invalid(self.signals)


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """One instrument's scores: the latest waves as columns, scale by scale and person by person as rows.

    ``not_computed``: the titles of the scales that nobody's answers sufficed for. That is not the same as a low score.
    """

    title: str
    notice: str
    days: tuple[date, ...]
    scales: tuple[ScaleRows, ...]
    not_computed: tuple[str, ...]
    notes: tuple[AnswerNote, ...]


def answered_lately(case: Case) -> list[FollowUp]:
    """The answered follow-ups of the latest waves of each instrument, oldest first. One query.

    With them come each person's first answers to the version that was asked last, and those that a baseline was set to:
    what change is measured from.
    """
    is_baseline = Exists(Baseline.objects.standing().filter(follow_up=OuterRef("pk")))
    rows = (
        FollowUp.objects.filter(case=case)
        .answered()
        .annotate(is_baseline=is_baseline)
        .select_related("version")
        .defer("version__definition_json")
        .order_by("local_date", "id")
    )
    answered: list[Any] = list(rows)
    days: dict[UUID, list[date]] = {}
    for one in answered:
        seen = days.setdefault(one.version.instrument_id, [])
        if one.local_date not in seen:
            seen.append(one.local_date)
    last_asked = {one.version.instrument_id: one.version_id for one in answered}.values()
    first = {(one.client_id, one.version_id): one.pk for one in reversed(answered) if one.version_id in last_asked}
    return [
        one
        for one in answered
        if one.local_date in days[one.version.instrument_id][-WAVES:] or one.pk in first.values() or one.is_baseline
    ]


def score_tables(case: Case, answered: Sequence[FollowUp], *, language: str) -> list[ScoreTable]:
    """The tables of these follow-ups, one an instrument, in that language's words.

    Three queries, and one more for versions that this process has not met before.
    """
    scores = latest_scores(one.response_id for one in answered if one.response_id)
    responses = Response.objects.in_bulk([one.response_id for one in _latest(answered).values() if one.response_id])
    last_asked = {one.version.instrument_id: one.version_id for one in answered}
    definitions = definitions_of({*last_asked.values(), *(response.version_id for response in responses.values())})
    baselines = {
        (one.client_id, one.instrument_id): one
        for one in Baseline.objects.standing().filter(case=case).select_related("follow_up", "set_by__user")
    }
    source = _Source(case, answered, scores, responses, definitions, baselines, language)
    return [source.table(instrument, version) for instrument, version in last_asked.items()]


def _latest(answered: Iterable[FollowUp]) -> dict[tuple[UUID, UUID], FollowUp]:
    """The latest answers of each person to each instrument, by both."""
    return {(one.version.instrument_id, one.client_id): one for one in answered}


@dataclass(frozen=True, slots=True)
class _Source:
    """All that the tables are made of."""

    case: Case
    answered: Sequence[FollowUp]
    scores: Mapping[UUID, Mapping[str, Score]]
    responses: Mapping[UUID, Response]
    definitions: Mapping[UUID, Definition]
    baselines: Mapping[tuple[UUID, UUID], Baseline]
    language: str

    def table(self, instrument: UUID, version: UUID) -> ScoreTable:
        definition = self.definitions[version]
        asked = [one for one in self.answered if one.version.instrument_id == instrument]
        days = tuple(sorted({one.local_date for one in asked}))[-WAVES:]
        scales = [
            ScaleRows(
                scale,
                text_for(scale.title, self.language),
                definition.score_ends(scale),
                tuple(self._row(asked, days, version, person, scale) for person in self.case.members),
            )
            for scale in definition.scales
        ]
        computed = [scale for scale in scales if any(row.is_computed for row in scale.rows)]
        return ScoreTable(
            title=text_for(definition.title, self.language),
            notice=text_for(definition.notice, self.language) if definition.notice else "",
            days=days,
            scales=tuple(computed),
            not_computed=tuple(scale.title for scale in scales if scale not in computed),
            notes=tuple(self._notes(asked)),
        )

    def _row(
        self, asked: Sequence[FollowUp], days: Sequence[date], version: UUID, person: Client, scale: Scale
    ) -> PersonRow:
        """A change is between answers to one version: whether others mean the same, nobody has said."""
        theirs = [(one, self._score(one, scale)) for one in asked if one.client_id == person.pk]
        on_day = {one.local_date: score for one, score in theirs}
        baseline = self.baselines.get((person.pk, asked[0].version.instrument_id))
        since = baseline.follow_up.local_date if baseline else None
        points = [
            Point(one.local_date, score.value, score.sem)
            for one, score in theirs
            if one.version_id == version and score is not None and score.value is not None
        ]
        return PersonRow(
            person=person,
            cells=tuple(on_day.get(day) for day in days),
            change=change_since_baseline(points, scale, baseline=since),
            trend=_trend([point for point in points if since is None or point.day >= since]),
            set=baseline,
        )

    def _score(self, one: FollowUp, scale: Scale) -> Score | None:
        return self.scores.get(one.response_id, {}).get(scale.id) if one.response_id else None

    def _notes(self, asked: Sequence[FollowUp]) -> Iterator[AnswerNote]:
        """On each person's latest answers, where there is something to say."""
        latest = {one.client_id: one for one in _latest(asked).values()}
        for person in self.case.members:
            one = latest.get(person.pk)
            response = self.responses.get(one.response_id) if one and one.response_id else None
            if one is None or response is None:
                continue
            definition, answers = self.definitions[response.version_id], response.answers
            signals = quality_signals(definition, answers, response.item_seconds, seed=str(response.pk))
            overlooked = bool(privacy_compromised(definition, answers))
            if signals or overlooked:
                yield AnswerNote(person, one.local_date, signals, overlooked)


def _trend(points: Sequence[Point]) -> Trend | None:
    """Over these points, with the largest of their errors."""
    errors = [point.sem for point in points]
    known = [error for error in errors if error is not None]
    days, values = [point.day.toordinal() for point in points], [point.value for point in points]
    return trend(days, values, sem=max(known) if known and len(known) == len(errors) else None)
