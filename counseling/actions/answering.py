"""What a client does with a follow-up: begin, save page by page, and send it, once."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import datetime
from typing import Any

from assessments import exceptions as refused
from assessments.actions import responses
from assessments.models import Response
from counseling.actions.base import action, move, record
from counseling.enums import DeliveryEventKind, FollowUpStatus
from counseling.exceptions import IllegalMove, InvalidInput, LinkUnusable, StaleState
from counseling.models import FollowUp
from counseling.outbox.ledger import note_follow_ups
from counseling.outbox.settling import resolve_by_use
from counseling.transitions import FOLLOW_UP


@action
def start_answering(follow_up: FollowUp, *, language: str, now: datetime) -> Response:
    """Open the draft, in this language. Starting again returns the one there is.

    Whoever uses the link has got the email: what was unknown about its delivery is settled.
    Raises `LinkUnusable` once the follow-up expired or ended.
    """
    # Not joined with its draft: after waiting for the row, PostgreSQL would join what was there before.
    rows = FollowUp.objects.select_related("version", "step").select_for_update(of=("self",))
    current = rows.get(pk=follow_up.pk)
    if current.response is not None:
        return current.response
    _check_answerable(current, now)
    resolve_by_use(current, now=now)
    draft = responses.start_response(current.version, language=language, other_role=current.other_role, now=now)
    move(current, FollowUpStatus.OPENED, table=FOLLOW_UP, opened_at=now, response=draft)
    note_follow_ups([current.pk], DeliveryEventKind.OPENED, at=now)
    record("follow_up.opened", current, by=None, now=now)
    return draft


@action
def save_block(
    follow_up: FollowUp, block_id: str, *, answers: Mapping[str, Any], revision: int, now: datetime
) -> Response:
    """Save one page of the draft, complete or not; the draft as it now stands.

    The draft's own revision and time are its trace: only starting and sending are audited.
    Raises `LinkUnusable` once expired, `StaleState` when another tab saved something else meanwhile, `InvalidInput`.
    """
    _check_answerable(follow_up, now)
    draft = _draft_of(follow_up)
    block = next((block for block in follow_up.version.definition.blocks if block.id == block_id), None)
    if block is None or not answers.keys() <= {item.id for item in block.items}:
        raise InvalidInput(f"{block_id}: these answers belong to no such block")
    try:
        return responses.save_answers(draft, answers=answers, revision=revision, now=now)
    except (refused.StaleState, refused.IllegalMove) as error:
        raise StaleState("the draft moved on in another tab") from error
    except refused.InvalidAnswers as error:
        raise InvalidInput(str(error)) from error


def change_language(follow_up: FollowUp, *, language: str) -> Response:
    """Go on with the draft in another language. Raises `StaleState` when it was sent meanwhile."""
    try:
        return responses.change_language(_draft_of(follow_up), language=language)
    except (refused.StaleState, refused.IllegalMove) as error:
        raise StaleState("the draft moved on in another tab") from error


@action
def submit_follow_up(follow_up: FollowUp, *, now: datetime) -> FollowUp:
    """Send the draft: one response, scored once, its patterns evaluated, all in this transaction.

    Of parallel calls one does it; the others wait and return the same receipt, also when it expired meanwhile.
    Raises `LinkUnusable`, and `assessments.exceptions.InvalidAnswers` naming what is still to be answered; the
    follow-up passed in is left as it was.
    """
    current = copy(follow_up) if follow_up.response else _read_again(follow_up)
    if current.status == FollowUpStatus.COMPLETED:
        return current
    _check_answerable(current, now)
    draft = _draft_of(current)
    try:
        move(current, FollowUpStatus.COMPLETED, table=FOLLOW_UP, completed_at=now)
    except StaleState:
        current = _read_again(follow_up)
        if current.status == FollowUpStatus.COMPLETED:
            return current
        raise
    current.response = responses.submit_joining(draft, now=now)
    note_follow_ups([current.pk], DeliveryEventKind.ANSWERED, at=now)
    record("follow_up.completed", current, by=None, now=now)
    return current


def _read_again(follow_up: FollowUp) -> FollowUp:
    return FollowUp.objects.select_related("version", "response").get(pk=follow_up.pk)


def _check_answerable(follow_up: FollowUp, now: datetime) -> None:
    if not follow_up.is_answerable(now):
        raise LinkUnusable("this follow-up takes no answers any more")


def _draft_of(follow_up: FollowUp) -> Response:
    if follow_up.response is None:
        raise IllegalMove("answering starts with start_answering")
    return follow_up.response
