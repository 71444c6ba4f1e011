"""Enmeshed: blurred boundaries together with a need of the other, or with the partner's blur. The subject reports it.

The rule asks three levels at once: B > 55 and (N > 50 or the partner's B > 55). Its probability is

    P(B > 55) * (1 - P(N <= 50) * P(partner's B <= 55))

with the partner's or the need's factor left out where nothing is known of it. The product is exact within the filter,
which holds the levels independent before the first answer and updates each from its own scale alone. In life they go
together (who is blurred tends to need more); then the product says too little rather than too much, so it is the
careful choice: the upper bound min(...) would raise couples that no single estimate is sure about.

Blur alone, without either companion, is a signal with a label of its own ("blurred boundaries, one report") and never
more than that, however sure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from counseling.patterns import evidence
from counseling.patterns.base import MEMBERS, Basis, History, Level, Member, PatternState, partner_of
from counseling.patterns.evidence import Json
from counseling.patterns.hysteresis import events, levels, steps_at
from counseling.patterns.thresholds import Rule, Thresholds
from counseling.patterns.tracks import Observed, Track, observe_scale, track_scales

NAME = "enmeshed"
BLURRED = "blurred_boundaries"
BLUR_ITEMS = ("e1", "e2", "e3", "e4", "o1", "o2", "o3", "o4")
NEED_ITEMS = ("n1", "n2", "n3", "n4")
REVERSED = frozenset({"e3", "e4", "o1", "o2", "n3", "n4"})
OTHER_READINGS = ("culture", "disability", "caregiving", "illness", "new_baby")


def find(history: History, thresholds: Thresholds) -> tuple[PatternState, ...]:
    """One state for each member as the one who reports the blur."""
    asked = [(member, scale) for member in MEMBERS for scale in ("blur", "need")]
    observed = [observe_scale(history, member, scale, thresholds) for member, scale in asked]
    tracks = track_scales(history, observed, thresholds)
    known = dict(zip(asked, map(_Scale, observed, tracks), strict=True))
    return tuple(
        _state(
            _Respondent(
                member=member,
                blur=known[member, "blur"],
                need=known[member, "need"],
                partner_blur=known[partner_of(member), "blur"],
                history=history,
                thresholds=thresholds,
            )
        )
        for member in history.members
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    observed: Observed
    track: Track


@dataclass(frozen=True, slots=True, kw_only=True)
class _Respondent:
    """One member's blur with what goes with it."""

    member: Member
    blur: _Scale
    need: _Scale
    partner_blur: _Scale
    history: History
    thresholds: Thresholds

    @property
    def rule(self) -> Rule:
        return self.thresholds.enmeshed.blur

    @property
    def last(self) -> int:
        """The position of the last wave that had something to say."""
        return self.blur.track.waves_seen[-1]

    @property
    def companions(self) -> tuple[tuple[str, Track, float], ...]:
        """What has to go with the blur, either one: its name, its track, and the size that matters."""
        numbers = self.thresholds.enmeshed
        return (
            ("need", self.need.track, numbers.need_above),
            ("partner_blur", self.partner_blur.track, numbers.partner_blur_above),
        )

    def blurred(self, position: int) -> float:
        return self.blur.track.probability_above(self.rule.size, position)

    def enmeshed(self, position: int) -> float | None:
        """The probability of the whole rule; None while nothing is known of either companion."""
        absent = [
            1 - track.probability_above(size, position)
            for _, track, size in self.companions
            if track.informants(position)
        ]
        return self.blurred(position) * (1 - math.prod(absent)) if absent else None

    def basis(self) -> Basis:
        return "both" if self.partner_blur.track.informants(len(self.history.waves)) else "one_view"


@dataclass(frozen=True, slots=True)
class _Judgement:
    """One wave: how sure of the rule and of blur alone, and the level that each has come to."""

    enmeshed: float | None
    blurred: float
    enmeshed_level: Level
    blurred_level: Level

    @property
    def level(self) -> Level:
        return max(self.enmeshed_level, min(self.blurred_level, Level.SIGNAL))

    @property
    def label(self) -> str:
        return BLURRED if self.enmeshed_level < self.level else NAME

    @property
    def probability(self) -> float:
        """Of what the label says; of blur alone where the rule itself cannot be computed."""
        return self.blurred if self.enmeshed is None or self.label == BLURRED else self.enmeshed


def _state(respondent: _Respondent) -> PatternState:
    judged = _judge(respondent)
    steps = steps_at(
        respondent.history,
        respondent.blur.track.waves_seen,
        [each.probability for each in judged],
        [each.level for each in judged],
    )
    parts = (respondent.blur, respondent.need, respondent.partner_blur)
    state = PatternState(
        pattern=NAME,
        subject=respondent.member,
        label=judged[-1].label if judged else NAME,
        basis=respondent.basis(),
        steps=steps,
        events=events(steps),
        not_computed=tuple(row for part in parts for row in part.observed.missing),
    )
    return state.with_evidence(_evidence(respondent, state) if steps else evidence.summary(state) | {"reasons": []})


def _judge(respondent: _Respondent) -> list[_Judgement]:
    positions = respondent.blur.track.waves_seen
    enmeshed = [respondent.enmeshed(position) for position in positions]
    blurred = [respondent.blurred(position) for position in positions]
    enmeshed_levels = levels((probability or 0, respondent.rule) for probability in enmeshed)
    blurred_levels = levels((probability, respondent.rule) for probability in blurred)
    return list(map(_Judgement, enmeshed, blurred, enmeshed_levels, blurred_levels))


def _evidence(respondent: _Respondent, state: PatternState) -> Json:
    """The snapshot as of the last wave that had something to say."""
    position, track, wave = respondent.last, respondent.blur.track, respondent.history.waves[respondent.last]
    found = evidence.summary(state) | {
        "quantity": evidence.estimated(respondent.rule.quantity, track, position, respondent.rule.size),
        "companions": [
            evidence.estimated(name, companion, position, size)
            for name, companion, size in respondent.companions
            if companion.informants(position)
        ],
        "path": evidence.path(state, respondent.history.waves, track),
        "scores": evidence.score_rows(wave, ("blur", "need"), respondent.thresholds),
        "items": [evidence.answer_row(wave, {"a": item, "b": item}) for item in (*BLUR_ITEMS, *NEED_ITEMS)],
        "clears": evidence.clearing(track, position, respondent.rule),
        "thresholds": evidence.judged_with(respondent.thresholds, NAME),
    }
    return found | {"reasons": _reasons(respondent, state, found)}


def _reasons(respondent: _Respondent, state: PatternState, found: Json) -> list[Json]:
    sure = evidence.how_sure(state, respondent.history.waves, respondent.rule)
    if state.level is Level.NONE:
        return sure
    return [
        {"code": "blurred", "subject": state.subject, **found["quantity"]},
        *_with_it(state, found["companions"]),
        *sure,
        *evidence.trend(found["path"]),
        *_telling_answers(state.subject, found["items"]),
        *_one_view(state),
        {"code": "would_clear", **found["clears"]},
        {"code": "other_readings", "readings": list(OTHER_READINGS)},
    ]


def _with_it(state: PatternState, companions: list[Json]) -> list[Json]:
    """The companions that are more likely than not; that there is none, where blur stands alone."""
    if state.label == BLURRED:
        return [{"code": "blur_alone", "subject": state.subject, "partner": partner_of(state.subject)}]
    return [
        {"code": f"{each['quantity']}_too", "subject": state.subject, "partner": partner_of(state.subject), **each}
        for each in companions
        if each["probability"] >= 0.5
    ]


def _telling_answers(member: Member, rows: list[Json]) -> list[Json]:
    """The answers that say it most plainly: "often" or more of what blurs, "rarely" or less of what does not."""
    weighed = [(_keyed(row["items"][member], row["answers"].get(member)), row) for row in rows]
    strongest = sorted((each for each in weighed if each[0] >= 3), key=lambda each: -each[0])
    return [
        {"code": "seen_in_answer", "subject": member, **row} for _, row in strongest[: evidence.NAMED_IN_A_SENTENCE]
    ]


def _keyed(item: str, answer: object) -> int:
    """The answer turned so that more means more blur or need; 0 when there is none."""
    if not isinstance(answer, int):
        return 0
    return 4 - answer if item in REVERSED else answer


def _one_view(state: PatternState) -> list[Json]:
    if state.basis == "both":
        return []
    return [{"code": "one_view", "reporter": state.subject, "silent": partner_of(state.subject)}]
