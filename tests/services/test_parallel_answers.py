"""Many requests at the same moment, on a real server's locks: one response, one receipt."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import connection

from assessments.models import Response, Score
from counseling.models import AuditEvent, FollowUp
from tests.counseling.web.visitor import Visitor
from tests.couples import enrolled, wave

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 50


@pytest.fixture
def follow_up() -> FollowUp:
    return wave(enrolled(), 1)[0]


@pytest.fixture(autouse=True)
def _opened(follow_up: FollowUp) -> Any:
    with time_machine.travel(follow_up.due_at + timedelta(hours=1), tick=False):
        yield


def at_once(visitors: list[Visitor], do: Callable[[Visitor], Any]) -> list[Any]:
    """Have everybody do it at the same moment, each on a connection of their own."""
    barrier = Barrier(len(visitors))

    def take_part(visitor: Visitor) -> Any:
        barrier.wait(30)
        try:
            return do(visitor)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(visitors)) as threads:
        return list(threads.map(take_part, visitors))


def windows(follow_up: FollowUp) -> list[Visitor]:
    """As many windows of the same person, all on the introduction."""
    visitors = [Visitor(follow_up) for _ in range(AT_ONCE)]
    for visitor in visitors:
        visitor.open()
    return visitors


def test_many_starts_make_one_draft(follow_up):
    pages = at_once(windows(follow_up), lambda visitor: visitor.press({"language": "en"}))
    assert {page.status_code for page in pages} == {200}
    assert Response.objects.count() == 1
    assert AuditEvent.objects.filter(action="follow_up.opened").count() == 1


def test_many_submits_make_one_response_and_the_same_receipt(follow_up):
    visitors = windows(follow_up)
    visitors[0].press({"language": "en"})
    for visitor in visitors:
        visitor.skip_to("check/")
    pages = at_once(visitors, lambda visitor: visitor.press())
    assert len({page.content for page in pages}) == 1
    assert "Your answers have arrived" in pages[0].text
    assert (Response.objects.count(), Score.objects.count()) == (1, 11)
    assert AuditEvent.objects.filter(action="follow_up.completed").count() == 1
    assert follow_up.ledger.filter(kind="answered").count() == 1


def test_many_windows_saving_differently_leave_one_of_the_pages_whole(follow_up):
    visitors = windows(follow_up)
    visitors[0].press({"language": "en"})
    for visitor in visitors:
        visitor.visit(visitor.below("1/"))
    chosen = {id(visitor): number % 5 for number, visitor in enumerate(visitors)}
    pages = at_once(
        visitors, lambda visitor: visitor.fill(dict.fromkeys(["n1", "n2", "n3", "n4"], chosen[id(visitor)]))
    )
    answers = Response.objects.get().answers
    assert len(set(answers.values())) == 1
    won = [chosen[id(visitor)] for visitor, page in zip(visitors, pages, strict=True) if page.status_code == 200]
    assert set(won) == set(answers.values())
    assert {page.status_code for page in pages} == {200, 409}
