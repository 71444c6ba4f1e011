"""Providers' APIs through django-anymail, the network cut off at its lowest seam."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
from anymail.exceptions import AnymailSerializationError, AnymailUnsupportedFeature

from config.mailers import mail_settings
from counseling.transport import Outcome, Verdict, open_transport
from counseling.transport.provider import ASKED_AGAIN, ProviderTransport
from tests.counseling.transport.letters import HEADERS, ONE, Permission, letter, send

REFERENCE = {"delivery": str(ONE), "attempt": "1"}
TAKEN = {
    "postmark": {"To": "ada@mail.example", "MessageID": "m-1", "ErrorCode": 0, "Message": "OK"},
    "resend": {"id": "m-1"},
    "mailtrap": {"success": True, "message_ids": ["m-1"]},
}


class Api:
    """Answers for the provider, and keeps what it was asked. A status, or an error to raise; then the same again."""

    def __init__(self, provider: str, *answers: int | Exception) -> None:
        self.provider = provider
        self.answers = list(answers)
        self.calls: list[dict[str, Any]] = []
        self.refusal: dict[str, Any] = {"message": "no"}

    def request(self, session: requests.Session, **call: Any) -> requests.Response:
        self.calls.append({**call, "headers": {**session.headers, **call.get("headers", {})}})
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        response = requests.Response()
        response.status_code = answer
        response._content = json.dumps(TAKEN[self.provider] if answer == 200 else self.refusal).encode()
        return response

    @property
    def sent(self) -> list[dict[str, Any]]:
        return [json.loads(call["data"]) for call in self.calls]


@pytest.fixture
def provider(settings, monkeypatch):
    """Put a provider with these answers behind the project's mailer; its transport, open, and the API."""

    def use(name: str, *answers: int | Exception) -> tuple[ProviderTransport, Api]:
        settings.ANYMAIL = {
            "POSTMARK_SERVER_TOKEN": "t",
            "RESEND_API_KEY": "k",
            "MAILTRAP_API_TOKEN": "t",
        }
        for key, value in mail_settings(f"anymail.backends.{name}.EmailBackend").items():
            setattr(settings, key, value)
        api = Api(name, *answers)

        def request(session: requests.Session, **call: Any) -> requests.Response:
            return api.request(session, **call)

        monkeypatch.setattr(requests.Session, "request", request)
        transport = open_transport()
        assert isinstance(transport, ProviderTransport)
        transport.open(1)
        return transport, api

    return use


def give(transport: ProviderTransport) -> Outcome | None:
    return send(transport, letter(reference=REFERENCE), Permission())


def test_the_provider_is_given_ids_to_give_back_and_told_not_to_track(provider):
    transport, api = provider("postmark")
    assert give(transport) == Outcome(Verdict.ACCEPTED)
    (sent,) = api.sent
    assert (sent["Metadata"], sent["TrackOpens"], sent["TrackLinks"]) == (REFERENCE, False, "None")
    headers = {header["Name"]: header["Value"] for header in sent["Headers"]}
    assert headers["List-Unsubscribe"] == HEADERS["List-Unsubscribe"]


def test_what_a_provider_cannot_do_is_left_out_and_the_email_leaves(provider):
    """Mailtrap has no switch for tracking in its API."""
    transport, api = provider("mailtrap")
    assert give(transport) == Outcome(Verdict.ACCEPTED)
    assert api.sent[0]["custom_variables"] == REFERENCE


def test_without_leave_no_call_is_made(provider):
    transport, api = provider("postmark")
    assert send(transport, letter(), Permission({ONE})) == Outcome(Verdict.WITHHELD)
    assert api.calls == []


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (422, Outcome(Verdict.REFUSED, 422)),
        (401, Outcome(Verdict.SETUP_REFUSED, 401)),
        (429, Outcome(Verdict.DEFERRED, 429)),
        (500, Outcome(Verdict.UNKNOWN)),
        (requests.Timeout(), Outcome(Verdict.UNKNOWN)),
        (AnymailUnsupportedFeature("x"), Outcome(Verdict.SETUP_REFUSED)),
        (AnymailSerializationError("x"), Outcome(Verdict.SETUP_REFUSED)),
    ],
)
def test_only_what_the_provider_says_for_certain_is_taken_for_certain(provider, answer, outcome):
    transport, api = provider("postmark", answer)
    assert give(transport) == outcome
    assert len(api.calls) == 1


def test_a_recipient_that_the_provider_refuses_by_name_is_refused(provider):
    """Postmark knows the address from an earlier bounce, and does not even try."""
    transport, api = provider("postmark", 422)
    api.refusal = {
        "ErrorCode": 406,
        "Message": "You tried to send to recipient(s) that have been marked as inactive."
        " Found inactive addresses: ada@mail.example. Inactive recipients are ones that have generated a hard bounce.",
    }
    assert give(transport) == Outcome(Verdict.REFUSED)


# --- Idempotency keys ------------------------------------------------------------------------------


def keys_of(api: Api) -> list[str]:
    return [call["headers"]["Idempotency-Key"] for call in api.calls]


@pytest.mark.parametrize("silence", [500, requests.Timeout(), requests.ConnectionError()])
def test_a_provider_that_did_not_answer_is_asked_again_with_the_same_key(provider, silence):
    transport, api = provider("resend", silence)
    assert give(transport) == Outcome(Verdict.ACCEPTED)
    assert (len(api.calls), len(set(keys_of(api)))) == (2, 1)


@pytest.mark.parametrize("again", [409, 401, 429, 500], ids=str)
def test_asked_again_only_taken_settles_it(provider, again):
    transport, api = provider("resend", requests.Timeout(), *[again] * ASKED_AGAIN)
    assert give(transport) == Outcome(Verdict.UNKNOWN)
    assert len(api.calls) == 1 + ASKED_AGAIN


def test_a_plain_answer_is_not_asked_for_again(provider):
    transport, api = provider("resend", 422)
    assert give(transport) == Outcome(Verdict.REFUSED, 422)
    assert len(api.calls) == 1


def test_every_email_has_a_key_of_its_own(provider):
    transport, api = provider("resend")
    give(transport)
    give(transport)
    assert len(set(keys_of(api))) == 2


def test_a_provider_without_such_a_key_is_never_asked_twice(provider):
    transport, api = provider("postmark", requests.Timeout())
    assert give(transport) == Outcome(Verdict.UNKNOWN)
    assert (len(api.calls), "Idempotency-Key" in api.calls[0]["headers"]) == (1, False)
