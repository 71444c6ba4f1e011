"""From a provider's own post, through django-anymail's view, to what it means for an email."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from anymail.signals import tracking
from django.apps import apps

from counseling.contact import is_suspended
from counseling.enums import ConsentPurpose, DeliveryEventKind, SuspensionCause
from counseling.models import Delivery, ProviderNotice
from counseling.provider_events import MEANINGS, PERMANENT, read_event, take_event
from tests.counseling import provider_posts as posts
from tests.counseling.outbox.mailing import DAY, HOUR, MORNING, handed_over, ledger, settle_accepted

LATER = MORNING + timedelta(minutes=5)


# --- Through the webhook ---------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def webhooks(settings):
    settings.ROOT_URLCONF = "tests.counseling.webhook_urls"
    settings.ANYMAIL = {"WEBHOOK_SECRET": posts.SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": posts.SIGNING_KEY}
    tracking.connect(take_event)
    with time_machine.travel(LATER, tick=False):
        yield
    tracking.disconnect(take_event)


@pytest.fixture
def delivery(db) -> Delivery:
    row = handed_over()
    settle_accepted(row, code=250, now=MORNING)
    return row


@pytest.fixture
def post(client, delivery):
    def send(provider: str, event: dict[str, Any], **headers: str) -> int:
        answer = client.post(
            f"/anymail/{provider}/tracking/",
            json.dumps(event),
            content_type="application/json",
            **{**posts.AUTHORIZED, **headers},
        )
        return answer.status_code

    return send


def now_of(delivery: Delivery) -> tuple[str, str, bool]:
    """The email's state, its follow-up's, and whether its client's address is suspended."""
    row = Delivery.objects.select_related("follow_up__client").get(pk=delivery.pk)
    return row.state, row.follow_up.status, is_suspended(row.follow_up.client)


def test_postmark_s_hard_bounce(delivery, post):
    assert post("postmark", posts.postmark_bounce(delivery, at=LATER)) == 200
    assert now_of(delivery) == ("dead", "planned", True)
    assert ledger(delivery.follow_up)[-1] == ("bounced", "5.1.1")


@pytest.mark.parametrize("kind", ["SoftBounce", "VirusNotification"])
def test_postmark_s_bounce_that_may_pass(delivery, post, kind):
    assert post("postmark", {**posts.postmark_bounce(delivery, at=LATER, kind=kind), "Details": ""}) == 200
    assert now_of(delivery) == ("dead", "planned", False)


def test_postmark_s_delay(delivery, post):
    post("postmark", posts.postmark_bounce(delivery, at=LATER, kind="Transient"))
    assert (now_of(delivery), ledger(delivery.follow_up)[-1][0]) == (("sent", "sent", False), "deferred")


def test_postmark_s_complaint(delivery, post):
    post("postmark", posts.postmark_bounce(delivery, at=LATER, kind="SpamComplaint"))
    assert (now_of(delivery), ledger(delivery.follow_up)[-1][0]) == (("sent", "sent", True), "complained")


def test_postmark_s_delivery_and_unsubscription(delivery, post):
    post("postmark", posts.postmark_delivery(delivery, at=LATER))
    post("postmark", posts.postmark_suppression(delivery, at=LATER))
    assert [kind for kind, _ in ledger(delivery.follow_up)][-2:] == ["delivered", "unsubscribed"]
    assert now_of(delivery) == ("sent", "sent", False)
    assert not delivery.follow_up.client.agrees_to(ConsentPurpose.FOLLOW_UP_EMAIL)


def test_mailgun_knows_our_message_id_and_signs(delivery, post):
    assert post("mailgun", posts.mailgun_post(delivery, "failed", at=LATER, severity="permanent")) == 200
    assert now_of(delivery) == ("dead", "planned", True)


def test_mailgun_s_failure_for_now(delivery, post):
    post("mailgun", posts.mailgun_post(delivery, "failed", at=LATER, severity="temporary"))
    assert (now_of(delivery), ledger(delivery.follow_up)[-1][0]) == (("sent", "sent", False), "deferred")


# --- Whom it believes ------------------------------------------------------------------------------


@pytest.mark.parametrize("authorization", ["", "Basic cHJvdmlkZXI6d3Jvbmc=", "Bearer x"])
def test_without_the_secret_nothing_is_believed(delivery, post, authorization):
    event = posts.postmark_bounce(delivery, at=LATER)
    assert post("postmark", event, HTTP_AUTHORIZATION=authorization) == 400
    assert (now_of(delivery), ProviderNotice.objects.count()) == (("sent", "sent", False), 0)


def test_with_the_secret_a_wrong_signature_is_not_believed_either(delivery, post):
    event = posts.mailgun_post(delivery, "failed", at=LATER, severity="permanent", key="another")
    assert post("mailgun", event) == 400
    assert now_of(delivery) == ("sent", "sent", False)


def test_a_post_seen_before_does_nothing_again(delivery, post):
    event = posts.postmark_bounce(delivery, at=LATER)
    assert [post("postmark", event) for _ in range(3)] == [200, 200, 200]
    assert (ProviderNotice.objects.count(), [kind for kind, _ in ledger(delivery.follow_up)].count("bounced")) == (1, 1)


def test_a_signature_seen_before_carries_no_other_event(delivery, post):
    """Mailgun signs a token and an instant, not the event beside them."""
    post("mailgun", posts.mailgun_post(delivery, "delivered", at=LATER))
    forged = posts.mailgun_post(delivery, "failed", at=LATER, severity="permanent")
    assert post("mailgun", forged) == 200
    assert now_of(delivery) == ("sent", "sent", False)


def test_an_old_signature_under_a_new_event_is_out_of_time(delivery, post):
    old = posts.mailgun_post(delivery, "failed", at=LATER - 8 * DAY, severity="permanent")
    old["event-data"]["timestamp"] = LATER.timestamp()
    assert post("mailgun", old) == 200
    assert now_of(delivery) == ("sent", "sent", False)


def test_an_old_event_is_answered_and_let_go(delivery, post):
    assert post("postmark", posts.postmark_bounce(delivery, at=LATER - 8 * DAY)) == 200
    assert now_of(delivery) == ("sent", "sent", False)


@pytest.mark.parametrize("backwards", [False, True])
def test_in_any_order_it_ends_the_same(delivery, post, backwards):
    events = [
        posts.postmark_bounce(delivery, at=LATER - HOUR, kind="Transient", number=1),
        posts.postmark_delivery(delivery, at=LATER),
        posts.postmark_bounce(delivery, at=LATER, number=2),
        posts.postmark_bounce(delivery, at=LATER, kind="SpamComplaint", number=3),
    ]
    for event in reversed(events) if backwards else events:
        post("postmark", event)
    assert now_of(delivery) == ("dead", "planned", True)


def test_an_email_of_somebody_else_s_is_answered_and_named_nowhere(delivery, post, caplog):
    event = posts.postmark_bounce(delivery, at=LATER)
    event["Metadata"] = {}
    with caplog.at_level(logging.INFO, logger="counseling"):
        assert post("postmark", event) == 200
    assert len(caplog.messages) == 1
    assert (event["Email"] in caplog.text, event["MessageID"] in caplog.text) == (False, False)
    assert now_of(delivery) == ("sent", "sent", False)


def test_what_was_opened_or_clicked_is_not_even_stored(delivery, post):
    for kind in ("Open", "Click"):
        event = {"RecordType": kind, "Recipient": "x@y.example", "Metadata": posts.reference(delivery)}
        assert post("postmark", event) == 200
    assert ProviderNotice.objects.count() == 0


def test_a_failure_of_ours_is_told_so_that_the_provider_posts_again(delivery, post, client, monkeypatch):
    client.raise_request_exception = False
    event = posts.postmark_bounce(delivery, at=LATER)
    with monkeypatch.context() as patch:
        patch.setattr("counseling.actions.base._append", lambda *_: 1 / 0)
        assert post("postmark", event) == 500
    assert now_of(delivery) == ("sent", "sent", False)
    assert post("postmark", event) == 200
    assert now_of(delivery) == ("dead", "planned", True)


# --- Reading one event -----------------------------------------------------------------------------


def event_of(kind: str, **details: Any) -> SimpleNamespace:
    nothing = dict.fromkeys(["reject_reason", "event_id", "timestamp", "mta_response", "description", "recipient"])
    return SimpleNamespace(
        **{"event_type": kind, "message_id": "<m@x>", "metadata": {}, "esp_event": {}, **nothing, **details}
    )


@pytest.mark.parametrize(("kind", "reason"), MEANINGS)
def test_every_event_that_counts_has_a_word_in_the_ledger(kind, reason):
    notice = read_event(event_of(kind, reject_reason=reason or None), provider="Another")
    assert notice is not None
    assert notice.kind == MEANINGS[kind, reason].kind
    assert (notice.is_lost, notice.stops) == (MEANINGS[kind, reason].is_lost, MEANINGS[kind, reason].stops)


@pytest.mark.parametrize("kind", ["queued", "sent", "opened", "clicked", "subscribed", "autoresponded", "unknown"])
def test_every_other_event_is_let_go(kind):
    assert read_event(event_of(kind), provider="Another") is None


BOUNCES = {
    "Amazon SES": ({"bounce": {"bounceType": "Permanent"}}, {"bounce": {"bounceType": "Transient"}}),
    "Brevo": ({"event": "hard_bounce"}, {"event": "soft_bounce"}),
    "Mailgun": ({"event-data": {"severity": "permanent"}}, {"event-data": {"severity": "temporary"}}),
    "Mailjet": ({"hard_bounce": True}, {"hard_bounce": False}),
    "Mandrill": ({"event": "hard_bounce"}, {"event": "soft_bounce"}),
    "Postmark": ({"Type": "HardBounce"}, {"Type": "SoftBounce"}),
    "Resend": ({"data": {"bounce": {"type": "Permanent"}}}, {"data": {"bounce": {"type": "Transient"}}}),
    "SendGrid": ({"type": "bounce"}, {"type": "blocked"}),
    "SparkPost": (
        {"msys": {"message_event": {"bounce_class": "10"}}},
        {"msys": {"message_event": {"bounce_class": "22"}}},
    ),
}


@pytest.mark.parametrize("provider", PERMANENT)
def test_a_missing_mailbox_and_a_full_one_are_told_apart(provider):
    for raw, cause in zip(BOUNCES[provider], (SuspensionCause.BOUNCED, None), strict=True):
        notice = read_event(event_of("bounced", reject_reason="bounced", esp_event=raw), provider=provider)
        assert (notice.kind, notice.is_lost, notice.suspends) == (DeliveryEventKind.BOUNCED, True, cause)


def test_where_a_provider_tells_nothing_anymail_s_word_counts():
    for reason, cause in {
        "bounced": SuspensionCause.BOUNCED,
        "invalid": SuspensionCause.BOUNCED,
        "blocked": None,
    }.items():
        assert read_event(event_of("bounced", reject_reason=reason), provider="Postmark").suspends == cause


def test_a_refusal_by_policy_is_not_the_address_s_fault():
    event = event_of("bounced", reject_reason="bounced", mta_response="550 5.7.26 unauthenticated")
    assert (read_event(event, provider="Another").suspends, read_event(event, provider="Another").detail) == (
        None,
        "5.7.26",
    )


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        ("smtp; 550 5.1.1 ada@mail.example unknown", "5.1.1"),
        ("452-4.2.2 mailbox full", "4.2.2"),
        ("refused by 5.1.1.7 or 192.4.1.1", ""),
        ("250 2.0.0 OK", ""),
        (None, ""),
    ],
)
def test_of_the_server_s_words_only_its_code_is_kept(said, detail):
    assert read_event(event_of("bounced", mta_response=said), provider="Another").detail == detail


def test_the_same_event_has_the_same_id_also_without_one_of_its_own():
    ids = [
        read_event(event, provider="Another").event_id
        for event in (
            event_of("bounced", timestamp=LATER),
            event_of("bounced", timestamp=LATER),
            event_of("bounced", timestamp=LATER + HOUR),
            event_of("delivered", timestamp=LATER),
            event_of("bounced", event_id="7"),
            event_of("delivered", event_id="7"),
        )
    ]
    assert [ids[0] == other for other in ids] == [True, True, False, False, False, False]
    assert (ids[4] == ids[5], {len(each) for each in ids}) == (True, {64})


def test_an_instant_without_a_zone_is_taken_as_utc():
    event = event_of("bounced", timestamp=LATER.replace(tzinfo=None))
    assert read_event(event, provider="Another").occurred_at == LATER


def test_what_a_provider_says_in_a_shape_unheard_of_is_not_for_good():
    event = event_of("bounced", reject_reason="bounced", esp_event={"Type": ["HardBounce"]})
    assert read_event(event, provider="Postmark").suspends is None


@pytest.mark.parametrize("metadata", [None, [], {"delivery": "x", "attempt": "-1"}, {"delivery": None}])
def test_metadata_that_is_none_of_ours_names_no_email(metadata):
    notice = read_event(event_of("delivered", metadata=metadata), provider="Another")
    assert (notice.delivery, notice.attempt) == (None, None)


def test_without_anymail_among_the_apps_nothing_listens():
    assert not apps.is_installed("anymail")
    tracking.disconnect(take_event)
    assert not tracking.has_listeners()
