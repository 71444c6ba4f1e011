"""What one person answered on one occasion: every question as it was asked, in its order, and the scores with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import get_language_info

from assessments.alerts import raised_alerts
from assessments.answers import visible_in
from assessments.definition import Block, Definition, DisplayItem, text_for
from assessments.definition.items import Points
from assessments.models import Response
from assessments.wording import Words
from counseling.models import FollowUp

if TYPE_CHECKING:
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
    """One scale in the reader's language; ``ends`` is None where its score has no end."""

    title: str
    band: str
    ends: Points | None
    working: ScaleWorking


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


def answers_page(follow_up: FollowUp, *, language: str) -> AnswersPage:
    """The whole of a submitted response; one query, where the response and its version are not joined already."""
    from assessments.working import working_of  # numpy: nothing that the web server need load to start

    response = follow_up.response
    if response is None:
        raise ValueError("only what was answered can be shown")
    definition = response.version.definition
    words = Words(definition, response.language, response.other_term)
    return AnswersPage(
        title=text_for(definition.title, language),
        notice=text_for(definition.notice, language) if definition.notice else "",
        language=words.language,
        asked_in=_language_name(words.language),
        response=response,
        blocks=tuple(block for each in definition.blocks if (block := _block(each, words, response)).lines),
        scales=tuple(
            ScoreLine(
                text_for(working.scale.title, language),
                text_for(working.band.label, language) if working.band else "",
                definition.score_ends(working.scale),
                working,
            )
            for working in working_of(definition, response.answers)
        ),
    )


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
