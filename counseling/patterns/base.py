"""What the patterns are read from and what they say, as plain values.

A *wave* is one occasion on which a client, or both partners of a couple, were asked. The partners are called ``a`` and
``b``; who they are is known outside. A single client is ``a``; then ``b``, whom the answers are about, is no member.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum
from typing import Any, Literal

from assessments.definition import Alert
from assessments.scoring import ScaleScore

Member = Literal["a", "b"]
MEMBERS: tuple[Member, Member] = ("a", "b")

Basis = Literal["both", "one_view"]
"""Whether both partners' reports speak, or it is one person's view."""

EventKind = Literal["raised", "strengthened", "weakened", "cleared", "reopened"]
Missing = Literal["no_report", "invalid_report", "not_asked", "too_few_answers", "not_answered"]


def partner_of(member: Member) -> Member:
    return "b" if member == "a" else "a"


class Level(IntEnum):
    """How strongly the data speak, from nothing to at once."""

    NONE = 0
    SIGNAL = 1
    PATTERN = 2
    URGENT = 3

    @property
    def code(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One person's answers and scores at an instant.

    ``answers`` as stored: no key is not answered, None is declined. ``alerts`` are the instrument's. A report that is
    not ``valid`` says nothing about patterns and everything about safety. ``left_open`` are the items that were asked
    and sent without an answer, as far as that is a soft signal. ``reference`` finds the response again.
    """

    at: datetime
    answers: Mapping[str, Any] = field(default_factory=dict)
    scores: Mapping[str, ScaleScore] = field(default_factory=dict)
    alerts: tuple[Alert, ...] = ()
    left_open: frozenset[str] = frozenset()
    valid: bool = True
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """One occasion, due ``at``; either report may be missing. ``key`` tells it from every other wave of the history."""

    key: str
    at: datetime
    a: Report | None = None
    b: Report | None = None

    def report(self, member: Member) -> Report | None:
        return self.a if member == "a" else self.b

    def valid_report(self, member: Member) -> Report | None:
        """The member's report when it may speak about patterns."""
        report = self.report(member)
        return report if report is not None and report.valid else None

    def answered_at(self) -> datetime:
        """When the last valid report came in; the wave's own instant when none did."""
        reports = (self.valid_report(member) for member in MEMBERS)
        return max((report.at for report in reports if report is not None), default=self.at)


@dataclass(frozen=True, slots=True)
class History:
    """The waves of one case, oldest first in whatever order they came, and who of the two is a member of it.

    Raises ValueError for a key used twice.
    """

    waves: tuple[Wave, ...]
    members: tuple[Member, ...]

    def __init__(self, waves: Iterable[Wave], members: Iterable[Member] = MEMBERS) -> None:
        ordered = tuple(sorted(waves, key=lambda wave: (wave.at, wave.key)))
        if len({wave.key for wave in ordered}) < len(ordered):
            raise ValueError("two waves of one history have the same key")
        object.__setattr__(self, "waves", ordered)
        object.__setattr__(self, "members", tuple(members))

    def days(self) -> list[float]:
        """When each wave was, in days from the first."""
        return [(wave.at - self.waves[0].at).total_seconds() / 86_400 for wave in self.waves]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotComputed:
    """Something that the data did not allow to compute, which is never the same as "nothing there"."""

    wave: str
    member: Member
    what: str
    why: Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a wave that had something to say came to: the probability (None where none applies), the level after it."""

    wave: str
    at: datetime
    probability: float | None
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A change that the data made."""

    kind: EventKind
    wave: str
    at: datetime
    probability: float | None
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternState:
    """One pattern about one person, as all the waves so far have it.

    ``label`` says it more narrowly than ``pattern`` where there is more to say ("blurred_boundaries"). ``evidence``
    is JSON, without names, and holds everything a person needs to check the finding later. A state without steps says
    nothing at all: ``not_computed`` tells why.
    """

    pattern: str
    subject: Member
    label: str
    basis: Basis
    steps: tuple[Step, ...]
    events: tuple[Event, ...]
    not_computed: tuple[NotComputed, ...]
    evidence: dict[str, Any] = field(default_factory=dict)

    @property
    def level(self) -> Level:
        return self.steps[-1].level if self.steps else Level.NONE

    @property
    def probability(self) -> float | None:
        return self.steps[-1].probability if self.steps else None

    def with_evidence(self, evidence: dict[str, Any]) -> PatternState:
        return replace(self, evidence=evidence)
