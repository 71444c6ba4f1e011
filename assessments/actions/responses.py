"""Answering a questionnaire: start, save page by page, change the language, submit once, and withdraw."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from assessments import transitions
from assessments.answers import clean_answers, clean_page
from assessments.enums import OtherRole, ResponseStatus
from assessments.exceptions import IllegalMove, StaleState
from assessments.models import InstrumentVersion, Response, Score
from assessments.signals import answers_saved, response_submitted
from assessments.terms import other_term


def start_response(version: InstrumentVersion, *, language: str, other_role: str, now: datetime) -> Response:
    """Open a draft. The version, the language and the words for the other person are pinned from here on.

    A language the questionnaire does not have becomes the one its texts fall back to.
    """
    role, spoken = OtherRole(other_role), version.definition.language_for(language)
    return Response.objects.create(
        version=version, language=spoken, other_role=role, other_term=other_term(role, spoken), started_at=now
    )


@transaction.atomic
def save_answers(response: Response, *, answers: Mapping[str, Any], revision: int, now: datetime) -> Response:
    """Merge one page into the draft and return it as it now stands.

    ``revision`` is the one the page was shown with. Raises InvalidAnswers; IllegalMove when the response is no longer a
    draft; StaleState when another tab saved meanwhile and this page would change something. Saving the same page twice
    is no conflict.
    """
    draft = _locked_draft(response)
    page = clean_page(draft.version.definition, answers)
    merged = {**draft.answers, **page}
    if revision != draft.revision:
        if merged != draft.answers:
            raise StaleState(f"response {draft.pk} was saved elsewhere")
        return draft
    seconds = {**draft.item_seconds, **_seconds_per_item(draft, page, now)}
    _update(draft, answers=merged, item_seconds=seconds, revision=draft.revision + 1, saved_at=now)
    answers_saved.send(Response, response=draft, answers=page)
    return draft


@transaction.atomic
def change_language(response: Response, *, language: str) -> Response:
    """Ask a draft's questions in another language from here on; its answers are codes and stay.

    Raises IllegalMove when the response is no longer a draft.
    """
    draft = _locked_draft(response)
    spoken = draft.version.definition.language_for(language)
    _update(draft, language=spoken, other_term=other_term(draft.other_role, spoken))
    return draft


@transaction.atomic
def submit_response(response: Response, *, now: datetime) -> Response:
    """Make the draft final: check it as a whole, drop what was hidden, score it, tell the receivers.

    Raises InvalidAnswers, StaleState. Submitting again returns the response as it was first submitted.
    """
    return submit_joining(response, now=now)


def submit_joining(response: Response, *, now: datetime) -> Response:
    """`submit_response` as part of the caller's transaction, which has to be given up when this raises."""
    draft = _locked(response)
    if draft.status == ResponseStatus.SUBMITTED:
        return draft
    transitions.check_move(transitions.RESPONSE, draft.status, ResponseStatus.SUBMITTED)
    answers = clean_answers(draft.version.definition, draft.answers)
    _update(draft, answers=answers, status=ResponseStatus.SUBMITTED, submitted_at=now)
    response_submitted.send(Response, response=draft, scores=_store_scores(draft))
    return draft


@transaction.atomic
def withdraw_response(response: Response, *, now: datetime) -> Response:
    """Take a submitted response out of everything computed from now on. Raises IllegalMove, StaleState."""
    current = _locked(response)
    transitions.check_move(transitions.RESPONSE, current.status, ResponseStatus.WITHDRAWN)
    _update(current, status=ResponseStatus.WITHDRAWN, withdrawn_at=now)
    return current


def _locked(response: Response) -> Response:
    """The row as it stands, held until the transaction ends where the database can (SQLite has one writer anyway)."""
    rows = Response.objects.select_related("version").select_for_update(of=("self",))
    return rows.get(pk=response.pk)


def _locked_draft(response: Response) -> Response:
    row = _locked(response)
    if row.status != ResponseStatus.DRAFT:
        raise IllegalMove(f"response {row.pk} is {row.status}: only a draft can be changed")
    return row


def _update(row: Response, **values: Any) -> None:
    """The guarded update: from the state and revision last seen, or not at all."""
    seen = Response.objects.filter(pk=row.pk, status=row.status, revision=row.revision)
    if not seen.update(**values):
        raise StaleState(f"response {row.pk} moved on")
    for name, value in values.items():
        setattr(row, name, value)


def _seconds_per_item(draft: Response, page: Mapping[str, Any], now: datetime) -> dict[str, float]:
    """The time since the page before, spread evenly over this page's items; needs no script in the browser."""
    elapsed = (now - (draft.saved_at or draft.started_at)).total_seconds()
    return {item_id: round(elapsed / len(page), 1) for item_id in page}


def _store_scores(response: Response) -> list[Score]:
    from assessments.scoring import SCORING_VERSION, score_response  # numpy: 0.1 s that only the first submit pays

    return Score.objects.bulk_create(
        Score(response=response, scoring_version=SCORING_VERSION, **score._asdict())
        for score in score_response(response.version.definition, response.answers)
    )
