"""What one person answered on one occasion: every question as it was asked, in its order, and the scores with it."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from django.utils.translation import get_language_info

from assessments.alerts import raised_alerts
from assessments.answers import visible_in
from assessments.change import band
from assessments.definition import Block, Definition, DisplayItem, text_for
from assessments.definition.items import Points
from assessments.models import Response, Score
from assessments.queries import latest_scores
from assessments.wording import Words
from counseling.models import FollowUp

if TYPE_CHECKING:
    from assessments.scoring import ScaleScore
    from assessments.working import ScaleWorking


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """``answer`` is empty where the question was left open. ``alarming``: a person must look at it."""

    question: str
    answer: str
    alarming: bool


@dataclass(frozen=True, slots=True)
class AnsweredBlock:
    """One page as it was shown; ``private`` ones ask what nobody else should see."""

    title: str
    private: bool
    lines: tuple[AnswerLine, ...]


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One scale in the reader's language; ``ends`` is None where its score has no end.

    ``score`` is the one that was stored, and stood everywhere else; ``working`` how today's rules come to theirs.
    ``error_band`` is None where no error is known.
    """

    title: str
    band: str
    ends: Points | None
    score: Score | ScaleScore
    error_band: Points | None
    working: ScaleWorking

    @property
    def differs(self) -> bool:
        """Whether the answers would score differently today: it is for staff to know, and for ``rescore`` to mend."""
        return self.score.value != self.working.score.value


@dataclass(frozen=True, slots=True)
class AnswersPage:
    """``language`` is the one it was asked in, which the questions keep, and ``asked_in`` its name.

    ``notice`` stands wherever a score is shown.
    """

    title: str
    notice: str
    language: str
    asked_in: str
    response: Response
    blocks: tuple[AnsweredBlock, ...]
    scales: tuple[ScoreLine, ...]

    @property
    def is_prorated(self) -> bool:
        return any(line.score.prorated for line in self.scales)


def answers_page(follow_up: FollowUp, *, language: str) -> AnswersPage:
    """The whole of a submitted response; two queries, where the response and its version are joined already."""
    from assessments.working import working_of  # numpy: nothing that the web server need load to start

    response = follow_up.response
    if response is None:
        raise ValueError("only what was answered can be shown")
    definition = response.version.definition
    words = Words(definition, response.language, response.other_term)
    stored = latest_scores([response.pk]).get(response.pk, {})
    return AnswersPage(
        title=text_for(definition.title, language),
        notice=text_for(definition.notice, language) if definition.notice else "",
        language=words.language,
        asked_in=_language_name(words.language),
        response=response,
        blocks=tuple(block for each in definition.blocks if (block := _block(each, words, response)).lines),
        scales=tuple(
            _score_line(definition, working, stored.get(working.scale.id), language)
            for working in working_of(definition, response.answers)
        ),
    )


def _score_line(definition: Definition, working: ScaleWorking, stored: Score | None, language: str) -> ScoreLine:
    scale, score = working.scale, stored or working.score
    reached = scale.band(score.value) if score.value is not None else None
    ends = definition.score_ends(scale)
    return ScoreLine(
        title=text_for(scale.title, language),
        band=text_for(reached.label, language) if reached else "",
        ends=ends,
        score=score,
        error_band=_error_band(score, ends),
        working=working,
    )


def _error_band(score: Score | ScaleScore, ends: Points | None) -> Points | None:
    if score.value is None or score.sem is None:
        return None
    low, high = ends or (-inf, inf)
    return band(score.value, score.sem, low=low, high=high)


def _language_name(code: str) -> str:
    """In the reader's language; the code itself where Django does not know it."""
    try:
        return str(get_language_info(code.lower())["name_translated"])
    except KeyError:
        return code


def _block(block: Block, words: Words, response: Response) -> AnsweredBlock:
    definition: Definition = words.definition
    raised = raised_alerts(definition, response.answers, submitted=response.submitted_at is not None)
    alarming = {alert.item for alert in raised}
    lines = tuple(
        AnswerLine(words.of(item.text), words.answer(item, response.answers.get(item.id, "")), item.id in alarming)
        for item in visible_in(definition, block, response.answers, seed=str(response.pk))
        if not isinstance(item, DisplayItem)
    )
    return AnsweredBlock(words.of(definition.heading(block)), definition.is_private(block), lines)
