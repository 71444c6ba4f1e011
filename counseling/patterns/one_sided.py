"""One-sided: one gives far more than comes back. The subject is who gives more.

Both partners' reports together give OS; one alone gives RG, which counts as one person's view and has to be larger
(``thresholds.one_sided``). Once both have reported, the couple's rule holds, also in a later wave of one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import fmean

from counseling.patterns import evidence
from counseling.patterns.base import MEMBERS, Basis, History, Level, Member, NotComputed, PatternState, Step, partner_of
from counseling.patterns.evidence import Json
from counseling.patterns.hysteresis import events, levels, steps_at
from counseling.patterns.thresholds import Rule, Thresholds
from counseling.patterns.tracks import Observed, Track, observe_gap, track_gap

NAME = "one_sided"
PAIRS = (("g1", "v1"), ("g2", "v2"), ("g3", "v3"), ("g4", "v4"), ("g5", "v5"))
"""What I do for the other, and its mirror: what the other does for me. The last pair asks what is put off."""
REVERSED = frozenset({"g5"})
OTHER_READINGS = ("caregiving", "illness", "disability", "new_baby", "work")


def find(history: History, thresholds: Thresholds) -> tuple[PatternState, ...]:
    """One state for each member as the giver; for a single client one, of the direction that stands or is likelier."""
    observed = {member: observe_gap(history, member, thresholds) for member in MEMBERS}
    track = track_gap(history, observed["a"], observed["b"], thresholds)
    states = tuple(_state(_Giver(giver, track.toward(giver), history, observed, thresholds)) for giver in MEMBERS)
    if len(history.members) == 2:
        return states
    return (max(states, key=lambda state: (state.level, state.probability or 0)),)


@dataclass(frozen=True, slots=True)
class _Giver:
    """The couple's gap as it looks from one member: positive when this one gives more."""

    member: Member
    track: Track
    history: History
    observed: dict[Member, Observed]
    thresholds: Thresholds

    @property
    def subject(self) -> Member:
        """Whom the finding is filed under: the giver, or the single client whose view it is."""
        return self.member if self.member in self.history.members else partner_of(self.member)

    @property
    def last(self) -> int:
        """The position of the last wave that had something to say."""
        return self.track.waves_seen[-1]

    def basis(self, position: int) -> Basis:
        return "both" if len(self.track.informants(position)) == 2 else "one_view"

    def rule(self, position: int) -> Rule:
        rules = self.thresholds.one_sided
        return rules.couple if self.basis(position) == "both" else rules.one_view

    def missing(self) -> tuple[NotComputed, ...]:
        return tuple(row for member in MEMBERS for row in self.observed[member].missing)


def _state(giver: _Giver) -> PatternState:
    steps = _steps(giver)
    state = PatternState(
        pattern=NAME,
        subject=giver.subject,
        label=NAME,
        basis=giver.basis(len(giver.history.waves)),
        steps=steps,
        events=events(steps),
        not_computed=giver.missing(),
    )
    return state.with_evidence(_evidence(giver, state) if steps else evidence.summary(state) | {"reasons": []})


def _steps(giver: _Giver) -> tuple[Step, ...]:
    positions = giver.track.waves_seen
    rules = [giver.rule(position) for position in positions]
    sure = [giver.track.probability_above(rule.size, at) for rule, at in zip(rules, positions, strict=True)]
    return steps_at(giver.history, positions, sure, levels(zip(sure, rules, strict=True)))


def _evidence(giver: _Giver, state: PatternState) -> Json:
    """The snapshot as of the last wave that had something to say."""
    position, rule, wave = giver.last, giver.rule(giver.last), giver.history.waves[giver.last]
    found = evidence.summary(state) | {
        "giver": giver.member,
        "receiver": partner_of(giver.member),
        "quantity": evidence.estimated(rule.quantity, giver.track, position, rule.size),
        "observed": _observed_gap(giver),
        "dispute": _dispute(giver),
        "path": evidence.path(state, giver.history.waves, giver.track),
        "scores": evidence.score_rows(wave, ("giving", "receiving"), giver.thresholds),
        "items": [row for pair in _pairs(giver) for row in pair],
        "balance": evidence.answer_row(wave, {"a": "balance", "b": "balance"}),
        "clears": evidence.clearing(giver.track, position, rule),
        "thresholds": evidence.judged_with(giver.thresholds, NAME),
    }
    return found | {"reasons": _reasons(giver, state, found)}


def _reported(giver: _Giver) -> dict[Member, tuple[float, float]]:
    """Each reporter's own gap in the last wave with the variance of its error."""
    return {
        member: (giver.observed[member].values[giver.last], giver.observed[member].error_variances[giver.last])
        for member in giver.track.reporters[giver.last]
    }


def _observed_gap(giver: _Giver) -> Json:
    """The last wave alone: OS of two reports, RG of one, positive when this member gives more."""
    reported = _reported(giver)
    toward = fmean(gap if member == giver.member else -gap for member, (gap, _) in reported.items())
    return evidence.banded(toward, math.sqrt(sum(error for _, error in reported.values())) / len(reported))


def _dispute(giver: _Giver) -> Json | None:
    """DV of the last wave: how much more each sees themselves giving than the other notices, and what is usual."""
    reported = _reported(giver)
    if len(reported) < 2:
        return None
    value = fmean(gap for gap, _ in reported.values())
    deviation = math.sqrt(sum(error for _, error in reported.values())) / 2
    usual, size = giver.thresholds.tracking.gap_offset, giver.thresholds.divergence.dispute.size
    return evidence.banded(value, deviation) | {"usual": usual, "size": size, "notable": abs(value - usual) > size}


def _pairs(giver: _Giver) -> list[tuple[Json, Json]]:
    """For each mirrored pair: what this member does for the other, and what the other does in return."""
    wave, me, partner = giver.history.waves[giver.last], giver.member, partner_of(giver.member)
    return [
        (
            evidence.answer_row(wave, {me: gives, partner: receives}, about=me),
            evidence.answer_row(wave, {me: receives, partner: gives}, about=partner),
        )
        for gives, receives in PAIRS
    ]


def _telling_pairs(giver: _Giver) -> list[Json]:
    """The pairs in which it shows most, strongest first."""
    weighed = [(_net(*pair, gives), pair) for pair, (gives, _) in zip(_pairs(giver), PAIRS, strict=True)]
    strongest = sorted((each for each in weighed if each[0] >= 1), key=lambda each: -each[0])
    return [{"does": does, "gets": gets} for _, (does, gets) in strongest[: evidence.NAMED_IN_A_SENTENCE]]


def _net(does: Json, gets: Json, item: str) -> float:
    """How many answer steps this member does more, on the average of what both say; 0 when not both were answered."""
    done, got = ([answer for answer in row["answers"].values() if isinstance(answer, int)] for row in (does, gets))
    if not (done and got):
        return 0
    return (fmean(done) - fmean(got)) * (-1 if item in REVERSED else 1)


def _reasons(giver: _Giver, state: PatternState, found: Json) -> list[Json]:
    sure = evidence.how_sure(state, giver.history.waves, giver.rule(giver.last))
    if state.level is Level.NONE:
        return sure
    people = {"giver": giver.member, "receiver": partner_of(giver.member)}
    return [
        {"code": "gives_more", **people, **found["quantity"]},
        *sure,
        *evidence.trend(found["path"]),
        *({"code": "seen_in_pair", **people, **pair} for pair in _telling_pairs(giver)),
        *_views(giver, state, found),
        {"code": "would_clear", **found["clears"]},
        {"code": "other_readings", "readings": list(OTHER_READINGS)},
    ]


def _views(giver: _Giver, state: PatternState, found: Json) -> list[Json]:
    """Whose view it is, and how far the two views lie apart."""
    if state.basis == "one_view":
        (reporter,) = giver.track.informants(giver.last)
        return [{"code": "one_view", "reporter": reporter, "silent": partner_of(reporter)}]
    if found["dispute"] and found["dispute"]["notable"]:
        return [{"code": "dispute", **found["dispute"]}]
    return []
