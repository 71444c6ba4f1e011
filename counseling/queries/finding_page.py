"""Everything a person needs to judge one finding: its evidence in words and names, and what was decided before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assessments.definition import Definition, text_for
from assessments.models import Response
from assessments.wording import Words, answer_in_words
from counseling.enums import Pattern
from counseling.explanations import Sentence, explain
from counseling.models import Client, Finding, FindingEvent, FollowUp, Review
from counseling.queries.history import member_of

MEMBERS = ("a", "b")
GAPS = frozenset({"couple_gap", "respondent_gap"})
CLEARING = frozenset({"would_clear", "only_a_person_lifts_it"})
OTHERWISE = frozenset({"other_readings"})
UNKNOWN = frozenset({"not_computed"})


@dataclass(frozen=True, slots=True)
class Explanation:
    """The evidence in sentences: what was seen, what would clear it, other readings, what could not be computed."""

    seen: tuple[str, ...] = ()
    clearing: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @classmethod
    def of(cls, sentences: Sequence[Sentence]) -> Explanation:
        def those(codes: frozenset[str]) -> tuple[str, ...]:
            return tuple(sentence.text for sentence in sentences if sentence.code in codes)

        seen = frozenset(sentence.code for sentence in sentences) - CLEARING - OTHERWISE - UNKNOWN
        return cls(those(seen), those(CLEARING), those(OTHERWISE), those(UNKNOWN))


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One question with the answers in words, person by person; None for who did not answer it that time.

    ``about`` is whose doing a mirrored question asks about, and then ``question`` is in that person's own words.
    """

    about: Client | None
    question: str
    answers: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Alarm:
    """An answer that a person must look at."""

    question: str
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ScoreRow:
    title: str
    person: Client
    value: float
    low: float
    high: float
    prorated: bool


@dataclass(frozen=True, slots=True)
class PathRow:
    """The estimate after one wave: its band, how sure the pattern was by then, and who had reported."""

    at: datetime
    value: float
    low: float
    high: float
    probability: float | None
    level: str
    reporters: tuple[Client, ...]


@dataclass(frozen=True, slots=True)
class FindingPage:
    """``suspending``: the safety findings of the case that nobody has signed off.

    While there are any, a finding that compares the two is suspended: it comes without evidence. ``giver`` is who
    appears to give more, None where that is no member of the case or nothing of the kind was seen.
    """

    people: tuple[Client, ...]
    suspending: tuple[Finding, ...]
    is_suspended: bool
    explanation: Explanation
    alarms: tuple[Alarm, ...]
    answers: tuple[AnswerRow, ...]
    scores: tuple[ScoreRow, ...]
    path: tuple[PathRow, ...]
    size: float
    is_gap: bool
    giver: Client | None
    events: tuple[FindingEvent, ...]
    reviews: tuple[Review, ...]
    read: tuple[FollowUp, ...]


def finding_page(finding: Finding, *, language: str) -> FindingPage:
    """The page of a finding whose case comes with its people joined. Four queries, however much evidence there is."""
    suspending = tuple(Finding.objects.suspending().filter(case=finding.case_id).order_by("raised_at"))
    is_suspended = bool(suspending) and finding.pattern != Pattern.SAFETY
    evidence = {} if is_suspended else finding.evidence
    asked = _asked(evidence)
    words = _Words(finding, asked, language)
    quantity = evidence.get("quantity", {})
    return FindingPage(
        people=finding.case.members,
        suspending=suspending,
        is_suspended=is_suspended,
        explanation=words.explanation(evidence),
        alarms=tuple(words.alarm(row) for row in evidence.get("items", ()) if "item" in row),
        answers=words.answer_rows([row for row in evidence.get("items", ()) if "items" in row]),
        scores=tuple(map(words.score_row, evidence.get("scores", ()))),
        path=tuple(map(words.path_row, evidence.get("path", ()))),
        size=quantity.get("size", 0),
        is_gap=quantity.get("quantity") in GAPS,
        giver=words.people.get(evidence.get("giver", "")),
        events=tuple(finding.events.select_related("thresholds").defer("evidence")),
        reviews=tuple(finding.reviews.select_related("by").defer("evidence")),
        read=tuple(asked.values()),
    )


def _asked(evidence: Mapping[str, Any]) -> dict[str, FollowUp]:
    """The answered follow-ups that the evidence refers to, by the response's id."""
    rows = (*evidence.get("scores", ()), *evidence.get("items", ()))
    references = {row["reference"] for row in rows if row.get("reference")}
    found = FollowUp.objects.filter(response__in=references).select_related("response__version", "client")
    return {str(follow_up.response_id): follow_up for follow_up in found.order_by("due_at")}


class _Words:
    """Turns the letters, ids and numbers of the evidence into names and words."""

    def __init__(self, finding: Finding, asked: Mapping[str, FollowUp], language: str) -> None:
        self.language = language
        self.people = dict(zip(MEMBERS, finding.case.members, strict=False))
        self.asked = asked
        self.latest: dict[str, Response] = {
            member_of(finding.case, one.client_id): one.response for one in asked.values() if one.response
        }

    def explanation(self, evidence: Mapping[str, Any]) -> Explanation:
        if "reasons" not in evidence:
            return Explanation()
        sentences = explain(
            evidence,
            names={member: person.given_name for member, person in self.people.items()},
            question=lambda member, item: self._question(self.latest.get(member), item),
            answer=lambda member, item, value: self._answer(self.latest.get(member), item, value),
        )
        return Explanation.of(sentences)

    def answer_rows(self, rows: Sequence[Mapping[str, Any]]) -> tuple[AnswerRow, ...]:
        """Those about one person's doing together, in the order of the evidence."""
        found = [self._answer_row(row) for row in rows]
        turns = {row.about: turn for turn, row in reversed(list(enumerate(found)))}
        return tuple(sorted(found, key=lambda row: turns[row.about]))

    def alarm(self, row: Mapping[str, Any]) -> Alarm:
        follow_up = self.asked.get(row["reference"])
        response = follow_up.response if follow_up else None
        return Alarm(
            question=self._question(response, row["item"]),
            answer=self._answer(response, row["item"], row["answer"]),
            at=datetime.fromisoformat(row["at"]),
        )

    def score_row(self, row: Mapping[str, Any]) -> ScoreRow:
        definition = self._definition(row["reference"])
        return ScoreRow(
            title=text_for(definition.scale(row["scale"]).title, self.language) if definition else row["scale"],
            person=self.people[row["member"]],
            value=row["value"],
            low=max(row["low"], 0),
            high=min(row["high"], 100),
            prorated=row["prorated"],
        )

    def path_row(self, row: Mapping[str, Any]) -> PathRow:
        return PathRow(
            at=datetime.fromisoformat(row["at"]),
            value=row["value"],
            low=row["low"],
            high=row["high"],
            probability=row["probability"],
            level=row["level"],
            reporters=tuple(self.people[member] for member in row["reporters"]),
        )

    def _answer_row(self, row: Mapping[str, Any]) -> AnswerRow:
        items, answers = row["items"], row["answers"]
        speaker = next((member for member in (row["about"], *MEMBERS) if member in items and member in self.latest), "")
        return AnswerRow(
            about=self.people.get(row["about"] or ""),
            question=self._question(self.latest.get(speaker), items.get(speaker, "")),
            answers=tuple(
                self._answer(self.latest.get(member), items[member], answers[member]) if member in answers else None
                for member in self.people
            ),
        )

    def _question(self, response: Response | None, item_id: str) -> str:
        """As this person was asked it, in the reader's language; the bare id when it is no longer known."""
        if response is None or response.version.definition.question(item_id) is None:
            return item_id
        definition = response.version.definition
        return Words.about(definition, self.language, response.other_role).question(definition.item(item_id))

    def _answer(self, response: Response | None, item_id: str, answer: object) -> str:
        if response is None or response.version.definition.question(item_id) is None:
            return str(answer)
        definition = response.version.definition
        return answer_in_words(definition, definition.item(item_id), answer, self.language, response.other_role)

    def _definition(self, reference: str) -> Definition | None:
        follow_up = self.asked.get(reference)
        return follow_up.response.version.definition if follow_up and follow_up.response else None
