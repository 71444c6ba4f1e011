from __future__ import annotations

from threading import get_ident

import pytest

from counseling.enums import DeliveryState
from counseling.models import Delivery
from counseling.outbox.aside import Aside
from counseling.outbox.claiming import claim_due
from counseling.outbox.drain import drain
from counseling.transport import Outcome, Verdict
from tests.counseling.outbox.mailing import MORNING, ScriptedTransport, queued

ELSEWHERE = pytest.mark.django_db(transaction=True)


def fails() -> None:
    raise LookupError("first")


def fails_too() -> None:
    raise LookupError("second")


@pytest.mark.django_db
def test_within_a_transaction_jobs_are_done_at_once_and_in_place():
    with Aside() as aside:
        assert aside.do(get_ident).result() == get_ident()


@ELSEWHERE
def test_jobs_are_done_in_order_and_none_after_one_that_failed():
    done: list[str] = []
    with Aside() as aside:
        aside.do(done.append, "begun")
        aside.do(fails)
        later = [aside.do(done.append, "never"), aside.do(fails_too)]
        for job in later:
            with pytest.raises(LookupError, match="first"):
                job.result()
        with pytest.raises(LookupError, match="first"):
            aside.finish()
    assert done == ["begun"]


@ELSEWHERE
def test_a_failure_to_write_down_answers_ends_the_sending_before_more_is_handed_over(monkeypatch, settings):
    settings.COUNSELING = {**settings.COUNSELING, "CLAIM_BATCH": 2}
    for _ in range(3):
        queued()
    monkeypatch.setattr("counseling.outbox.sending.settle", lambda *_args, **_kwargs: fails())
    transport = ScriptedTransport()
    with pytest.raises(LookupError, match="first"):
        drain(clock=lambda: MORNING, transport=lambda: transport)
    assert len(transport.sent) == 1
    assert Delivery.objects.filter(state=DeliveryState.HANDOFF).count() == 1


@ELSEWHERE
def test_what_was_claimed_ahead_is_put_back_when_the_sending_stops(settings):
    settings.COUNSELING = {**settings.COUNSELING, "CLAIM_BATCH": 1}
    for _ in range(3):
        queued()
    drain(clock=lambda: MORNING, transport=lambda: ScriptedTransport(Outcome(Verdict.UNKNOWN)))
    assert len(claim_due("another", now=MORNING, limit=10)) == 2
