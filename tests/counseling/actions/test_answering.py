from __future__ import annotations

from datetime import timedelta

import pytest

from assessments.exceptions import InvalidAnswers
from assessments.models import Response, Score
from assessments.signals import response_submitted
from counseling.actions.answering import change_language, save_block, start_answering, submit_follow_up
from counseling.enums import DeliveryKind, DeliveryState, FollowUpStatus
from counseling.exceptions import IllegalMove, InvalidInput, LinkUnusable, StaleState
from counseling.models import AuditEvent, Delivery, FollowUp
from tests.assessments.factories import full_answers
from tests.couples import enrolled, wave

pytestmark = pytest.mark.django_db

PAGE = {"n1": 1, "n2": 2, "n3": None, "n4": 4}


@pytest.fixture
def follow_up():
    """Due, and nobody knows yet whether its email arrived."""
    return wave(enrolled(), 1)[0]


@pytest.fixture
def now(follow_up):
    return follow_up.due_at + timedelta(hours=1)


@pytest.fixture
def started(follow_up, now):
    start_answering(follow_up, language="en", now=now)
    return read(follow_up)


@pytest.fixture
def complete(started, now):
    for block in started.version.definition.blocks:
        draft = started.response
        answers = {item.id: full_answers()[item.id] for item in block.items}
        started.response = save_block(started, block.id, answers=answers, revision=draft.revision, now=now)
    return read(started)


def read(follow_up):
    return FollowUp.objects.select_related("version", "response").get(pk=follow_up.pk)


def ledger(follow_up):
    return list(follow_up.ledger.order_by("id").values_list("kind", "detail"))


# --- Start ---------------------------------------------------------------------------------------


def test_starting_opens_the_follow_up_and_a_draft_in_the_language(follow_up, now):
    draft = start_answering(follow_up, language="es", now=now)
    current = read(follow_up)
    assert (current.status, current.sent_at, current.opened_at, current.response) == ("opened", now, now, draft)
    assert (draft.language, draft.other_term, draft.version_id) == ("es", "mi pareja", follow_up.version_id)
    assert ledger(follow_up) == [("planned", ""), ("opened", "")]
    assert AuditEvent.objects.filter(action="follow_up.opened", subject_id=follow_up.pk, actor=None).count() == 1


def test_one_whose_email_was_accepted_keeps_its_time(follow_up, now):
    FollowUp.objects.filter(pk=follow_up.pk).update(status=FollowUpStatus.SENT, sent_at=follow_up.due_at)
    start_answering(follow_up, language="en", now=now)
    assert (read(follow_up).status, read(follow_up).sent_at) == ("opened", follow_up.due_at)


def test_using_the_link_settles_an_email_of_unknown_fate(follow_up, now):
    uncertain = Delivery.objects.create(
        follow_up=follow_up,
        kind=DeliveryKind.INVITATION,
        state=DeliveryState.UNCERTAIN,
        next_at=follow_up.due_at,
        message_id="one",
        handed_over_at=follow_up.due_at,
        created_at=follow_up.due_at,
    )
    start_answering(follow_up, language="en", now=now)
    uncertain.refresh_from_db()
    assert uncertain.state == "sent"
    assert ledger(follow_up)[1:] == [("accepted", "link_used"), ("opened", "")]


def test_starting_again_returns_the_same_draft(follow_up, started, now):
    again = start_answering(follow_up, language="es", now=now + timedelta(days=1))
    assert (again.pk, again.language, Response.objects.count()) == (started.response.pk, "en", 1)
    assert read(follow_up).opened_at == now


@pytest.mark.parametrize("status", [FollowUpStatus.EXPIRED, FollowUpStatus.CANCELLED, FollowUpStatus.SKIPPED])
def test_one_that_ended_cannot_be_started(follow_up, now, status):
    FollowUp.objects.filter(pk=follow_up.pk).update(status=status, ended_at=now)
    with pytest.raises(LinkUnusable):
        start_answering(follow_up, language="en", now=now)
    assert not Response.objects.exists()


def test_one_whose_time_is_over_cannot_be_started(follow_up):
    with pytest.raises(LinkUnusable):
        start_answering(follow_up, language="en", now=follow_up.expires_at)
    assert read(follow_up).status == "planned"


def test_a_start_that_fails_leaves_nothing(follow_up, now, monkeypatch):
    monkeypatch.setattr("counseling.actions.answering.note_follow_ups", _break)
    with pytest.raises(RuntimeError):
        start_answering(follow_up, language="en", now=now)
    assert (read(follow_up).status, Response.objects.count()) == ("planned", 0)


# --- Save ----------------------------------------------------------------------------------------


def test_a_page_is_merged_into_the_draft(started, now):
    draft = save_block(started, "need", answers=PAGE, revision=0, now=now)
    assert (draft.answers, draft.revision, draft.saved_at) == (PAGE, 1, now)


def test_half_a_page_is_saved_too(started, now):
    assert save_block(started, "need", answers={"n2": 0}, revision=0, now=now).answers == {"n2": 0}


def test_the_same_page_again_changes_nothing(started, now):
    save_block(started, "need", answers=PAGE, revision=0, now=now)
    assert save_block(started, "need", answers=PAGE, revision=0, now=now).revision == 1


def test_another_tabs_page_is_not_overwritten(started, now):
    save_block(started, "need", answers=PAGE, revision=0, now=now)
    with pytest.raises(StaleState):
        save_block(started, "need", answers={**PAGE, "n1": 4}, revision=0, now=now)
    assert Response.objects.get().answers == PAGE


@pytest.mark.parametrize(
    ("block", "answers"), [("nothing", {}), ("need", {"e1": 1}), ("need", {"n1": 9}), ("need", {"n1": "1"})]
)
def test_what_the_block_does_not_ask_is_refused(started, now, block, answers):
    with pytest.raises(InvalidInput):
        save_block(started, block, answers=answers, revision=0, now=now)
    assert Response.objects.get().answers == {}


def test_nothing_is_saved_before_starting(follow_up, now):
    with pytest.raises(IllegalMove):
        save_block(follow_up, "need", answers=PAGE, revision=0, now=now)


def test_nothing_is_saved_once_the_time_is_over(started):
    with pytest.raises(LinkUnusable):
        save_block(started, "need", answers=PAGE, revision=0, now=started.expires_at)
    assert Response.objects.get().answers == {}


def test_nothing_is_saved_after_sending(complete, now):
    submit_follow_up(complete, now=now)
    with pytest.raises(StaleState):
        save_block(complete, "need", answers={"n1": 4}, revision=complete.response.revision, now=now)
    assert Response.objects.get().answers == full_answers()


# --- Language ------------------------------------------------------------------------------------


def test_the_language_changes_and_the_answers_stay(started, now):
    save_block(started, "need", answers=PAGE, revision=0, now=now)
    draft = change_language(started, language="es")
    assert (draft.language, draft.other_term, draft.answers, draft.revision) == ("es", "mi pareja", PAGE, 1)


def test_the_language_of_what_was_sent_stays(complete, now):
    submit_follow_up(complete, now=now)
    with pytest.raises(StaleState):
        change_language(complete, language="es")
    assert Response.objects.get().language == "en"


# --- Submit --------------------------------------------------------------------------------------


def test_submitting_completes_scores_and_notes_it(complete, now):
    sent = submit_follow_up(complete, now=now)
    assert (sent.status, sent.completed_at, sent.response.submitted_at) == ("completed", now, now)
    assert read(complete).status == "completed"
    assert Score.objects.filter(response=sent.response).count() == 11
    assert ledger(complete)[-1] == ("answered", "")
    assert AuditEvent.objects.filter(action="follow_up.completed", subject_id=complete.pk).count() == 1


def test_submitting_again_returns_the_same_receipt(complete, now):
    first = submit_follow_up(complete, now=now)
    again = submit_follow_up(read(complete), now=now + timedelta(days=60))
    assert (again.completed_at, again.response.pk) == (first.completed_at, first.response.pk)
    assert Score.objects.count() == 11


def test_a_parallel_submit_that_read_it_before_gets_the_same_receipt(complete, now):
    late = read(complete)
    first = submit_follow_up(complete, now=now)
    second = submit_follow_up(late, now=now + timedelta(seconds=1))
    assert (second.completed_at, second.response.pk) == (first.completed_at, first.response.pk)
    assert (Score.objects.count(), AuditEvent.objects.filter(action="follow_up.completed").count()) == (11, 1)


def test_one_that_ended_since_it_was_read_is_stale(complete, now):
    FollowUp.objects.filter(pk=complete.pk).update(status=FollowUpStatus.CANCELLED, ended_at=now)
    with pytest.raises(StaleState):
        submit_follow_up(complete, now=now)
    assert Response.objects.get().status == "draft"


def test_an_incomplete_draft_is_refused_naming_what_is_missing(started, now):
    save_block(started, "need", answers=PAGE, revision=0, now=now)
    with pytest.raises(InvalidAnswers) as refused:
        submit_follow_up(started, now=now)
    assert refused.value.problems["e1"] == "required"
    assert (started.status, read(started).status, Response.objects.get().status) == ("opened", "opened", "draft")


def test_nothing_is_submitted_before_starting(follow_up, now):
    with pytest.raises(IllegalMove):
        submit_follow_up(follow_up, now=now)


def test_nothing_is_submitted_once_the_time_is_over(complete):
    with pytest.raises(LinkUnusable):
        submit_follow_up(complete, now=complete.expires_at)
    assert read(complete).status == "opened"


def test_when_a_receiver_fails_nothing_is_submitted(complete, now):
    response_submitted.connect(_break)
    try:
        with pytest.raises(RuntimeError):
            submit_follow_up(complete, now=now)
    finally:
        response_submitted.disconnect(_break)
    assert (read(complete).status, Response.objects.get().status, Score.objects.count()) == ("opened", "draft", 0)
    assert ledger(complete)[-1] == ("opened", "")


def _break(*_, **__):
    raise RuntimeError
