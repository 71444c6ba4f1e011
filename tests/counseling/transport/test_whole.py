from __future__ import annotations

import pytest

from counseling.transport import Outcome, TransportUnavailable, Verdict
from counseling.transport.whole import WholeTransport
from tests.counseling.transport.letters import HEADERS, ONE, Permission, letter, send


class Provider:
    """A backend that does what it is told, and keeps what it was given."""

    def __init__(self, answer: int | Exception = 1) -> None:
        self.answer = answer
        self.taken = []

    def open(self) -> None:
        if isinstance(self.answer, Exception):
            raise self.answer

    def close(self) -> None:
        self.taken.append("closed")

    def send_messages(self, messages):
        if isinstance(self.answer, Exception):
            raise self.answer
        self.taken += messages
        return self.answer


class ApiError(Exception):
    def __init__(self, status_code: int) -> None:
        self.status_code = status_code


def test_leave_is_asked_before_the_call():
    provider = Provider()
    permission = Permission(at_handoff=[lambda: seen.append(len(provider.taken))])
    seen: list[int] = []
    assert send(WholeTransport(provider), letter(), permission) == Outcome(Verdict.ACCEPTED)
    assert (seen, len(provider.taken)) == ([0], 1)


def test_without_leave_there_is_no_call():
    provider = Provider()
    assert send(WholeTransport(provider), letter(), Permission({ONE})) == Outcome(Verdict.WITHHELD)
    assert provider.taken == []


def test_the_backend_is_given_the_whole_message():
    provider = Provider()
    send(WholeTransport(provider), letter(), Permission())
    (message,) = provider.taken
    assert (message.to, message.from_email) == (["ada@mail.example"], "Harbor office <follow-up@clinic.example>")
    assert (message.subject, message.extra_headers) == ("A few questions", HEADERS)
    assert [(part.content, part.mimetype) for part in message.alternatives] == [("<p>Hello</p>", "text/html")]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (0, Outcome(Verdict.DEFERRED)),
        (ApiError(429), Outcome(Verdict.DEFERRED, 429)),
        (ApiError(422), Outcome(Verdict.REFUSED, 422)),
        (ApiError(401), Outcome(Verdict.SETUP_REFUSED, 401)),
        (ApiError(502), Outcome(Verdict.UNKNOWN)),
        (TimeoutError(), Outcome(Verdict.UNKNOWN)),
    ],
)
def test_only_what_a_provider_says_for_certain_is_taken_for_certain(answer, outcome):
    assert send(WholeTransport(Provider(answer)), letter(), Permission()) == outcome


def test_an_address_that_is_none_is_not_handed_over():
    permission = Permission()
    assert send(WholeTransport(Provider()), letter(recipient="nobody"), permission) == Outcome(Verdict.REFUSED)
    assert permission.asked == []


def test_a_backend_that_does_not_open_is_unavailable():
    with pytest.raises(TransportUnavailable):
        WholeTransport(Provider(ApiError(503))).open(16)


def test_the_backend_is_closed_when_the_work_is_done():
    provider = Provider()
    transport = WholeTransport(provider)
    transport.open(16)
    transport.close()
    assert provider.taken == ["closed"]
