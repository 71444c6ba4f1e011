from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counseling.enums import DeliveryEventKind, FollowUpStatus, Reason
from counseling.ledger_words import Entry, because, email_name, reply_meaning, sentence

INVITATION, REMINDER = email_name("invitation", 1), email_name("reminder", 2)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"kind": "planned", "by": "Ana Ruiz"}, "Planned: Ana Ruiz started the plan."),
        ({"kind": "planned"}, "Planned."),
        ({"kind": "queued", "email": INVITATION}, "The invitation fell due and was put in line."),
        ({"kind": "handed_over", "email": REMINDER}, "Reminder 2 was handed to the mail server."),
        ({"kind": "accepted", "email": REMINDER, "detail": "250"}, "The mail server accepted reminder 2."),
        (
            {"kind": "accepted", "email": INVITATION, "detail": "link_used"},
            "The invitation did arrive: the client used its link.",
        ),
        (
            {"kind": "deferred", "email": REMINDER, "detail": "quiet_hours"},
            "Reminder 2 was not sent yet: it was night where the client lives.",
        ),
        (
            {"kind": "deferred", "email": INVITATION, "detail": "451"},
            "The invitation was not sent yet: 451: the mail server had a fault of its own.",
        ),
        (
            {"kind": "rejected", "email": INVITATION, "detail": "550"},
            f"The mail server refused the invitation for good ({reply_meaning('550')}).",
        ),
        (
            {"kind": "uncertain", "email": INVITATION},
            "Outcome unknown: the mail server did not answer. The invitation may have arrived.",
        ),
        (
            {"kind": "cancelled", "email": REMINDER, "detail": "no_consent"},
            "Reminder 2 was not sent: the client had not agreed to be asked by email.",
        ),
        (
            {"kind": "cancelled", "detail": "no_email", "ends": "skipped"},
            "Not asked: the client had no email address.",
        ),
        (
            {"kind": "cancelled", "detail": "no_email"},
            "A reminder was not sent: the client had no email address.",
        ),
        ({"kind": "cancelled", "detail": "by_staff", "ends": "skipped", "by": "Ana Ruiz"}, "Left out by Ana Ruiz."),
        (
            {"kind": "cancelled", "detail": "by_staff", "ends": "cancelled"},
            "Taken back by a counselor. The link opens nothing any more.",
        ),
        (
            {"kind": "cancelled", "detail": "asked_by_phone", "ends": "cancelled", "by": "Ana Ruiz"},
            "Asked by phone instead: noted by Ana Ruiz. The link opens nothing any more.",
        ),
        (
            {"kind": "cancelled", "detail": "enrollment_ended", "ends": "cancelled", "by": "Ana Ruiz"},
            "Taken back: Ana Ruiz ended the plan for this case.",
        ),
        (
            {"kind": "expired", "detail": "overdue"},
            "The time to answer was over. The link opens nothing any more.",
        ),
        ({"kind": "expired", "email": REMINDER}, "Reminder 2 was not sent: the time to answer was over."),
        ({"kind": "resent", "email": INVITATION, "by": "Ana Ruiz"}, "Ana Ruiz had the invitation sent again."),
        ({"kind": "resent", "email": REMINDER}, "Reminder 2 was to be sent again."),
        ({"kind": "moved", "detail": "quiet_hours"}, "Moved to another time: it was night where the client lives."),
    ],
)
def test_what_happened_is_a_sentence(facts, words):
    assert sentence(Entry(**facts)) == words


@pytest.mark.parametrize("kind", DeliveryEventKind)
def test_every_kind_with_every_reason_is_a_whole_sentence_without_a_code_of_ours(kind):
    ends = ("", FollowUpStatus.SKIPPED, FollowUpStatus.CANCELLED)
    for detail, email, state in product(("", *Reason.values, "550"), ("", REMINDER), ends):
        told = sentence(Entry(kind=kind, detail=detail, email=email, ends=state))
        assert re.fullmatch(r"[A-Z].*[^.\s]\.", told), (kind, detail, told)
        assert not [code for code in (*Reason.values, *DeliveryEventKind.values) if "_" in code and code in told]
        assert "%" not in told


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_goes_on_within_a_sentence(reason):
    clause = because(reason)
    assert clause[0].islower()
    assert not clause.endswith(".")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("421", "421: the mail server was closing down or too busy"),
        ("499", "499: not now, a later try may pass"),
        ("599", "599: refused for good, another try would be refused too"),
        ("5.1.1", "5.1.1: the address is wrong or does not exist"),
        ("550 5.2.2", "550 5.2.2: the mailbox is full, closed or takes no mail"),
        ("5.0.0", "5.0.0: refused for good, another try would be refused too"),
        ("552 5.0.0", "552 5.0.0: the mailbox is full"),
        ("250", "250"),
        ("", ""),
    ],
)
def test_a_mail_server_s_code_is_explained(code, words):
    assert reply_meaning(code) == words


@given(st.integers(400, 599), st.none() | st.tuples(st.integers(0, 999), st.integers(0, 999)))
def test_every_refusal_has_a_meaning_beside_its_code(basic, enhanced):
    code = f"{basic}" if enhanced is None else f"{basic} {basic // 100}.{enhanced[0]}.{enhanced[1]}"
    told = reply_meaning(code)
    assert told.startswith(f"{code}: ")
    assert len(told) > len(code) + 10


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (Entry(kind="planned", detail="plan_changed"), "Planned again: the plan had been changed."),
        (
            Entry(kind="moved", detail="session_changed"),
            "Moved to another time: a session had been planned, moved or settled.",
        ),
        (
            Entry(kind="moved", detail="zone_changed"),
            "Moved to another time: the client lived by another clock from then on.",
        ),
        (Entry(kind="paused"), "Held back: the plan was paused."),
        (Entry(kind="resumed"), "Taken up again: the pause was over."),
        (Entry(kind="cancelled", detail="plan_changed"), "Not asked: the plan had been changed."),
        (Entry(kind="cancelled", detail="case_closed", ends="cancelled"), "Not asked: the case had been closed."),
    ],
)
def test_what_a_changed_plan_did_is_told(entry, words):
    assert sentence(entry) == words
